//! The provider in the configuration file.

use crate::config::ConfigError;
use crate::http::Role;
use serde::{Deserialize, Deserializer};
use std::path::PathBuf;

/// A provider with which people sign in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenId {
    /// What people call it: "County sign-in".
    pub name: String,
    /// Its address, exactly as its ID tokens name it.
    pub issuer: String,
    /// The name under which the provider knows this desk.
    pub client_id: String,
    /// The file with the secret that goes with it.
    pub secret_file: PathBuf,
    /// The scopes that are asked for beside `openid`.
    #[serde(default = "scopes")]
    pub scopes: Vec<String>,
    /// The claim of the ID token that says what somebody may be: a text or a list of texts.
    pub claim: String,
    /// Which value gives which role; the first that fits counts, and nobody gets in without one.
    pub roles: Vec<RoleOf>,
    /// Values of `acr` that stand for two factors, where the provider does not say so in `amr`.
    #[serde(default)]
    pub acr: Vec<String>,
}

/// A value of the claim, and the role that it gives.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleOf {
    /// The value.
    pub value: String,
    /// The role.
    #[serde(deserialize_with = "role")]
    pub role: Role,
}

fn scopes() -> Vec<String> {
    vec!["profile".to_owned()]
}

fn role<'d, D: Deserializer<'d>>(from: D) -> Result<Role, D::Error> {
    let word = String::deserialize(from)?;
    let known = || Role::ALL.map(Role::as_str).join(", ");
    Role::of(&word).ok_or_else(|| serde::de::Error::custom(format!("“{word}” is no role; the roles are {}", known())))
}

/// Whether an address is safe to send secrets to: TLS, or this machine.
pub(crate) fn safe(address: &str) -> bool {
    let local = |host: &str| ["127.0.0.1", "localhost", "[::1]"].iter().any(|l| host == *l || host.starts_with(&format!("{l}:")));
    match address.split_once("://") {
        Some(("https", rest)) => !rest.is_empty(),
        Some(("http", rest)) => local(rest.split('/').next().unwrap_or_default()),
        _ => false,
    }
}

impl OpenId {
    /// Checks what no type can say.
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        let wrong = |text: String| Err(ConfigError(text));
        if !safe(&self.issuer) {
            return wrong(format!("openid.issuer = \"{}\" is no address with https; write it as https://login.example.gov", self.issuer));
        }
        for (name, value) in [("name", &self.name), ("client_id", &self.client_id), ("claim", &self.claim)] {
            if value.trim().is_empty() {
                return wrong(format!("openid.{name} is empty; leave [openid] out where there is no provider"));
            }
        }
        if self.roles.is_empty() || self.roles.iter().any(|r| r.value.trim().is_empty()) {
            return wrong("openid.roles gives no role to anyone; add `{ value = \"…\", role = \"clerk\" }`".to_owned());
        }
        Ok(())
    }

    /// The secret. Read anew each time, so that it can be changed while the desk runs.
    pub(crate) fn secret(&self) -> Result<String, String> {
        let path = self.secret_file.display();
        let remedy = "write the client secret there, readable by this desk only";
        let text = std::fs::read_to_string(&self.secret_file).map_err(|e| format!("{path} cannot be read: {e}; {remedy}"))?;
        let secret = text.trim();
        if secret.is_empty() { Err(format!("{path} is empty; {remedy}")) } else { Ok(secret.to_owned()) }
    }

    /// The role that the values of the claim give.
    pub(crate) fn role(&self, values: &[String]) -> Option<Role> {
        self.roles.iter().find(|r| values.contains(&r.value)).map(|r| r.role)
    }
}
