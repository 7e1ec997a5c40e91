//! One decision, ten thousand times: the engine beside the floor, from parsed facts and from JSON.

use crate::data;
use crate::floor::{Decision, Floor, Request};
use crate::stopwatch;
use comity_engine::{AgencyRef, Entry, Stacks, Times, read_case};
use comity_law::{ActionId, Law, Outcome};
use comity_logic::{Date, Facts, Value, Vocabulary};

/// A case as the fast path takes it: the day is among the facts.
struct Parsed {
    agency: AgencyRef,
    on: Date,
    action: ActionId,
    facts: Facts,
}

fn parse(law: &Law, line: &str) -> Parsed {
    let case = read_case(law, line).expect("a case");
    let mut facts = case.facts;
    facts.set(Vocabulary::ON, Value::Date(case.on));
    Parsed { agency: case.agency, on: case.on, action: case.actions[0], facts }
}

/// The engine's answer in the floor's words.
fn named((outcome, by): (Outcome, Option<&Entry<'_>>)) -> Decision {
    let by = by.map(Entry::id);
    match (outcome, by.as_deref()) {
        (Outcome::Required, Some("f#warrant")) => Decision::RequiredF,
        (Outcome::Forbidden, Some("s#notify")) => Decision::ForbiddenS,
        (Outcome::Forbidden, Some("c#notify")) => Decision::ForbiddenC,
        (Outcome::Permitted, Some("s#notify")) => Decision::PermittedS,
        (Outcome::Unregulated, None) => Decision::Unregulated,
        other => panic!("{other:?} is no answer of this rule"),
    }
}

pub fn run() {
    let law = Law::open(concat!(env!("CARGO_MANIFEST_DIR"), "/benches/law")).expect("the benchmark's law");
    let stacks = Stacks::new(&law);
    let floor = Floor::new();
    let lines = data::lines();
    let requests: Vec<Request> = lines.iter().map(|l| serde_json::from_str(l).expect("a request")).collect();
    let parsed: Vec<Parsed> = lines.iter().map(|l| parse(&law, l)).collect();

    let mut counts = [0usize; 5];
    for (at, (request, case)) in requests.iter().zip(&parsed).enumerate() {
        let stack = stacks.get(&case.agency, case.on).expect("a stack");
        let found = named(stack.outcome(case.action, &case.facts).expect("settled"));
        assert_eq!(found, floor.decide(request), "request {at}: {}", lines[at]);
        counts[found as usize] += 1;
    }
    println!("decision: {} answers equal (required F, forbidden S, forbidden C, permitted S, unregulated: {counts:?})", lines.len());

    let by_hand = |r: &Request| floor.decide(r);
    let engine = |c: &Parsed| {
        let stack = stacks.get(&c.agency, c.on).expect("a stack");
        stack.outcome(c.action, &c.facts).map(|(outcome, by)| (outcome, by.map(std::ptr::from_ref)))
    };
    // As the peers were measured: each by itself, all inputs round after round.
    let alone = (stopwatch::each(lines.len(), &requests, by_hand), stopwatch::each(lines.len(), &parsed, engine));
    compare("parsed facts", alone, " (bar: 5)");
    let in_turn = stopwatch::both(lines.len(), (&requests, by_hand), (&parsed, engine));
    compare("parsed facts, in turn", in_turn, "");
    let near = stopwatch::both(100, (&requests, by_hand), (&parsed, engine));
    compare("parsed facts, in turn, by hundreds", near, "");

    let by_hand = |l: &String| {
        let request: Request = serde_json::from_str(l).expect("a request");
        (by_hand(&request), request)
    };
    let engine = |l: &String| {
        let case = parse(&law, l);
        (engine(&case), case)
    };
    let explained = |c: &Parsed| {
        let stack = stacks.get(&c.agency, c.on).expect("a stack");
        stack.decide(c.action, &c.facts, &Times::default()).expect("settled").explain().to_string()
    };
    stopwatch::each(lines.len(), &parsed, explained).print("decide, explain, to_string (bar: p99 200000)");
    compare("JSON, in turn", stopwatch::both(lines.len(), (&lines, by_hand), (&lines, engine)), " (bar: 2)");
}

fn compare(from: &str, (by_hand, engine): (stopwatch::Times, stopwatch::Times), bar: &str) {
    by_hand.print(&format!("floor, from {from}"));
    engine.print(&format!("engine, from {from}"));
    println!("  ratio of the means {:.2}{bar}", engine.mean / by_hand.mean);
}
