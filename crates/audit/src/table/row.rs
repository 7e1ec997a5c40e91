//! A row of a table.

/// What a cell is in its file. Cells of a CSV are all texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CellKind {
    /// Nothing stands there, or only blanks.
    Empty,
    /// A text.
    Text,
    /// A number, written in the shortest way.
    Number,
    /// A day, or a day and a time, written as `2017-01-28` or `2017-01-28T22:15:00`.
    Day,
    /// `true` or `false`.
    Bool,
    /// A fault of a workbook: `#N/A`, `#DIV/0!`.
    Fault,
}

/// A row: its line and its cells as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The line of the file in which it begins, or the row of the sheet, from 1.
    pub line: u64,
    text: String,
    /// Where each cell ends in the text, and what it is.
    cells: Vec<(u32, CellKind)>,
    /// Whether a missing cell means that the line is too short: not so in workbooks and JSON.
    pub(crate) streamed: bool,
}

impl CellKind {
    const fn or_empty(self, text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { self }
    }
}

impl Row {
    /// How many cells it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether it has no cells.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The text of a cell without blanks at its ends; empty where there is no cell.
    #[must_use]
    pub fn get(&self, column: usize) -> &str {
        self.raw(column).trim()
    }

    /// The text of a cell as it stands.
    #[must_use]
    pub fn raw(&self, column: usize) -> &str {
        let Some((end, _)) = self.cells.get(column) else { return "" };
        let start = column.checked_sub(1).and_then(|before| self.cells.get(before)).map_or(0, |c| c.0);
        self.text.get(start as usize..*end as usize).unwrap_or_default()
    }

    /// What a cell is.
    #[must_use]
    pub fn kind(&self, column: usize) -> CellKind {
        self.cells.get(column).map_or(CellKind::Empty, |c| c.1).or_empty(self.get(column))
    }

    /// The texts of the cells.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| self.get(at))
    }

    /// Whether nothing stands in any cell.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// A row without cells.
    pub(crate) fn at(line: u64) -> Self {
        Self { line, ..Self::default() }
    }

    pub(crate) fn clear(&mut self, line: u64) {
        self.line = line;
        self.text.clear();
        self.cells.clear();
    }

    pub(crate) fn push(&mut self, text: &str, kind: CellKind) {
        self.text.push_str(text);
        self.cells.push((u32::try_from(self.text.len()).unwrap_or(u32::MAX), kind));
    }

    /// Empty cells up to a column.
    pub(crate) fn pad(&mut self, columns: usize) {
        while self.cells.len() < columns {
            self.push("", CellKind::Empty);
        }
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.text.len() as u64
    }

    /// About how many bytes of memory it takes: a row of many empty cells takes more than its text.
    pub(crate) fn held(&self) -> u64 {
        (size_of::<Self>() + self.text.capacity() + self.cells.capacity() * size_of::<(u32, CellKind)>()) as u64
    }
}
