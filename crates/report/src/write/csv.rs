//! A report as CSV: a row for each figure, and its lists as tables of their own.

use super::entries;
use crate::report::Value;
use crate::standing::Document;

/// A row for each figure. Agency, FIPS and ORI stand in every row, so that a row alone is no riddle.
///
/// # Errors
/// None that a sound machine gives.
pub fn figures_csv(document: &Document) -> Result<Vec<u8>, String> {
    let r = &document.report;
    let mut out = csv::Writer::from_writer(Vec::new());
    let head = [
        "report", "from", "to", "agency", "kind", "place", "fips", "ori", "figure", "says", "number", "status", "entries", "log_size",
        "log_root", "digest", "standing",
    ];
    out.write_record(head).map_err(|e| e.to_string())?;
    for figure in r.all_figures() {
        let (number, status) = match &figure.value {
            Value::Count(n) => (n.to_string(), "count".to_owned()),
            Value::Withheld => (String::new(), "withheld".to_owned()),
            Value::NotRecorded(why) => (String::new(), format!("not recorded: {why}")),
        };
        let own = |text: &Option<String>| text.clone().unwrap_or_default();
        out.write_record([
            r.report.clone(),
            r.period.from.to_string(),
            r.period.to.to_string(),
            r.agency.name.clone(),
            r.agency.kind.clone(),
            r.agency.place.clone(),
            own(&r.agency.fips),
            own(&r.agency.ori),
            figure.id.clone(),
            figure.says.clone(),
            number,
            status,
            entries(&figure.entries),
            r.log.size.to_string(),
            r.log.root.clone(),
            document.digest.clone(),
            document.state_says(),
        ])
        .map_err(|e| e.to_string())?;
    }
    out.into_inner().map_err(|e| e.to_string())
}

/// The lists of a report, each with its name. Those of a made-up record have a last column that says so: not every list names the agency.
///
/// # Errors
/// As [`figures_csv`].
pub fn rows_csv(document: &Document) -> Result<Vec<(String, Vec<u8>)>, String> {
    let mut all = Vec::new();
    for list in &document.report.lists {
        let mut out = csv::Writer::from_writer(Vec::new());
        let invented = document.report.agency.is_invented();
        out.write_record(list.columns.iter().map(|c| c.id.as_str()).chain(invented.then_some("record"))).map_err(|e| e.to_string())?;
        for row in &list.rows {
            let cells = row.cells.iter().map(|c| c.as_deref().unwrap_or("not recorded"));
            out.write_record(cells.chain(invented.then_some("invented sample"))).map_err(|e| e.to_string())?;
        }
        all.push((list.id.clone(), out.into_inner().map_err(|e| e.to_string())?));
    }
    Ok(all)
}
