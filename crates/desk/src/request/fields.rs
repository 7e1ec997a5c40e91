//! Questions as form fields.

use super::questions::{Asking, Kind, of, readable};
use maud::{Markup, html};

/// The name of the field of a question; the element follows the fact.
pub(crate) fn name(asking: &Asking) -> String {
    match asking.asked.1 {
        Some(at) => format!("{}#{at}", asking.asked.0),
        None => asking.asked.0.clone(),
    }
}

/// The fact and element of a name.
pub(crate) fn parse(name: &str) -> super::sheet::Asked {
    match name.rsplit_once('#').and_then(|(fact, at)| at.parse().ok().map(|at| (fact.to_owned(), Some(at)))) {
        Some(asked) => asked,
        None => (name.to_owned(), None),
    }
}

/// A question with its field. Alone on a page its words are the heading.
pub(crate) fn question(asking: &Asking, number: usize, current: Option<&str>, wrong: Option<&str>, alone: bool) -> Markup {
    let id = format!("q{number}");
    let name = name(asking);
    let hint = format!("{id}-hint");
    let error = format!("{id}-error");
    let described = match (hint_of(&asking.kind).is_empty(), wrong.is_some()) {
        (true, false) => None,
        (false, false) => Some(hint.clone()),
        (true, true) => Some(error.clone()),
        (false, true) => Some(format!("{hint} {error}")),
    };
    let words = html! {
        @if let Some(of) = of(&asking.asked) { span.desk-cite { (of) ": " } }
        (asking.question)
    };
    let heading = |inner: Markup| html! { @if alone { h1 { (inner) } } @else { (inner) } };
    let message = html! { @if let Some(wrong) = wrong { span.usa-error-message id=(error) role="alert" { (wrong) } } };
    html! {
        div.usa-form-group.(if wrong.is_some() { "usa-form-group--error" } else { "" }) {
            @if let Some(choices) = choices(&asking.kind) {
                fieldset.usa-fieldset aria-describedby=[described] {
                    legend.usa-legend { (heading(words)) }
                    @if !hint_of(&asking.kind).is_empty() { div.usa-hint id=(hint) { (hint_of(&asking.kind)) } }
                    (message)
                    @for (at, (value, text)) in choices.iter().enumerate() {
                        div.usa-radio {
                            input.usa-radio__input id={ (id) "-" (at) } type="radio" name=(name) value=(value) checked[current == Some(value.as_str())];
                            label.usa-radio__label for={ (id) "-" (at) } { (text) }
                        }
                    }
                }
            } @else {
                @if alone { h1 { label for=(id) { (words) } } } @else { label.usa-label for=(id) { (words) } }
                @if !hint_of(&asking.kind).is_empty() { div.usa-hint id=(hint) { (hint_of(&asking.kind)) } }
                (message)
                input.usa-input id=(id) name=(name) type=(kind(&asking.kind)) value=[current] inputmode=[(asking.kind == Kind::Number).then_some("numeric")]
                    autocomplete="off" aria-describedby=[described] aria-invalid=[wrong.map(|_| "true")];
            }
        }
    }
}

fn kind(kind: &Kind) -> &'static str {
    if *kind == Kind::Day { "date" } else { "text" }
}

fn hint_of(kind: &Kind) -> &'static str {
    match kind {
        Kind::Number => "A whole number",
        Kind::Day => "For example 2018-03-01",
        Kind::Offense => "The code as the paper has it, for example CA PC 245(a)(1)",
        Kind::List { begun: false } => "State them one by one; only what matters is asked of each",
        _ => "",
    }
}

fn choices(kind: &Kind) -> Option<Vec<(String, String)>> {
    let own = |pairs: &[(&str, &str)]| pairs.iter().map(|(v, t)| ((*v).to_owned(), (*t).to_owned())).collect();
    match kind {
        Kind::YesNo => Some(own(&[("true", "Yes"), ("false", "No")])),
        Kind::OneOf(values) => Some(values.iter().map(|v| (v.clone(), readable(v))).collect()),
        Kind::List { begun: false } => Some(own(&[("none", "None"), ("one", "At least one: state the first")])),
        Kind::List { begun: true } => Some(own(&[("another", "There is another one"), ("no more", "That is all")])),
        Kind::Number | Kind::Day | Kind::Text | Kind::Offense => None,
    }
}

/// Why a question is asked.
pub(crate) fn why(asking: &Asking) -> Markup {
    html! {
        @if !asking.why.is_empty() {
            details {
                summary { "Why we ask" }
                p { "These norms turn on the answer:" }
                ul { @for (cite, says) in &asking.why { li { strong { (cite) } ": " (says) } } }
            }
        }
    }
}
