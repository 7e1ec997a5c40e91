//! The log of the server: one JSON object a line on standard error, without personal data.

use crate::config::ConfigError;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Starts the log; `filter` is a level, or levels of targets: `info,comity_desk=debug`.
///
/// # Errors
/// If the filter does not read, or a log was started before.
pub fn start_log(filter: &str) -> Result<(), ConfigError> {
    let levels: Targets = filter.parse().map_err(|error| ConfigError(format!("log = \"{filter}\" does not read: {error}")))?;
    let lines = tracing_subscriber::fmt::layer().json().with_writer(std::io::stderr).with_filter(levels);
    tracing_subscriber::registry().with(lines).try_init().map_err(|error| ConfigError(format!("the log cannot be started: {error}")))
}
