//! What stops a command, and how it is told.

use crate::args::Format;
use crate::output::printable;
use crate::tell;
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
    /// Options are wrong.
    Options(Vec<OptionMistake>),
    /// The agency cannot be told.
    Agency(AgencyError),
    /// The law cannot be read: that of a folder, or the built-in one.
    Law { folder: Option<String>, found: Vec<Diagnostic> },
    /// Anything else about the input, with its remedy.
    Input(String),
    /// Several things about the input, each with its remedy.
    Inputs(Vec<String>),
    /// A mapping is wrong.
    Mapping(comity_audit::logs::MappingError),
    /// A search did not end.
    Unsettled(comity_logic::Unsettled),
}

/// What is wrong with an option, or which one is missing.
#[derive(Debug)]
pub(crate) struct OptionMistake {
    /// The option as it was given: `--set request.kind=detainr`; empty where one is missing.
    pub(crate) option: String,
    /// What is wrong, and the remedy.
    pub(crate) message: String,
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
                Self::Options(mistakes) => mistakes.iter().map(|m| json!({"option": m.option, "message": m.message})).collect(),
                Self::Law { found, .. } => found.iter().map(|d| json!(d)).collect(),
                Self::Mapping(error) => error
                    .mistakes
                    .iter()
                    .map(|m| json!({"source": m.file, "line": m.line, "column": m.column, "message": m.message}))
                    .collect(),
                Self::Inputs(messages) => messages.iter().map(|m| json!({"message": m})).collect(),
                other => vec![json!({"message": other.text()})],
            };
            crate::output::print_json(&json!({"errors": errors}));
        } else {
            tell!("{}", self.text());
        }
        ExitCode::from(if matches!(self, Self::Unsettled(_)) { UNSETTLED } else { BAD_INPUT })
    }

    fn text(&self) -> String {
        let errors =
            |lines: Vec<String>| lines.iter().map(|line| format!("error: {}", lines_printable(line))).collect::<Vec<_>>().join("\n");
        match self {
            Self::Case { source, error } => errors(
                error
                    .mistakes
                    .iter()
                    .map(|m| {
                        let path = if m.path.is_empty() { String::new() } else { format!("{}: ", m.path) };
                        format!("{source}:{}:{}: {path}{}", m.line, m.column, m.message)
                    })
                    .collect(),
            ),
            Self::Options(mistakes) => errors(
                mistakes
                    .iter()
                    .map(|m| if m.option.is_empty() { m.message.clone() } else { format!("{}: {}", m.option, m.message) })
                    .collect(),
            ),
            Self::Agency(error) => errors(vec![error.to_string()]),
            Self::Law { folder, found } => {
                let shown = found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
                let mistakes = crate::output::count(found.iter().filter(|d| d.is_error()).count(), "mistake");
                let of = folder.as_ref().map(|f| format!(" of `{}`", printable(f))).unwrap_or_default();
                format!("{shown}\n{mistakes} in the law files{of}; nothing was decided")
            }
            Self::Input(message) => errors(vec![message.clone()]),
            Self::Inputs(messages) => errors(messages.clone()),
            Self::Mapping(error) => errors(error.mistakes.iter().map(ToString::to_string).collect()),
            Self::Unsettled(error) => errors(vec![error.to_string()]),
        }
    }
}

/// A message of several lines, each made printable.
fn lines_printable(text: &str) -> String {
    text.split('\n').map(printable).collect::<Vec<_>>().join("\n")
}
