//! Reports as files: the same content in every form.

pub(crate) mod chart;
mod csv;
mod html;
mod lines;
#[cfg(feature = "pdf")]
mod pdf;
mod style;
mod svg;
mod xlsx;

use crate::standing::Document;
pub use csv::{figures_csv, rows_csv};
pub use html::html;
pub use lines::{Line, text};
#[cfg(feature = "pdf")]
pub use pdf::pdf;
pub use xlsx::xlsx;

/// The forms that a report can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A page that stands alone.
    Html,
    /// A row for each figure.
    Csv,
    /// A workbook.
    Xlsx,
    /// Tagged, archivable PDF (PDF/UA-1 and PDF/A-2a); in builds with the feature `pdf`.
    Pdf,
    /// JSON as `docs/schemas/report.schema.json` describes it.
    Json,
}

impl Form {
    /// The form that the end of a file's name asks for.
    ///
    /// # Errors
    /// Which ends there are.
    pub fn of(path: &std::path::Path) -> Result<Self, String> {
        match path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase).as_deref() {
            Some("html" | "htm") => Ok(Self::Html),
            Some("csv") => Ok(Self::Csv),
            Some("xlsx") => Ok(Self::Xlsx),
            Some("pdf") => Ok(Self::Pdf),
            Some("json") => Ok(Self::Json),
            _ => Err(format!("{}: no form of report ends so; end the name with .html, .csv, .xlsx, .pdf or .json", path.display())),
        }
    }

    /// The report in this form.
    ///
    /// # Errors
    /// If the form cannot be written: a PDF by a build without it, or a table that is too large for a workbook.
    pub fn write(self, document: &Document) -> Result<Vec<u8>, String> {
        match self {
            Self::Html => Ok(html(document).into_bytes()),
            Self::Csv => figures_csv(document),
            Self::Xlsx => xlsx(document),
            Self::Json => serde_json::to_vec_pretty(&document.json())
                .map(|mut bytes| {
                    bytes.push(b'\n');
                    bytes
                })
                .map_err(|e| e.to_string()),
            #[cfg(feature = "pdf")]
            Self::Pdf => pdf(document),
            #[cfg(not(feature = "pdf"))]
            Self::Pdf => Err("this build writes no PDF; build it with `--features pdf`, or write .html and print that".to_owned()),
        }
    }
}

/// Entry numbers as people read them, runs drawn together: `3-7, 12`.
pub(crate) fn entries(all: &[u64]) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some(&first) = all.get(at) {
        let mut last = first;
        while all.get(at + 1) == Some(&(last + 1)) {
            (at, last) = (at + 1, last + 1);
        }
        out.push(match last - first {
            0 => first.to_string(),
            1 => format!("{first}, {last}"),
            _ => format!("{first}–{last}"),
        });
        at += 1;
    }
    out.join(", ")
}

/// What is said of the agency, line by line.
pub(crate) fn facts(document: &Document) -> Vec<(&'static str, String)> {
    let r = &document.report;
    let unknown = || "not known".to_owned();
    let mut facts = vec![
        ("Agency", format!("{} ({})", r.agency.name, r.agency.kind)),
        ("Place", format!("{}, {}", r.agency.place_name, r.agency.state)),
        ("FIPS code", r.agency.fips.clone().unwrap_or_else(unknown)),
        ("ORI", r.agency.ori.clone().unwrap_or_else(unknown)),
        ("Period", format!("{} to {}", r.period.from, r.period.to)),
        ("Given by", r.by.clone()),
        ("Given to", r.to.clone()),
        ("Due", r.due.clone()),
    ];
    if let Some(fewest) = r.fewest {
        facts.push(("Small numbers", format!("numbers from 1 to {} are withheld, and whatever would tell them", fewest.saturating_sub(1))));
    }
    facts
}

/// What stands under every report.
pub(crate) const FOOT: &str = "This report holds counts, agencies, laws and numbers of ledger entries, and no names of persons. It says what the record shows, not what happened beside it.";

/// What is said where there was nothing.
pub(crate) fn nil(document: &Document) -> Option<&'static str> {
    document.report.nil.then_some("Nothing to report: the record has nothing in this period that this report counts.")
}

#[cfg(test)]
mod tests {
    #[test]
    fn runs_of_entries() {
        assert_eq!(super::entries(&[]), "");
        assert_eq!(super::entries(&[3]), "3");
        assert_eq!(super::entries(&[3, 4, 6, 7, 8, 12]), "3, 4, 6–8, 12");
    }
}
