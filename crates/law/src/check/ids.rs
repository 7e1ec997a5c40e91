//! Two instruments may not share an id.

use crate::model::{At, Law};
use crate::read::Sink;

pub(crate) fn check(law: &Law, sink: &mut Sink) {
    for pair in law.instruments.windows(2) {
        let [first, second] = pair else { continue };
        if first.id == second.id {
            let at = At { file: second.file, start: 0, end: 0 };
            sink.error(
                at,
                "L0301",
                format!("two instruments have the id `{}`: one of `{}` and one of `{}`", first.id, first.place, second.place),
            )
            .help("rename one of the files: the stem is the id");
        }
    }
}
