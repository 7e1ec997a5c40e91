//! What every request shares: the law, the configuration, the agency, the record, the counters.

use crate::config::{Config, ConfigError};
use crate::http::limits::Limits;
use crate::http::metrics::Metrics;
use crate::openid::provider::Provider;
use crate::people::own::Pending;
use crate::record::Record;
use comity_engine::{AgencyRef, find_agency};
use comity_law::{Diagnostic, Law};
use comity_ledger::{Clock, SystemClock};
use comity_logic::Date;
use comity_places::Place;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use std::sync::Arc;

/// A desk that is ready to serve.
pub struct Desk {
    /// The law.
    pub law: Arc<Law>,
    /// How it is run.
    pub config: Config,
    /// Whose desk it is.
    pub agency: AgencyRef,
    /// The time zone of the agency.
    pub zone: TimeZone,
    pub(crate) record: Record,
    pub(crate) metrics: Metrics,
    pub(crate) limits: Limits,
    pub(crate) pending: Pending,
    /// With whom people sign in beside local accounts.
    pub(crate) provider: Option<Arc<Provider>>,
    pub(crate) map: crate::law::map::Shapes,
    /// The key under which words are hashed that requests are found by.
    pub(crate) search_key: Vec<u8>,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("agency", &self.agency).field("law", &self.law.digest).finish_non_exhaustive()
    }
}

impl Desk {
    /// Reads the law, finds the agency, opens the record; both database and keys are made where there are none.
    ///
    /// # Errors
    /// If the law has mistakes, the agency of the configuration is not exactly one, or the record cannot be opened.
    pub async fn open(config: Config) -> Result<Self, ConfigError> {
        Self::open_at(config, Arc::new(SystemClock::default())).await
    }

    /// The same with another source of time.
    ///
    /// # Errors
    /// As [`Desk::open`].
    pub async fn open_at(config: Config, clock: Arc<dyn Clock>) -> Result<Self, ConfigError> {
        let read = match &config.law {
            Some(folder) => Law::open(folder),
            None => Law::builtin(),
        };
        let law = read.map_err(|found| law_error(&found))?;
        let agency = agency_of(&config)?;
        let zone = Place::find(&agency.place).and_then(|p| TimeZone::get(p.time_zone).ok()).unwrap_or(TimeZone::UTC);
        let map = crate::law::map::Shapes::read().map_err(ConfigError)?;
        let record = Record::open(&config, clock.clone()).await?;
        let search_key = crate::request::search::key(&config)?;
        let provider = config.openid.clone().map(|settings| Arc::new(Provider::new(settings, &config.public_url)));
        Ok(Self {
            provider,
            law: Arc::new(law),
            config,
            agency,
            zone,
            record,
            metrics: Metrics::default(),
            limits: Limits::default(),
            pending: Pending::default(),
            map,
            search_key,
            clock,
        })
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.clock.wall()
    }

    /// The moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.now_ms()).unwrap_or_default()
    }

    /// The day at the agency's place.
    #[must_use]
    pub fn today(&self) -> Date {
        self.now().to_zoned(self.zone.clone()).date()
    }

    /// A moment in milliseconds since 1970 as clocks at the agency's place show it: `2018-03-01 22:15 PST`.
    pub(crate) fn shown(&self, ms: i64) -> String {
        clock_face(&Timestamp::from_millisecond(ms).unwrap_or_default().to_zoned(self.zone.clone()))
    }

    /// A moment that was written down, with an offset or in local time, as clocks at the agency's place show it. A day stays a day.
    pub(crate) fn shown_text(&self, text: &str) -> String {
        if let Ok(moment) = text.parse::<Timestamp>() {
            return clock_face(&moment.to_zoned(self.zone.clone()));
        }
        let local = text.parse::<DateTime>().ok().filter(|_| text.len() > 10).and_then(|t| t.to_zoned(self.zone.clone()).ok());
        local.map_or_else(|| text.replace('T', " "), |t| clock_face(&t))
    }

    /// What the time zone of the agency is called at the moment: `PST`.
    pub(crate) fn zone_name(&self) -> String {
        self.now().to_zoned(self.zone.clone()).strftime("%Z").to_string()
    }

    /// Signs the head of the record, and closes it.
    pub async fn close(&self) {
        if let Err(error) = self.record.ledger.clone().close().await {
            tracing::error!(%error, "the record was not closed in order");
        }
    }
}

fn clock_face(moment: &Zoned) -> String {
    moment.strftime("%Y-%m-%d %H:%M %Z").to_string()
}

/// The agency of a configuration.
pub(crate) fn agency_of(config: &Config) -> Result<AgencyRef, ConfigError> {
    match (&config.agency.kind, &config.agency.place) {
        (Some(kind), Some(place)) => {
            Ok(AgencyRef { name: config.agency.name.clone(), kind: kind.clone(), place: place.clone(), ori: None })
        }
        _ => find_agency(&config.agency.name).map_err(|error| ConfigError(format!("agency.name: {error}"))),
    }
}

fn law_error(found: &[Diagnostic]) -> ConfigError {
    let lines: Vec<String> = found.iter().take(5).map(ToString::to_string).collect();
    let more = if found.len() > 5 { format!("\n… and {} more; `comity law check` lists all", found.len() - 5) } else { String::new() };
    ConfigError(format!("the law has mistakes:\n{}{more}", lines.join("\n")))
}
