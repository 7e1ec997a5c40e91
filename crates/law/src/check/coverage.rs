//! A place with laws says what was searched for it; else its silence means nothing.

use std::collections::BTreeMap;

use crate::model::{At, FileId, Law};
use crate::read::Sink;

pub(crate) fn check(law: &Law, sink: &mut Sink) {
    let mut with_laws: BTreeMap<&str, FileId> = BTreeMap::new();
    for instrument in &law.instruments {
        with_laws.entry(&instrument.place).or_insert(instrument.file);
    }
    for (slug, file) in with_laws {
        let help = "say which sources were searched, until which day: [[coverage]] source = …, searched_until = …";
        match law.place(slug) {
            None => {
                let at = At { file, start: 0, end: 0 };
                sink.warning(at, "L0601", format!("`{slug}` has laws but no `place.toml`: its silence will be reported as unsearched"))
                    .help(help);
            }
            Some(place) if place.coverage.is_empty() => {
                sink.warning(place.at, "L0601", format!("`{slug}` has no coverage: its silence will be reported as unsearched")).help(help);
            }
            Some(_) => {}
        }
    }
}
