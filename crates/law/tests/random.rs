//! Whatever the bytes, the reader answers and does not stop.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

mod common;

use std::sync::LazyLock;

use comity_law::{Law, show};
use proptest::prelude::*;

static BASE: LazyLock<common::Files> = LazyLock::new(|| {
    let text: String = common::cases("tests/good").into_iter().map(|(_, text)| text).collect();
    common::case(&text)
});

/// Pieces that the format knows, to come further than the TOML parser.
static PIECES: [&str; 30] = [
    "\n",
    "\"",
    "'",
    "'''",
    "\"\"\"",
    "\\",
    "[[norm]]\n",
    "[[norm.unless]]\n",
    "[[duty]]\n",
    "[definitions]\n",
    "[sample]\n",
    "[[example]]\n",
    "when = \"",
    "(",
    ")",
    " && ",
    "!",
    ".exists(c, ",
    "c.offense",
    "in_class('us-ca/violent')",
    "date('2018-01-01')",
    "{ from = 2018-01-01 }",
    "2018-01-01",
    "-1",
    "99999999999999999999",
    "é",
    "\u{0}",
    "\r\n",
    "hold",
    "us-ca-act#hold",
];

fn read(files: &common::Files) {
    match Law::read(common::bundle(files)) {
        Ok(law) => {
            let texts = law.instruments.iter().map(|i| show::instrument(&law, i, 40));
            assert!(texts.fold(0, |sum, t| sum + t.len()) > 0);
        }
        Err(all) => assert!(all.iter().any(|d| d.is_error() && !d.to_string().is_empty())),
    }
}

/// A change to a file: where (in thousandths), how many bytes go, and what comes instead.
fn edit() -> impl Strategy<Value = (usize, usize, Vec<u8>)> {
    let piece = prop_oneof![
        4 => prop::sample::select(PIECES.to_vec()).prop_map(|p| p.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..6),
    ];
    (0usize..1000, 0usize..12, piece)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes(path in 0usize..8, bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut files = BASE.clone();
        let path = files.keys().nth(path % files.len()).unwrap().clone();
        files.insert(path, bytes);
        read(&files);
    }

    #[test]
    fn any_text(path in 0usize..8, pieces in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..40)) {
        let mut files = BASE.clone();
        let path = files.keys().nth(path % files.len()).unwrap().clone();
        files.insert(path, pieces.concat().into_bytes());
        read(&files);
    }

    #[test]
    fn mutations_of_good_files(path in 0usize..16, edits in prop::collection::vec(edit(), 1..4)) {
        let mut files = BASE.clone();
        let path = files.keys().nth(path % files.len()).unwrap().clone();
        let bytes = files.get_mut(&path).unwrap();
        for (at, gone, come) in edits {
            let start = at * bytes.len() / 1000;
            let end = (start + gone).min(bytes.len());
            bytes.splice(start..end, come);
        }
        read(&files);
    }

    #[test]
    fn any_path(path in "(us/|us-|ca/|classes/|[a-z]|\\.\\./|/|é|#){0,6}(\\.toml)?") {
        let mut files = BASE.clone();
        files.insert(path, b"title = \"x\"\n".to_vec());
        read(&files);
    }

    #[test]
    fn the_order_of_files_changes_nothing(seed in prop::collection::vec(any::<u16>(), 32)) {
        let mut files: Vec<_> = BASE.clone().into_iter().zip(seed).collect();
        files.sort_by_key(|(_, key)| *key);
        let law = Law::read(comity_law::Bundle::from_memory(files.into_iter().map(|(file, _)| file))).unwrap();
        let sorted = Law::read(common::bundle(&BASE)).unwrap();
        prop_assert_eq!(&law.digest, &sorted.digest);
        let plain = |law: &Law| law.instruments.iter().map(|i| show::instrument(law, i, 80)).collect::<Vec<_>>();
        prop_assert_eq!(plain(&law), plain(&sorted));
    }
}
