"""How build.py names, classifies and keys agencies.

`key_of` is the twin of `normalise` in src/normal.rs: a test of the crate looks every
agency up by its own name, so the two cannot drift apart unnoticed.
"""

import re
import unicodedata
from dataclasses import dataclass

COUNTY_SUFFIXES = ("County", "Parish", "Borough", "Census Area", "Municipality",
                   "City and Borough", "Municipio", "city", "Planning Region")

# Words with one meaning in many spellings; see normal.rs.
SAME = {
    "dept": "department", "dpt": "department", "depts": "department", "departments": "department",
    "sheriffs": "sheriff", "corrections": "correction", "correctional": "correction",
    "prisons": "prison", "saint": "st", "mount": "mt", "fort": "ft", "twp": "township",
    "boro": "borough", "univ": "university", "rangers": "ranger", "troopers": "trooper",
    "services": "service", "constables": "constable", "schools": "school", "cnty": "county",
    "cty": "county", "sch": "school", "dist": "district", "govt": "government",
}
DROPPED = {"the", "of", "office", "department", "division", "bureau", "and", "for", "at"}

KEPT = {("bureau", "county"), ("the", "village")}


def fold(text):
    """Plain ASCII letters."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")


def key_of(name):
    """The key under which a name is indexed; a part in parentheses is not of the key."""
    text = fold(re.sub(r"\([^)]*\)", " ", name)).lower()
    text = re.sub(r"['.]", "", text)
    words = [SAME.get(word, word) for word in re.findall(r"[a-z0-9]+", text)]
    kept = []
    for i, word in enumerate(words):
        last = i + 1 == len(words)
        if word == "pd":
            word = "police"
        elif last and i > 0 and word == "so":
            word = "sheriff"
        elif word == "co" and i > 0 and not last:
            word = "county"
        elif word == "doc":
            word = "correction"
        # Bureau County (Illinois) and The Village (Oklahoma) keep their names.
        following = "" if last else words[i + 1]
        if word not in DROPPED or (word, following) in KEPT:
            kept.append(word)
    return " ".join(kept)


def squeeze(text):
    return re.sub(r"[^a-z]", "", fold(text).lower())


def slugify(text):
    text = re.sub(r"['.]", "", fold(text).lower())
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-")


def bare_county(name):
    """'Kern County' -> ('Kern', 'County')."""
    for suffix in sorted(COUNTY_SUFFIXES, key=len, reverse=True):
        if name.endswith(" " + suffix):
            return name[:-len(suffix) - 1], suffix
    return name, ""


def split_county(published):
    """'Union Township, Berks County' -> ('Union Township', 'Berks County')."""
    base, comma, rest = published.partition(", ")
    base = re.sub(r" (City Sheriff's Office|Police Department)$", "", base)
    return (base, rest) if comma and rest.endswith(" County") else (base, "")


def is_regional(state, published):
    """Forces of several towns: they are of no one town, so they stand at the state."""
    if (state, published) in {("ky", "Louisville Metro"), ("il", "Metropolis"),
                              ("nv", "Las Vegas Metropolitan Police Department"),
                              ("tn", "Metropolitan Nashville Police Department")}:
        return False
    return re.search(r"\b(Regional|Metro|Metropolitan|Authority|Tri-County)\b|^Northeast Police"
                     r"|^[^,]*\w/\w", published) is not None


@dataclass
class Made:
    full: str
    kind: str
    place: str  # city, county, state or tribe
    partial: bool = False  # the source cut the part that tells units apart
    city_of: str = ""


GENERIC = re.compile(
    r"(State|Department|Dept|Division|Highway|Attorney|Bureau|Liquor|Alcohol|Forest|Fish|Wildlife"
    r"|Capitol|Gaming|General Serv|Secretary|Parks?\b|Natural|Office|Commercial|Motor|Securities|Ports"
    r"|Transportation|Transit|Drug|Capital|Commission|Comptroller|Animal|Environmental|Enforcement)")
STATE_POLICE = re.compile(
    r"Police|Patrol|Troop|Ranger|Investigation|Law Enforcement|Criminal|Gaming|Protective|Narcotics"
    r"|Hospital|Developmental Center|Security|Enforcement|Public Safety")


def unit(name, county):
    return f"{name} ({county})" if county else name


def classify(group, published, state, county):
    """From the FBI's group and published name to a full name, a kind and a sort of place.

    `county` is the Census name ("Kern County"), empty when the FBI names none.
    """
    partial = published[-1:] in ":,"
    name = published.rstrip(":, ")
    if group == "City":
        base, qualifier = split_county(published)
        if "Sheriff" in published:
            return Made(published, "sheriff", "city")
        full = name if "Police" in name else f"{base} Police Department"
        return Made(unit(full, qualifier), "police", "city")
    if group == "County":
        if re.search(r"Police|Public Safety", name):
            return Made(name, "police", "county")
        full = name if "Sheriff" in name else f"{county or name + ' County'} Sheriff's Office"
        return Made(full, "sheriff", "county")
    if group == "Tribal":
        full = name if re.search(r"Police|Agency|Lighthorse", name) else f"{name} Police Department"
        return Made(full, "police", "tribe")
    if group == "University or College":
        full = name if "Police" in name else f"{name} Police Department"
        return Made(unit(full, county if partial else ""), "school-police", "state", partial)
    if group in ("State Police", "Other State Agency", "Federal"):  # one Florida row says Federal
        return classify_state(group, name, partial, state, county)
    return classify_other(name, partial, state, county)


def classify_state(group, name, partial, state, county):
    full = re.sub(r" (Headquarters(, \w+)?|Statewide)$", "", name)
    partial = partial or name.endswith(" Statewide")
    if group == "State Police" and state not in full or \
            state not in full and GENERIC.match(full):
        full = f"{state} {full}"
    full = unit(full, county if partial else "")
    if group == "State Police":
        kind = "state-police"
    elif re.search(r"Correction|Criminal Justice", name) and "Public Safety" not in name:
        kind = "state-corrections"
    elif re.search(r"^Attorney General|^State Attorney|^Office of Attorney General", name):
        kind = "prosecutor"
    elif STATE_POLICE.search(name):
        kind = "state-police"
    else:
        kind = "state-agency"
    return Made(full, kind, "state", partial)


def classify_other(name, partial, state, county):
    short = bare_county(county)[0] if county else ""
    of_county = bool(county) and (name.startswith(county) or name.startswith(f"{short} County"))
    place = "county" if of_county else "state"
    full = name
    city_of = ""
    if re.match(r"(County Detective|Prosecutor|District Attorney|County Attorney|Marshal's Office"
                r"|Fire Marshal's Office)$", name):
        full, place, partial = f"{county} {name.removeprefix('County ')}", "county", False
    if re.search(r"Attorney|Prosecutor|Detective", name):
        kind = "prosecutor"
    elif "Drug" in name or "Task Force" in name:
        # Task forces belong to several governments at once: never to one county.
        kind, place = "police", "state"
    elif re.search(r"School|Board of Education|Campus", name):
        kind = "school-police"
        if name.endswith("School District") and state == "Texas":
            place = "state"
    elif re.search(r"\bFire\b|Arson", name):
        match = re.match(r"(.+?) (Fire|Arson)\b", name)
        kind, city_of = ("county-department", "") if place == "county" else \
            ("city-department", match.group(1) if match else "")
    else:
        kind = "police"
        match = re.match(r"(.+?) (Municipal Court Marshal|Parks Police|Marshal's Office)$", name)
        city_of = match.group(1) if match and not of_county else ""
    if partial:
        full = unit(full, "" if of_county else county)
    return Made(full, kind, place, partial and not of_county, city_of)
