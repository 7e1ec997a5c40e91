//! The plain reading of an instrument: what its file says, as a lawyer would proofread it.

mod condition;
mod paper;
mod reading;
mod terms;

pub use condition::condition;
pub use reading::{Reading, reading, value};

use crate::model::{Action, Clock, Confidence, Definition, Duty, Instrument, Interval, Law, Modality, Norm, Settles, Upon, When, Within};
use condition::{Tree, tree};
use paper::Paper;

/// The whole instrument as text, its lines no wider than `width` where words allow it.
#[must_use]
pub fn instrument(law: &Law, it: &Instrument, width: usize) -> String {
    let mut paper = Paper::new(width);
    head(&mut paper, law, it);
    each(&mut paper, "Terms", &it.definitions, |paper, term| when(paper, 2, &format!("{} means", term.name), &term.meaning));
    each(&mut paper, "Norms", &it.norms, |paper, one| norm(paper, law, it, one));
    each(&mut paper, "Duties", &it.duties, |paper, one| duty(paper, law, it, one));
    each(&mut paper, "Limits", &it.clocks, |paper, one| clock(paper, law, it, one));
    each(&mut paper, "Settles", &it.settles, |paper, one| settles(paper, it, one));
    each(&mut paper, "Terms of other files that it uses", &terms::borrowed(law, it), |paper, term| {
        when(paper, 2, &format!("{} ({}) means", term.name, term.place), &term.meaning);
    });
    paper.finish()
}

/// The terms that an instrument uses: its own, and those that it borrows from the files of its place and of those above.
#[must_use]
pub fn terms<'a>(law: &'a Law, it: &'a Instrument) -> Vec<&'a Definition> {
    it.definitions.iter().chain(terms::borrowed(law, it)).collect()
}

/// A heading and, with blank lines between them, what stands under it.
fn each<T>(paper: &mut Paper, title: &str, all: &[T], mut show: impl FnMut(&mut Paper, &T)) {
    for (at, one) in all.iter().enumerate() {
        if at == 0 {
            heading(paper, title);
        } else {
            paper.blank();
        }
        show(paper, one);
    }
}

/// The words for what a norm does: `Forbids: hold, notify-release`.
#[must_use]
pub fn does(law: &Law, norm: &Norm) -> String {
    let word = match norm.modality {
        Modality::Forbids => "Forbids",
        Modality::Requires => "Requires",
        Modality::Permits => "Permits",
        Modality::Protects => "Permits, against any lower law",
    };
    format!("{word}: {}", actions(law, &norm.actions))
}

fn heading(paper: &mut Paper, text: &str) {
    paper.blank();
    paper.line(0, "", text);
}

fn head(paper: &mut Paper, law: &Law, it: &Instrument) {
    paper.line(0, "", &it.title);
    let mut cited = it.cite.clone();
    if !it.aka.is_empty() {
        cited.push_str(&format!(" (also {})", it.aka.join("; ")));
    }
    paper.line(0, "", &cited);
    let place = law.place(&it.place).map_or_else(|| it.place.clone(), |p| format!("{} ({})", p.name, it.place));
    paper.line(0, "", &format!("{} of {place}; rank: {}; id: {}", it.kind, it.rank, it.id));
    paper.blank();
    let enacted = it.enacted.map(|day| format!("Enacted {day}. ")).unwrap_or_default();
    paper.line(0, "", &format!("{enacted}In force {}.", days(it.in_force)));
    match &it.binds {
        Some(binds) => when(paper, 0, "Binds agencies for which", binds),
        None => paper.line(0, "", "Binds every agency that it reaches."),
    }
    if !it.reach.is_empty() {
        paper.line(0, "", &format!("Reaches only {}.", it.reach.join(", ")));
    }
    if let Some(applies) = &it.applies {
        when(paper, 0, "Applies only if", applies);
    }
    paper.line(
        0,
        "",
        &format!("Checked on {}, confidence {}, against: {}.", it.checked.on, it.checked.confidence, it.checked.against.join("; ")),
    );
    note(paper, 0, it.note.as_deref());
}

fn norm(paper: &mut Paper, law: &Law, it: &Instrument, norm: &Norm) {
    paper.line(0, "", &format!("{} [{}]", does(law, norm), norm.id));
    paper.line(2, "", &norm.says);
    cited(paper, it, &norm.full_cite, norm.in_force, norm.confidence);
    when(paper, 2, "When", &norm.when);
    for exception in &norm.exceptions {
        let effect = match (norm.modality, exception.silent) {
            (Modality::Forbids, false) => "then it is permitted",
            (Modality::Forbids, true) => "then the ban ends, and nothing is said",
            _ => "then it does not apply",
        };
        let dates = if exception.in_force == norm.in_force { String::new() } else { format!(", in force {}", days(exception.in_force)) };
        when(paper, 2, &format!("Unless, by {}{dates} ({effect})", exception.full_cite), &exception.when);
        if let Some(says) = &exception.says {
            paper.line(4, "", says);
        }
        note(paper, 4, exception.note.as_deref());
    }
    if !norm.overrides.is_empty() {
        let names: Vec<String> = norm.overrides.iter().map(ToString::to_string).collect();
        paper.line(2, "", &format!("Overrides: {}", names.join(", ")));
    }
    note(paper, 2, norm.note.as_deref());
}

fn duty(paper: &mut Paper, law: &Law, it: &Instrument, duty: &Duty) {
    let actions = if duty.actions.is_empty() { "any action".to_owned() } else { actions(law, &duty.actions) };
    let upon = match duty.upon {
        Upon::Request => format!("Upon a request for {actions}"),
        Upon::Action => format!("Upon {actions}"),
        Upon::Refusal => format!("Upon declining {actions}"),
        Upon::Period => "Regularly".to_owned(),
    };
    paper.line(0, "", &format!("{upon} [{}]", duty.id));
    paper.line(2, "", &duty.says);
    let mut owed = format!("Owed by {}", duty.by.as_deref().unwrap_or("the agency"));
    if let Some(to) = &duty.to {
        owed.push_str(&format!(" to {to}"));
    }
    if let Some(within) = &duty.within {
        owed.push_str(&format!(", {}", self::within(within)));
    }
    paper.line(2, "", &format!("{owed}."));
    cited(paper, it, &duty.full_cite, duty.in_force, duty.confidence);
    when(paper, 2, "When", &duty.when);
    note(paper, 2, duty.note.as_deref());
}

fn clock(paper: &mut Paper, law: &Law, it: &Instrument, clock: &Clock) {
    paper.line(0, "", &format!("Limits {} [{}]", actions(law, &clock.actions), clock.id));
    paper.line(2, "", &clock.says);
    paper.line(2, "", &format!("The limit: {}.", within(&clock.within)));
    cited(paper, it, &clock.full_cite, clock.in_force, clock.confidence);
    when(paper, 2, "When", &clock.when);
    note(paper, 2, clock.note.as_deref());
}

fn settles(paper: &mut Paper, it: &Instrument, settles: &Settles) {
    paper.line(2, "", &format!("{} is {}: {}", settles.fact, settles.value, settles.says));
    cited(paper, it, &settles.full_cite, settles.in_force, settles.confidence);
}

/// The citation, with days and confidence where they differ from the instrument's.
fn cited(paper: &mut Paper, it: &Instrument, cite: &str, in_force: Interval, confidence: Confidence) {
    let mut text = cite.to_owned();
    if in_force != it.in_force {
        text.push_str(&format!("; in force {}", days(in_force)));
    }
    if confidence != it.checked.confidence {
        text.push_str(&format!("; confidence {confidence}"));
    }
    paper.line(2, "", &text);
}

fn note(paper: &mut Paper, indent: usize, note: Option<&str>) {
    if let Some(note) = note {
        paper.line(indent, "", &format!("Note: {note}"));
    }
}

/// A condition after a few words: on their line if it fits, else as a list.
fn when(paper: &mut Paper, indent: usize, lead: &str, it: &When) {
    if it.is_always() {
        paper.line(indent, "", &format!("{lead}: always"));
        return;
    }
    let line = format!("{lead}: {}", condition(&it.text));
    if paper.fits(indent, &line) {
        paper.line(indent, "", &line);
        return;
    }
    match tree(&it.text) {
        Tree::Leaf(_) => paper.line(indent, "", &line),
        Tree::All(parts) => {
            paper.line(indent, "", &format!("{lead} all of these hold:"));
            parts.iter().for_each(|part| branch(paper, indent + 2, part));
        }
        Tree::Any(parts) => {
            paper.line(indent, "", &format!("{lead} one of these holds:"));
            parts.iter().for_each(|part| branch(paper, indent + 2, part));
        }
    }
}

fn branch(paper: &mut Paper, indent: usize, tree: &Tree) {
    let (lead, parts) = match tree {
        Tree::Leaf(text) => return paper.line(indent, "- ", text),
        Tree::All(parts) => ("all of", parts),
        Tree::Any(parts) => ("one of", parts),
    };
    paper.line(indent, "- ", &format!("{lead}:"));
    parts.iter().for_each(|part| branch(paper, indent + 4, part));
}

/// A length of time in words: `within 48 hours of release, not counting saturdays`.
#[must_use]
pub fn within(it: &Within) -> String {
    match it {
        Within::Term(term) => term.clone(),
        Within::Every(period) => format!("every {}", period.as_str().replace('-', " ")),
        Within::Time { amount, unit, of, excluding } => {
            let unit = if *amount == 1 { unit.as_str().trim_end_matches('s') } else { unit.as_str() };
            let not: Vec<String> = excluding.iter().map(|e| e.as_str().replace('-', " ")).collect();
            let not = if not.is_empty() { String::new() } else { format!(", not counting {}", not.join(", ")) };
            let of = match of {
                crate::model::Moment::Request => "receipt of the request",
                crate::model::Moment::Release => "eligibility for release",
                crate::model::Moment::Action => "the action",
                crate::model::Moment::Decision => "the decision",
            };
            format!("within {amount} {unit} of {of}{not}")
        }
    }
}

fn days(it: Interval) -> String {
    match (it.from, it.to) {
        (Some(from), Some(to)) => format!("from {from} to {to}"),
        (Some(from), None) => format!("from {from}"),
        (None, Some(to)) => format!("to {to}"),
        (None, None) => "always".to_owned(),
    }
}

fn actions(law: &Law, actions: &[crate::model::ActionId]) -> String {
    let names: Vec<&str> = actions.iter().filter_map(|id| law.actions.get(id.0 as usize)).map(|a: &Action| a.id.as_str()).collect();
    names.join(", ")
}
