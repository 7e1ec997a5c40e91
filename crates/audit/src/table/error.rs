//! What is wrong with a table, and where.

use std::fmt;

/// Something wrong in a table: file, line, column, value and remedy, as far as there is one of each.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct TableError(Box<Fault>);

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
struct Fault {
    file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    #[serde(skip_serializing_if = "String::is_empty")]
    column_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    message: String,
}

impl TableError {
    /// Something wrong with a whole file.
    #[must_use]
    pub fn of_file(file: &str, message: impl Into<String>) -> Self {
        let (file, message) = (file.to_owned(), message.into());
        Self(Box::new(Fault { file, sheet: None, line: None, column: None, column_name: String::new(), value: None, message }))
    }

    /// The same at a line of the file, or at a row of the sheet, from 1.
    #[must_use]
    pub fn at_line(mut self, line: u64) -> Self {
        self.0.line = Some(line);
        self
    }

    /// The same in a sheet.
    #[must_use]
    pub fn in_sheet(mut self, sheet: Option<&str>) -> Self {
        self.0.sheet = sheet.map(str::to_owned);
        self
    }

    /// The same in a column, counted from 0.
    #[must_use]
    pub fn in_column(mut self, column: usize, name: &str) -> Self {
        // Told from 1, as people count.
        self.0.column = Some(column + 1);
        name.clone_into(&mut self.0.column_name);
        self
    }

    /// The same with the value that stands there.
    #[must_use]
    pub fn with_value(mut self, value: &str) -> Self {
        self.0.value = Some(value.to_owned());
        self
    }

    /// The line, if there is one.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        self.0.line
    }

    /// What is wrong, and the remedy.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault { file, sheet, line, column, column_name, value, message } = &*self.0;
        f.write_str(file)?;
        if let Some(sheet) = sheet {
            write!(f, " [{sheet}]")?;
        }
        if let Some(line) = line {
            write!(f, ":{line}")?;
        }
        f.write_str(": ")?;
        if let Some(at) = column {
            // Whoever has the file open in a spreadsheet looks for the letter.
            let at = if sheet.is_some() { letters(*at) } else { at.to_string() };
            if column_name.is_empty() {
                write!(f, "column {at}: ")?;
            } else {
                write!(f, "column {at} `{}`: ", short(column_name))?;
            }
        }
        if let Some(value) = value {
            write!(f, "`{}`: ", short(value))?;
        }
        f.write_str(message)
    }
}

impl std::error::Error for TableError {}

/// Something odd that does not stop the reading.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Note {
    /// The line, or the row of a sheet, where it was met first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// What is odd.
    pub message: String,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "from line {line}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// The letters of a spreadsheet's column: 1 is A, 27 is AA.
fn letters(column: usize) -> String {
    let mut out = Vec::new();
    let mut rest = column;
    while rest > 0 {
        rest -= 1;
        out.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    out.iter().rev().collect()
}

fn short(text: &str) -> String {
    let cut: String = text.chars().take(60).collect();
    if cut.len() < text.len() { format!("{cut}…") } else { cut }
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn columns_as_letters() {
        assert_eq!([1, 26, 27, 28, 702, 703].map(letters), ["A", "Z", "AA", "AB", "ZZ", "AAA"]);
    }
}
