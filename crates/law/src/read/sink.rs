//! Where mistakes are gathered while files are read, so that all of them are reported at once.

use crate::bundle::SourceFile;
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{At, FileId};
use crate::slug;
use rustc_hash::FxHashSet;

/// So many mistakes of one file are shown.
const PER_FILE: usize = 50;

/// A mistake before its line and column are known.
#[derive(Debug)]
pub(crate) struct Mistake {
    place: Place,
    severity: Severity,
    code: &'static str,
    message: String,
    help: Option<String>,
}

#[derive(Debug)]
enum Place {
    File(At),
    Path(String),
}

impl Mistake {
    /// With the remedy.
    pub(crate) fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// With the remedy, if there is one to offer.
    pub(crate) fn maybe_help(&mut self, help: Option<String>) -> &mut Self {
        self.help = help;
        self
    }
}

/// The mistakes so far.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    mistakes: Vec<Mistake>,
    /// Local places that a `place.toml` of the bundle declares: a town that no list has can have laws.
    declared: FxHashSet<String>,
}

impl Sink {
    /// Takes note of the local places that files declare.
    pub(crate) fn declare<'a>(&mut self, paths: impl Iterator<Item = &'a str>) {
        let places = paths.filter_map(|p| slug::of_folder(p.strip_suffix("/place.toml")?));
        let in_a_state = |slug: &String| slug.split_once('/').is_some_and(|(state, _)| comity_places::parse_slug(state).is_ok());
        self.declared.extend(places.filter(in_a_state));
    }

    /// Whether there is such a place: in the lists, or declared by the bundle.
    pub(crate) fn known_place(&self, slug: &str) -> Result<(), comity_places::SlugError> {
        if self.declared.contains(slug) { Ok(()) } else { comity_places::parse_slug(slug).map(drop) }
    }

    fn push(&mut self, place: Place, severity: Severity, code: &'static str, message: String) -> &mut Mistake {
        debug_assert!(crate::CODES.iter().any(|(known, ..)| *known == code), "{code} is not listed");
        self.mistakes.push(Mistake { place, severity, code, message, help: None });
        let last = self.mistakes.len() - 1;
        &mut self.mistakes[last]
    }

    /// An error at a place in a file.
    pub(crate) fn error(&mut self, at: At, code: &'static str, message: impl Into<String>) -> &mut Mistake {
        self.push(Place::File(at), Severity::Error, code, message.into())
    }

    /// A warning at a place in a file.
    pub(crate) fn warning(&mut self, at: At, code: &'static str, message: impl Into<String>) -> &mut Mistake {
        self.push(Place::File(at), Severity::Warning, code, message.into())
    }

    /// An error about a path.
    pub(crate) fn path_error(&mut self, path: &str, code: &'static str, message: impl Into<String>) -> &mut Mistake {
        self.push(Place::Path(path.to_owned()), Severity::Error, code, message.into())
    }

    /// A warning about a path.
    pub(crate) fn path_warning(&mut self, path: &str, code: &'static str, message: impl Into<String>) -> &mut Mistake {
        self.push(Place::Path(path.to_owned()), Severity::Warning, code, message.into())
    }

    /// The diagnostics in order of files and places; of each file a limited number.
    pub(crate) fn finish(mut self, files: &[SourceFile]) -> Vec<Diagnostic> {
        let key = |m: &Mistake| match &m.place {
            Place::File(at) => (files.get(at.file.0 as usize).map_or("", |f| f.path.as_str()).to_owned(), at.start, at.end),
            Place::Path(path) => (path.clone(), 0, 0),
        };
        // Within a place errors stand in the order in which they were found.
        self.mistakes.sort_by_cached_key(key);
        let mut out: Vec<Diagnostic> = Vec::new();
        let mut counted: (Option<FileId>, usize) = (None, 0);
        for mistake in self.mistakes {
            if let Place::File(at) = mistake.place {
                counted = if counted.0 == Some(at.file) { (counted.0, counted.1 + 1) } else { (Some(at.file), 1) };
                if counted.1 > PER_FILE {
                    if counted.1 == PER_FILE + 1 {
                        let path = files.get(at.file.0 as usize).map_or("", |f| &f.path);
                        out.push(
                            Diagnostic::of_path(
                                path,
                                mistake.severity,
                                "L0010",
                                format!("more than {PER_FILE} mistakes in this file; the others are not shown"),
                            )
                            .with_help("mend those shown, then check again"),
                        );
                    } else if mistake.severity == Severity::Error
                        && let Some(last) = out.last_mut()
                    {
                        last.severity = Severity::Error;
                    }
                    continue;
                }
            }
            let made = mistake.into_diagnostic(files);
            // Sorted by place, the same mistake twice stands close together.
            if !out.iter().rev().take(8).any(|other| *other == made) {
                out.push(made);
            }
        }
        out
    }
}

impl Mistake {
    fn into_diagnostic(self, files: &[SourceFile]) -> Diagnostic {
        let mut made = match &self.place {
            Place::File(at) => match files.get(at.file.0 as usize) {
                Some(file) => Diagnostic::new(file, *at, self.severity, self.code, self.message),
                None => Diagnostic::of_path("", self.severity, self.code, self.message),
            },
            Place::Path(path) => Diagnostic::of_path(path, self.severity, self.code, self.message),
        };
        made.help = self.help.or_else(|| crate::codes::remedy(self.code));
        made
    }
}
