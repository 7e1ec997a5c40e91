//! The one configuration file.

use crate::openid::settings::OpenId;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// The file as `comity serve --print-config` writes it: every setting with its default and what it means.
pub const SAMPLE_CONFIG: &str = include_str!("comity.toml");

/// How a desk is run.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The address to listen on, as `127.0.0.1:8080`.
    pub listen: String,
    /// The address under which browsers reach the desk; with `https`, cookies are marked secure.
    pub public_url: String,
    /// The folder of keys and, with SQLite, of the database.
    pub data: PathBuf,
    /// `postgres://…` for a PostgreSQL database; left out: SQLite in `data`.
    pub database: Option<String>,
    /// The folder of the law; left out: the law built into the program.
    pub law: Option<PathBuf>,
    /// Which log lines are written, in the words of `RUST_LOG`.
    pub log: String,
    /// Sample agency, invented people, and a banner on every page.
    pub demo: bool,
    /// Whether everyone needs a second factor to log in (CJIS Security Policy IA-2).
    pub second_factor: bool,
    /// Whether a disposition takes effect only after a second person signed it.
    pub second_person: bool,
    /// The agency whose desk it is.
    pub agency: Agency,
    /// How long people stay logged in.
    pub session: Session,
    /// When an account is locked.
    pub lockout: Lockout,
    /// What is shown before log-in.
    pub notice: Notice,
    /// With whom people sign in beside local accounts; left out: with nobody.
    pub openid: Option<OpenId>,
}

/// The agency whose desk it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agency {
    /// An ORI, or a name with the state, as `comity agency` finds it.
    pub name: String,
    /// Its kind, where it stands in no list.
    #[serde(default)]
    pub kind: Option<String>,
    /// The slug of its place, where it stands in no list.
    #[serde(default)]
    pub place: Option<String>,
}

/// How long people stay logged in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Session {
    /// Minutes without a request after which a session ends; at most 30 (CJIS Security Policy AC-11).
    pub idle_minutes: u32,
    /// Hours after which one has to log in anew; at most 12 (CJIS Security Policy IA-5).
    pub absolute_hours: u32,
}

/// When an account is locked (CJIS Security Policy AC-7).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lockout {
    /// After how many failures.
    pub attempts: u32,
    /// Within how many minutes.
    pub window_minutes: u32,
}

/// The system-use notice (CJIS Security Policy AC-8).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Notice {
    /// Its paragraphs.
    pub text: Vec<String>,
}

/// What is wrong with a configuration, with its file, and the remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(pub String);

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            public_url: "http://127.0.0.1:8080".to_owned(),
            data: PathBuf::from("comity-data"),
            database: None,
            law: None,
            log: "info".to_owned(),
            demo: false,
            second_factor: true,
            second_person: true,
            agency: Agency { name: "CA0340000".to_owned(), kind: None, place: None },
            session: Session::default(),
            lockout: Lockout::default(),
            notice: Notice::default(),
            openid: None,
        }
    }
}

impl Default for Session {
    fn default() -> Self {
        Self { idle_minutes: 15, absolute_hours: 12 }
    }
}

impl Default for Lockout {
    fn default() -> Self {
        Self { attempts: 5, window_minutes: 15 }
    }
}

impl Default for Notice {
    fn default() -> Self {
        let text = [
            "You are about to use a restricted information system of this agency.",
            "Use may be monitored, recorded and audited.",
            "Unauthorized use is prohibited and may be subject to criminal and civil penalties.",
            "By going on you consent to monitoring and recording.",
        ];
        Self { text: text.map(str::to_owned).to_vec() }
    }
}

impl Config {
    /// A demonstration: an invented agency under the law of a real county, and no second factor to set up.
    #[must_use]
    pub fn demo() -> Self {
        let agency = Agency {
            name: "Sample Sheriff’s Office".to_owned(),
            kind: Some("sheriff".to_owned()),
            place: Some("us-ca/kern-county".to_owned()),
        };
        Self { demo: true, second_factor: false, agency, ..Self::default() }
    }

    /// Reads a configuration file.
    ///
    /// # Errors
    /// What is wrong with it, with file, line and remedy.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            ConfigError(format!(
                "{} cannot be read: {error}; `comity serve --print-config > {}` writes one to begin with",
                path.display(),
                path.display()
            ))
        })?;
        Self::parse(&text).map_err(|error| ConfigError(format!("{}: {error}", path.display())))
    }

    /// Reads a configuration from its text.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let config: Self = toml::from_str(text).map_err(|error| ConfigError(error.to_string().trim_end().to_owned()))?;
        config.check()?;
        Ok(config)
    }

    /// Checks what no type can say.
    ///
    /// # Errors
    /// What is wrong.
    pub fn check(&self) -> Result<(), ConfigError> {
        let wrong = |text: String| Err(ConfigError(text));
        if self.listen.parse::<std::net::SocketAddr>().is_err() {
            return wrong(format!("listen = \"{}\" is no address; write it as 127.0.0.1:8080", self.listen));
        }
        if !self.public_url.starts_with("http://") && !self.public_url.starts_with("https://") {
            return wrong(format!("public_url = \"{}\" is no address; write it as https://desk.example.gov", self.public_url));
        }
        if !(1..=30).contains(&self.session.idle_minutes) {
            return wrong(format!("session.idle_minutes = {} is not from 1 to 30", self.session.idle_minutes));
        }
        if !(1..=12).contains(&self.session.absolute_hours) {
            return wrong(format!("session.absolute_hours = {} is not from 1 to 12", self.session.absolute_hours));
        }
        if !(1..=5).contains(&self.lockout.attempts) {
            return wrong(format!("lockout.attempts = {} is not from 1 to 5", self.lockout.attempts));
        }
        if self.lockout.window_minutes < 15 {
            return wrong(format!("lockout.window_minutes = {} is less than 15", self.lockout.window_minutes));
        }
        if self.notice.text.iter().all(|line| line.trim().is_empty()) {
            return wrong("notice.text is empty; say what people must know before they log in".to_owned());
        }
        if let Some(openid) = &self.openid {
            openid.check()?;
        }
        if self.agency.kind.is_some() != self.agency.place.is_some() {
            return wrong("agency.kind and agency.place go together; state both, or neither for an agency that is in the list".to_owned());
        }
        Ok(())
    }

    /// Whether browsers reach the desk over TLS.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// The address of the database in the ledger's words.
    #[must_use]
    pub fn database_url(&self) -> String {
        self.database.clone().unwrap_or_else(|| format!("sqlite:{}", self.data.join("comity.db").display()))
    }
}
