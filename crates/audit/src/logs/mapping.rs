//! The mapping file: how the rows of a log become requests.

use super::lookup::Lookup;
use super::moment::Clock;
use super::read::Reader;
use super::rule::Source;
use super::walk::Walk;
use comity_engine::AgencyRef;
use comity_law::Law;
use comity_logic::Slot;
use comity_places::{Place, place_chain};
use jiff::tz::TimeZone;
use rustc_hash::FxHashMap;
use std::fmt;
use std::path::Path;
use std::rc::Rc;

/// A mistake in a mapping or in a table beside it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Mistake {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, in characters from 1.
    pub column: usize,
    /// What is wrong, and the remedy.
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)
    }
}

/// A mapping could not be read: all that is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingError {
    /// The mistakes, in the order of the file.
    pub mistakes: Vec<Mistake>,
}

impl fmt::Display for MappingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.mistakes.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for MappingError {}

/// Whose log it is.
#[derive(Clone, Debug)]
pub(super) enum AgencyRule {
    Fixed(AgencyRef),
    /// A column with ORIs or names, or with entries of a table of name, kind and place.
    Column {
        column: String,
        table: Option<(Rc<Lookup>, [usize; 3])>,
    },
}

/// A fact and where it comes from.
#[derive(Clone, Debug)]
pub(super) struct FactRule {
    pub(super) name: String,
    pub(super) slot: Slot,
    pub(super) source: Source,
}

/// Who asked: the columns that may tell, the first that is filled first, and the registry that says what they are.
#[derive(Clone, Debug)]
pub(super) struct Requester {
    pub(super) columns: Vec<String>,
    pub(super) registry: Rc<Lookup>,
    pub(super) class: usize,
}

/// Words that make a row worth a look; they decide nothing.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) column: String,
    pub(super) words: Vec<String>,
    pub(super) says: String,
}

/// How snapshots of sharing settings are read.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) name: Vec<String>,
    pub(super) open: String,
    pub(super) open_values: Vec<String>,
    pub(super) requester: Option<Requester>,
    pub(super) facts: Vec<FactRule>,
    pub(super) records: Option<String>,
}

/// A mapping that was read and checked.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// What the log is, for people.
    pub title: String,
    /// The file.
    pub file: String,
    pub(super) agency: AgencyRule,
    pub(super) action: Source,
    pub(super) time: Vec<String>,
    pub(super) clock: Clock,
    pub(super) zone: Option<TimeZone>,
    pub(super) requester: Option<Requester>,
    pub(super) facts: Vec<FactRule>,
    pub(super) marks: Vec<Mark>,
    pub(super) id: Option<String>,
    pub(super) records: Option<String>,
    pub(super) sheet: Option<String>,
    pub(super) delimiter: Option<u8>,
    pub(super) settings: Option<Settings>,
}

/// The fact that says who asked. It comes from a registry and from nothing else.
pub(super) const REQUESTER: &str = "request.requester";
const MOST: u64 = 1 << 20;

impl Mapping {
    /// Reads a mapping file and the tables that it names, which stand beside it.
    ///
    /// # Errors
    /// Everything that is wrong with them, with file, line and remedy.
    pub fn open(law: &Law, path: &Path) -> Result<Self, MappingError> {
        let file = path.display().to_string();
        let fail = |message: String| MappingError { mistakes: vec![Mistake { file: file.clone(), line: 1, column: 1, message }] };
        let size = std::fs::metadata(path).map(|m| m.len()).map_err(|e| fail(format!("it cannot be read: {e}")))?;
        if size > MOST {
            return Err(fail(format!("it has {size} bytes; a mapping has at most {MOST}")));
        }
        let text = std::fs::read_to_string(path).map_err(|e| fail(format!("it cannot be read: {e}; save it as UTF-8")))?;
        Self::read(law, &file, &text, path.parent().unwrap_or(Path::new("")))
    }

    /// Reads a mapping from text; the tables that it names are looked for in a folder.
    ///
    /// # Errors
    /// As for [`Mapping::open`].
    pub fn read(law: &Law, file: &str, text: &str, folder: &Path) -> Result<Self, MappingError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut walk = Walk { file, text, mistakes: Vec::new() };
        let parsed = match toml::de::DeTable::parse(text) {
            Ok(parsed) => parsed,
            Err(error) => {
                walk.wrong(error.span().unwrap_or(0..0), format!("this is no TOML: {}", error.message()));
                return Err(MappingError { mistakes: walk.mistakes });
            }
        };
        let mut reader = Reader { law, walk, folder: folder.to_owned(), tables: FxHashMap::default() };
        let mapping = reader.mapping(parsed.get_ref());
        let mut mistakes = reader.walk.mistakes;
        mistakes.sort_by(|a, b| (a.file != file, &a.file, a.line, a.column).cmp(&(b.file != file, &b.file, b.line, b.column)));
        mistakes.dedup();
        match mapping {
            Some(mapping) if mistakes.is_empty() => Ok(mapping),
            _ => Err(MappingError { mistakes }),
        }
    }
}

/// The zone of a place: its own, or that of the place above it.
pub(super) fn zone_of(law: &Law, place: &str) -> TimeZone {
    let named = place_chain(place).into_iter().rev().find_map(|slug| {
        let ours = law.place(slug).and_then(|p| p.time_zone.clone());
        ours.or_else(|| Place::find(slug).map(|p| p.time_zone.to_owned()).filter(|z| !z.is_empty()))
    });
    named.and_then(|name| TimeZone::get(&name).ok()).unwrap_or(TimeZone::UTC)
}
