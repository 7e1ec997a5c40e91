//! A determination in words, as lines that a terminal, a page or a test can lay out.

use crate::determination::{AGENCY, Determination, DueDuty, DutyStatus, GaveWay, Ground, Question, Way};
use comity_law::{Confidence, Modality, Outcome};
use std::fmt;

/// How a line is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// The outcome.
    Outcome(Outcome),
    /// A heading.
    Heading,
    /// Plain text.
    Plain,
    /// Something to take note of.
    Warning,
    /// A side remark.
    Faint,
}

/// A line of an explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// How it is meant.
    pub tone: Tone,
    /// How many columns it is indented; lines that it wraps to are indented by two more.
    pub indent: usize,
    /// The text.
    pub text: String,
}

/// An explanation: its lines in order. `Display` lays it out plainly, a hundred columns wide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The lines; an empty text is an empty line.
    pub lines: Vec<Line>,
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            for row in line.wrapped(100) {
                writeln!(f, "{row}")?;
            }
        }
        Ok(())
    }
}

impl Line {
    /// The line in rows of at most `width` columns, if its words allow.
    #[must_use]
    pub fn wrapped(&self, width: usize) -> Vec<String> {
        let mut rows = Vec::new();
        let mut row = " ".repeat(self.indent);
        let mut empty = true;
        for word in self.text.split(' ').filter(|w| !w.is_empty()) {
            if !empty && row.chars().count() + 1 + word.chars().count() > width {
                rows.push(std::mem::replace(&mut row, " ".repeat(self.indent + 2)));
                empty = true;
            }
            if !empty {
                row.push(' ');
            }
            row.push_str(word);
            empty = false;
        }
        rows.push(row.trim_end().to_owned());
        rows
    }
}

/// The outcome as a sentence about the agency.
fn verdict(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Required => "REQUIRED: the agency must do it",
        Outcome::Permitted => "PERMITTED: the agency may do it and may decline",
        Outcome::Forbidden => "FORBIDDEN: the agency must not do it",
        Outcome::Unregulated => "UNREGULATED: no norm found speaks of it",
        Outcome::Conflict => "CONFLICT: two norms contradict each other and neither gives way",
        Outcome::Undetermined => "UNDETERMINED: facts are missing",
    }
}

struct Writer(Vec<Line>);

impl Writer {
    fn line(&mut self, tone: Tone, indent: usize, text: impl Into<String>) {
        self.0.push(Line { tone, indent, text: text.into() });
    }

    fn heading(&mut self, text: &str) {
        self.line(Tone::Plain, 0, "");
        self.line(Tone::Heading, 2, text);
    }

    fn ground(&mut self, ground: &Ground) {
        let does = match (ground.modality, ground.by_exception) {
            (Modality::Permits, true) => "permits by exception",
            (Modality::Permits, false) => "permits",
            (Modality::Forbids, _) => "forbids",
            (Modality::Requires, _) => "requires",
            (Modality::Protects, _) => "protects",
        };
        self.line(Tone::Plain, 4, format!("{} {does}: {}", ground.cite, ground.says));
        let sure = match ground.confidence {
            Confidence::High => "",
            Confidence::Medium => ", medium confidence",
            Confidence::Low => ", low confidence",
        };
        self.line(Tone::Faint, 6, format!("{}, {}, {}{sure} [{}]", ground.title, ground.rank, ground.place, ground.norm));
    }
}

impl Determination {
    /// The determination in words.
    #[must_use]
    pub fn explain(&self) -> Explanation {
        let mut w = Writer(Vec::new());
        w.line(Tone::Outcome(self.outcome), 0, format!("{}: {}", self.action, verdict(self.outcome)));
        let name = if self.agency.name.is_empty() { "an agency".to_owned() } else { self.agency.name.clone() };
        w.line(Tone::Faint, 2, format!("{} · {name} ({}, {}) · {}", self.action_says, self.agency.kind, self.agency.place, self.on));
        for warning in self.coverage.iter().filter_map(|c| c.warning.as_deref()) {
            w.line(Tone::Warning, 2, format!("Note: {warning}."));
        }
        // What is to be found out comes before why.
        self.write_questions(&mut w);
        self.write_reasons(&mut w);
        self.write_duties(&mut w);
        self.write_doubts(&mut w);
        Explanation { lines: w.0 }
    }

    fn write_reasons(&self, w: &mut Writer) {
        if !self.because.is_empty() {
            w.heading("Because");
            self.because.iter().for_each(|g| w.ground(g));
        }
        if !self.open.is_empty() {
            w.heading(if self.outcome == Outcome::Undetermined { "It turns on" } else { "Either way one of these decides" });
            self.open.iter().for_each(|g| w.ground(g));
        }
        if !self.gave_way.is_empty() {
            w.heading("Gave way");
            for GaveWay { ground, to, why } in &self.gave_way {
                w.ground(ground);
                let why = if *why == Way::Overridden { "which overrides it" } else { "which ranks higher" };
                w.line(Tone::Faint, 6, format!("to {}, {why}", to.join(", ")));
            }
        }
        if !self.beside.is_empty() {
            w.heading("Also in force");
            self.beside.iter().for_each(|g| w.ground(g));
        }
    }

    fn write_questions(&self, w: &mut Writer) {
        if self.missing.is_empty() {
            return;
        }
        let possible: Vec<&str> = self.possible.iter().map(|o| o.as_str()).collect();
        w.line(Tone::Plain, 2, format!("Still possible: {}.", possible.join(", ")));
        w.heading(if self.missing.len() == 1 {
            "One answer would settle it"
        } else {
            "These answers can still change it; the first is worth most"
        });
        let first = |q: &&Question| Some(&q.fact) == self.next.as_ref();
        let rest = self.missing.iter().filter(|q| !first(q));
        // Said once where every question turns on the same norms.
        let shared = self.missing.iter().all(|q| q.why == self.missing[0].why);
        for question in self.missing.iter().filter(first).chain(rest) {
            let elements: Vec<String> = question.elements.iter().map(|e| (e + 1).to_string()).collect();
            let of = if elements.is_empty() { String::new() } else { format!(" (no. {})", elements.join(", ")) };
            w.line(Tone::Plain, 4, format!("{}{of}: {}", question.fact, question.question));
            if !question.values.is_empty() {
                w.line(Tone::Faint, 6, format!("one of {}", question.values.join(", ")));
            }
            if !shared {
                w.line(Tone::Faint, 6, format!("asked for {}", question.why.join(", ")));
            }
        }
        if shared {
            w.line(Tone::Faint, 4, format!("asked for {}", self.missing[0].why.join(", ")));
        }
    }

    fn write_duties(&self, w: &mut Writer) {
        let (ours, others): (Vec<&DueDuty>, Vec<&DueDuty>) = self.duties.iter().partition(|d| d.by == AGENCY);
        if !ours.is_empty() {
            w.heading("Duties");
        }
        for duty in ours {
            let status = match duty.status {
                DutyStatus::Due => "now",
                DutyStatus::IfTaken => "if it is done",
                DutyStatus::IfDeclined => "if it is declined",
                DutyStatus::Regularly => "regularly",
            };
            let within = duty.within.as_ref().map(|t| format!(", {t}")).unwrap_or_default();
            let deadline = duty.deadline.as_ref().map(|t| format!(", by {t}")).unwrap_or_default();
            w.line(Tone::Plain, 4, format!("{status}{within}{deadline}: {} ({})", duty.says, duty.cite));
            if !duty.missing.is_empty() {
                w.line(Tone::Faint, 6, format!("turns on {}", duty.missing.join(", ")));
            }
        }
        if !others.is_empty() {
            w.heading("What others owe");
        }
        for duty in others {
            w.line(Tone::Faint, 4, format!("{}: {} ({})", duty.by, duty.says, duty.cite));
        }
        if !self.clocks.is_empty() {
            w.heading("Clocks");
        }
        for clock in &self.clocks {
            let ends = clock.ends.as_ref().map(|t| format!("; ends {t}")).unwrap_or_default();
            let sure = if clock.certain { "" } else { ", if it applies" };
            w.line(Tone::Plain, 4, format!("{} [{}{ends}{sure}] ({})", clock.says, clock.within, clock.cite));
        }
    }

    fn write_doubts(&self, w: &mut Writer) {
        if !self.notes.is_empty() || !self.settled.is_empty() || !self.assumed.is_empty() {
            w.heading("Note");
        }
        for point in &self.settled {
            w.line(Tone::Plain, 4, format!("{} = {}: {} ({})", point.fact, point.value, point.says, point.cite));
        }
        for point in &self.assumed {
            w.line(Tone::Plain, 4, format!("{} = {} is assumed, not settled.", point.fact, point.value));
        }
        for note in &self.notes {
            w.line(Tone::Plain, 4, format!("{note}."));
        }
    }
}
