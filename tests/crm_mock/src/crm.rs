//! State of one CRM: its records, its log, its faults, its clock and its random numbers.

use std::sync::{Arc, Mutex, MutexGuard};

use axum::http::Method;
use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{RngCore, SeedableRng};
use uuid::Uuid;

use crate::faults::{FaultPlan, Faults};
use crate::parts::{self, Part};
use crate::record_log::RecordLog;
use crate::record_store::RecordStore;
use crate::tickets::Ticket;
use crate::users::Users;

/// Start settings of a CRM.
#[derive(Clone)]
pub struct Settings {
    /// The API key that callers must present as `Authorization: Bearer <key>`.
    pub key: String,
    /// The seed of ids and random numbers; the same seed and the same calls meet the same faults.
    pub seed: u64,
    /// The clock; days and months are in UTC.
    pub now: fn() -> Timestamp,
    /// The parts of the contract that are served; empty for the whole contract.
    pub only: Vec<Part>,
}

impl Settings {
    /// Uses the system's clock and a seed of the operating system.
    pub fn with_key(key: impl Into<String>) -> Self {
        #[expect(clippy::disallowed_methods, reason = "a test tool has no clock of the product")]
        let now = Timestamp::now;
        Self { key: key.into(), seed: StdRng::from_os_rng().next_u64(), now, only: Vec::new() }
    }
}

/// One CRM, shared by its handlers.
#[derive(Clone)]
pub(crate) struct Crm {
    settings: Arc<Settings>,
    inside: Arc<Mutex<CrmState>>,
}

/// All changing state behind one lock: a check and the write that it guards are atomic.
pub(crate) struct CrmState {
    pub users: Users,
    pub tickets: RecordStore<Ticket>,
    pub log: RecordLog,
    pub faults: Faults,
    /// The parts of the contract that are served; empty for the whole contract.
    pub only: Vec<Part>,
    rng: StdRng,
}

impl Crm {
    pub fn new(settings: Settings) -> Self {
        let inside = Arc::new(Mutex::new(CrmState::new(&settings)));
        Self { settings: Arc::new(settings), inside }
    }

    /// Locks the state; never held across an await. A handler that panicked leaves whole records, so the lock
    /// stays usable.
    pub fn lock(&self) -> MutexGuard<'_, CrmState> {
        self.inside.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    pub fn now(&self) -> Timestamp {
        (self.settings.now)()
    }

    pub fn is_key(&self, key: &str) -> bool {
        self.settings.key == key
    }

    /// Returns whether this CRM serves the call; `path` is the whole path.
    pub fn serves(&self, method: &Method, path: &str) -> bool {
        let below_api = path.strip_prefix("/api").unwrap_or(path);
        let only = &self.lock().only;
        only.is_empty() || parts::is_served(only, method, below_api)
    }

    /// Restores the initial state: no records, no log, no faults, the parts of the settings, and random numbers from the seed again.
    pub fn reset(&self) {
        *self.lock() = CrmState::new(&self.settings);
    }
}

impl CrmState {
    fn new(settings: &Settings) -> Self {
        Self {
            users: Users::default(),
            tickets: RecordStore::default(),
            log: RecordLog::default(),
            faults: Faults::default(),
            only: settings.only.clone(),
            rng: StdRng::seed_from_u64(settings.seed),
        }
    }

    /// A time-ordered id (UUIDv7, RFC 9562).
    pub fn next_id(&mut self, now: Timestamp) -> Uuid {
        let mut bytes = [0; 10];
        self.rng.fill_bytes(&mut bytes);
        let since_epoch_ms = u64::try_from(now.as_millisecond()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(since_epoch_ms, &bytes).into_uuid()
    }

    /// Draws the fate of the next call.
    pub fn draw_faults(&mut self) -> FaultPlan {
        self.faults.draw(&mut self.rng)
    }
}
