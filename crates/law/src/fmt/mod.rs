//! The canonical form of a law file: one order of keys, one way of quoting, spacing and breaking lines. Comments stay, and the meaning never changes.
//!
//! ```
//! let text = "cite='Gov. Code'\ntitle   =   \"Act\" # short\n";
//! assert_eq!(comity_law::fmt::format("us/ca/us-ca-act.toml", text)?, "title = \"Act\"  # short\ncite  = \"Gov. Code\"\n");
//! # Ok::<(), comity_law::fmt::Unformatted>(())
//! ```

mod comment;
mod shape;
mod value;
mod write;

use toml_edit::DocumentMut;
pub(crate) use value::quoted;

/// Lines are broken at arrays where they are longer than this.
pub const WIDTH: usize = 140;

/// Why a file is left as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unformatted {
    /// It is no TOML: what is wrong, and where.
    NoToml(String),
    /// Comments stand where the canonical form has no place for them.
    Comments(Vec<String>),
    /// The canonical form would mean something else; this is a mistake of the program.
    Meaning,
}

impl std::fmt::Display for Unformatted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoToml(why) => write!(f, "this is no TOML: {}", why.trim()),
            Self::Comments(comments) => {
                write!(
                    f,
                    "a comment stands within a value and would be lost; move it to a line of its own above the key: {}",
                    comments.join(", ")
                )
            }
            Self::Meaning => f.write_str("the canonical form would not mean the same; the file is left as it is, please report it"),
        }
    }
}

impl std::error::Error for Unformatted {}

/// The canonical form of the file at a path; the path alone says what the file is.
///
/// # Errors
/// When the text is no TOML, or has a comment in the middle of an inline table. The result is read again: it has the same values and the same comments,
/// or it is not returned.
pub fn format(path: &str, text: &str) -> Result<String, Unformatted> {
    let plain = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let document: DocumentMut = plain.parse().map_err(|e: toml_edit::TomlError| Unformatted::NoToml(e.to_string()))?;
    let out = write::document(&document, shape::of_path(path));
    let (before, after) = (comment::all(&plain), comment::all(&out));
    if before != after {
        let lost = before.iter().filter(|c| !after.contains(c)).cloned().collect();
        return Err(Unformatted::Comments(lost));
    }
    let same = toml::from_str::<toml::Table>(&plain).ok().zip(toml::from_str::<toml::Table>(&out).ok()).is_some_and(|(a, b)| a == b);
    if same { Ok(out) } else { Err(Unformatted::Meaning) }
}
