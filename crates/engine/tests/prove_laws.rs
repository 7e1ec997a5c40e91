//! Two whole laws compared, against enumeration: small random laws, also with vocabularies, classes and actions that only one of them has.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code: a surprise is a failure")]

mod common;

use comity_engine::prove::{self, LawDiff, Scope, Side};
use comity_engine::{AgencyRef, Stack, Times, read_facts};
use comity_law::{Bundle, Law, Pair, PairError};
use common::whole::{ACTIONS, Cond, KINDS, NAMES, PLACES, Who, Whole, whole};
use proptest::prelude::*;
use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;

fn named() -> Vec<String> {
    PLACES.map(str::to_owned).to_vec()
}

fn bundle(law: &Whole) -> Bundle {
    Bundle::from_memory(law.files())
}

/// Every agency on every day that may make a difference to one of the laws.
fn everyone(laws: [&Whole; 2]) -> Vec<Who> {
    let tells = |is: &dyn Fn(&Cond) -> bool| laws.iter().any(|law| law.tells(is));
    let kinds = if tells(&|c| matches!(c, Cond::Police)) { &KINDS[..] } else { &KINDS[..1] };
    let names = if tells(&|c| matches!(c, Cond::Port)) { &NAMES[..] } else { &NAMES[..1] };
    let days: BTreeSet<_> = laws.iter().flat_map(|law| law.days()).collect();
    let mut all = Vec::new();
    for on in days {
        for place in PLACES {
            for kind in kinds {
                all.extend(names.iter().map(|name| Who { kind, place, name, on }));
            }
        }
    }
    all
}

/// The changes that the comparison reports for an agency on a day.
/// `names`: whether some law that reaches the place asks for names; where none does, one agency stands for those of every name.
fn reported<'d>(found: &'d [LawDiff], who: &Who, names: bool, action: &str) -> BTreeSet<(&'d str, &'d str)> {
    let of = |d: &&LawDiff| {
        let name = !names || d.agency.name.starts_with("Port") == who.name.starts_with("Port");
        d.agency.place == who.place && name && d.kinds.iter().any(|k| k == who.kind) && d.days.contains(who.on)
    };
    let actions = found.iter().filter(of).flat_map(|d| d.actions.iter().filter(|a| a.action == action));
    actions.flat_map(|a| a.changes.iter().map(|c| (c.from.as_str(), c.to.as_str()))).collect()
}

/// Whether the laws tell agencies of the place and kind by their names.
fn tells_names(pair: &Pair, place: &str, kind: &str) -> bool {
    let told = |s: &prove::Situation<'_>| !s.agency.name.is_empty() && s.kinds.iter().any(|k| k == kind);
    pair.laws.iter().any(|law| prove::situations(law, place).iter().any(told))
}

fn outcome(law: &Law, who: &AgencyRef, on: comity_logic::Date, action: &str, facts: &Map<String, Json>) -> &'static str {
    let facts = read_facts(law, &Json::Object(facts.clone())).unwrap();
    Stack::new(law, who, on, &[]).decide(law.action(action).unwrap(), &facts, &Times::default()).unwrap().outcome.as_str()
}

/// Laws that say something in common and something of their own.
fn laws() -> impl Strategy<Value = [Whole; 2]> {
    (whole(3), whole(2), any::<bool>()).prop_map(|(one, other, alike)| {
        let mut two = other;
        if alike {
            // The second is the first with one norm more or less.
            let more = two.norms.pop();
            two = one.clone();
            match more {
                Some(mut norm) => {
                    norm.overrides.clear();
                    two.norms.push(norm);
                }
                None => drop(two.norms.pop()),
            }
        }
        [one, two]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, max_shrink_iters: 400, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    /// A change of outcome is reported for an agency on a day if and only if some case shows it, and each shown case brings it about in the laws as they are alone.
    #[test]
    fn laws_equal_enumeration(wholes in laws()) {
        let [one, two] = &wholes;
        let everyone = everyone([one, two]);
        prop_assume!(everyone.len() < 400);
        let pair = Pair::read(bundle(one), bundle(two)).unwrap();
        let named = named();
        let found = prove::laws(&pair, &Scope { places: &named, ..Scope::default() }).unwrap();
        let pairs = PLACES.into_iter().flat_map(|place| KINDS.map(|kind| (place, kind)));
        let told: Vec<(&str, &str)> = pairs.filter(|(place, kind)| tells_names(&pair, place, kind)).collect();
        for who in &everyone {
            let settled = [one.settled(who), two.settled(who)];
            let names = told.contains(&(who.place, who.kind));
            for (action, name) in ACTIONS.iter().enumerate() {
                // Norms of both, asked together: the answers have room for what only one of them asks.
                let mut instruments = one.instruments.clone();
                for (mine, theirs) in instruments.iter_mut().zip(&two.instruments) {
                    let both = mine.applies.iter().chain(&theirs.applies).cloned();
                    mine.applies = both.reduce(|a, b| Cond::And(Box::new(a), Box::new(b)));
                }
                let both = Whole { instruments, norms: [one.norms.clone(), two.norms.clone()].concat() };
                let own = [one.entries(who, action), two.entries(who, action)];
                let entries: Vec<usize> = own[0].iter().copied().chain(own[1].iter().map(|at| at + one.norms.len())).collect();
                let answers = both.answers(&entries, &[who.on]);
                let mut expected: BTreeSet<(&str, &str)> = BTreeSet::new();
                for code in 0..answers.total() {
                    let w = answers.world(&answers.digits(code));
                    let of = |law: &Whole, settled: Option<bool>| {
                        let mut w = w.clone();
                        w.point = settled.unwrap_or(w.point);
                        law.outcome(who, action, &w)
                    };
                    let outcomes = (of(one, settled[0]), of(two, settled[1]));
                    if outcomes.0 != outcomes.1 {
                        expected.insert(outcomes);
                    }
                }
                prop_assert_eq!(reported(&found, who, names, name), expected, "{} {:?}", name, who);
            }
        }
        let alone = [Law::read(bundle(one)).unwrap(), Law::read(bundle(two)).unwrap()];
        for diff in &found {
            let on = diff.days.from.unwrap();
            for action in &diff.actions {
                for change in &action.changes {
                    let run = |law: &Law, whole: &Whole| {
                        let mut facts = change.facts.clone();
                        // A settled point counts on the side where no holding settles it.
                        let kind = KINDS.iter().find(|k| **k == diff.agency.kind).copied().unwrap_or("other");
                        let place = PLACES.iter().find(|p| **p == diff.agency.place).copied().unwrap();
                        let name = if diff.agency.name.starts_with("Port") { "Port" } else { "" };
                        if whole.settled(&Who { kind, place, name, on }).is_some() {
                            facts.get_mut("law").and_then(Json::as_object_mut).map(|law| law.shift_remove("p"));
                        }
                        outcome(law, &diff.agency, on, &action.action, &facts)
                    };
                    prop_assert_eq!((run(&alone[0], one), run(&alone[1], two)), (change.from.as_str(), change.to.as_str()));
                }
            }
        }
    }

    /// A law differs from itself in nothing, whichever way it is looked at.
    #[test]
    fn a_law_agrees_with_itself(whole in whole(4)) {
        let pair = Pair::read(bundle(&whole), bundle(&whole)).unwrap();
        let named = named();
        let found = prove::laws(&pair, &Scope { places: &named, ..Scope::default() }).unwrap();
        prop_assert!(found.is_empty());
        let law = &pair.laws[0];
        let side = Side { agency: AgencyRef { name: String::new(), kind: "police".to_owned(), place: "us-ca".to_owned(), ori: None }, on: whole.days()[0] };
        prop_assert!(prove::diff(law, &side, &side).unwrap().iter().all(|d| d.changes.is_empty()));
    }
}

const HEAD: &str = "title = \"T\"\ncite = \"C\"\nkind = \"statute\"\nin_force = { from = 2000-01-01 }\nchecked = { on = 2026-11-21, confidence = \"high\", against = [\"x\"] }\n";

fn law(vocabulary: &str, norm: &str, class: &str) -> Bundle {
    let place = "name = \"P\"\n[[coverage]]\nsource = \"all\"\nsearched_until = 2026-11-21\n";
    let class = format!(
        "title = \"K\"\ncite = \"K\"\nchecked = {{ on = 2026-11-21, confidence = \"high\", against = [\"x\"] }}\nsections = [{class}]\n"
    );
    let files = [
        ("vocabulary.toml", vocabulary.to_owned()),
        ("us/place.toml", place.to_owned()),
        ("us/law-a.toml", format!("{HEAD}\n[[norm]]\nid = \"n\"\ncite = \"1\"\nsays = \"N.\"\n{norm}\n")),
        ("us/classes/k.toml", class),
    ];
    Bundle::from_memory(files.map(|(path, text)| (path.to_owned(), text.into_bytes())))
}

fn compared(one: Bundle, two: Bundle) -> (Pair, Vec<LawDiff>) {
    let pair = Pair::read(one, two).unwrap_or_else(|e| panic!("{e:?}"));
    let found = prove::laws(&pair, &Scope { places: &["us".to_owned()], ..Scope::default() }).unwrap();
    (pair, found)
}

const HOLD: &str = "action = [{ id = \"hold\", says = \"Hold\" }]\n";

/// Facts, values and actions that one law does not know are asked all the same.
#[test]
fn vocabularies_that_differ() {
    let one = format!("{HOLD}fact = [{{ id = \"c.e\", type = \"enum\", values = [\"x\", \"y\"], question = \"e?\" }}]\n");
    let two = "action = [{ id = \"notify\", says = \"Tell\" }, { id = \"hold\", says = \"Hold\" }]\nfact = [{ id = \"c.b\", type = \"bool\", question = \"b?\" }, { id = \"c.e\", type = \"enum\", values = [\"z\", \"x\"], question = \"e?\" }]\n";
    let (pair, found) = compared(
        law(&one, "forbids = [\"hold\"]\nwhen = \"c.e == 'x'\"", "\"CA PC 1\""),
        law(two, "forbids = [\"hold\", \"notify\"]\nwhen = \"c.e == 'x' || (c.e == 'z' && c.b)\"", "\"CA PC 1\""),
    );
    assert_eq!(pair.only[0], BTreeSet::from(["c.e = y".to_owned()]));
    assert_eq!(pair.only[1], BTreeSet::from(["action notify".to_owned(), "c.b".to_owned(), "c.e = z".to_owned()]));
    let changes: Vec<_> = found[0].actions.iter().flat_map(|a| a.changes.iter().map(move |c| (a.action.as_str(), c))).collect();
    assert_eq!(changes.len(), 2, "{changes:#?}");
    let hold = changes.iter().find(|(action, _)| *action == "hold").unwrap().1;
    assert_eq!(Json::Object(hold.facts.clone()), serde_json::json!({"c": {"e": "z", "b": true}}));
    assert_eq!((hold.from.as_str(), hold.to.as_str()), ("unregulated", "forbidden"));
}

/// The same name may stand for other sections: then only what lies in one of them differs.
#[test]
fn classes_that_differ() {
    let vocabulary = format!("{HOLD}fact = [{{ id = \"c.o\", type = \"offense\", question = \"o?\" }}]\n");
    let norm = "forbids = [\"hold\"]\nwhen = \"c.o.in_class('us/k')\"";
    let (_, same) = compared(law(&vocabulary, norm, "\"CA PC 1\", \"CA PC 2\""), law(&vocabulary, norm, "\"CA PC 2\", \"CA PC 1\""));
    assert!(same.is_empty(), "{same:#?}");
    let (_, found) = compared(law(&vocabulary, norm, "\"CA PC 1\""), law(&vocabulary, norm, "\"CA PC 1\", \"CA PC 2\""));
    let change = &found[0].actions[0].changes;
    assert_eq!((found.len(), change.len()), (1, 1));
    assert_eq!(Json::Object(change[0].facts.clone()), serde_json::json!({"c": {"o": "CA PC 2"}}));
}

/// What cannot be stated to both is told, and so are mistakes of either law.
#[test]
fn laws_that_do_not_go_together() {
    let (bool, text) = ["bool", "text"].map(|t| format!("{HOLD}fact = [{{ id = \"c.b\", type = \"{t}\", question = \"b?\" }}]\n")).into();
    let norm = "forbids = [\"hold\"]";
    let Err(PairError::Declared(wrong)) = Pair::read(law(&bool, norm, "\"CA PC 1\""), law(&text, norm, "\"CA PC 1\"")) else { panic!() };
    assert!(wrong[0].contains("`c.b` is yes or no in the first law and a text in the second"), "{wrong:?}");
    let broken = Bundle::from_memory([("vocabulary.toml".to_owned(), b"action = 1".to_vec())]);
    assert!(matches!(Pair::read(law(&bool, norm, "\"CA PC 1\""), broken), Err(PairError::Law(1, _))));
}
