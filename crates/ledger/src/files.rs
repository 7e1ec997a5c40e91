//! Writing files so that a crash leaves the old one or the new one, and two writers do not cross.

use crate::error::{Result, file};
use std::io::Write;
use std::path::Path;

/// Replaces a file; `private` lets only its owner read it.
pub(crate) fn replace(path: &Path, bytes: &[u8], private: bool) -> std::io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    if private {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    let mut file = options.open(&name)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&name, path)?;
    // The rename itself has to be durable too.
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::File::open(folder)?.sync_all()
}

/// Waits until no other process works on a file; the lock lies beside it, for the file itself is replaced.
pub(crate) fn lock(path: &Path) -> Result<std::fs::File> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let lock = std::fs::File::create(&name).map_err(|e| file(Path::new(&name), format!("it cannot be written: {e}")))?;
    lock.lock().map_err(|e| file(Path::new(&name), format!("it cannot be locked: {e}")))?;
    Ok(lock)
}
