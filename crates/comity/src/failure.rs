//! What stops a command, and how it is told.

use crate::args::Format;
use comity_engine::{AgencyError, CaseError};
use comity_law::Diagnostic;
use serde_json::json;
use std::process::ExitCode;

pub(crate) const FOUND: u8 = 1;
pub(crate) const BAD_INPUT: u8 = 2;
pub(crate) const UNSETTLED: u8 = 3;

/// Why a command ended early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A case is wrong; the name of where it came from goes before each line.
    Case { source: String, error: CaseError },
    /// The agency cannot be told.
    Agency(AgencyError),
    /// The law cannot be read.
    Law(Vec<Diagnostic>),
    /// Anything else about the input, with its remedy.
    Input(String),
    /// A search did not end.
    Unsettled(comity_logic::Unsettled),
}

impl From<comity_logic::Unsettled> for Failure {
    fn from(error: comity_logic::Unsettled) -> Self {
        Self::Unsettled(error)
    }
}

impl From<AgencyError> for Failure {
    fn from(error: AgencyError) -> Self {
        Self::Agency(error)
    }
}

impl From<Vec<Diagnostic>> for Failure {
    fn from(error: Vec<Diagnostic>) -> Self {
        Self::Law(error)
    }
}

impl Failure {
    /// Prints it, to standard error as text or to standard output as JSON.
    pub(crate) fn report(&self, format: Format) -> ExitCode {
        if format == Format::Json {
            let errors = match self {
                Self::Case { source, error } => error
                    .mistakes
                    .iter()
                    .map(|m| json!({"source": source, "path": m.path, "line": m.line, "column": m.column, "message": m.message}))
                    .collect(),
                Self::Law(found) => found.iter().map(|d| json!(d)).collect(),
                other => vec![json!({"message": other.text()})],
            };
            crate::output::print_json(&json!({"errors": errors}));
        } else {
            anstream::eprintln!("{}", self.text());
        }
        ExitCode::from(if matches!(self, Self::Unsettled(_)) { UNSETTLED } else { BAD_INPUT })
    }

    fn text(&self) -> String {
        let lead = "error: ";
        match self {
            Self::Case { source, error } => {
                let lines = error.mistakes.iter().map(|m| {
                    let path = if m.path.is_empty() { String::new() } else { format!("{}: ", crate::output::printable(&m.path)) };
                    let message = m.message.split('\n').map(crate::output::printable).collect::<Vec<_>>().join("\n");
                    format!("{lead}{source}:{}:{}: {path}{message}", m.line, m.column)
                });
                lines.collect::<Vec<_>>().join("\n")
            }
            Self::Agency(error) => format!("{lead}{error}"),
            Self::Law(found) => {
                let shown = found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
                format!("{shown}\n{} in the law files; nothing was decided", crate::output::count(found.len(), "mistake"))
            }
            Self::Input(message) => format!("{lead}{message}"),
            Self::Unsettled(error) => format!("{lead}{error}"),
        }
    }
}
