//! The proofs over the law against enumeration: thousands of small random laws of several places, kinds of agency, days and contested points.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code: a surprise is a failure")]

mod common;

use comity_engine::prove::{self, GapKind, Side};
use comity_engine::{AgencyRef, Determination, Stack, Times, read_facts};
use comity_law::{Bundle, Law};
use common::whole::{ACTIONS, Cond, FACT_NAMES, FACTS, KINDS, LIST, NAMES, PLACES, POINT, Who, Whole, outcome, whole};
use proptest::prelude::*;
use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;

fn read(law: &Whole) -> Law {
    Law::read(Bundle::from_memory(law.files()))
        .unwrap_or_else(|wrong| panic!("{}", wrong.iter().map(ToString::to_string).collect::<String>()))
}

fn named() -> Vec<String> {
    PLACES.map(str::to_owned).to_vec()
}

fn agency(who: &Who) -> AgencyRef {
    AgencyRef { name: who.name.to_owned(), kind: who.kind.to_owned(), place: who.place.to_owned(), ori: None }
}

/// Decides the facts of a case as anybody would who was given them as JSON.
fn decided(law: &Law, who: &AgencyRef, on: comity_logic::Date, action: &str, facts: &Map<String, Json>) -> Determination {
    let facts = read_facts(law, &Json::Object(facts.clone())).unwrap();
    Stack::new(law, who, on, &[]).decide(law.action(action).unwrap(), &facts, &Times::default()).unwrap()
}

fn json(determination: &Determination) -> Json {
    serde_json::to_value(determination).unwrap()
}

/// Every agency on every day that may make a difference.
fn everyone(law: &Whole) -> Vec<Who> {
    let kinds = if law.tells(&|c| matches!(c, Cond::Police)) { &KINDS[..] } else { &KINDS[..1] };
    let names = if law.tells(&|c| matches!(c, Cond::Port)) { &NAMES[..] } else { &NAMES[..1] };
    let mut all = Vec::new();
    for on in law.days() {
        for place in PLACES {
            for kind in kinds {
                all.extend(names.iter().map(|name| Who { kind, place, name, on }));
            }
        }
    }
    all
}

/// How many cases [`each_case`] calls back for.
fn size(law: &Whole) -> usize {
    let of = |who: &Who| {
        (0..ACTIONS.len())
            .map(|action| law.entries(who, action))
            .map(|e| if e.is_empty() { 0 } else { law.answers(&e, &[who.on]).total() })
            .sum::<usize>()
    };
    everyone(law).iter().map(of).sum()
}

/// Calls back for every agency, day, action and case: with what is settled as it is settled.
fn each_case(law: &Whole, mut each: impl FnMut(&Who, usize, &common::whole::World)) {
    for who in everyone(law) {
        let settled = law.settled(&who);
        for action in 0..ACTIONS.len() {
            let entries = law.entries(&who, action);
            if entries.is_empty() {
                continue;
            }
            let answers = law.answers(&entries, &[who.on]);
            for code in 0..answers.total() {
                let mut w = answers.world(&answers.digits(code));
                w.point = settled.unwrap_or(w.point);
                each(&who, action, &w);
            }
        }
    }
}

/// The facts that a case states: each, and each element of a list, counts as one.
fn stated(facts: &Json) -> usize {
    match facts {
        Json::Object(fields) => fields.values().map(stated).sum(),
        Json::Array(elements) => 1 + elements.len(),
        _ => 1,
    }
}

fn cases(n: u32) -> ProptestConfig {
    // `PROPTEST_CASES` is the number for the laws of the semantics; here a case is a whole law.
    let factor = std::env::var("PROVE_CASES").ok().and_then(|c| c.parse().ok()).unwrap_or(1);
    ProptestConfig { cases: n * factor, max_shrink_iters: 400, max_global_rejects: 100_000, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(500))]

    /// A pair of norms is reported if and only if both stand in some case of some agency on some day and the outcome is a conflict.
    #[test]
    fn conflicts_equal_enumeration(whole in whole(4)) {
        prop_assume!(size(&whole) < 60_000);
        let law = read(&whole);
        let found = prove::conflicts(&law, &named()).unwrap();
        let mut clashing: BTreeSet<(String, BTreeSet<String>)> = BTreeSet::new();
        let mut conflicting: BTreeSet<String> = BTreeSet::new();
        each_case(&whole, |who, action, w| {
            let standing = whole.standing(&whole.fired(who, action, w, None));
            if outcome(&standing) == "conflict" {
                conflicting.insert(ACTIONS[action].to_owned());
            }
            for a in standing.iter().filter(|a| matches!(a.1, "requires" | "protects")) {
                for b in standing.iter().filter(|b| b.1 == "forbids" && a.2 == b.2) {
                    clashing.insert((ACTIONS[action].to_owned(), BTreeSet::from([whole.id(a.0), whole.id(b.0)])));
                }
            }
        });
        let reported: Vec<_> = found.iter().map(|c| (c.action.clone(), BTreeSet::from(c.norms.clone()))).collect();
        let set: BTreeSet<_> = reported.iter().cloned().collect();
        prop_assert_eq!(set.len(), reported.len(), "a clash is reported twice");
        prop_assert_eq!(&set, &clashing);
        let actions: BTreeSet<String> = found.iter().map(|c| c.action.clone()).collect();
        prop_assert_eq!(&actions, &conflicting);
        for clash in &found {
            let shown = &clash.determination.agency;
            let who = AgencyRef { name: shown.name.clone(), kind: shown.kind.clone(), place: shown.place.clone(), ori: None };
            prop_assert!(clash.kinds.contains(&who.kind) && clash.days.contains(clash.on));
            let again = decided(&law, &who, clash.on, &clash.action, &clash.facts);
            prop_assert_eq!(json(&again), json(&clash.determination));
            prop_assert_eq!(again.outcome.as_str(), "conflict");
            for norm in &clash.norms {
                prop_assert!(again.because.iter().any(|g| g.norm == *norm), "{} is not among the norms", norm);
            }
        }
    }

    /// A norm never decides if and only if no case has it among what decides; an exception never matters if and only if no case has another outcome without it.
    #[test]
    fn gaps_equal_enumeration(whole in whole(4)) {
        prop_assume!(size(&whole) < 60_000);
        let law = read(&whole);
        let found = prove::gaps(&law, &named()).unwrap();
        let mut decides: BTreeSet<usize> = BTreeSet::new();
        let mut matters: BTreeSet<(usize, usize)> = BTreeSet::new();
        each_case(&whole, |who, action, w| {
            let standing = whole.standing(&whole.fired(who, action, w, None));
            let now = outcome(&standing);
            for (at, modality, _) in &standing {
                let says = match *modality { "requires" => "required", "forbids" => "forbidden", _ => "permitted" };
                if now == says || (now == "conflict" && *modality != "permits") {
                    decides.insert(*at);
                }
            }
            for at in whole.entries(who, action) {
                for nth in 0..whole.norms[at].unless.len() {
                    if !matters.contains(&(at, nth)) && outcome(&whole.standing(&whole.fired(who, action, w, Some((at, nth))))) != now {
                        matters.insert((at, nth));
                    }
                }
            }
        });
        let mut expected: BTreeSet<(GapKind, String, Option<String>, Option<String>)> = BTreeSet::new();
        for (at, norm) in whole.norms.iter().enumerate() {
            if !decides.contains(&at) {
                expected.insert((GapKind::NormNeverDecides, whole.id(at), None, None));
            }
            for nth in (0..norm.unless.len()).filter(|nth| !matters.contains(&(at, *nth))) {
                expected.insert((GapKind::ExceptionNeverMatters, whole.id(at), Some(format!("but {nth}")), None));
            }
        }
        let everyone = everyone(&whole);
        for place in PLACES {
            for (action, name) in ACTIONS.iter().enumerate() {
                if everyone.iter().filter(|w| w.place == place).all(|w| whole.entries(w, action).is_empty()) {
                    expected.insert((GapKind::ActionUnspoken, place.to_owned(), None, Some((*name).to_owned())));
                }
            }
        }
        let reported: BTreeSet<_> = found.iter().map(|g| {
            let cite = g.exception.as_ref().map(|c| c[c.find("but").unwrap()..].to_owned());
            (g.kind, g.of.clone(), cite, g.action.clone())
        }).collect();
        prop_assert_eq!(reported.len(), found.len(), "a gap is reported twice");
        prop_assert_eq!(reported, expected);
    }
}

/// A side of a comparison: place, kind, name and day by number.
fn side() -> impl Strategy<Value = (usize, usize, usize, usize)> {
    (0usize..4, 0usize..2, prop::sample::select(vec![0usize, 0, 0, 1]), any::<prop::sample::Index>().prop_map(|i| i.index(1000)))
}

proptest! {
    #![proptest_config(cases(800))]

    /// Each change of outcome is reported if and only if some case shows it; the shown case brings it about and no case with fewer facts does.
    #[test]
    fn diff_equals_enumeration(whole in whole(4), one in side(), two in side(), alike in prop::sample::select(vec!["place", "day", "kind", "nothing"])) {
        let law = read(&whole);
        let days = whole.days();
        let who = |(place, kind, name, on): (usize, usize, usize, usize)| Who { kind: KINDS[kind], place: PLACES[place], name: NAMES[name], on: days[on % days.len()] };
        let (first, mut second) = (who(one), who(two));
        match alike {
            "place" => second = Who { on: second.on, ..first.clone() },
            "day" => second = Who { place: second.place, ..first.clone() },
            "kind" => second = Who { kind: second.kind, name: second.name, ..first.clone() },
            _ => {}
        }
        let sides = [&first, &second].map(|who| Side { agency: agency(who), on: who.on });
        let found = prove::diff(&law, &sides[0], &sides[1]).unwrap();
        let settled = [whole.settled(&first), whole.settled(&second)];
        for (action, name) in ACTIONS.iter().enumerate() {
            let entries = [whole.entries(&first, action), whole.entries(&second, action)].concat();
            let answers = whole.answers(&entries, &[first.on, second.on]);
            let outcomes: Vec<(&str, &str)> = (0..answers.total()).map(|code| {
                let w = answers.world(&answers.digits(code));
                let on = |who: &Who, settled: Option<bool>| {
                    let mut w = w.clone();
                    w.point = settled.unwrap_or(w.point);
                    whole.outcome(who, action, &w)
                };
                (on(&first, settled[0]), on(&second, settled[1]))
            }).collect();
            let expected: BTreeSet<(&str, &str)> = outcomes.iter().copied().filter(|(a, b)| a != b).collect();
            let changes = &found[action].changes;
            prop_assert_eq!(&found[action].action, name);
            let reported: BTreeSet<(&str, &str)> = changes.iter().map(|c| (c.from.as_str(), c.to.as_str())).collect();
            prop_assert_eq!(reported.len(), changes.len());
            prop_assert_eq!(&reported, &expected, "{}", name);
            for change in changes {
                for (side, settled, was) in [(&sides[0], settled[0], &change.before), (&sides[1], settled[1], &change.after)] {
                    let mut facts = change.facts.clone();
                    if settled.is_some() {
                        facts.get_mut("law").and_then(Json::as_object_mut).map(|law| law.shift_remove("p"));
                    }
                    prop_assert_eq!(json(&decided(&law, &side.agency, side.on, name, &facts)), json(was));
                }
                prop_assert_eq!((change.before.outcome, change.after.outcome), (change.from, change.to));
                if answers.total() <= 20_000 {
                    let wanted: Vec<bool> = outcomes.iter().map(|o| *o == (change.from.as_str(), change.to.as_str())).collect();
                    prop_assert_eq!(Some(stated(&Json::Object(change.facts.clone()))), answers.fewest(&wanted), "{} {:?}", name, change.facts);
                }
            }
        }
    }
}

/// What is known of a case: an answer for some facts, by number, and the elements of the list with whether they are all.
#[derive(Clone, Debug)]
struct Known {
    answers: [Option<prop::sample::Index>; FACTS],
    list: Option<(Vec<(Option<bool>, Option<bool>)>, bool)>,
}

fn known() -> impl Strategy<Value = Known> {
    let answer = || prop::option::weighted(0.6, any::<prop::sample::Index>());
    let b = || prop::option::weighted(0.8, any::<bool>());
    let list = prop::option::weighted(0.6, (prop::collection::vec((b(), b()), 0..3), prop::bool::weighted(0.7)));
    (prop::array::uniform7(answer()), list).prop_map(|(answers, list)| Known { answers, list })
}

/// How far a list with just these kinds of element is from what is known of it: stated fields that change and elements that are added. `None`: elements
/// would have to be taken away.
fn list_distance(list: &Option<(Vec<(Option<bool>, Option<bool>)>, bool)>, kinds: usize) -> Option<usize> {
    let Some((elements, complete)) = list else { return Some(0) };
    let change = |(f, g): &(Option<bool>, Option<bool>), kind: usize| {
        usize::from(f.is_some_and(|f| f != (kind & 1 == 1))) + usize::from(g.is_some_and(|g| g != (kind & 2 == 2)))
    };
    let mut best = None;
    for code in 0..4usize.pow(elements.len() as u32) {
        let each: Vec<usize> = (0..elements.len()).map(|at| code / 4usize.pow(at as u32) % 4).collect();
        if each.iter().any(|kind| kinds >> kind & 1 == 0) {
            continue;
        }
        let changed: usize = elements.iter().zip(&each).map(|(e, kind)| change(e, *kind)).sum();
        let covered = each.iter().fold(0, |all, kind| all | 1 << kind);
        let added = (kinds & !covered).count_ones() as usize;
        let distance = changed + if *complete { added } else { 0 };
        best = Some(best.map_or(distance, |b: usize| b.min(distance)));
    }
    best
}

proptest! {
    #![proptest_config(cases(800))]

    /// Every other outcome that some case reaches is reported, with the fewest changes of stated facts that reach it; the changed case has it.
    #[test]
    fn why_not_equals_enumeration(whole in whole(4), one in side(), known in known(), action in 0usize..2) {
        let law = read(&whole);
        let days = whole.days();
        let who = Who { kind: KINDS[one.1], place: PLACES[one.0], name: NAMES[one.2], on: days[one.3 % days.len()] };
        let entries = whole.entries(&who, action);
        let (answers, read) = (whole.answers(&entries, &[who.on]), whole.read(&entries));
        let settled = whole.settled(&who);
        // What the case states, as numbers of answers; the list apart.
        let mut stated_answers: [Option<usize>; FACTS] = [None; FACTS];
        for fact in read.iter().copied().filter(|f| *f != LIST) {
            stated_answers[fact] = known.answers[fact].map(|i| i.index(answers.counts[fact]));
        }
        let mut facts = serde_json::json!({"c": {}, "law": {}});
        for (fact, digit) in stated_answers.iter().enumerate() {
            let Some(digit) = digit else { continue };
            let (group, name) = FACT_NAMES[fact].split_once('.').unwrap();
            facts[group][name] = match fact {
                0..=2 | POINT => (*digit == 1).into(),
                3 => ["x", "y", "z"][*digit].into(),
                _ => answers.dates[*digit].to_string().into(),
            };
        }
        if let Some((elements, complete)) = &known.list {
            let one = |(f, g): &(Option<bool>, Option<bool>)| serde_json::json!({"f": f, "g": g});
            facts["c"]["xs"] = elements.iter().map(one).collect();
            facts["c"]["xs_complete"] = (*complete).into();
        }
        if stated_answers[POINT].is_none() {
            stated_answers[POINT] = settled.map(usize::from).filter(|_| read.contains(&POINT));
        }
        let case = comity_engine::read_case(&law, &serde_json::json!({
            "agency": {"name": who.name, "kind": who.kind, "place": who.place}, "on": who.on.to_string(), "actions": [ACTIONS[action]], "facts": facts,
        }).to_string()).unwrap();
        let stack = Stack::new(&law, &agency(&who), who.on, &[]);
        let id = law.action(ACTIONS[action]).unwrap();
        let now = stack.decide(id, &case.facts, &Times::default()).unwrap().outcome;
        let found = prove::why_not(&stack, &case, id).unwrap();

        let mut nearest: std::collections::BTreeMap<&str, Option<usize>> = std::collections::BTreeMap::new();
        for code in 0..answers.total() {
            let digits = answers.digits(code);
            let changed = (0..LIST).filter(|f| stated_answers[*f].is_some_and(|s| s != digits[*f])).count();
            // Where the law does not turn on the list, it is as it is.
            let list = if read.contains(&LIST) { list_distance(&known.list, digits[LIST]) } else { Some(0) };
            let outcome = whole.outcome(&who, action, &answers.world(&digits));
            let best = nearest.entry(outcome).or_default();
            *best = match (*best, list.map(|l| l + changed)) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        }
        nearest.retain(|o, _| *o != now.as_str());
        let reported: BTreeSet<&str> = found.iter().map(|o| o.outcome.as_str()).collect();
        prop_assert_eq!(reported.len(), found.len());
        prop_assert_eq!(reported, nearest.keys().copied().collect::<BTreeSet<_>>());
        for other in &found {
            prop_assert!(!other.changes.is_empty());
            let again = decided(&law, &agency(&who), who.on, ACTIONS[action], &other.facts);
            prop_assert_eq!(again.outcome, other.outcome, "{:?}", other);
            prop_assert_eq!(json(&again), json(&other.determination));
            if let Some(fewest) = nearest[other.outcome.as_str()] {
                let added: usize = other.changes.iter().filter(|c| !c.missing).map(|c| c.would_be.matches("one more (").count().max(1)).sum();
                prop_assert_eq!(added, fewest, "{:?}", other);
                if fewest == 0 && known.list.is_none() && answers.total() <= 20_000 {
                    // Nothing stated changes: as few missing facts as possible are learnt.
                    let fits = |code: &usize| (0..LIST).all(|f| stated_answers[f].is_none_or(|s| s == answers.digits(*code)[f]));
                    let kept: Vec<usize> = (0..answers.total()).filter(fits).collect();
                    let mut open = answers.clone();
                    (0..LIST).filter(|f| stated_answers[*f].is_some()).for_each(|f| open.counts[f] = 1);
                    let wanted: Vec<bool> = kept.iter().map(|code| whole.outcome(&who, action, &answers.world(&answers.digits(*code))) == other.outcome.as_str()).collect();
                    let before = stated(&Json::Object(case.facts.to_json(&law.schema)));
                    prop_assert_eq!(Some(stated(&Json::Object(other.facts.clone())) - before), open.fewest(&wanted), "{:?}", other);
                }
            }
        }
    }
}
