//! The start page.

use super::plain;
use crate::desk::Desk;
use crate::http::visit::Visit;
use axum::extract::State;
use maud::{Markup, html};
use std::sync::Arc;

/// `GET /`
pub(crate) async fn show(State(desk): State<Arc<Desk>>, visit: Visit) -> Markup {
    let law = &desk.law;
    let norms: usize = law.instruments.iter().map(|i| i.norms.len()).sum();
    let body = html! {
        h1 { "What may a local agency do when a federal agency asks?" }
        p.usa-intro {
            "Hold this person, say when they are released, hand them over, open a database, send officers. On any day, under every law in force: "
            "must the agency do it, may it, or must it not, and why?"
        }
        form.usa-form.maxw-full method="get" action="/law" role="search" {
            label.usa-label for="q" { "A place or an agency" }
            div.usa-hint #q-hint { "For example Los Angeles, Harris County Sheriff, or us-il" }
            input.usa-input #q name="q" type="search" aria-describedby="q-hint" autocomplete="off";
            button.usa-button type="submit" { "Show its law" }
        }
        div.desk-pair {
            section { h2 { a href="/law/map" { "Map" } } p { "Which state and local norms speak of an action, county by county, on any day." } }
            section { h2 { a href="/law/compare" { "Compare" } } p { "Two places, or one place on two days: every difference, with a case that shows it." } }
            section { h2 { a href="/law" { "Places" } } p { "What the law says in each place that was researched, with its dates and sources." } }
        }
        p { (law.instruments.len()) " laws with " (norms) " norms, each dated and cited. Places that nobody researched are named as such: silence there is no finding." }
    };
    plain(&desk, &visit, "The law of the day", body)
}
