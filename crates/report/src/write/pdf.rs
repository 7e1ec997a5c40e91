//! A report as PDF that is tagged (PDF/UA-1) and archivable (PDF/A-2a).

use super::chart::{Chart, chart};
use super::{FOOT, entries, facts, nil};
use crate::report::Value;
use crate::standing::Document;
use serde_json::{Value as Json, json};
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, pdf as export};

const TEMPLATE: &str = include_str!("report.typ");

/// The PDF. The engine refuses to write one that is not tagged and archivable.
///
/// # Errors
/// What the engine has against it.
pub fn pdf(document: &Document) -> Result<Vec<u8>, String> {
    let world = Page::new(&data(document))?;
    let said = |all: &[typst::diag::SourceDiagnostic]| all.iter().map(|d| d.message.to_string()).collect::<Vec<_>>().join("; ");
    let laid = typst::compile::<PagedDocument>(&world).output.map_err(|e| format!("the pages cannot be laid out: {}", said(&e)))?;
    let standards = PdfStandards::new(&[PdfStandard::Ua_1, PdfStandard::A_2a]).map_err(|e| e.message().to_string())?;
    let options = PdfOptions {
        ident: Smart::Custom(document.digest.clone()),
        creator: Smart::Custom(Some("Comity".to_owned())),
        standards,
        ..PdfOptions::default()
    };
    export(&laid, &options).map_err(|e| format!("the PDF cannot be written: {}", said(&e)))
}

/// What the template shows: texts only.
fn data(document: &Document) -> Json {
    let r = &document.report;
    let bars = |c: Chart| {
        let bar = |b: super::chart::Bar| json!({"label": b.says(), "length": b.length, "column": b.column});
        let groups = c.groups.into_iter().map(|g| json!({"heading": g.heading, "bars": g.bars.into_iter().map(bar).collect::<Vec<_>>()}));
        json!({"title": c.title, "description": c.description, "groups": groups.collect::<Vec<_>>()})
    };
    let why = |value: &Value| if let Value::NotRecorded(why) = value { Some(why.clone()) } else { None };
    let tables = r.tables.iter().map(|t| {
        let row = |row: &crate::report::TableRow| std::iter::once(row.heading.clone()).chain(row.cells.iter().map(|c| c.value.to_string())).collect::<Vec<_>>();
        json!({"says": t.says, "rows_are": t.rows_are, "columns": t.columns, "rows": t.rows.iter().map(row).collect::<Vec<_>>(), "chart": chart(t).map(bars)})
    });
    let lists = r.lists.iter().map(|l| {
        // The entries go first: they head their row.
        let kept: Vec<usize> = (0..l.columns.len()).filter(|at| l.columns.get(*at).is_some_and(|c| c.not_recorded.is_none())).collect();
        let order: Vec<usize> = kept.iter().rev().take(1).chain(kept.iter().take(kept.len().saturating_sub(1))).copied().collect();
        let columns: Vec<&str> = order.iter().filter_map(|at| l.columns.get(*at)).map(|c| c.says.as_str()).collect();
        let cell = |cells: &[Option<String>], at: usize| cells.get(at).cloned().flatten().unwrap_or_else(|| "not recorded".to_owned());
        let rows: Vec<Vec<String>> = l.rows.iter().map(|row| order.iter().map(|at| cell(&row.cells, *at)).collect()).collect();
        let missing = l.columns.iter().filter_map(|c| Some(format!("{}: not recorded. {}", c.says, c.not_recorded.as_ref()?)));
        let empty = if l.withheld { "The rows are withheld: they would tell the numbers that are." } else { "None." };
        json!({"says": l.says, "columns": columns, "rows": rows, "missing": missing.collect::<Vec<_>>(), "empty": empty})
    });
    let versions = document.versions.iter().map(|v| {
        let changed = v
            .changed
            .iter()
            .map(|c| format!("{} from {} to {}", c.figure, c.was.as_deref().unwrap_or("none"), c.is.as_deref().unwrap_or("none")));
        let changed: Vec<String> = changed.collect();
        let what = match v.replaces {
            Some(of) => format!("Replaces entry {of}: {} Changed: {}.", v.reason.as_deref().unwrap_or_default(), changed.join(", ")),
            None => "Certified".to_owned(),
        };
        [v.entry.to_string(), v.time.get(..16).unwrap_or(&v.time).replace('T', " "), v.by.clone(), what]
    });
    let counted = r.all_figures().filter(|f| !f.entries.is_empty());
    json!({
        "date": [r.period.to.year(), r.period.to.month(), r.period.to.day()], "title": r.title, "says": r.says, "agency": r.agency.name, "period": r.period.name,
        "state": nil(document).map_or_else(|| document.state_says(), |nil| format!("{} {nil}", document.state_says())),
        "facts": facts(document).iter().map(|(name, value)| json!([name, value])).collect::<Vec<_>>(),
        "instead": r.instead, "laws": r.laws, "notes": r.notes, "size": r.log.size, "root": r.log.root, "digest": document.digest, "foot": FOOT,
        "figures": r.figures.iter().map(|f| json!({"says": f.says, "value": f.value.to_string(), "why": why(&f.value)})).collect::<Vec<_>>(),
        "tables": tables.collect::<Vec<_>>(), "lists": lists.collect::<Vec<_>>(), "versions": versions.collect::<Vec<_>>(),
        "undecidable": r.undecidable.iter().map(|g| json!([g.entry.to_string(), g.figure, g.why])).collect::<Vec<_>>(),
        "sources": counted.map(|f| json!([f.id, f.value.to_string(), entries(&f.entries)])).collect::<Vec<_>>(),
    })
}

/// All that the engine may see: the template, the data and its own fonts. No file, no network, no clock.
struct Page {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    template: Source,
    data: (FileId, Bytes),
}

impl Page {
    fn new(data: &Json) -> Result<Self, String> {
        let id = |name: &str| {
            VirtualPath::new(name).map(|path| RootedPath::new(VirtualRoot::Project, path).intern()).map_err(|e| format!("{name}: {e:?}"))
        };
        let fonts: Vec<Font> = typst_assets::fonts().flat_map(|font| Font::iter(Bytes::new(font))).collect();
        let features = std::iter::once(Feature::A11yExtras).collect();
        Ok(Self {
            library: LazyHash::new(Library::builder().with_features(features).build()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            template: Source::new(id("/report.typ")?, TEMPLATE.to_owned()),
            data: (id("/report.json")?, Bytes::new(data.to_string().into_bytes())),
        })
    }
}

impl World for Page {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() { Ok(self.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data.0 { Ok(self.data.1.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
