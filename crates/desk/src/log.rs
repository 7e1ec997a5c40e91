//! The log of the server: one JSON object a line on standard error, without personal data.

use crate::config::ConfigError;
use tracing_subscriber::EnvFilter;

/// Starts the log; `filter` in the words of `RUST_LOG`.
///
/// # Errors
/// If the filter does not read, or a log was started before.
pub fn start_log(filter: &str) -> Result<(), ConfigError> {
    let filter = EnvFilter::try_new(filter).map_err(|error| ConfigError(format!("log = \"{filter}\" does not read: {error}")))?;
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init()
        .map_err(|error| ConfigError(format!("the log cannot be started: {error}")))
}
