//! Packs the law files of the repository into one blob with an index and the digest, for `include_bytes!`.

#[path = "src/digest.rs"]
mod digest;
#[path = "src/walk.rs"]
mod walk;

use std::error::Error;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../../law");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed={}", root.display());
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/digest.rs");
    println!("cargo::rerun-if-changed=src/walk.rs");
    let (found, trouble) = walk::walk(&root);
    for (path, why) in trouble {
        println!("cargo::error=law/{path}: {why}");
    }
    let mut files = Vec::new();
    for (path, place) in found {
        files.push((path, fs::read(place)?));
    }
    let digest = digest::digest(files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())));
    let mut blob = Vec::new();
    let mut index = String::from(
        "/// Path, first byte and end of every packed file, in order of the paths.\nstatic INDEX: &[(&str, usize, usize)] = &[\n",
    );
    for (path, bytes) in &files {
        let start = blob.len();
        blob.extend_from_slice(bytes);
        writeln!(index, "    ({path:?}, {start}, {}),", blob.len())?;
    }
    writeln!(index, "];\n/// The digest of them all.\nstatic DIGEST: &str = {digest:?};")?;
    fs::write(out.join("law.blob"), blob)?;
    fs::write(out.join("law_index.rs"), index)?;
    Ok(())
}
