//! What a row says as facts of a case: what is mapped, what is assumed, and what cannot be.

use super::cells::is_redacted;
use super::fields::Field;
use super::offenses;
use super::table::Table;
use comity_columns::Columns;
use comity_law::Law;
use comity_logic::{Date, Declared, FactId, Facts, Field as Part, ListId, Slot, Value, Vocabulary};

/// Columns and the facts that they become.
pub const MAPPED: &[(&str, &str)] = &[
    ("detainer_prepare_date", "the day of the case"),
    ("detention_facility, …_code, facility_city, facility_state, facility_aor", "the agency and its place, where they agree"),
    (
        "detainer_type",
        "request.kind (I-247, I-247A, I-247D: detainer; I-247N: notification-request; I-247X: transfer-request), request.form",
    ),
    (
        "deportation_ordered, order_show_cause_served, biometric_match, statements_made",
        "request.probable_cause_stated: true if one is YES (box 1 of Form I-247A)",
    ),
    ("resume_custody_yes_no", "request.probable_cause_stated: false if YES (box 2 states none)"),
    ("final_order_yes_no", "person.final_removal_order: none if NO; if YES who signed it is not said"),
    (
        "case_category [16], processing_disposition Reinstatement…, illegal_reentry_yes_no YES",
        "person.prior_removal, person.reentered_after_removal: true",
    ),
    (
        "most_serious_conviction_charge, msc_charge_code, msc_conviction_date, msc_sentence_*",
        "one element of person.convictions: label, offense (NCIC), date, sentence_years",
    ),
    ("detainer_prepared_criminality 2", "one pending element of person.charges"),
];

/// What is assumed of every row, and why.
pub const ASSUMED: &[(&str, &str)] = &[
    ("request.requester = ice", "the file is ICE's own list of detainers"),
    ("request.purpose = civil-immigration", "a detainer under 8 C.F.R. 287.7 serves removal"),
    ("request.in_writing = true", "a detainer is a form"),
    (
        "request.process = administrative from 2017-04-02, none before",
        "ICE Policy 10074.2 adds an officer's warrant from then on; no column records a judge's paper",
    ),
    ("custody.stage = jailed", "the facility is a jail or prison"),
    ("custody.release_due = true, hours past release = 0", "the question is put for the moment when release falls due"),
    ("person.convictions_complete, person.charges_complete = false", "only the most serious conviction is given, and no charge"),
    ("agency.operates_jail = true", "where the row's facility is a county's jail"),
];

/// What cannot be mapped, and why.
pub const UNMAPPED: &[(&str, &str)] = &[
    ("msc_charge_code", "an NCIC code is no statute: it never decides `serious`, `violent`, the level or a listed section"),
    ("birth_year", "a year alone leaves two ages possible"),
    ("final_order_yes_no YES", "does not say whether a federal judge signed"),
    ("criminal_street_gang_yes_no", "a priority of 2014 to 2017, not an entry in a gang database"),
    ("felon, aggravated_felony_yes_no", "a federal classification, not a level under state law"),
    ("detainer_prepared_criminality 3", "that ICE knew of no record is no proof that there is none"),
    ("apprehension_method 287(g) Program", "does not say which agreement, nor of which agency"),
    ("detainer_lift_reason", "what happened later; it decides nothing"),
];

/// Rows to facts.
#[derive(Debug)]
pub(crate) struct Mapper<'t> {
    table: &'t Table,
    days: Vec<Option<Date>>,
    convicted: Vec<Option<Date>>,
    /// Facts with one value for each distinct text of a field.
    by_text: Vec<(Slot, Field, Vec<Value>)>,
    process: Option<(Slot, Value, Value)>,
    cause: Option<Slot>,
    removed: Vec<Slot>,
    convictions: Option<Convictions>,
    charges: Option<(ListId, Part)>,
    yes: [Vec<bool>; 5],
    reentry: [Vec<bool>; 3],
    criminality: Vec<bool>,
}

#[derive(Debug)]
struct Convictions {
    list: ListId,
    label: Option<(Part, Vec<Value>)>,
    offense: Option<(Part, Vec<Value>)>,
    date: Option<Part>,
    years: Option<Part>,
    /// The groups of each label, and the first two digits of each code, to see that they agree.
    groups: Vec<Option<&'static offenses::Groups>>,
}

/// The day from which ICE adds an officer's warrant to every detainer.
const WARRANTS_FROM: Date = Date::constant(2017, 4, 2);

impl<'t> Mapper<'t> {
    /// A mapper of a table; facts that are set for all rows are not mapped. `columns` are where their texts will be kept.
    pub(crate) fn new(table: &'t Table, law: &Law, columns: &mut Columns, set: &[Slot]) -> Self {
        let vocabulary = &law.schema.vocabulary;
        let scalar = |name: &str| match vocabulary.find(name) {
            Some(FactId::Scalar(slot)) if !set.contains(&slot) => Some(slot),
            _ => None,
        };
        let declared = |slot: Slot| vocabulary.scalars()[slot.0 as usize].declared.clone();
        let mut value = |slot: Slot, text: &str| columns.parse(&law.schema, &declared(slot), text).unwrap_or(Value::Unknown);
        let mut by_text = Vec::new();
        let texts = |field: Field| table.ids(field).distinct.iter();
        for (name, field, of) in [
            ("request.kind", Field::Kind, kind as fn(&str) -> &'static str),
            ("request.form", Field::Kind, form),
            ("person.final_removal_order", Field::FinalOrder, |t| if t.eq_ignore_ascii_case("no") { "none" } else { "" }),
        ] {
            if let Some(slot) = scalar(name) {
                by_text.push((
                    slot,
                    field,
                    texts(field).map(|t| if of(t).is_empty() { Value::Unknown } else { value(slot, of(t)) }).collect(),
                ));
            }
        }
        let process = scalar("request.process").map(|slot| (slot, value(slot, "administrative"), value(slot, "none")));
        let is_yes = |field: Field| texts(field).map(|t| t.eq_ignore_ascii_case("yes")).collect::<Vec<bool>>();
        let charges = match (vocabulary.find("person.charges"), vocabulary.find("person.charges[].pending")) {
            (Some(FactId::List(list)), Some(FactId::Field(_, part))) => Some((list, part)),
            _ => None,
        };
        let convictions = Convictions::new(table, law, columns);
        Self {
            table,
            days: table.days(Field::Prepared),
            convicted: table.days(Field::ConvictionDate),
            by_text,
            process,
            cause: scalar("request.probable_cause_stated"),
            removed: ["person.prior_removal", "person.reentered_after_removal"].iter().filter_map(|n| scalar(n)).collect(),
            convictions,
            charges,
            yes: [Field::Ordered, Field::Proceedings, Field::Biometric, Field::Statements, Field::Resume].map(is_yes),
            reentry: [
                is_yes(Field::Reentry),
                texts(Field::Category).map(|t| t.starts_with("[16]")).collect(),
                texts(Field::Disposition).map(|t| t.to_ascii_lowercase().starts_with("reinstatement")).collect(),
            ],
            criminality: texts(Field::Criminality).map(|t| t.starts_with('2')).collect(),
        }
    }

    /// The facts that may differ between rows.
    pub(crate) fn varying(&self) -> (Vec<Slot>, Vec<ListId>) {
        let scalars = self
            .by_text
            .iter()
            .map(|(slot, ..)| *slot)
            .chain(self.process.map(|p| p.0))
            .chain(self.cause)
            .chain(self.removed.iter().copied());
        let lists = self.convictions.iter().map(|c| c.list).chain(self.charges.map(|c| c.0));
        (scalars.collect(), lists.collect())
    }

    /// The day of a row.
    pub(crate) fn day(&self, row: usize) -> Option<Date> {
        self.days.get(*self.table.ids(Field::Prepared).ids.get(row)? as usize).copied().flatten()
    }

    /// States the facts of a row of the table at a row of the columns.
    pub(crate) fn fill(&self, vocabulary: &Vocabulary, columns: &mut Columns, at: usize, row: usize, on: Date) {
        columns.set(vocabulary, Vocabulary::ON, at, Value::Date(on));
        let id = |field: Field| self.table.ids(field).at(row) as usize;
        for (slot, field, values) in &self.by_text {
            if values[id(*field)] != Value::Unknown {
                columns.set(vocabulary, *slot, at, values[id(*field)]);
            }
        }
        if let (Some((slot, administrative, none)), Some(day)) = (self.process, self.day(row)) {
            columns.set(vocabulary, slot, at, if day >= WARRANTS_FROM { administrative } else { none });
        }
        let [ordered, proceedings, biometric, statements, resume] = &self.yes;
        if let Some(slot) = self.cause {
            let one = ordered[id(Field::Ordered)]
                || proceedings[id(Field::Proceedings)]
                || biometric[id(Field::Biometric)]
                || statements[id(Field::Statements)];
            // A ground ticked in box 1 states probable cause; box 2 alone states none.
            if one || resume[id(Field::Resume)] {
                columns.set(vocabulary, slot, at, Value::Bool(one));
            }
        }
        let [reentry, category, disposition] = &self.reentry;
        if reentry[id(Field::Reentry)] || category[id(Field::Category)] || disposition[id(Field::Disposition)] {
            self.removed.iter().for_each(|slot| columns.set(vocabulary, *slot, at, Value::Bool(true)));
        }
        if let Some((list, pending)) = self.charges.filter(|_| self.criminality[id(Field::Criminality)]) {
            columns.push(vocabulary, list, at, &[(pending, Value::Bool(true))]);
        }
        let Some(of) = &self.convictions else { return };
        let (charge, code, date) = (id(Field::Charge), id(Field::ChargeCode), id(Field::ConvictionDate));
        if charge == 0 && code == 0 && date == 0 {
            return;
        }
        let mut values: Vec<(Part, Value)> = Vec::with_capacity(4);
        if let Some((part, labels)) = &of.label {
            values.push((*part, labels[charge]));
        }
        let text = self.table.ids(Field::ChargeCode).distinct.get(code).map_or("", |t| t);
        let agree = of.groups[charge].is_none_or(|groups| text.get(..2).is_some_and(|two| groups.contains(two)));
        if let Some((part, offenses)) = of.offense.as_ref().filter(|_| agree) {
            values.push((*part, offenses[code]));
        }
        if let (Some(part), Some(day)) = (of.date, self.convicted[date]) {
            values.push((part, Value::Date(day)));
        }
        if let (Some(part), Some(years)) = (of.years, self.sentence_years(row)) {
            values.push((part, Value::Int(years)));
        }
        values.retain(|(_, v)| *v != Value::Unknown);
        columns.push(vocabulary, of.list, at, &values);
    }

    /// The sentence in whole years, if any part of it is given.
    fn sentence_years(&self, row: usize) -> Option<i64> {
        let part = |field| self.table.text(field, row).parse::<f64>().ok();
        let (years, months, days) = (part(Field::SentenceYears), part(Field::SentenceMonths), part(Field::SentenceDays));
        let given = years.or(months).or(days)?;
        let whole = years.unwrap_or(0.0) + months.unwrap_or(0.0) / 12.0 + days.unwrap_or(0.0) / 365.25;
        (given >= 0.0 && whole > 0.0).then_some(whole as i64)
    }
}

impl Convictions {
    fn new(table: &Table, law: &Law, columns: &mut Columns) -> Option<Self> {
        let vocabulary = &law.schema.vocabulary;
        let Some(FactId::List(list)) = vocabulary.find("person.convictions") else { return None };
        let part = |name: &str| vocabulary.record(list).field(name);
        let mut all = |field: Field, declared: Declared, of: &dyn Fn(&str) -> Option<String>| -> Vec<Value> {
            let texts = table.ids(field).distinct.iter();
            texts.map(|t| of(t).and_then(|t| columns.parse(&law.schema, &declared, &t).ok()).unwrap_or(Value::Unknown)).collect()
        };
        let label = all(Field::Charge, Declared::Text, &|t| (!t.is_empty() && !is_redacted(t)).then(|| t.to_lowercase()));
        let offense = all(Field::ChargeCode, Declared::Offense, &offenses::as_offense);
        Some(Self {
            list,
            label: part("label").map(|p| (p, label)),
            offense: part("offense").map(|p| (p, offense)),
            date: part("date"),
            years: part("sentence_years"),
            groups: table.ids(Field::Charge).distinct.iter().map(|t| offenses::groups_labelled(t)).collect(),
        })
    }
}

fn kind(text: &str) -> &'static str {
    match form(text) {
        "i-247n" | "i-247g" => "notification-request",
        "i-247x" => "transfer-request",
        "" => "",
        _ => "detainer",
    }
}

/// `I247A - Immigration Detainer - …` is the form I-247A.
fn form(text: &str) -> &'static str {
    let first: String = text.split(" - ").next().unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).collect();
    match first.to_ascii_uppercase().as_str() {
        "I247" => "i-247",
        "I247A" => "i-247a",
        "I247D" => "i-247d",
        "I247G" => "i-247g",
        "I247N" => "i-247n",
        "I247X" => "i-247x",
        _ => "",
    }
}

/// What is assumed of every row, over which `set` goes.
pub(crate) fn assumed(law: &Law, set: &[(Slot, Value)], texts: &Facts) -> Facts {
    let vocabulary = &law.schema.vocabulary;
    let mut facts = Facts::new(vocabulary);
    for (name, text) in [
        ("request.requester", "ice"),
        ("request.purpose", "civil-immigration"),
        ("request.in_writing", "true"),
        ("custody.stage", "jailed"),
        ("custody.release_due", "true"),
        ("custody.hours_past_release", "0"),
        ("custody.countable_hours_past_release", "0"),
        ("person.convictions_complete", "false"),
        ("person.charges_complete", "false"),
    ] {
        if let Some(FactId::Scalar(slot)) = vocabulary.find(name) {
            let declared = &vocabulary.scalars()[slot.0 as usize].declared;
            let value = facts.parse(&law.schema, declared, text).unwrap_or(Value::Unknown);
            facts.set(slot, value);
        }
    }
    for (slot, value) in set {
        let value = facts.copy_text(texts, *value);
        facts.set(*slot, value);
    }
    facts
}
