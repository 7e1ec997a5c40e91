//! Entries: what is recorded, and the canonical bytes that the tree commits to.

use crate::canonical::canonical;
use crate::hash::Hash;
use serde::{Deserialize, Serialize};
use serde_json::Value;

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal,)*) => {
        /// What an entry records.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum EntryKind {
            $($(#[$doc])* #[serde(rename = $name)] $kind,)*
        }

        impl EntryKind {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// Its name in entries: `log-in-failed`.
            pub fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }
        }
    };
}

kinds! {
    /// A request came in.
    Request = "request",
    /// Facts were stated or changed.
    Facts = "facts",
    /// The engine determined what the law says; the whole case lies in the personal part.
    Determination = "determination",
    /// A person decided.
    Disposition = "disposition",
    /// A second person signed off, or refused to.
    SignOff = "sign-off",
    /// A duty was done.
    DutyDone = "duty-done",
    /// A notice was served on the person.
    NoticeServed = "notice-served",
    /// An earlier entry was wrong; `corrects` names it.
    Correction = "correction",
    /// The law changed, begins or ends, and whom that touches.
    LawEvent = "law-event",
    /// A review was opened or done.
    Review = "review",
    /// An account logged in.
    LogIn = "log-in",
    /// Somebody failed to log in.
    LogInFailed = "log-in-failed",
    /// An account logged out, or its session ended.
    LogOut = "log-out",
    /// Personal facts were read.
    Read = "read",
    /// Entries or reports were exported.
    Export = "export",
    /// A report was certified; `corrects` names the certified report that it replaces.
    Report = "report",
    /// The personal facts of a person were destroyed by order.
    Expungement = "expungement",
    /// Nothing of a person or request may be purged.
    HoldSet = "hold-set",
    /// A hold ended.
    HoldLifted = "hold-lifted",
    /// Personal facts past their time were destroyed; holds were left.
    Purge = "purge",
    /// The head of the log was signed or cosigned.
    Checkpoint = "checkpoint",
    /// The wall clock was stepped.
    ClockStep = "clock-step",
    /// The ledger was created, opened after a failure, restored or migrated.
    System = "system",
    /// The configuration changed: accounts, roles, agency, settings, law bundle.
    Configuration = "configuration",
}

impl std::fmt::Display for EntryKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

impl std::str::FromStr for EntryKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.iter().copied().find(|kind| kind.name() == text).ok_or_else(|| format!("`{text}` is no kind of entry"))
    }
}

/// The pseudonym of a person: random, and told nowhere outside the record.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(pub String);

/// An entry to be appended.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// What it records.
    pub kind: EntryKind,
    /// Who acts: an account id or another pseudonym, never a name.
    pub actor: String,
    /// The request that it is about.
    pub subject: Option<String>,
    /// For whom the actor acts, where that is another.
    pub behalf: Option<String>,
    /// The digest of the law bundle that it rests on.
    pub bundle: Option<String>,
    /// The index of the entry that it corrects.
    pub corrects: Option<u64>,
    /// What everyone who sees the log may see: an object without personal facts.
    pub public: Value,
    /// What only the desk may see, encrypted under the key of the person.
    pub personal: Option<Personal>,
}

/// The personal part of an entry.
#[derive(Clone, Debug)]
pub struct Personal {
    /// Whose facts they are.
    pub person: PersonId,
    /// The facts.
    pub data: Value,
}

impl NewEntry {
    /// An entry of this kind by this actor, with nothing else yet.
    pub fn new(kind: EntryKind, actor: impl Into<String>) -> Self {
        Self {
            kind,
            actor: actor.into(),
            subject: None,
            behalf: None,
            bundle: None,
            corrects: None,
            public: Value::Object(serde_json::Map::new()),
            personal: None,
        }
    }

    /// About this request.
    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// On behalf of another.
    #[must_use]
    pub fn behalf(mut self, behalf: impl Into<String>) -> Self {
        self.behalf = Some(behalf.into());
        self
    }

    /// Under this law bundle.
    #[must_use]
    pub fn bundle(mut self, digest: impl Into<String>) -> Self {
        self.bundle = Some(digest.into());
        self
    }

    /// Corrects an earlier entry.
    #[must_use]
    pub fn corrects(mut self, index: u64) -> Self {
        self.corrects = Some(index);
        self
    }

    /// With this public part, an object.
    #[must_use]
    pub fn public(mut self, public: Value) -> Self {
        self.public = public;
        self
    }

    /// With this personal part.
    #[must_use]
    pub fn personal(mut self, person: &PersonId, data: Value) -> Self {
        self.personal = Some(Personal { person: person.clone(), data });
        self
    }
}

/// The personal part of a determination: all that it takes to compute it again, as exact texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Determined {
    /// The version of Comity that decided.
    pub comity: String,
    /// The case as JSON, byte for byte as the engine read it.
    pub case: String,
    /// The list of determinations as JSON without spaces, byte for byte as the engine gave it.
    pub answer: String,
}

impl NewEntry {
    /// A determination under a law bundle. `public` says what everyone may see of it, such as action and outcome.
    pub fn determination(
        actor: impl Into<String>,
        subject: impl Into<String>,
        person: &PersonId,
        bundle: impl Into<String>,
        determined: &Determined,
        public: Value,
    ) -> Self {
        let data = serde_json::json!({"comity": determined.comity, "case": determined.case, "answer": determined.answer});
        Self::new(EntryKind::Determination, actor).subject(subject).bundle(bundle).public(public).personal(person, data)
    }
}

/// What the log keeps of a personal part: enough to prove it, not enough to guess it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commitment {
    /// HMAC-SHA-256 over the facts, under a salt of 32 random bytes that lies encrypted beside them; in hexadecimal.
    pub commitment: String,
    /// SHA-256 over the encrypted bytes, so that damage is seen without any key; in hexadecimal.
    pub sealed: String,
}

/// An entry as it is recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The version of this form: 1.
    pub v: u8,
    /// Its index, from 0.
    pub index: u64,
    /// When it was appended, in UTC to the millisecond: `2026-11-21T21:43:15.123Z`.
    pub time: String,
    /// What it records.
    pub kind: EntryKind,
    /// Who acted.
    pub actor: String,
    /// The request that it is about.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub subject: Option<String>,
    /// For whom the actor acted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub behalf: Option<String>,
    /// The digest of the law bundle.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub bundle: Option<String>,
    /// The entry that it corrects.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub corrects: Option<u64>,
    /// The public part.
    pub public: Value,
    /// The commitment to the personal part.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub personal: Option<Commitment>,
}

/// The longest entry in bytes: entry bundles (C2SP tlog-tiles) give the length in two bytes.
pub const MAX_ENTRY: usize = 65_535;

impl Entry {
    /// The canonical bytes, which the leaf is the hash of.
    ///
    /// # Errors
    /// What cannot be written canonically, or is too long.
    pub fn canonical(&self) -> Result<String, String> {
        let value = serde_json::to_value(self).map_err(|e| e.to_string())?;
        let text = canonical(&value).map_err(|e| e.trim_start_matches('.').to_owned())?;
        if text.len() > MAX_ENTRY {
            return Err(format!(
                "the public part makes an entry of {} bytes; {MAX_ENTRY} is the most. Put long texts into the personal part",
                text.len()
            ));
        }
        Ok(text)
    }

    /// Reads an entry from its canonical bytes.
    ///
    /// # Errors
    /// Why it is none, or that the bytes are not the canonical ones.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let entry: Self = serde_json::from_slice(bytes).map_err(|e| format!("it is no entry: {e}"))?;
        if entry.canonical()?.as_bytes() == bytes { Ok(entry) } else { Err("its bytes are not in canonical form".to_owned()) }
    }

    /// The hash of its leaf.
    ///
    /// # Errors
    /// As [`Entry::canonical`].
    pub fn leaf(&self) -> Result<Hash, String> {
        Ok(Hash::leaf(self.canonical()?.as_bytes()))
    }
}

/// A moment in milliseconds since 1970 as entries write it.
pub fn time_text(ms: i64) -> String {
    let clamped = ms.clamp(jiff::Timestamp::MIN.as_millisecond(), jiff::Timestamp::MAX.as_millisecond());
    jiff::Timestamp::from_millisecond(clamped).map(|t| format!("{t:.3}")).unwrap_or_default()
}

/// The milliseconds since 1970 of a moment as entries write it.
pub fn time_ms(text: &str) -> Option<i64> {
    text.parse::<jiff::Timestamp>().ok().map(|t| t.as_millisecond())
}
