//! Rows that stand there twice: the same person and day within one release.

use super::cells::is_redacted;
use super::defects::{Defect, DefectKind};
use super::fields::Field;
use super::table::Table;
use rustc_hash::FxHashMap;

/// Of rows with one identifier and one day the fullest counts, the first of several; the others are duplicates. Rows without an identifier cannot be told apart.
pub(crate) fn find(table: &Table, found: &mut Vec<Defect>) {
    let (people, days) = (table.ids(Field::Identifier), table.ids(Field::Prepared));
    let usable: Vec<bool> = people.distinct.iter().map(|t| !t.is_empty() && !is_redacted(t)).collect();
    let mut groups: FxHashMap<(u32, u32), u32> = FxHashMap::default();
    let mut several: FxHashMap<(u32, u32), Vec<u32>> = FxHashMap::default();
    for row in 0..table.rows() as u32 {
        let key = (people.at(row as usize), days.at(row as usize));
        if !usable[key.0 as usize] {
            continue;
        }
        if let Some(first) = groups.insert(key, row) {
            several.entry(key).or_insert_with(|| vec![first]).push(row);
        }
    }
    for rows in several.values() {
        let fullest = rows.iter().copied().max_by_key(|r| (table.filled[*r as usize], std::cmp::Reverse(*r))).unwrap_or_default() as usize;
        let mut seen: Vec<([u64; 2], usize)> = vec![(table.whole[fullest], fullest)];
        for row in rows.iter().map(|r| *r as usize).filter(|r| *r != fullest) {
            let twin = seen.iter().find(|(whole, _)| *whole == table.whole[row]).map(|(_, at)| *at);
            let (kind, says) = match twin {
                Some(twin) => {
                    (DefectKind::ExactDuplicate, format!("same as row {} in every column but the row's own number", table.number(twin)))
                }
                None => (
                    DefectKind::PartialDuplicate,
                    format!(
                        "same person and day as row {}, which has {} cells filled against {}",
                        table.number(fullest),
                        table.filled[fullest],
                        table.filled[row]
                    ),
                ),
            };
            seen.push((table.whole[row], row));
            found.push(Defect {
                at: row,
                row: table.number(row),
                column: Field::Identifier.name(),
                value: people.get(row).to_owned(),
                kind,
                says,
                remedy: "decided like any row; count it once",
            });
        }
    }
}
