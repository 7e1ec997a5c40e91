//! `comity law timeline`: the law of a place over time.

use crate::args::{Args, Format};
use crate::failure::Failure;
use crate::input::whole_law;
use crate::output::{count, print_json, printable, width};
use crate::say;
use comity_law::timeline::{Event, What, events};
use comity_law::{ActionId, Law};
use comity_places::place_chain;
use serde_json::{Value as Json, json};
use std::process::ExitCode;

pub(crate) fn run(args: &Args, place: &str, action: Option<&str>) -> Result<ExitCode, Failure> {
    let law = whole_law(args)?;
    check_place(&law, place)?;
    let action = action.map(|name| find_action(&law, name)).transpose()?;
    let found: Vec<Event<'_>> =
        events(&law, Some(place)).into_iter().filter_map(|e| if let Some(a) = action { e.only(a) } else { Some(e) }).collect();
    if args.format == Format::Json {
        print_json(
            &json!({"bundle": law.digest, "place": place, "action": action.map(|a| law.action_name(a)), "events": found.iter().map(|e| json(&law, e)).collect::<Vec<_>>()}),
        );
        return Ok(ExitCode::SUCCESS);
    }
    let chain = place_chain(place);
    let wide = found.iter().map(|e| e.instrument.place.len()).max().unwrap_or(0);
    let mut last = None;
    for event in &found {
        let day = if last == Some(event.on) { String::new() } else { event.on.to_string() };
        last = Some(event.on);
        row(&[(10, &day), (7, event.change.as_str()), (wide, &event.instrument.place)], &short(&law, event));
    }
    say!(
        "{}{} for {}, law bundle {}",
        if found.is_empty() { "" } else { "\n" },
        count(found.len(), "event"),
        chain.join(", "),
        law.digest.get(..16).unwrap_or_default()
    );
    Ok(ExitCode::SUCCESS)
}

/// Columns, then a text that is wrapped beside them.
fn row(columns: &[(usize, &str)], text: &str) {
    let lead: String = columns.iter().map(|(wide, text)| format!("{text:<wide$}  ")).collect();
    let room = width().saturating_sub(lead.chars().count()).max(24);
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.is_empty() || line.chars().count() + 1 + word.chars().count() <= room => {
                line.push_str(if line.is_empty() { "" } else { " " });
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    for (at, line) in lines.iter().enumerate() {
        let lead = if at == 0 { lead.clone() } else { " ".repeat(lead.chars().count()) };
        say!("{}", printable(&format!("{lead}{line}")));
    }
}

/// An event in one sentence.
fn short(law: &Law, event: &Event<'_>) -> String {
    match event.what {
        What::Instrument => {
            let title = &event.instrument.title;
            let turned = if event.changed.is_empty() { "" } else { " (whether it applies turns on this day)" };
            if event.parts.is_empty() { format!("{title}{turned}") } else { format!("{title}{turned}: {}", together(law, &event.parts)) }
        }
        What::Settled => format!("{}: contested point settled, {}", event.instrument.title, event.says),
        what => {
            let changed = if event.changed.is_empty() { String::new() } else { format!(" [{}]", event.changed.join(", ")) };
            let does =
                if event.modality.is_some() { does(law, event) } else { format!("{} upon {}", what.as_str(), names(law, &event.actions)) };
            let what = if what == What::Exception { "exception, " } else { "" };
            format!("{}: {what}{does} ({}){changed}", event.instrument.title, event.cite)
        }
    }
}

/// What an instrument brings, norms by what they do.
fn together(law: &Law, parts: &[Event<'_>]) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut others = [(What::Duty, 0, "duty"), (What::Clock, 0, "limit"), (What::Settled, 0, "settled point")];
    for part in parts {
        if part.what == What::Norm {
            let text = does(law, part);
            if !said.contains(&text) {
                said.push(text);
            }
        } else if let Some(slot) = others.iter_mut().find(|o| o.0 == part.what) {
            slot.1 += 1;
        }
    }
    for (_, n, name) in others.iter().filter(|o| o.1 > 0) {
        said.push(if *n == 1 { format!("1 {name}") } else { count(*n, name).replace("dutys", "duties") });
    }
    said.join("; ")
}

/// What a norm does: "forbids hold, transfer".
pub(crate) fn does(law: &Law, event: &Event<'_>) -> String {
    event.modality.map(|m| format!("{m} {}", names(law, &event.actions))).unwrap_or_default()
}

/// The names of actions; "any action" for all.
pub(crate) fn names(law: &Law, actions: &[ActionId]) -> String {
    if actions.len() == law.actions.len() {
        return "any action".to_owned();
    }
    actions.iter().map(|a| law.action_name(*a)).collect::<Vec<_>>().join(", ")
}

/// An event as JSON.
pub(crate) fn json(law: &Law, event: &Event<'_>) -> Json {
    json!({
        "on": event.on.to_string(),
        "change": event.change,
        "what": event.what,
        "id": event.id,
        "instrument": event.instrument.id,
        "title": event.instrument.title,
        "place": event.instrument.place,
        "rank": event.instrument.rank,
        "cite": event.cite,
        "says": event.says,
        "modality": event.modality,
        "actions": event.actions.iter().map(|a| law.action_name(*a)).collect::<Vec<_>>(),
        "places": event.places(),
        "agency_kinds": event.kinds,
        "changed": event.changed,
        "confidence": event.confidence,
        "parts": event.parts.iter().map(|p| json(law, p)).collect::<Vec<_>>(),
    })
}

/// The place exists, in the lists or in the law.
pub(crate) fn check_place(law: &Law, place: &str) -> Result<(), Failure> {
    crate::input::place(law, place).map(drop)
}

fn find_action(law: &Law, name: &str) -> Result<ActionId, Failure> {
    law.action(name).ok_or_else(|| {
        let near = comity_logic::nearest(name, law.actions.iter().map(|a| a.id.as_str()));
        let help = near.map_or_else(|| "`comity law facts` lists them".to_owned(), |n| format!("did you mean `{n}`?"));
        Failure::Input(format!("no action is called `{name}`; {help}"))
    })
}
