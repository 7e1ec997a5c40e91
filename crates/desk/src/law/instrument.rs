//! One law, whole.

use super::ask::full_name;
use super::when::when;
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::page::{parts, plain};
use axum::extract::{Path, State};
use comity_law::show::{terms, within};
use comity_law::{ActionId, Definition, Instrument, Law, Modality, Upon};
use maud::{Markup, html};
use std::sync::Arc;

/// `GET /law/instrument/{id}`
pub(crate) async fn show(State(desk): State<Arc<Desk>>, visit: Visit, Path(id): Path<String>) -> Result<Markup, Failure> {
    let it = desk.law.instrument(&id).ok_or_else(|| Failure::unknown(format!("No law is called “{}”", super::ask::short(&id))))?;
    let used = terms(&desk.law, it);
    let body = html! {
        h1 { (it.title) }
        (head(&desk, it))
        @if !it.norms.is_empty() { h2 { "Norms" } (norms(&desk, it)) }
        @if !it.duties.is_empty() { h2 { "Duties" } (duties(&desk, it)) }
        @if !it.clocks.is_empty() { h2 { "Limits" } (clocks(it)) }
        @if !used.is_empty() { h2 { "Terms" } (defined(&desk.law, it, &used)) }
        @if !it.settles.is_empty() {
            h2 { "Contested points that it settles" }
            ul { @for s in &it.settles { li { (s.says) " " span.desk-cite { "(" (s.full_cite) "; " (parts::days(&s.in_force)) ")" } } } }
        }
    };
    Ok(plain(&desk, &visit, &it.title, body))
}

fn head(desk: &Desk, it: &Instrument) -> Markup {
    html! {
        dl.desk-facts {
            dt { "Citation" } dd { (it.cite) @if !it.aka.is_empty() { "; also " (it.aka.join("; ")) } }
            dt { "What it is" } dd { (it.kind.as_str().replace('-', " ")) ", ranks as " (it.rank.as_str().replace('-', " ")) }
            dt { "Place" } dd { a href={ "/law/place/" (it.place) } { (full_name(desk, &it.place)) } }
            dt { "In force" } dd { (parts::days(&it.in_force)) @if let Some(day) = it.enacted { "; enacted " (day) } }
            @if let Some(binds) = &it.binds { dt { "Whom it binds" } dd { (when(&desk.law, &it.id, binds)) } }
            @if let Some(applies) = &it.applies { dt { "Applies" } dd { (when(&desk.law, &it.id, applies)) } }
            dt { "Checked" }
            dd {
                (it.checked.on) ", " (it.checked.confidence.as_str()) " confidence"
                @if !it.checked.against.is_empty() { ", against " (it.checked.against.join("; ")) }
            }
            @if let Some(note) = &it.note { dt { "Note" } dd { (note) } }
        }
    }
}

/// What actions something is about.
fn about(law: &Law, actions: &[ActionId]) -> String {
    if actions.is_empty() || actions.len() == law.actions.len() {
        return "any action".to_owned();
    }
    let says: Vec<&str> = actions.iter().filter_map(|a| law.actions.get(a.0 as usize)).map(|a| a.says.as_str()).collect();
    says.join("; ")
}

/// The terms that the conditions of this law use, each with its meaning.
fn defined(law: &Law, it: &Instrument, used: &[&Definition]) -> Markup {
    html! {
        dl.desk-facts { @for term in used {
            dt id={ "term-" (term.name) } { (parts::capital(&term.name.replace('_', " "))) }
            dd { (when(law, &it.id, &term.meaning)) }
        } }
    }
}

fn does(modality: Modality) -> &'static str {
    match modality {
        Modality::Forbids => "Forbids",
        Modality::Requires => "Requires",
        Modality::Permits => "Permits",
        Modality::Protects => "Permits, against any lower law",
    }
}

fn upon(upon: Upon) -> &'static str {
    match upon {
        Upon::Request => "Upon a request",
        Upon::Action => "Upon doing",
        Upon::Refusal => "Upon declining",
        Upon::Period => "Regularly",
    }
}

fn norms(desk: &Desk, it: &Instrument) -> Markup {
    html! {
        @for (at, norm) in it.norms.iter().enumerate() {
            // Links say the norm, whichever its version: they lead to the first.
            @let again = it.norms[..at].iter().any(|n| n.id == norm.id);
            section id={ "norm-" (norm.id) @if again { "-" @if let Some(from) = norm.in_force.from { (from) } } } {
                h3 { (norm.full_cite) }
                p { strong { (does(norm.modality)) ":" } " " (about(&desk.law, &norm.actions)) "." }
                p { (norm.says) }
                dl.desk-facts {
                    dt { "When" } dd { (when(&desk.law, &it.id, &norm.when)) }
                    dt { "In force" } dd { (parts::days(&norm.in_force)) }
                    @if !norm.overrides.is_empty() { dt { "Overrides" } dd { @for (at, o) in norm.overrides.iter().enumerate() { @if at > 0 { ", " } (parts::cite(&o.to_string(), &o.to_string())) } } }
                    @if !parts::confidence(norm.confidence).is_empty() { dt { "How sure" } dd { (parts::confidence(norm.confidence)) } }
                    @if let Some(note) = &norm.note { dt { "Note" } dd { (note) } }
                }
                @if !norm.exceptions.is_empty() {
                    p { strong { "Except" } }
                    ul {
                        @for e in &norm.exceptions {
                            li {
                                @if let Some(says) = &e.says { (says) " " }
                                span.desk-cite { "(" (e.full_cite) "; " (parts::days(&e.in_force)) @if e.silent { "; it ends the ban and permits nothing" } ")" }
                                div { "When: " (when(&desk.law, &it.id, &e.when)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn duties(desk: &Desk, it: &Instrument) -> Markup {
    html! {
        ul {
            @for duty in &it.duties {
                li id={ "duty-" (duty.id) } {
                    (duty.says) " " span.desk-cite { "(" (duty.full_cite) "; " (parts::days(&duty.in_force)) ")" }
                    div {
                        (upon(duty.upon))
                        @if duty.upon != Upon::Period { ": " (about(&desk.law, &duty.actions)) }
                        @if let Some(w) = &duty.within { "; " (within(w)) }
                        @if let Some(by) = &duty.by { "; owed by " (by) }
                        @if let Some(to) = &duty.to { "; to " (to) }
                        }
                    @if !duty.when.is_always() { div { "When: " (when(&desk.law, &it.id, &duty.when)) } }
                }
            }
        }
    }
}

fn clocks(it: &Instrument) -> Markup {
    html! {
        ul {
            @for clock in &it.clocks {
                li { (clock.says) " " span.desk-cite { "(" (clock.full_cite) "; " (parts::days(&clock.in_force)) ")" } div { (within(&clock.within)) } }
            }
        }
    }
}
