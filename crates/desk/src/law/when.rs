//! Conditions of the law as questions and answers, with the names of facts beside them for lawyers.

use crate::page::parts::capital;
use comity_law::show::{Reading, reading};
use comity_law::{Law, When};
use maud::{Markup, html};

/// When something holds. Terms lead to their meaning on the page of the instrument.
pub(crate) fn when(law: &Law, instrument: &str, when: &When) -> Markup {
    if when.is_always() {
        return html! { "Always" };
    }
    whole(instrument, &reading(&law.schema.vocabulary, &when.text))
}

fn whole(instrument: &str, it: &Reading) -> Markup {
    html! {
        @match it {
            Reading::All(parts) => { "All of these:" (list(instrument, parts)) },
            Reading::Any(parts) => { "One of these:" (list(instrument, parts)) },
            Reading::Answer { fact, question, answer } => { (short(question)) " " strong { (capital(answer)) } " " (name(fact)) },
            Reading::Term { name, holds } => { @if !holds { "Not: " } a href={ "/law/instrument/" (instrument) "#term-" (name) } { (capital(&name.replace('_', " "))) } },
            Reading::Words { says, facts } => {
                (capital(says))
                @for (fact, question) in facts { div.desk-cite { (short(question)) " " (name(fact)) } }
            },
        }
    }
}

fn list(instrument: &str, parts: &[Reading]) -> Markup {
    html! { ul.desk-when { @for part in parts { li { (whole(instrument, part)) } } } }
}

/// The name of a fact as law files and cases write it.
pub(crate) fn name(fact: &str) -> Markup {
    html! { code.desk-name { (fact) } }
}

/// A question without the remark behind it.
pub(crate) fn short(question: &str) -> &str {
    question.find("? (").map_or(question, |at| question.get(..=at).unwrap_or(question))
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn a_remark_behind_a_question_is_left_out() {
        assert_eq!(short("Who asks? (ins to 2003-02-28)"), "Who asks?");
        assert_eq!(short("Is it about (or for) one person?"), "Is it about (or for) one person?");
    }
}
