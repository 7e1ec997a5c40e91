//! The desk over HTTP: pages and API for clerks, supervisors, counsel and auditors, and the law itself for everyone.
//!
//! The walk is [`Config`] → [`Desk`] → [`router`] → [`serve`]. Every route stands in one table with the roles that may use it; what is not in
//! the table is not served. Pages need no script in the browser. Nothing here decides: determinations come from `comity_engine`, and what is
//! recorded goes to `comity_ledger`.

mod api;
mod assets;
mod audit;
mod config;
mod demo;
mod desk;
mod doctor;
mod http;
mod law;
mod log;
mod openid;
mod page;
mod people;
mod record;
mod request;
mod review;
mod serve;

pub use audit::rows::differences;
pub use config::{Agency, Config, ConfigError, Lockout, Notice, SAMPLE_CONFIG, Session};
pub use demo::{FirstAccount, first_accounts};
pub use desk::Desk;
pub use doctor::{Finding, Health, examine};
pub use http::{Access, MAX_BODY, Role, RouteInfo, router, routes};
pub use log::start_log;
pub use openid::settings::{OpenId, RoleOf};
pub use review::watch::look_at_law;
pub use serve::{ServeError, listen, release, serve};
