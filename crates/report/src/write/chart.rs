//! What a chart shows: the numbers of a table, as groups of bars.

use crate::report::{Table, Value};

/// A chart.
pub(crate) struct Chart {
    /// Its title.
    pub(crate) title: String,
    /// All that it shows, in words.
    pub(crate) description: String,
    /// A group for each row of the table.
    pub(crate) groups: Vec<Group>,
}

/// A row of the table.
pub(crate) struct Group {
    /// Its heading.
    pub(crate) heading: String,
    /// Its bars.
    pub(crate) bars: Vec<Bar>,
}

/// A bar.
pub(crate) struct Bar {
    /// What it is; empty where the heading of its row says it.
    pub(crate) label: String,
    /// Its number, or that it is withheld.
    pub(crate) number: String,
    /// Its length in thousandths of the longest; none where it is withheld.
    pub(crate) length: Option<u64>,
    /// Which column it is of, for its shade.
    pub(crate) column: usize,
}

impl Bar {
    /// Label and number in one.
    pub(crate) fn says(&self) -> String {
        if self.label.is_empty() { self.number.clone() } else { format!("{}: {}", self.label, self.number) }
    }
}

/// The chart of a table; none where the table has none, or nothing to draw.
pub(crate) fn chart(table: &Table) -> Option<Chart> {
    let two = table.columns.len() > 1;
    let rows = table.rows.split_last().map(|(_, rows)| rows).unwrap_or_default();
    let drawn = |cells: usize| if two { cells.saturating_sub(1) } else { cells };
    let values = rows.iter().flat_map(|r| r.cells.iter().take(drawn(r.cells.len())));
    let longest = values.filter_map(|f| if let Value::Count(n) = f.value { Some(n) } else { None }).max().unwrap_or(0);
    if !table.chart || rows.is_empty() || longest == 0 {
        return None;
    }
    let groups: Vec<Group> = rows
        .iter()
        .map(|row| {
            let cells = row.cells.iter().take(drawn(row.cells.len())).zip(&table.columns).enumerate();
            let bars = cells.map(|(column, (figure, heading))| Bar {
                label: if two { heading.clone() } else { String::new() },
                number: figure.value.to_string(),
                length: if let Value::Count(n) = figure.value { Some(n * 1000 / longest) } else { None },
                column,
            });
            Group { heading: row.heading.clone(), bars: bars.collect() }
        })
        .collect();
    let each =
        groups.iter().map(|g| format!("{}: {}", g.heading, g.bars.iter().map(|b| b.says().to_lowercase()).collect::<Vec<_>>().join(", ")));
    let description = format!("{}. The table after the chart has the same numbers.", each.collect::<Vec<_>>().join(". "));
    Some(Chart { title: table.says.clone(), description, groups })
}
