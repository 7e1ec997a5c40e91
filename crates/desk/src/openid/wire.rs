//! The calls to the provider: verified TLS, no detours, no waiting for ever, no endless answers.

use openidconnect::{HttpRequest, HttpResponse};
use std::sync::Arc;
use std::time::Duration;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// How long the provider may take for one answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest answer that is read, in bytes.
const LONGEST: u64 = 1024 * 1024;

/// Why there is no answer.
#[derive(Debug)]
pub(crate) struct NoAnswer(String);

impl std::fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NoAnswer {}

/// What calls. It trusts the authorities that the machine trusts.
pub(crate) fn agent() -> Agent {
    let known = rustls_native_certs::load_native_certs().certs;
    let roots: Vec<Certificate<'static>> = known.iter().map(|c| Certificate::from_der(c).to_owned()).collect();
    let tls = TlsConfig::builder()
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .root_certs(RootCerts::new_with_certs(&roots))
        .build();
    // A redirect could lead into the agency's own network.
    let config = Agent::config_builder().tls_config(tls).max_redirects(0).http_status_as_error(false).timeout_global(Some(PATIENCE));
    config.build().new_agent()
}

/// Asks; blocks until there is an answer.
pub(crate) fn ask(agent: &Agent, request: HttpRequest) -> Result<HttpResponse, NoAnswer> {
    let trouble = |error: ureq::Error| NoAnswer(error.to_string());
    let mut response = agent.run(request).map_err(trouble)?;
    let body = response.body_mut().with_config().limit(LONGEST).read_to_vec().map_err(trouble)?;
    let (parts, _) = response.into_parts();
    Ok(HttpResponse::from_parts(parts, body))
}
