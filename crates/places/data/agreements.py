#!/usr/bin/env python3
"""Build agreements.tsv and agreements-unmatched.tsv from ICE's list of 287(g) agreements.

    python3 agreements.py --list ice-287g-participating-2025-07-11.xlsx [--out DIRECTORY]

Python 3 standard library only.  Same input, same output, byte for byte.  An agency is taken
to be one of agencies.tsv only where exactly one agency of the state has its name (and lies in
its county, where the list says which): nothing is guessed.  What is not matched is kept, with
the reason.
"""

import argparse
import datetime
import os
import re
import zipfile
from xml.etree import ElementTree

from naming import key_of
from tables import STATES

HERE = os.path.dirname(os.path.abspath(__file__))
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
MODELS = {"Jail Enforcement Model": "jail", "Task Force Model": "task-force",
          "Warrant Service Officer": "warrant-service"}
# From the act that brought such agreements to the day of the list.
FIRST, AS_OF = "1996-09-30", "2025-07-11"
# Day 1 of a workbook's dates is 1 January 1900, and it counts a 29 February 1900.
EPOCH = datetime.date(1899, 12, 30)


def sheet(path):
    """The rows of the first sheet: a dictionary of column letter to text each."""
    book = zipfile.ZipFile(path)
    strings = ["".join(t.text or "" for t in si.iter(MAIN + "t"))
               for si in ElementTree.fromstring(book.read("xl/sharedStrings.xml")).iter(MAIN + "si")]
    for number, row in enumerate(ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml")).iter(MAIN + "row")):
        cells = {}
        for cell in row.iter(MAIN + "c"):
            value = cell.find(MAIN + "v")
            if value is not None and value.text:
                text = strings[int(value.text)] if cell.get("t") == "s" else value.text
                cells[re.match("[A-Z]+", cell.get("r")).group()] = " ".join(text.split())
        yield int(row.get("r", number + 1)), cells


def lines(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--list", required=True)
    parser.add_argument("--out", default=HERE)
    options = parser.parse_args()
    codes = {name.lower(): code for code, (name, *_) in STATES.items()}
    agencies = {row[0]: row for row in lines("agencies.tsv")}
    places = {row[0]: row for row in lines("places.tsv")}
    by_name = {}
    for key, ident, *_ in lines("names.tsv"):
        by_name.setdefault(key, []).append(ident)

    def counties(ident):
        slug, more = agencies[ident][4], agencies[ident][5]
        of_place = places.get(slug, [""] * 6)[5] if len(places.get(slug, [])) > 5 else ""
        return {c for c in [slug, *of_place.split(","), *more.split(",")] if c}

    def state(ident):
        return agencies[ident][4][3:5] or ident[:2].lower()

    matched, unmatched = [], []
    for number, row in sheet(options.list):
        if number == 1 or not row.get("A") or not row.get("B"):
            continue
        code = codes.get(row["A"].lower())
        model = MODELS.get(row.get("E", ""))
        try:
            signed = (EPOCH + datetime.timedelta(days=int(float(row["F"])))).isoformat()
        except (KeyError, ValueError):
            signed = ""
        county = row.get("D", "").replace("#N/A", "")
        shown = [code or row["A"], row["B"], county, model or row.get("E", ""), signed]
        if not (code and model and signed):
            unmatched.append(shown + ["state, model or day is not legible"])
            continue
        if not FIRST <= signed <= AS_OF:
            unmatched.append(shown + ["the day signed is not before the day of the list"])
            continue
        found = {i for i in by_name.get(key_of(row["B"]), []) if state(i) == code and agencies[i][6:7] != ["s"]}
        reason = "no agency of the state has the name" if not found else ""
        if found and county:
            slug = f"us-{code}/" + re.sub("[^a-z0-9]+", "-", county.lower().replace("'", "").replace(".", "")).strip("-")
            known = slug in places
            inside = {i for i in found if slug in counties(i)}
            # A county that no table has says nothing; one that it has must be the agency's own.
            if known and not inside:
                reason, found = "the agency of the name lies in another county", set()
            elif known:
                found = inside
        if len(found) > 1:
            reason = "several agencies of the state have the name: " + ", ".join(sorted(found))
        if len(found) == 1 and not reason:
            matched.append([found.pop(), model, signed])
        else:
            unmatched.append(shown + [reason])
    for name, rows in (("agreements.tsv", matched), ("agreements-unmatched.tsv", unmatched)):
        with open(os.path.join(options.out, name), "w", encoding="utf-8", newline="\n") as file:
            file.writelines(line + "\n" for line in sorted({"\t".join(row) for row in rows}))
    print(f"{len(matched)} matched, {len(unmatched)} not")


if __name__ == "__main__":
    main()
