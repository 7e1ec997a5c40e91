//! Which column holds what, and what kind of claims a table makes.

use super::day::{Days, parse_day, parse_days};
use super::model::{Class, Finding, Kind, Weight};
use crate::table::{Row, Table, TableError};
use comity_logic::Date;

const PLACE: &[&str] = &["jurisdiction", "county state", "county", "jurisdiction aor", "place", "locality", "city", "entity", "name"];
const STATE: &[&str] = &["state", "facility state", "state name"];
const FIPS: &[&str] = &["place fips", "fips", "county fips", "geoid", "fips code"];
const FACILITY: &[&str] = &["facility", "law enforcement agency", "agency", "detention facility", "lea", "agency or facility"];
const PERIOD: &[&str] = &["week", "period", "reporting period", "list date", "report date", "as of", "date of list"];
const ISSUED_COUNT: &[&str] = &["issued detainers", "detainers issued", "issued"];
const REQUESTED: &[&str] = &["detainer issued", "detainer issued date", "issued date", "request date"];
const DECLINED: &[&str] = &["detainer declined", "detainer declined date", "declined date", "date declined"];
const STANDS_FOR: &[&str] = &["rows represented", "count", "number of detainers", "detainers"];
const OFFENSE: &[&str] = &["notable criminal activity", "offense", "charge"];
const STAGE: &[&str] = &["charged or convicted", "charged convicted"];
const ENACTED: &[&str] = &["date enacted", "enacted", "effective date"];
const POLICY: &[&str] = &["policy", "law", "instrument", "ordinance"];
const CRITERIA: &[&str] = &["criteria for honoring detainer", "criteria", "terms"];
const SORT: &[&str] = &["kind", "type", "jurisdiction type"];
const ALL_ISSUED: &[&str] = &["listed total all us", "issued all us", "total issued"];
const ALL_DECLINED: &[&str] = &["listed declined all us", "declined all us", "total declined"];
const ID: &[&str] = &["row id", "id"];

/// Every name that a header may have.
pub(super) fn known() -> Vec<&'static str> {
    [
        PLACE,
        STATE,
        FIPS,
        FACILITY,
        PERIOD,
        ISSUED_COUNT,
        REQUESTED,
        DECLINED,
        STANDS_FOR,
        OFFENSE,
        STAGE,
        ENACTED,
        POLICY,
        CRITERIA,
        SORT,
        ID,
    ]
    .concat()
}

/// A row as it claims.
#[derive(Clone, Debug, Default)]
pub(super) struct Claim {
    pub(super) table: usize,
    pub(super) line: u64,
    pub(super) id: Option<String>,
    pub(super) place: String,
    pub(super) state: String,
    pub(super) fips: String,
    pub(super) facility: String,
    pub(super) sort: String,
    pub(super) period: Option<Days>,
    /// How many were issued, or for how many refusals the row stands.
    pub(super) count: Option<u64>,
    pub(super) requested: Option<Date>,
    pub(super) declined: Option<Date>,
    pub(super) offense: String,
    pub(super) convicted: Option<bool>,
    pub(super) enacted: Option<Days>,
    pub(super) enacted_as: String,
    pub(super) policy: String,
    pub(super) criteria: String,
    pub(super) all_issued: Option<u64>,
    pub(super) all_declined: Option<u64>,
    /// Cells that could not be read.
    pub(super) unreadable: Vec<Finding>,
}

impl Claim {
    /// Whether the row is a total or a remark: its place stands in parentheses whole.
    pub(super) fn is_total(&self) -> bool {
        let place = self.place.trim();
        let whole = place.starts_with('(') && place.ends_with(')') && !place[1..].contains('(');
        whole || matches!(crate::table::key(place).as_str(), "total" | "all" | "united states" | "all united states" | "grand total")
    }

    /// How many refusals the row stands for.
    pub(super) fn weight(&self) -> u64 {
        self.count.unwrap_or(1)
    }
}

struct Columns {
    place: usize,
    state: Option<usize>,
    fips: Option<usize>,
    facility: Option<usize>,
    period: Option<usize>,
    count: Option<usize>,
    requested: Option<usize>,
    declined: Option<usize>,
    offense: Option<usize>,
    stage: Option<usize>,
    enacted: Option<usize>,
    policy: Option<usize>,
    criteria: Option<usize>,
    sort: Option<usize>,
    all_issued: Option<usize>,
    all_declined: Option<usize>,
    id: Option<usize>,
}

/// Reads the claims of a table.
pub(super) fn claims_of(at: usize, table: &mut Table) -> Result<(Kind, Vec<Claim>), TableError> {
    let find = |names: &[&str]| table.header.find(names);
    let facility = find(FACILITY);
    let Some(place) = find(PLACE).or(facility) else {
        let there = table.header.names().join(", ");
        let what = format!("no column names the place; one must be called jurisdiction, county, city, place or agency; there are {there}");
        return Err(table.fault_of_header(what));
    };
    let (declined, requested, issued) = (find(DECLINED), find(REQUESTED), find(ISSUED_COUNT));
    let (policy, criteria, enacted) = (find(POLICY), find(CRITERIA), find(ENACTED));
    let kind = if declined.is_some() {
        Kind::Declined
    } else if issued.is_some() {
        Kind::Issued
    } else if criteria.is_some() || policy.is_some() || enacted.is_some() {
        Kind::Policy
    } else {
        Kind::Listed
    };
    let columns = Columns {
        place,
        state: find(STATE),
        fips: find(FIPS),
        facility: facility.filter(|f| *f != place),
        period: find(PERIOD),
        count: if kind == Kind::Issued { issued } else { find(STANDS_FOR).filter(|_| kind == Kind::Declined) },
        requested: requested.filter(|_| kind == Kind::Declined),
        declined,
        offense: find(OFFENSE),
        stage: find(STAGE),
        enacted,
        policy,
        criteria,
        sort: find(SORT),
        all_issued: find(ALL_ISSUED),
        all_declined: find(ALL_DECLINED),
        id: find(ID),
    };
    let mut claims = Vec::new();
    let mut row = Row::default();
    while table.next_row(&mut row)? {
        claims.push(columns.claim(at, &row));
    }
    Ok((kind, claims))
}

impl Columns {
    fn claim(&self, table: usize, row: &Row) -> Claim {
        let cell = |column: Option<usize>| column.map_or("", |c| absent(row.get(c)));
        let mut unreadable = Vec::new();
        let mut wrong = |what: &str, text: &str| {
            let says = format!("the {what} `{text}` cannot be read");
            unreadable.push(Finding::new(Class::Unreadable, Weight::Context, says));
        };
        let mut number = |column: Option<usize>, what: &str| {
            let text = cell(column);
            let read = text.replace(',', "").parse::<u64>().ok();
            if read.is_none() && !text.is_empty() {
                wrong(what, text);
            }
            read
        };
        let count = number(self.count, "count");
        let all_issued = number(self.all_issued, "total issued");
        let all_declined = number(self.all_declined, "total declined");
        let mut day = |column: Option<usize>, what: &str| {
            let text = cell(column);
            let read = parse_day(text);
            if read.is_none() && !text.is_empty() {
                wrong(what, text);
            }
            read
        };
        let requested = day(self.requested, "day of the request");
        let declined = day(self.declined, "day of the refusal");
        let mut days = |column: Option<usize>, what: &str| {
            let text = cell(column);
            let read = parse_days(text);
            if read.is_none() && !text.is_empty() {
                wrong(what, text);
            }
            read
        };
        let period = days(self.period, "period");
        let enacted = days(self.enacted, "day of enactment");
        let stage = cell(self.stage).to_ascii_lowercase();
        Claim {
            table,
            line: row.line,
            id: Some(cell(self.id).to_owned()).filter(|id| !id.is_empty()),
            place: row.get(self.place).to_owned(),
            state: cell(self.state).to_owned(),
            fips: cell(self.fips).to_owned(),
            facility: cell(self.facility).to_owned(),
            sort: cell(self.sort).to_ascii_lowercase(),
            period,
            count,
            requested,
            declined,
            offense: cell(self.offense).to_owned(),
            convicted: if stage.contains("convicted") { Some(true) } else { stage.contains("charged").then_some(false) },
            enacted,
            enacted_as: cell(self.enacted).to_owned(),
            policy: cell(self.policy).to_owned(),
            criteria: cell(self.criteria).to_owned(),
            all_issued,
            all_declined,
            unreadable,
        }
    }
}

/// The words for nothing are nothing.
fn absent(text: &str) -> &str {
    if matches!(text, "NA" | "N/A" | "#N/A" | "-" | "–" | "—" | "null" | "NULL" | "None" | "unknown" | "Unknown") { "" } else { text }
}
