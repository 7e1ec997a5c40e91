//! Files that the command writes: whole or not at all, and never over what it reads.

use crate::failure::Failure;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Refuses outputs that are the same file as an input or as each other.
pub(crate) fn apart<'p>(
    inputs: impl IntoIterator<Item = &'p Path>,
    outputs: impl IntoIterator<Item = (&'static str, Option<&'p Path>)>,
) -> Result<(), Failure> {
    let mut taken: Vec<(PathBuf, String)> = inputs.into_iter().map(|path| (place(path), "is read".to_owned())).collect();
    for (option, path) in outputs {
        let Some(path) = path else { continue };
        let there = place(path);
        if let Some((_, why)) = taken.iter().find(|(other, _)| *other == there) {
            return Err(Failure::Input(format!("{option}: {} {why} by the same command; name another file", path.display())));
        }
        taken.push((there, format!("is written for {option}")));
    }
    Ok(())
}

/// Where a path leads; of a file that is not there yet, by its folder.
fn place(path: &Path) -> PathBuf {
    let of_folder = || {
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some(folder.canonicalize().ok()?.join(path.file_name()?))
    };
    path.canonicalize().ok().or_else(of_folder).unwrap_or_else(|| path.to_owned())
}

/// Writes a file whole or not at all: beside it first, then under its name. A link leads on to its file; a device or pipe is refused.
pub(crate) fn write_whole(path: &Path, write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<(), Failure> {
    let cannot = |error: std::io::Error| Failure::Input(format!("{} cannot be written: {error}", path.display()));
    let target = place(path);
    if target.metadata().is_ok_and(|found| !found.is_file()) {
        return Err(Failure::Input(format!("{} cannot be written: it is no file; name one, or a name that is free", path.display())));
    }
    let beside = target.with_extension(format!("{}.part", std::process::id()));
    let written = std::fs::File::create(&beside).and_then(|file| {
        let mut out = std::io::BufWriter::new(file);
        write(&mut out)?;
        out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()
    });
    written.and_then(|()| std::fs::rename(&beside, &target)).map_err(|error| {
        // What is half written is of no use to anybody; if even that fails, the first error is the one to tell.
        let _ = std::fs::remove_file(&beside);
        cannot(error)
    })
}
