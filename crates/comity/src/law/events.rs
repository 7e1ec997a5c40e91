//! `comity law events`: what begins, changes or ends in a time, and whom it touches.

use super::timeline::{check_place, does, json, names};
use crate::args::{Args, Format};
use crate::failure::Failure;
use crate::input::{day, whole_law};
use crate::output::{count, line, print_json, printable, width};
use crate::say;
use comity_engine::{Line, Tone};
use comity_law::Law;
use comity_law::timeline::{Event, What, calendar, events};
use serde_json::json;
use std::process::ExitCode;

pub(crate) fn run(args: &Args, since: &str, until: Option<&str>, place: Option<&str>, ical: bool) -> Result<ExitCode, Failure> {
    let (since, until) = (day(since)?, until.map(day).transpose()?);
    if until.is_some_and(|until| until < since) {
        return Err(Failure::Input("--until comes before --since".to_owned()));
    }
    if ical && args.format == Format::Json {
        return Err(Failure::Input("--ical and --format json do not go together; choose one".to_owned()));
    }
    let law = whole_law(args)?;
    if let Some(place) = place {
        check_place(&law, place)?;
    }
    let found: Vec<Event<'_>> =
        events(&law, place).into_iter().filter(|e| e.on >= since && until.is_none_or(|until| e.on <= until)).collect();
    if ical {
        // Every line ends in CR and LF already.
        calendar(&law, &found).split_terminator('\n').for_each(|text| line(format_args!("{text}")));
    } else if args.format == Format::Json {
        let rows: Vec<_> = found.iter().map(|e| json(&law, e)).collect();
        print_json(
            &json!({"bundle": law.digest, "since": since.to_string(), "until": until.map(|d| d.to_string()), "place": place, "events": rows}),
        );
    } else {
        found.iter().for_each(|event| text(&law, event));
        let until = until.map(|d| format!(" to {d}")).unwrap_or_default();
        say!("{} from {since}{until}, law bundle {}", count(found.len(), "event"), law.digest.get(..16).unwrap_or_default());
    }
    Ok(ExitCode::SUCCESS)
}

fn text(law: &Law, event: &Event<'_>) {
    let named = match event.what {
        What::Instrument => event.instrument.title.clone(),
        what => format!("{}, {} {}", event.instrument.title, what.as_str(), event.cite),
    };
    say!("{} {} {named} [{}]", event.on, event.change.as_str(), event.id);
    let mut lines = Vec::new();
    match event.what {
        What::Instrument => event.parts.iter().for_each(|part| lines.push(said(law, part))),
        _ => lines.push(said(law, event)),
    }
    if !event.changed.is_empty() {
        lines.push(format!("Changed: {}", event.changed.join(", ")));
    }
    if event.what == What::Instrument || event.modality.is_none() {
        lines.push(format!("Actions: {}", if event.actions.is_empty() { "none".to_owned() } else { names(law, &event.actions) }));
    }
    lines.push(format!("Places: {} and what lies in them; agencies: {}", event.places().join(", "), agencies(event)));
    lines.push(format!("Confidence: {}", event.confidence));
    lines.iter().for_each(|line| print(line));
    say!();
}

fn print(text: &str) {
    let line = Line { tone: Tone::Plain, indent: 2, text: text.to_owned() };
    line.wrapped(width()).iter().for_each(|row| say!("{}", printable(row)));
}

fn said(law: &Law, event: &Event<'_>) -> String {
    let what = match event.what {
        What::Norm => String::new(),
        what => format!("{}: ", what.as_str()),
    };
    let does = if event.modality.is_some() { format!("{}: ", does(law, event)) } else { String::new() };
    format!("{what}{does}{} ({})", event.says, event.cite)
}

fn agencies(event: &Event<'_>) -> String {
    if event.kinds.len() == comity_places::AgencyKind::ALL.len() { "of every kind".to_owned() } else { event.kinds.join(", ") }
}
