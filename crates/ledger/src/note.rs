//! Signed notes (C2SP signed-note) and cosignatures of witnesses (C2SP tlog-cosignature, Ed25519).

use crate::hash::{Hash, hex};
use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use std::fmt;

/// What kind of signature a key makes: the byte that its key id is made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// Ed25519 over the text (0x01): a log.
    Log,
    /// Timestamped Ed25519 cosignature (0x04): a witness.
    Witness,
}

impl KeyKind {
    fn byte(self) -> u8 {
        match self {
            Self::Log => 1,
            Self::Witness => 4,
        }
    }
}

/// Why a note or a key cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteError {
    /// The text is no signed note, or the key no key, and why.
    Malformed(String),
    /// A signature by this key does not hold.
    Invalid {
        /// The name of the key.
        name: String,
    },
    /// It bears no signature by this key.
    Unsigned {
        /// The name of the key.
        name: String,
    },
}

impl fmt::Display for NoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(why) => f.write_str(why),
            Self::Invalid { name } => write!(f, "the signature by `{name}` does not hold: the text or the signature was altered"),
            Self::Unsigned { name } => write!(f, "there is no signature by `{name}` with that key"),
        }
    }
}

impl std::error::Error for NoteError {}

/// A public key with its name, written `name+id+key`.
#[derive(Clone, Debug, PartialEq)]
pub struct Verifier {
    name: String,
    kind: KeyKind,
    key: VerifyingKey,
}

impl Verifier {
    /// Reads `name+0123abcd+base64`.
    ///
    /// # Errors
    /// [`NoteError::Malformed`] if it is no such key, or the id does not fit name and key.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let wrong = |why: &str| NoteError::Malformed(format!("`{}` is no public key: {why}", text.trim()));
        let mut parts = text.trim().splitn(3, '+');
        let (Some(name), Some(id), Some(data)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(wrong("write it as name+id+key"));
        };
        check_name(name)?;
        let bytes = STANDARD.decode(data).map_err(|_| wrong("its last part is not base64"))?;
        let (kind, key) = match bytes.split_first() {
            Some((1, key)) => (KeyKind::Log, key),
            Some((4, key)) => (KeyKind::Witness, key),
            _ => return Err(wrong("only Ed25519 keys (types 1 and 4) are known")),
        };
        let key: [u8; 32] = key.try_into().map_err(|_| wrong("an Ed25519 key has 32 bytes"))?;
        let key = VerifyingKey::from_bytes(&key).map_err(|_| wrong("its bytes are no point of the curve"))?;
        let verifier = Self { name: name.to_owned(), kind, key };
        if hex(&verifier.id()) != id { Err(wrong("its id does not fit name and key")) } else { Ok(verifier) }
    }

    /// The name of who signs.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What kind of signature it checks.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    fn id(&self) -> [u8; 4] {
        let mut data = format!("{}\n", self.name).into_bytes();
        data.push(self.kind.byte());
        data.extend_from_slice(self.key.as_bytes());
        let Hash([a, b, c, d, ..]) = Hash::of(&data);
        [a, b, c, d]
    }

    /// Checks the signature of the note by this key. For a witness the moment at which it signed, in seconds since 1970.
    ///
    /// # Errors
    /// [`NoteError`] if there is no signature by this key, or one that does not hold.
    pub fn verify(&self, note: &Note) -> Result<Option<u64>, NoteError> {
        let mut found = Err(NoteError::Unsigned { name: self.name.clone() });
        for line in note.signatures.iter().filter(|line| line.name == self.name && line.id == self.id()) {
            let invalid = || NoteError::Invalid { name: self.name.clone() };
            let (time, signature) = match self.kind {
                KeyKind::Log => (None, line.signature.as_slice()),
                KeyKind::Witness => {
                    let (time, rest) = line.signature.split_first_chunk::<8>().ok_or_else(invalid)?;
                    (Some(u64::from_be_bytes(*time)), rest)
                }
            };
            let signature = Signature::from_slice(signature).map_err(|_| invalid())?;
            self.key.verify_strict(signed_text(&note.text, time).as_bytes(), &signature).map_err(|_| invalid())?;
            found = Ok(time);
        }
        found
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut data = vec![self.kind.byte()];
        data.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{}+{}", self.name, hex(&self.id()), STANDARD.encode(data))
    }
}

/// A private key with its name, written `PRIVATE+KEY+name+id+key`.
pub struct Signer {
    name: String,
    kind: KeyKind,
    key: SigningKey,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("name", &self.name).field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl Signer {
    /// A new key.
    ///
    /// # Errors
    /// [`NoteError::Malformed`] if the name is empty or has a space or `+` in it.
    pub fn new(name: &str, kind: KeyKind, secret: &[u8; 32]) -> Result<Self, NoteError> {
        check_name(name)?;
        Ok(Self { name: name.to_owned(), kind, key: SigningKey::from_bytes(secret) })
    }

    /// Reads `PRIVATE+KEY+name+0123abcd+base64`.
    ///
    /// # Errors
    /// [`NoteError::Malformed`] if it is no such key; the key itself is never repeated in the message.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let wrong = || NoteError::Malformed("this is no private key of the form PRIVATE+KEY+name+id+key".to_owned());
        let mut parts = text.trim().strip_prefix("PRIVATE+KEY+").ok_or_else(wrong)?.splitn(3, '+');
        let (Some(name), Some(id), Some(data)) = (parts.next(), parts.next(), parts.next()) else { return Err(wrong()) };
        let bytes = zeroize::Zeroizing::new(STANDARD.decode(data).map_err(|_| wrong())?);
        let (kind, secret) = match bytes.split_first() {
            Some((1, key)) => (KeyKind::Log, key),
            Some((4, key)) => (KeyKind::Witness, key),
            _ => return Err(wrong()),
        };
        let signer = Self::new(name, kind, secret.try_into().map_err(|_| wrong())?)?;
        if hex(&signer.verifier().id()) == id { Ok(signer) } else { Err(wrong()) }
    }

    /// The private key as text; to be kept as such.
    pub fn secret_text(&self) -> zeroize::Zeroizing<String> {
        let mut data = zeroize::Zeroizing::new(vec![self.kind.byte()]);
        data.extend_from_slice(self.key.as_bytes());
        zeroize::Zeroizing::new(format!("PRIVATE+KEY+{}+{}+{}", self.name, hex(&self.verifier().id()), STANDARD.encode(&*data)))
    }

    /// The public key.
    pub fn verifier(&self) -> Verifier {
        Verifier { name: self.name.clone(), kind: self.kind, key: self.key.verifying_key() }
    }

    /// The signature line for a text; a witness says when it signed, in seconds since 1970.
    pub fn sign(&self, text: &str, time: u64) -> SignatureLine {
        let time = (self.kind == KeyKind::Witness).then_some(time);
        let mut signature = time.map(|t| t.to_be_bytes().to_vec()).unwrap_or_default();
        signature.extend_from_slice(&self.key.sign(signed_text(text, time).as_bytes()).to_bytes());
        SignatureLine { name: self.name.clone(), id: self.verifier().id(), signature }
    }
}

fn signed_text(text: &str, time: Option<u64>) -> String {
    time.map_or_else(|| text.to_owned(), |time| format!("cosignature/v1\ntime {time}\n{text}"))
}

fn check_name(name: &str) -> Result<(), NoteError> {
    if name.is_empty() || name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+') {
        return Err(NoteError::Malformed(format!("`{name}` cannot name a key: it must not be empty or have a space or + in it")));
    }
    Ok(())
}

/// One signature under a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureLine {
    /// Who signed.
    pub name: String,
    id: [u8; 4],
    signature: Vec<u8>,
}

impl SignatureLine {
    /// Reads one line: an em dash, the name, the signature in base64.
    ///
    /// # Errors
    /// [`NoteError::Malformed`] if it is no such line.
    pub fn parse(line: &str) -> Result<Self, NoteError> {
        let wrong = || NoteError::Malformed(format!("`{line}` is no signature line; such a line begins with an em dash"));
        let (name, data) = line.strip_prefix("— ").and_then(|rest| rest.split_once(' ')).ok_or_else(wrong)?;
        check_name(name)?;
        let bytes = STANDARD.decode(data).map_err(|_| wrong())?;
        let (id, signature) = bytes.split_first_chunk::<4>().ok_or_else(wrong)?;
        Ok(Self { name: name.to_owned(), id: *id, signature: signature.to_vec() })
    }
}

impl fmt::Display for SignatureLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "— {} {}", self.name, STANDARD.encode([&self.id[..], &self.signature].concat()))
    }
}

/// A text and the signatures under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The text, with its last line end.
    pub text: String,
    /// The signatures, in their order.
    pub signatures: Vec<SignatureLine>,
}

/// More signatures than any log of ours bears; a longer note is not read.
const MAX_SIGNATURES: usize = 100;

impl Note {
    /// Reads a note.
    ///
    /// # Errors
    /// [`NoteError::Malformed`] if it is no signed note.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let wrong = |why: &str| NoteError::Malformed(format!("this is no signed note: {why}"));
        if text.chars().any(|c| c.is_ascii_control() && c != '\n') {
            return Err(wrong("it has control characters in it"));
        }
        let at = text.rfind("\n\n").ok_or_else(|| wrong("an empty line between text and signatures is missing"))?;
        let (body, lines) = (&text[..=at], &text[at + 2..]);
        if !lines.ends_with('\n') {
            return Err(wrong("its last line does not end"));
        }
        let signatures = lines.lines().map(SignatureLine::parse).collect::<Result<Vec<_>, _>>()?;
        if signatures.is_empty() || signatures.len() > MAX_SIGNATURES {
            return Err(wrong("it must bear between 1 and 100 signatures"));
        }
        Ok(Self { text: body.to_owned(), signatures })
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}
