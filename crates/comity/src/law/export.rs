//! `comity law export`: the law as a dataset.

use super::export_parquet;
use crate::args::{Args, ExportTo, Format};
use crate::failure::Failure;
use crate::input::whole_law;
use crate::output::{count, print_json};
use crate::say;
use comity_engine::dataset;
use comity_law::{Law, export};
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(args: &Args, to: ExportTo, dir: &Path) -> Result<ExitCode, Failure> {
    let law = whole_law(args)?;
    let files = files(&law, to)?;
    for (name, bytes) in &files {
        let path = dir.join(name);
        let made = path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(&path, bytes));
        made.map_err(|error| Failure::Input(format!("{} cannot be written: {error}", path.display())))?;
    }
    if args.format == Format::Json {
        let rows: Vec<_> = files.iter().map(|(name, bytes)| json!({"path": name, "bytes": bytes.len()})).collect();
        print_json(&json!({"bundle": law.digest, "files": rows}));
    } else {
        let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
        let named: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).take(3).collect();
        let more = if files.len() > 3 { ", …" } else { "" };
        say!(
            "{} ({}{more}), {} KiB, law bundle {}",
            count(files.len(), "file"),
            named.join(", "),
            bytes.div_ceil(1024),
            law.digest.get(..16).unwrap_or_default()
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// The files and what is in them.
fn files(law: &Law, to: ExportTo) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let wrong = |form: &str, error: &dyn std::fmt::Display| Failure::Input(format!("the law cannot be written as {form}: {error}"));
    Ok(match to {
        ExportTo::Json => {
            let text = serde_json::to_string_pretty(&export::law(law)).map_err(|e| wrong("JSON", &e))?;
            vec![("law.json".to_owned(), (text + "\n").into_bytes())]
        }
        ExportTo::Csv => tables(law).into_iter().map(|(name, text)| (format!("{name}.csv"), text.into_bytes())).collect(),
        ExportTo::Parquet => tables(law)
            .into_iter()
            .map(|(name, text)| Ok((format!("{name}.parquet"), export_parquet::of_csv(&text).map_err(|e| wrong("Parquet", &e))?)))
            .collect::<Result<_, Failure>>()?,
        ExportTo::Akn => {
            let folder = |place: &str| place.replacen("us-", "us/", 1);
            law.instruments
                .iter()
                .map(|i| (format!("{}/{}.xml", folder(&i.place), i.id), export::akoma_ntoso(law, i).into_bytes()))
                .collect()
        }
    })
}

/// The tables of the dataset, as CSV.
fn tables(law: &Law) -> [(&'static str, String); 3] {
    let rows = dataset::rows(law);
    [("values", dataset::values(law, &rows)), ("norms", dataset::norms(law)), ("codebook", dataset::codebook(law))]
}
