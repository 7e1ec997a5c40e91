"""County populations from the FBI's police-employee file: the residents whom the county's agencies report to serve, added up.

    python3 build.py --agencies fbi-agencies-ori-2025.csv --places ../../places/data/places.tsv

writes county-population.tsv. Needs Python 3 and nothing else, and gives the same bytes for the same input.
"""
import argparse
import csv
import re

parser = argparse.ArgumentParser()
parser.add_argument("--agencies", required=True)
parser.add_argument("--places", required=True)
args = parser.parse_args()


def key(name):
    name = re.sub(r"[^a-z0-9]+", " ", name.lower().replace("'", "").replace(".", "")).strip()
    name = re.sub(r" (county|parish|borough|census area|municipality|city and borough|planning region)$", "", name)
    return re.sub(r"^saint ", "st ", name)


counties = {}
for line in open(args.places, encoding="utf-8"):
    slug, name, kind, fips, *_ = line.rstrip("\n").split("\t")
    if kind in ("county", "consolidated") and len(fips) == 5:
        counties[(slug[3:5], key(name))] = slug

POSTAL = {"NB": "ne", "GM": "gu"}
people = {}
for row in csv.DictReader(open(args.agencies, encoding="utf-8")):
    state = POSTAL.get(row["state_abbr"], row["state_abbr"].lower())
    count = int(float(row["population"] or 0))
    # A city in several counties is counted in the first that is known.
    for county in re.split(r"[;,]", row["county_name"]):
        slug = counties.get((state, key(county)))
        if slug and count:
            people[slug] = people.get(slug, 0) + count
            break

with open("county-population.tsv", "w", encoding="utf-8", newline="\n") as out:
    for slug in sorted(people):
        out.write(f"{slug}\t{people[slug]}\n")
