//! The frame of every page, and pieces that pages share.

pub(crate) mod health;
pub(crate) mod home;
pub(crate) mod parts;

use crate::assets::href;
use crate::desk::Desk;
use crate::http::Role;
use crate::http::visit::{User, Visit};
use maud::{DOCTYPE, Markup, html};

/// The frame: header, what is said on every page, the page itself, footer.
pub(crate) fn plain(desk: &Desk, visit: &Visit, title: &str, body: Markup) -> Markup {
    let idle = visit.user.as_ref().map(|_| desk.config.session.idle_minutes * 60);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · Comity" }
                link rel="icon" type="image/svg+xml" href=(href("favicon.svg"));
                link rel="stylesheet" href=(href("uswds/css/uswds.min.css"));
                link rel="stylesheet" href=(href("desk.css"));
                script src=(href("desk.js")) defer {}
            }
            body data-idle-seconds=[idle] {
                a.usa-skipnav href="#main" { "Skip to main content" }
                (header(desk, visit))
                main #main .grid-container.usa-prose tabindex="-1" { (body) }
                (footer(desk))
            }
        }
    }
}

fn header(desk: &Desk, visit: &Visit) -> Markup {
    html! {
        @if desk.config.demo {
            section.desk-demo aria-label="Demonstration" {
                div.grid-container { p { strong { "Demonstration." } " A sample agency and invented people. Never enter a real request here." } }
            }
        }
        @if visit.read_only.is_some() {
            section.usa-alert.usa-alert--error.usa-alert--slim aria-label="Alarm" {
                div.usa-alert__body { p.usa-alert__text { strong { "Read-only." } " The record cannot be written. Nothing can be entered until this is mended; tell the administrator." } }
            }
        }
        header.desk-header {
            div.grid-container {
                a.desk-header__name href=(visit.user.as_ref().map_or("/", |user| user.role.home())) { "Comity" }
                nav.desk-nav aria-label="Main" { ul {
                    @for (path, name) in links(visit.user.as_ref()) {
                        li { a href=(path) aria-current=[here(&visit.path, path).then_some("page")] { (name) } }
                    }
                } }
                @if let Some(user) = &visit.user {
                    div.desk-user {
                        a href="/account" { (user.name) ", " (user.role.as_str()) }
                        form method="post" action="/log-out" { (parts::csrf(visit)) button.usa-button.usa-button--unstyled type="submit" { "Log out" } }
                    }
                } @else {
                    div.desk-user { a href="/log-in" { "Log in" } }
                }
            }
        }
    }
}

/// The links of the header: the desk's for who is logged in, the law's for everyone.
fn links(user: Option<&User>) -> Vec<(&'static str, &'static str)> {
    let mut links = Vec::new();
    if let Some(user) = user {
        if user.role != Role::Administrator {
            links.extend([("/desk", "Inbox"), ("/search", "Search")]);
        }
        if matches!(user.role, Role::Clerk | Role::Supervisor) {
            links.push(("/new", "New request"));
        }
        if matches!(user.role, Role::Supervisor | Role::Counsel) {
            links.push(("/reviews", "Law reviews"));
        }
        if matches!(user.role, Role::Supervisor | Role::Counsel | Role::Auditor | Role::Administrator) {
            links.push(("/audit", "Record"));
        }
        if user.role == Role::Auditor {
            links.push(("/access", "Access record"));
        }
        if user.role == Role::Administrator {
            links.push(("/accounts", "Accounts"));
        }
    }
    links.extend([("/law", "The law"), ("/law/map", "Map"), ("/law/compare", "Compare")]);
    links
}

fn here(path: &str, link: &str) -> bool {
    path == link
}

fn footer(desk: &Desk) -> Markup {
    html! {
        footer.desk-footer {
            div.grid-container {
                p { "Desk of " (desk.agency.name) ". Comity shows what the law says; a person decides. It is no legal advice." }
                p { "Law bundle " span.desk-mono { (desk.law.digest.get(..16).unwrap_or_default()) } }
            }
        }
    }
}
