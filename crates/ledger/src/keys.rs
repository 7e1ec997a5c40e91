//! The key file: what signs the log and what wraps the keys of persons. It lies apart from the database and its backups.

use crate::error::{LedgerError, Result, file};
use crate::note::{KeyKind, Signer, Verifier};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::io::Write;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

const HEADER: &str = "comity-keys v1";
const ABOUT: &str = "# Whoever has this file can sign as this log and read what persons' keys protect.\n\
    # Keep it apart from the database and from the backups of the database, and keep a copy where only a few can get it.\n";

/// The keys of a ledger.
#[derive(Debug)]
pub struct Keys {
    /// What signs the heads; its name is the origin of the log.
    pub signer: Signer,
    pub(crate) master: Secret,
    pub(crate) path: Option<PathBuf>,
}

/// 32 bytes that are wiped when they go, and never shown.
pub(crate) struct Secret(pub(crate) Zeroizing<[u8; 32]>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// New random bytes from the operating system.
    pub(crate) fn random() -> Result<Self> {
        let mut bytes = Zeroizing::new([0; 32]);
        random(&mut *bytes)?;
        Ok(Self(bytes))
    }
}

/// Fills bytes from the operating system's generator.
pub(crate) fn random(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(|e| LedgerError::Input(format!("the operating system gives no random bytes: {e}")))
}

impl Keys {
    /// New keys that are kept nowhere: for tests and trials.
    ///
    /// # Errors
    /// [`LedgerError::Input`] if the origin cannot name a log.
    pub fn generate(origin: &str) -> Result<Self> {
        let secret = Secret::random()?;
        let signer = Signer::new(origin, KeyKind::Log, &secret.0).map_err(|e| LedgerError::Input(e.to_string()))?;
        Ok(Self { signer, master: Secret::random()?, path: None })
    }

    /// Writes new keys into a new file that only its owner can read. The origin names the log: `sheriff.example.gov/comity`.
    ///
    /// # Errors
    /// [`LedgerError::File`] if the file exists or cannot be written; [`LedgerError::Input`] if the origin cannot name a log.
    pub fn create(path: &Path, origin: &str) -> Result<Self> {
        let mut keys = Self::generate(origin)?;
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut out = options.open(path).map_err(|e| match e.kind() {
            std::io::ErrorKind::AlreadyExists => file(path, "it exists already; keys are never overwritten"),
            _ => file(path, format!("it cannot be written: {e}")),
        })?;
        let master = Zeroizing::new(STANDARD.encode(*keys.master.0));
        let text = Zeroizing::new(format!("{HEADER}\n{ABOUT}master {}\nsign {}\n", *master, *keys.signer.secret_text()));
        out.write_all(text.as_bytes()).and_then(|()| out.sync_all()).map_err(|e| file(path, format!("it cannot be written: {e}")))?;
        keys.path = Some(path.to_owned());
        Ok(keys)
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// [`LedgerError::File`] if it cannot be read, others can read it too, or it is no key file.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|e| file(path, format!("the key file cannot be read: {e}")))?;
        let text = Zeroizing::new(text);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(path).map_err(|e| file(path, e))?.permissions().mode();
            if mode & 0o077 != 0 {
                return Err(file(path, format!("others can read the key file (mode {:o}); run chmod 600 on it", mode & 0o777)));
            }
        }
        let mut lines = text.lines();
        if lines.next() != Some(HEADER) {
            return Err(file(path, "this is no key file of Comity"));
        }
        let (mut master, mut signer) = (None, None);
        for (at, line) in lines.enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            let wrong = |what: &str| file(path, format!("line {}: {what}", at + 2));
            match line.split_once(' ') {
                Some(("master", data)) => {
                    let bytes = Zeroizing::new(STANDARD.decode(data).map_err(|_| wrong("the master key is not base64"))?);
                    let bytes: [u8; 32] = bytes.as_slice().try_into().map_err(|_| wrong("the master key has not 32 bytes"))?;
                    master = Some(Secret(Zeroizing::new(bytes)));
                }
                Some(("sign", key)) => signer = Some(Signer::parse(key).map_err(|e| wrong(&e.to_string()))?),
                _ => return Err(wrong("only `master` and `sign` are known")),
            }
        }
        match (master, signer) {
            (Some(master), Some(signer)) => Ok(Self { signer, master, path: Some(path.to_owned()) }),
            _ => Err(file(path, "the master key or the signing key is missing")),
        }
    }

    /// Reads the key file, or creates it where there is none.
    ///
    /// # Errors
    /// As [`Keys::read`] and [`Keys::create`].
    pub fn open(path: &Path, origin: &str) -> Result<Self> {
        if path.exists() { Self::read(path) } else { Self::create(path, origin) }
    }

    /// The name of the log.
    pub fn origin(&self) -> String {
        self.signer.verifier().name().to_owned()
    }

    /// These keys without the newest signed head that lies beside their file: to verify a copy of the record that is older by intention.
    #[must_use]
    pub fn apart(self) -> Self {
        Self { path: None, ..self }
    }

    /// Where the newest signed head is kept.
    pub(crate) fn head_path(&self) -> Option<PathBuf> {
        let mut path = self.path.clone()?.into_os_string();
        path.push(".head");
        Some(path.into())
    }

    /// The public key, to be given to everyone who shall check receipts.
    pub fn public(&self) -> Verifier {
        self.signer.verifier()
    }
}
