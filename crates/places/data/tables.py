"""Hand-made tables of build.py: states, time zones, consolidated governments.

Nothing here is copied from a data set: the codes are public facts, the time-zone
overrides follow the limits in 49 CFR part 71 by county.  Where a county is itself
split, the side of the county seat is taken; towns known to lie on the other side
are named in CITY_ZONES.
"""

# postal code: (name, FIPS, kind, time zone of the state government)
STATES = {}
_STATES = """
al Alabama 01 America/Chicago|ak Alaska 02 America/Anchorage|az Arizona 04 America/Phoenix
ar Arkansas 05 America/Chicago|ca California 06 America/Los_Angeles|co Colorado 08 America/Denver
ct Connecticut 09 America/New_York|de Delaware 10 America/New_York|fl Florida 12 America/New_York
dc District of Columbia 11 America/New_York
ga Georgia 13 America/New_York|hi Hawaii 15 Pacific/Honolulu|id Idaho 16 America/Boise
il Illinois 17 America/Chicago|in Indiana 18 America/Indiana/Indianapolis|ia Iowa 19 America/Chicago
ks Kansas 20 America/Chicago|ky Kentucky 21 America/New_York|la Louisiana 22 America/Chicago
me Maine 23 America/New_York|md Maryland 24 America/New_York|ma Massachusetts 25 America/New_York
mi Michigan 26 America/Detroit|mn Minnesota 27 America/Chicago|ms Mississippi 28 America/Chicago
mo Missouri 29 America/Chicago|mt Montana 30 America/Denver|ne Nebraska 31 America/Chicago
nv Nevada 32 America/Los_Angeles|nh New Hampshire 33 America/New_York|nj New Jersey 34 America/New_York
nm New Mexico 35 America/Denver|ny New York 36 America/New_York|nc North Carolina 37 America/New_York
nd North Dakota 38 America/Chicago|oh Ohio 39 America/New_York|ok Oklahoma 40 America/Chicago
or Oregon 41 America/Los_Angeles|pa Pennsylvania 42 America/New_York|ri Rhode Island 44 America/New_York
sc South Carolina 45 America/New_York|sd South Dakota 46 America/Chicago|tn Tennessee 47 America/Chicago
tx Texas 48 America/Chicago|ut Utah 49 America/Denver|vt Vermont 50 America/New_York
va Virginia 51 America/New_York|wa Washington 53 America/Los_Angeles|wv West Virginia 54 America/New_York
wi Wisconsin 55 America/Chicago|wy Wyoming 56 America/Denver
as American Samoa 60 Pacific/Pago_Pago|gu Guam 66 Pacific/Guam|mp Northern Mariana Islands 69 Pacific/Saipan
pr Puerto Rico 72 America/Puerto_Rico|vi U.S. Virgin Islands 78 America/St_Thomas
"""
for _entry in _STATES.replace("\n", "|").split("|"):
    if _entry.strip():
        _words = _entry.split()
        _code, _fips, _zone = _words[0], _words[-2], _words[-1]
        _kind = "district" if _code == "dc" else "territory" if int(_fips) >= 60 else "state"
        STATES[_code] = (" ".join(_words[1:-2]), _fips, _kind, _zone)

# State codes of the FBI list that differ from the postal ones.
FBI_STATES = {"nb": "ne", "gm": "gu"}

# (state, zone): the counties which keep another time than the state's default.
COUNTY_ZONES = {
    ("tx", "America/Denver"): "El Paso, Hudspeth",
    ("fl", "America/Chicago"): "Bay, Calhoun, Escambia, Holmes, Jackson, Okaloosa, Santa Rosa, Walton, Washington",
    ("in", "America/Chicago"): "Gibson, Jasper, Lake, LaPorte, Newton, Porter, Posey, Spencer, Vanderburgh, Warrick",
    ("in", "America/Indiana/Knox"): "Starke",
    ("in", "America/Indiana/Tell_City"): "Perry",
    ("in", "America/Indiana/Petersburg"): "Pike",
    ("in", "America/Indiana/Vincennes"): "Daviess, Dubois, Knox, Martin",
    ("in", "America/Indiana/Winamac"): "Pulaski",
    ("in", "America/Indiana/Marengo"): "Crawford",
    ("in", "America/Indiana/Vevay"): "Switzerland",
    ("in", "America/Kentucky/Louisville"): "Clark, Floyd, Harrison",
    ("ky", "America/Kentucky/Louisville"): "Jefferson",
    ("ky", "America/Kentucky/Monticello"): "Wayne",
    ("ky", "America/Chicago"): "Adair, Allen, Ballard, Barren, Breckinridge, Butler, Caldwell, Calloway, "
    "Carlisle, Christian, Clinton, Crittenden, Cumberland, Daviess, Edmonson, Fulton, Graves, Grayson, Green, "
    "Hancock, Hart, Henderson, Hickman, Hopkins, Livingston, Logan, Lyon, McCracken, McLean, Marshall, Metcalfe, "
    "Monroe, Muhlenberg, Ohio, Russell, Simpson, Todd, Trigg, Union, Warren, Webster",
    ("tn", "America/New_York"): "Anderson, Blount, Bradley, Campbell, Carter, Claiborne, Cocke, Grainger, "
    "Greene, Hamblen, Hamilton, Hancock, Hawkins, Jefferson, Johnson, Knox, Loudon, McMinn, Meigs, Monroe, "
    "Morgan, Polk, Rhea, Roane, Scott, Sevier, Sullivan, Unicoi, Union, Washington",
    ("nd", "America/Denver"): "Adams, Billings, Bowman, Dunn, Golden Valley, Grant, Hettinger, Slope, Stark",
    ("nd", "America/North_Dakota/Center"): "Oliver",
    ("nd", "America/North_Dakota/Beulah"): "Mercer",
    ("sd", "America/Denver"): "Bennett, Butte, Corson, Custer, Dewey, Fall River, Haakon, Harding, Jackson, "
    "Lawrence, Meade, Oglala Lakota, Pennington, Perkins, Ziebach",
    ("ne", "America/Denver"): "Arthur, Banner, Box Butte, Chase, Cheyenne, Dawes, Deuel, Dundy, Garden, Grant, "
    "Hooker, Keith, Kimball, Morrill, Perkins, Scotts Bluff, Sheridan, Sioux",
    ("ks", "America/Denver"): "Greeley, Hamilton, Sherman, Wallace",
    ("id", "America/Los_Angeles"): "Benewah, Bonner, Boundary, Clearwater, Idaho, Kootenai, Latah, Lewis, "
    "Nez Perce, Shoshone",
    ("or", "America/Boise"): "Malheur",
    ("mi", "America/Menominee"): "Dickinson, Gogebic, Iron, Menominee",
    ("ak", "America/Juneau"): "Juneau, Haines, Skagway, Hoonah-Angoon",
    ("ak", "America/Sitka"): "Sitka",
    ("ak", "America/Yakutat"): "Yakutat",
    ("ak", "America/Nome"): "Nome",
}
CITY_ZONES = {
    "us-ak/adak": "America/Adak",
    "us-ak/atka": "America/Adak",
    "us-fl/wewahitchka": "America/Chicago",
    "us-nv/west-wendover": "America/Denver",
}

# County FIPS: (slug, name, kind) where city and county are one government, or where the
# city stands outside every county.  Only governments that are one beyond doubt are here;
# Nashville, Indianapolis and New Orleans keep two slugs because places.csv lists their
# county as a county.
CONSOLIDATED = {
    "06075": ("us-ca/san-francisco", "San Francisco", "consolidated"),
    "08014": ("us-co/broomfield", "Broomfield", "consolidated"),
    "08031": ("us-co/denver", "Denver", "consolidated"),
    "42101": ("us-pa/philadelphia", "Philadelphia", "consolidated"),
    "15003": ("us-hi/honolulu", "Honolulu (city and county)", "consolidated"),
    "12031": ("us-fl/jacksonville", "Jacksonville (Duval County)", "consolidated"),
    "13059": ("us-ga/athens", "Athens-Clarke County", "consolidated"),
    "13245": ("us-ga/augusta", "Augusta-Richmond County", "consolidated"),
    "13215": ("us-ga/columbus", "Columbus (Muscogee County)", "consolidated"),
    "13021": ("us-ga/macon", "Macon-Bibb County", "consolidated"),
    "21067": ("us-ky/lexington", "Lexington-Fayette", "consolidated"),
    "21111": ("us-ky/louisville", "Louisville-Jefferson County", "consolidated"),
    "25019": ("us-ma/nantucket", "Nantucket", "consolidated"),
    "30023": ("us-mt/anaconda-deer-lodge-county", "Anaconda-Deer Lodge County", "consolidated"),
    "30093": ("us-mt/butte-silver-bow", "Butte-Silver Bow", "consolidated"),
    "02020": ("us-ak/anchorage", "Anchorage", "consolidated"),
    "02110": ("us-ak/juneau", "Juneau", "consolidated"),
    "02220": ("us-ak/sitka", "Sitka", "consolidated"),
    "02230": ("us-ak/skagway", "Skagway", "consolidated"),
    "02275": ("us-ak/wrangell", "Wrangell", "consolidated"),
    "02282": ("us-ak/yakutat", "Yakutat", "consolidated"),
    "32510": ("us-nv/carson-city", "Carson City (independent city)", "city"),
}
# Names under which the FBI lists the city of a consolidated government.
CONSOLIDATED_CITIES = {
    ("ga", "Athens-Clarke County"): "us-ga/athens",
    ("ky", "Louisville Metro"): "us-ky/louisville",
    ("ny", "New York"): "us-ny/new-york-city",
    ("nc", "Charlotte-Mecklenburg"): "us-nc/charlotte",
    ("va", "Fairfax City"): "us-va/fairfax",
    ("nj", "Camden County Police Department"): "us-nj/camden-county",
    ("nv", "Las Vegas Metropolitan Police Department"): "us-nv/clark-county",
    ("tn", "Metropolitan Nashville Police Department"): "us-tn/nashville",
    ("ak", "North Slope Borough"): "us-ak/north-slope-borough",
    ("ak", "Bristol Bay Borough"): "us-ak/bristol-bay-borough",
}
PLACE_NAMES = {"us-nc/charlotte": "Charlotte", "us-tn/nashville": "Nashville"}

# Connecticut's eight counties have no government and left the Census codes in 2022, but older
# federal reports (and a row of the FBI's) still name them: kept, with the former codes.
KEPT_FORMER = ("09001", "09003", "09005", "09007", "09009", "09011", "09013", "09015")

# Where a county has no sheriff of its own: Connecticut and Rhode Island (state marshals and
# sheriffs), Alaska, Hawaii and the territories; the five counties of New York City (one city
# sheriff, in extra.tsv); Westchester and Riley counties, whose forces took the office over; Clark
# County (Nevada), whose sheriff heads the Las Vegas Metropolitan Police.
SHERIFFLESS_STATES = {"ct", "ri", "ak", "hi", "pr", "gu", "vi", "as", "mp", "dc"}
SHERIFFLESS = {"us-ny/bronx-county", "us-ny/kings-county", "us-ny/new-york-county", "us-ny/queens-county",
               "us-ny/richmond-county", "us-ny/westchester-county", "us-ks/riley-county",
               "us-nv/clark-county"}
