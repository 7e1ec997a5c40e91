#!/usr/bin/env python3
"""Build places.tsv, agencies.tsv, names.tsv and federal.tsv.

    python3 build.py --agencies fbi-agencies-ori-2025.csv --counties us-counties.csv \
                     --places places.csv [--out DIRECTORY]

Python 3 standard library only.  Same input, same output, byte for byte.  What is done to
the sources, and why, stands in README.md; hand-made input is tables.py, overrides.tsv,
extra.tsv and aliases.tsv beside this file.
"""

import argparse
import csv
import os
import sys
from collections import Counter

from tables import (CITY_ZONES, CONSOLIDATED, CONSOLIDATED_CITIES, COUNTY_ZONES, FBI_STATES,
                    KEPT_FORMER, PLACE_NAMES, SHERIFFLESS, SHERIFFLESS_STATES, STATES)
from naming import (bare_county, classify, fold, is_regional, key_of, slugify, split_county,
                    squeeze)

HERE = os.path.dirname(os.path.abspath(__file__))


def read_csv(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_hand(name, columns):
    """A hand-made table: tab-separated, `#` lines are comments, short rows are filled up."""
    rows = []
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if line and not line.startswith("#"):
                cells = line.split("\t")
                assert len(cells) <= columns, f"{name}: too many columns: {line}"
                rows.append(cells + [""] * (columns - len(cells)))
    return rows


class Places:
    """Every place by slug, and the counties by state and name."""

    def __init__(self, counties, listed):
        self.rows = {"us": ["United States", "nation", "", "America/New_York", ""]}
        self.county_by_name = {}
        self.county_names = {}
        self.listed = {row["slug"]: row for row in listed}
        zones = {}
        for (state, zone), names in COUNTY_ZONES.items():
            for name in names.split(","):
                zones[state, squeeze(name)] = zone
        codes = {name: code for code, (name, *_rest) in STATES.items()}
        for code, (name, fips, kind, zone) in STATES.items():
            self.rows["us-" + code] = [name, kind, fips, zone, ""]
        for row in counties:
            if row["status"] != "current" and row["fips"] not in KEPT_FORMER:
                continue
            state = codes[row["state"]]
            if state == "dc":
                continue  # the District is one place: us-dc
            self.add_county(state, row, zones)
        left = set(zones) - self.zones_used
        assert not left, f"time zones for unknown counties: {left}"
        for slug, row in self.listed.items():
            self.adopt(slug, row)

    zones_used = set()

    def add_county(self, state, row, zones):
        short, suffix = bare_county(row["name"])
        ascii_name = fold(row["name"])
        if row["fips"] in CONSOLIDATED:
            slug, name, kind = CONSOLIDATED[row["fips"]]
        elif suffix == "city":  # independent cities of Virginia, Maryland and Missouri
            slug, name, kind = f"us-{state}/{slugify(short)}", f"{short} (independent city)", "city"
        elif suffix == "Municipio":
            slug, name, kind = f"us-{state}/{slugify(short)}", short, "consolidated"
        else:
            slug, name, kind = f"us-{state}/{slugify(ascii_name)}", row["name"], "county"
        zone = STATES[state][3]
        key = (state, squeeze(short))
        if suffix != "city" and key in zones:
            zone = zones[key]
            self.zones_used.add(key)
        assert slug not in self.rows, f"two places would be {slug}"
        self.rows[slug] = [name, kind, row["fips"], zone, ""]
        self.county_names[slug] = row["name"]
        # "Richmond" is the county, "RICHMOND CITY" the independent city.
        wanted = squeeze(short) + ("city" if suffix == "city" else "")
        assert (state, wanted) not in self.county_by_name, (state, wanted)
        self.county_by_name[state, wanted] = slug
        if suffix == "Planning Region":
            self.county_by_name[state, squeeze(row["name"])] = slug

    def adopt(self, slug, row):
        """places.csv decides slug, name, kind and FIPS wherever it speaks."""
        old = self.rows.get(slug)
        if old:
            assert not row["fips"] or not old[2] or row["fips"] == old[2], (slug, row, old)
            self.rows[slug][0:2] = [row["name"], row["kind"]]
            self.rows[slug][2] = old[2] or row["fips"]
        else:
            assert row["kind"] == "city", f"places.csv has a {row['kind']} the counties lack: {slug}"
            state = row["parent"].removeprefix("us-")
            zone = CITY_ZONES.get(slug, STATES[state][3])
            self.rows[slug] = [row["name"], "city", row["fips"], zone, ""]

    def counties(self, state, fbi_names):
        """The slugs for the FBI's county column, which may hold several names."""
        found = []
        for name in fbi_names.split(","):
            for key in (squeeze(name), squeeze(name) + "city"):
                if (state, key) in self.county_by_name:
                    found.append(self.county_by_name[state, key])
                    break
        return found

    def city(self, state, published, counties, ambiguous):
        """The slug of the municipality an agency is named for, made if it is new."""
        county = counties[0] if counties else ""
        fixed = CONSOLIDATED_CITIES.get((state, published))
        base, qualifier = split_county(published)
        name = PLACE_NAMES.get(fixed, base)
        slug = fixed or f"us-{state}/{slugify(base)}"
        if not fixed and (qualifier or (state, published) in ambiguous):
            # The name alone is not unique in the state: the county goes into the slug.
            slug += "-" + (slugify(qualifier) if qualifier else county.split("/")[-1])
            name = f"{base} ({qualifier or self.rows[county][0]})"
        row = self.rows.get(slug)
        if row is None:
            zone = self.rows[county][3] if county else STATES[state][3]
            self.rows[slug] = [name, "city", "", CITY_ZONES.get(slug, zone), ",".join(counties)]
        elif row[1] == "city" and len(row[2]) != 5 and not row[4]:
            # A city of places.csv: now its county, and so its time zone, is known.
            if county:
                row[3] = CITY_ZONES.get(slug, self.rows[county][3])
                row[4] = ",".join(counties)
        return slug


def statewide(row):
    """What a row of a state agency shares with the other units of that agency."""
    state = row["state_abbr"].lower()
    state = STATES.get(FBI_STATES.get(state, state), ("-",))[0]
    if row["agency_type_name"] not in ("State Police", "Other State Agency"):
        return None
    name = row["pub_agency_name"].strip(":, ").removeprefix(state + " ")
    return state, name.split(" Headquarters")[0].removesuffix(" Statewide")


def build_agencies(source, places):
    overrides = {row[0]: row[1:] for row in read_hand("overrides.tsv", 4)}
    counties_of = {}
    for row in source:
        if row["agency_type_name"] == "City":
            name = (row["state_abbr"].lower(), row["pub_agency_name"].strip())
            counties_of.setdefault(name, set()).add(row["county_name"])
    ambiguous = {name for name, found in counties_of.items() if len(found) > 1}
    plain = {(r["state_abbr"], r["pub_agency_name"], r["county_name"]) for r in source
             if r["agency_type_name"] == "City" and not r["ori"].endswith("X")}
    stated = Counter(statewide(r) for r in source)
    agencies, federal = [], []
    for row in sorted(source, key=lambda row: row["ori"]):
        ori, published = row["ori"], " ".join(row["pub_agency_name"].split())
        state = row["state_abbr"].lower()
        state = FBI_STATES.get(state, state)
        if state == "fs" or published.startswith("United States Department"):
            federal.append((ori, published.rstrip(":,")))
            continue
        counties = places.counties(state, row["county_name"])
        county = counties[0] if counties else ""
        if stated[statewide(row)] == 1:
            published = published.rstrip(":, ")  # the state has one: it is not one unit of many
        made = classify(row["agency_type_name"], published, STATES[state][0],
                        places.county_names.get(county, ""))
        if state == "dc":
            place, counties = "us-dc", []
        elif made.place == "city" and not is_regional(state, published):
            place = places.city(state, published, counties, ambiguous)
        elif made.place == "county" and county:
            place = county
        elif made.place == "tribe":
            place = "us"
        else:
            place = "us-" + state
        if made.city_of:  # a department of a city: only if that city is a known place
            slug = f"us-{state}/{slugify(made.city_of)}"
            place = slug if slug in places.rows else place
        name, kind, fixed = overrides.pop(ori, ["", "", ""])
        flags = ("t" if made.place == "tribe" else "") + ("s" if made.partial else "")
        if ori.endswith("X") and (row["state_abbr"], published, row["county_name"]) in plain \
                and row["agency_type_name"] == "City":
            flags += "s"  # a second ORI of the same force
        if name:
            made.full, flags = name, flags.replace("s", "")
        if ori in ("FL0160200",):  # second ORI of the Jacksonville Sheriff's Office
            flags = "s"
        agencies.append({
            "id": ori, "published": published, "name": made.full, "kind": kind or made.kind,
            "place": fixed or place, "county": ",".join(counties), "flags": flags,
            "size": int(row["population"] or 0) * 100 + int(row["total_pe_ct"] or 0)})
    assert not overrides, f"overrides for unknown ORIs: {sorted(overrides)}"
    return agencies, federal


def add_extras(agencies):
    """Agencies that are not in the FBI's list; their ids start with a small x."""
    aliases = []
    for ident, name, kind, place, others in read_hand("extra.tsv", 5):
        agencies.append({"id": ident, "published": "", "name": name, "kind": kind,
                         "place": place, "county": "", "flags": "", "size": 0})
        aliases += [(alias, ident) for alias in others.split(";") if alias]
    return aliases


def add_sheriffs(agencies, places):
    """The sheriffs of the counties for which the FBI's list has none.

    Without them a "Bristol County Sheriff" would seem to be the only one of that name.  The
    office exists in every county of these states; SHERIFFLESS in tables.py says where not.
    """
    have = {row["place"] for row in agencies if row["kind"] == "sheriff"}
    for slug, (_name, kind, fips, *_rest) in places.rows.items():
        state = slug[3:5]
        if kind == "county" and slug not in have and state not in SHERIFFLESS_STATES \
                and slug not in SHERIFFLESS:
            agencies.append({"id": "x-sheriff-" + fips, "published": "", "kind": "sheriff",
                             "name": places.county_names[slug] + " Sheriff's Office",
                             "place": slug, "county": "", "flags": "", "size": 0})


def index_names(agencies, aliases):
    by_name = {}
    for agency in agencies:
        if "s" not in agency["flags"]:
            by_name.setdefault(agency["name"], []).append(agency["id"])
    known = {agency["id"]: agency for agency in agencies}
    keys = set()
    for agency in agencies:
        keys.add((key_of(agency["name"]), agency["id"]))
    for alias, target in aliases + [tuple(row) for row in read_hand("aliases.tsv", 2)]:
        if target.startswith("@"):
            found = by_name.get(target[1:], [])
            assert len(found) == 1, f"alias {alias}: {target} means {found}"
            target = found[0]
        assert target in known, f"alias {alias}: no agency {target}"
        keys.add((key_of(alias), target))
    rows = [(key, -known[ident]["size"], ident) for key, ident in keys if key]
    # The larger agency first: only the order of a list of candidates, never a choice.
    return [(key, ident) for key, _size, ident in sorted(rows)]


def published_cell(row):
    """The published name, or its length in bytes if it is the start of the full name."""
    if row["published"] and row["name"].startswith(row["published"]):
        return str(len(row["published"].encode()))
    return row["published"]


def write(out, name, rows):
    with open(os.path.join(out, name), "w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            assert all("\t" not in cell and "\n" not in cell for cell in row), row
            file.write("\t".join(row) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for option in ("agencies", "counties", "places"):
        parser.add_argument("--" + option, required=True)
    parser.add_argument("--out", default=HERE)
    args = parser.parse_args()

    places = Places(read_csv(args.counties), read_csv(args.places))
    agencies, federal = build_agencies(read_csv(args.agencies), places)
    aliases = add_extras(agencies)
    add_sheriffs(agencies, places)
    missing = {row["place"] for row in agencies} - set(places.rows)
    assert not missing, f"agencies of unknown places: {missing}"
    agencies.sort(key=lambda row: row["id"])

    write(args.out, "places.tsv", [[slug, *places.rows[slug]] for slug in sorted(places.rows)])
    write(args.out, "agencies.tsv", [
        [row["id"], published_cell(row), row["name"], row["kind"], row["place"],
         row["county"] if len(row["place"]) <= 5 else "", row["flags"]]
        for row in agencies])
    write(args.out, "names.tsv", index_names(agencies, aliases))
    write(args.out, "federal.tsv", federal)
    print(f"{len(places.rows)} places, {len(agencies)} agencies, {len(federal)} federal left out",
          file=sys.stderr)


if __name__ == "__main__":
    main()
