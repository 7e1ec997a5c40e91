//! From bytes to text, and from text to TOML.

use std::borrow::Cow;

use rustc_hash::FxHashSet;
use toml::Spanned;
use toml::de::DeTable;

use super::sink::Sink;
use crate::bundle::{Bundle, BundleFile, MAX_FILE, SourceFile};
use crate::model::{At, FileId};

/// The files of a bundle as texts, and those of them that are not to be read further; why is reported.
pub(crate) fn files(bundle: Bundle, sink: &mut Sink) -> (Vec<SourceFile>, FxHashSet<FileId>) {
    if bundle.files.is_empty() && bundle.trouble.is_empty() {
        sink.path_error("", "L0005", "there are no law files here")
            .help("a law folder has vocabulary.toml and a folder for each place: us/, us/ca/, us/ca/los-angeles/");
    }
    for (path, why) in &bundle.trouble {
        sink.path_error(path, "L0001", why.clone());
    }
    let number = |at: usize| FileId(u32::try_from(at).unwrap_or(u32::MAX));
    let mut unusable = FxHashSet::default();
    let files = bundle.files.into_iter().enumerate().map(|(at, file)| text(number(at), file, sink, &mut unusable)).collect();
    (files, unusable)
}

fn text(id: FileId, file: BundleFile, sink: &mut Sink, unusable: &mut FxHashSet<FileId>) -> SourceFile {
    let path = file.path;
    if file.bytes.len() > MAX_FILE {
        sink.path_error(&path, "L0003", format!("the file is longer than {} KiB", MAX_FILE / 1024))
            .help("split the instrument by chapters or dates");
        unusable.insert(id);
        return SourceFile { path, text: Cow::Borrowed("") };
    }
    let bad = std::str::from_utf8(&file.bytes).err().map(|why| why.valid_up_to());
    let text = match file.bytes {
        Cow::Borrowed(bytes) => {
            Cow::Borrowed(std::str::from_utf8(bytes.get(..bad.unwrap_or(bytes.len())).unwrap_or_default()).unwrap_or_default())
        }
        Cow::Owned(mut bytes) => {
            bytes.truncate(bad.unwrap_or(bytes.len()));
            Cow::Owned(String::from_utf8(bytes).unwrap_or_default())
        }
    };
    if let Some(at) = bad {
        sink.error(At { file: id, start: at, end: at }, "L0002", format!("the file is not UTF-8 at byte {at}")).help("save it as UTF-8");
        unusable.insert(id);
    } else if text.starts_with('\u{feff}') {
        sink.path_warning(&path, "L0009", "the file begins with a byte order mark").help("save it as UTF-8 without one");
    }
    SourceFile { path, text }
}

/// The TOML of a text, unless it is none.
pub(crate) fn parse<'a>(id: FileId, text: &'a str, sink: &mut Sink) -> Option<Spanned<DeTable<'a>>> {
    let (table, mistakes) = DeTable::parse_recoverable(text);
    if mistakes.is_empty() {
        return Some(table);
    }
    for mistake in mistakes {
        let span = mistake.span().unwrap_or(0..0);
        let at = At { file: id, start: span.start, end: span.end };
        let message = mistake.message();
        if message.contains("recurs") {
            sink.error(at, "L0008", "keys or values are nested too deep");
        } else {
            sink.error(at, "L0007", message);
        }
    }
    None
}
