//! An instrument as an Akoma Ntoso 3.0 document: a `doc` about the law in our own words, since the text of the law itself is not here.

use std::collections::BTreeMap;

use comity_logic::Date;

use super::xml::Xml;
use crate::model::{ActionId, Confidence, Instrument, Interval, Law, Modality, When};
use crate::show;

const NAMESPACE: &str = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0";

/// The document of an instrument: its days as time intervals, each norm, duty, limit and settled point as a container with a number, a heading and plain words.
#[must_use]
pub fn akoma_ntoso(law: &Law, it: &Instrument) -> String {
    let times = Times::of(it);
    let mut xml = Xml::new();
    xml.within("akomaNtoso", &[("xmlns", NAMESPACE)], |xml| {
        xml.within("doc", &[("name", "summary"), ("contains", "singleVersion")], |xml| {
            xml.within("meta", &[], |xml| meta(xml, it, &times));
            xml.within("preface", &[], |xml| {
                xml.within("longTitle", &[], |xml| xml.text("p", &[], &format!("{} ({})", it.title, it.cite)));
            });
            xml.within("mainBody", &[], |xml| body(xml, law, it, &times));
        });
    });
    xml.finish()
}

fn meta(xml: &mut Xml, it: &Instrument, times: &Times) {
    let country = it.place.split('/').next().unwrap_or_default();
    let work = format!("/akn/{country}/doc/summary/{}", it.id);
    let expression = format!("{work}/eng@{}", it.checked.on);
    let checked = it.checked.on.to_string();
    let made = it.enacted.or(it.in_force.from).unwrap_or(it.checked.on).to_string();
    xml.within("identification", &[("source", "#comity")], |xml| {
        for (name, iri, day, what) in [
            ("FRBRWork", work.clone(), &made, "law"),
            ("FRBRExpression", expression.clone(), &checked, "checked"),
            ("FRBRManifestation", format!("{expression}.xml"), &checked, "checked"),
        ] {
            xml.within(name, &[], |xml| {
                xml.empty("FRBRthis", &[("value", &format!("{iri}/!main"))]);
                xml.empty("FRBRuri", &[("value", &iri)]);
                if name == "FRBRWork" {
                    it.aka.iter().for_each(|aka| xml.empty("FRBRalias", &[("value", aka), ("name", "aka")]));
                }
                xml.empty("FRBRdate", &[("date", day), ("name", what)]);
                xml.empty("FRBRauthor", &[("href", "#comity"), ("as", "#summarizer")]);
                match name {
                    "FRBRWork" => xml.empty("FRBRcountry", &[("value", country)]),
                    "FRBRExpression" => xml.empty("FRBRlanguage", &[("language", "eng")]),
                    _ => xml.empty("FRBRformat", &[("value", "application/akn+xml")]),
                }
            });
        }
    });
    if !times.days.is_empty() {
        xml.within("lifecycle", &[("source", "#comity")], |xml| {
            for (day, id) in &times.days {
                let kind = if Some(*day) == it.in_force.from { "generation" } else { "amendment" };
                xml.empty("eventRef", &[("eId", id), ("date", &day.to_string()), ("source", "#comity"), ("type", kind)]);
            }
        });
        xml.within("temporalData", &[("source", "#comity")], |xml| {
            for (interval, id) in &times.groups {
                xml.within("temporalGroup", &[("eId", id)], |xml| {
                    let at = |day: Option<Date>| day.and_then(|d| times.days.get(&d)).map(|id| format!("#{id}")).unwrap_or_default();
                    let end = interval.to.and_then(|d| d.tomorrow().ok());
                    xml.empty("timeInterval", &[("refersTo", "#inforce"), ("start", &at(interval.from)), ("end", &at(end))]);
                });
            }
        });
    }
    xml.within("references", &[("source", "#comity")], |xml| {
        xml.empty("TLCOrganization", &[("eId", "comity"), ("href", "/ontology/organizations/comity"), ("showAs", "Comity")]);
        xml.empty("TLCRole", &[("eId", "summarizer"), ("href", "/ontology/roles/summarizer"), ("showAs", "Summarizer")]);
        xml.empty("TLCConcept", &[("eId", "inforce"), ("href", "/ontology/concepts/in-force"), ("showAs", "in force")]);
    });
}

fn body(xml: &mut Xml, law: &Law, it: &Instrument, times: &Times) {
    let head = [
        Some(format!(
            "A {} of {}, rank {}. This is a summary in the words of Comity, not the text of the law.",
            it.kind, it.place, it.rank
        )),
        it.binds.as_ref().map(|b| format!("Binds agencies for which: {}", show::condition(&b.text))),
        (!it.reach.is_empty()).then(|| format!("Reaches only {}.", it.reach.join(", "))),
        it.applies.as_ref().map(|a| format!("Applies only if: {}", show::condition(&a.text))),
        Some(format!("Checked on {}, confidence {}, against: {}.", it.checked.on, it.checked.confidence, it.checked.against.join("; "))),
        it.note.clone(),
    ];
    container(xml, "about", "about", "", "About", "", head.into_iter().flatten());
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut name = |what: &str, id: &str| {
        let name = format!("{what}_{id}");
        let times = seen.entry(name.clone()).and_modify(|n| *n += 1).or_insert(1);
        if *times == 1 { name } else { format!("{name}_v{times}") }
    };
    for norm in &it.norms {
        let eid = name("norm", &norm.id);
        let mut lines = vec![norm.says.clone()];
        lines.extend(when(&norm.when));
        for e in &norm.exceptions {
            let effect = match (norm.modality, e.silent) {
                (Modality::Forbids, false) => "then it is permitted",
                (Modality::Forbids, true) => "then the ban ends, and nothing is said",
                _ => "then it does not apply",
            };
            let days = if e.in_force == norm.in_force { String::new() } else { format!(", {}", written(e.in_force)) };
            lines.push(format!("Unless, by {}{days} ({effect}): {}", e.full_cite, show::condition(&e.when.text)));
        }
        if !norm.overrides.is_empty() {
            lines.push(format!("Overrides: {}", norm.overrides.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")));
        }
        lines.extend(extra(norm.confidence, it, norm.note.as_deref()));
        container(xml, "norm", &eid, times.period(norm.in_force), &show::does(law, norm), &norm.full_cite, lines);
    }
    for duty in &it.duties {
        let eid = name("duty", &duty.id);
        let heading = format!("Duty upon {}{}", duty.upon, of(law, &duty.actions));
        let mut lines = vec![duty.says.clone()];
        lines.push(format!(
            "Owed by {}{}{}.",
            duty.by.as_deref().unwrap_or("the agency"),
            duty.to.as_ref().map(|t| format!(" to {t}")).unwrap_or_default(),
            duty.within.as_ref().map(|w| format!(", {}", show::within(w))).unwrap_or_default()
        ));
        lines.extend(when(&duty.when));
        lines.extend(extra(duty.confidence, it, duty.note.as_deref()));
        container(xml, "duty", &eid, times.period(duty.in_force), &heading, &duty.full_cite, lines);
    }
    for clock in &it.clocks {
        let eid = name("limit", &clock.id);
        let mut lines = vec![clock.says.clone(), format!("The limit: {}.", show::within(&clock.within))];
        lines.extend(when(&clock.when));
        lines.extend(extra(clock.confidence, it, clock.note.as_deref()));
        container(xml, "limit", &eid, times.period(clock.in_force), &format!("Limit{}", of(law, &clock.actions)), &clock.full_cite, lines);
    }
    for settles in &it.settles {
        let eid = name("settled", &settles.fact.replace('.', "-"));
        let heading = format!("{} is {}", settles.fact, settles.value);
        container(xml, "settled", &eid, times.period(settles.in_force), &heading, &settles.full_cite, [settles.says.clone()]);
    }
}

fn container(xml: &mut Xml, name: &str, eid: &str, period: &str, heading: &str, cite: &str, lines: impl IntoIterator<Item = String>) {
    let period = if period.is_empty() { String::new() } else { format!("#{period}") };
    xml.within("hcontainer", &[("name", name), ("eId", eid), ("period", &period)], |xml| {
        if !cite.is_empty() {
            xml.text("num", &[], cite);
        }
        xml.text("heading", &[], heading);
        xml.within("content", &[], |xml| lines.into_iter().for_each(|line| xml.text("p", &[], &line)));
    });
}

fn when(it: &When) -> Option<String> {
    (!it.is_always()).then(|| format!("When: {}", show::condition(&it.text)))
}

fn extra(confidence: Confidence, it: &Instrument, note: Option<&str>) -> Vec<String> {
    let own = (confidence != it.checked.confidence).then(|| format!("Confidence {confidence}."));
    own.into_iter().chain(note.map(str::to_owned)).collect()
}

fn of(law: &Law, actions: &[ActionId]) -> String {
    let names: Vec<&str> = actions.iter().map(|a| law.action_name(*a)).collect();
    if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) }
}

fn written(it: Interval) -> String {
    let day = |word: &str, day: Option<Date>| day.map(|d| format!("{word} {d}"));
    let words: Vec<String> = [day("from", it.from), day("to", it.to)].into_iter().flatten().collect();
    format!("in force {}", words.join(" "))
}

/// The days of an instrument and its intervals, by their names in the document.
struct Times {
    days: BTreeMap<Date, String>,
    groups: Vec<(Interval, String)>,
}

impl Times {
    fn of(it: &Instrument) -> Self {
        let parts =
            it.norms.iter().map(|n| n.in_force).chain(it.duties.iter().map(|d| d.in_force)).chain(it.clocks.iter().map(|c| c.in_force));
        let mut intervals: Vec<Interval> = std::iter::once(it.in_force).chain(parts).chain(it.settles.iter().map(|s| s.in_force)).collect();
        intervals.retain(|i| i.from.is_some() || i.to.is_some());
        intervals.sort_by_key(|i| (i.from, i.to));
        intervals.dedup();
        let days = intervals.iter().flat_map(|i| [i.from, i.to.and_then(|d| d.tomorrow().ok())]).flatten();
        let days = days
            .collect::<std::collections::BTreeSet<Date>>()
            .into_iter()
            .enumerate()
            .map(|(at, day)| (day, format!("e{}", at + 1)))
            .collect();
        let groups = intervals.into_iter().enumerate().map(|(at, i)| (i, format!("t{}", at + 1))).collect();
        Self { days, groups }
    }

    fn period(&self, it: Interval) -> &str {
        self.groups.iter().find(|(i, _)| *i == it).map_or("", |(_, id)| id)
    }
}
