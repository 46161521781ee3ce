//! The link to one external CRM: its settings, its errors, and the shared parts of all operations.

use std::sync::{Arc, Mutex};

use domain::{Clock, Dispatch, DispatchError, EventLog, Ids, LogError};
use jiff::SignedDuration;
use rand::rngs::StdRng;
use sqlx::PgPool;

use crate::backoff::Backoff;
use crate::breaker::Breaker;
use crate::circuit::CircuitPolicy;
use crate::client::{CallError, CrmClient, CrmServer, CrmServerError};
use crate::expected::EventReader;

/// Settings of the deliveries to the external CRM.
#[derive(Clone, Debug)]
pub struct CrmSettings {
    pub server: CrmServer,
    pub backoff: Backoff,
    pub circuit: CircuitPolicy,
    /// Number of failed attempts after which a delivery is abandoned until an admin retries it.
    pub max_attempts: u32,
    /// Maximum number of deliveries at once, each for another account.
    pub concurrency: usize,
    /// Time that a change has to reach the CRM before its absence counts as drift.
    pub grace: SignedDuration,
}

impl CrmSettings {
    /// Returns the default settings: 15 attempts, five minutes of grace.
    pub fn new(server: CrmServer) -> Self {
        Self {
            server,
            backoff: Backoff::default(),
            circuit: CircuitPolicy::default(),
            max_attempts: 15,
            concurrency: 8,
            grace: SignedDuration::from_mins(5),
        }
    }
}

/// The link to the external CRM: deliveries, and the operations of admins.
pub struct CrmIntegration {
    pub(crate) client: CrmClient,
    pub(crate) event_reader: EventReader,
    pub(crate) dispatch: Arc<dyn Dispatch>,
    pub(crate) pool: PgPool,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) settings: CrmSettings,
    rng: Mutex<StdRng>,
}

/// Reason why an operation of an admin failed.
#[derive(Debug, thiserror::Error)]
pub enum CrmIntegrationError {
    #[error("there is no such delivery")]
    NotFound,
    /// The external CRM gave no valid response; `cause` as in the call log.
    #[error("the external CRM cannot be read: {cause}")]
    CrmUnavailable { cause: &'static str, status: Option<u16> },
    #[error("the database is not available")]
    Database(#[from] sqlx::Error),
    #[error("cannot read the log")]
    Log(#[from] LogError),
    #[error("the command was not committed")]
    Dispatch(#[from] DispatchError),
}

impl CrmIntegration {
    /// Creates the client, and makes no call. `rng` draws the jitter.
    ///
    /// # Errors
    /// [`CrmServerError::Address`] if the address is not an http(s) URL. [`CrmServerError::Client`] if the
    /// HTTP client cannot be created.
    pub fn new(
        settings: CrmSettings,
        pool: PgPool,
        log: Arc<dyn EventLog>,
        dispatch: Arc<dyn Dispatch>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        rng: StdRng,
    ) -> Result<Arc<Self>, CrmServerError> {
        let breaker = Breaker::new(pool.clone(), clock.clone(), settings.circuit);
        let client = CrmClient::new(settings.server.clone(), breaker, pool.clone(), clock.clone())?;
        let event_reader = EventReader { log };
        let rng = Mutex::new(rng);
        Ok(Arc::new(Self { client, event_reader, dispatch, pool, clock, ids, settings, rng }))
    }

    /// Draws the delay after attempt number `attempt` (from 1).
    pub(crate) fn jitter(&self, attempt: u32) -> SignedDuration {
        let mut rng = self.rng.lock().expect("no holder of this lock panics");
        self.settings.backoff.delay(attempt, &mut *rng)
    }
}

impl From<CallError> for CrmIntegrationError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Held { .. } => Self::CrmUnavailable { cause: "circuit_open", status: None },
            CallError::Failed(failure) => {
                Self::CrmUnavailable { cause: failure.name(), status: failure.status }
            }
            CallError::Database(error) => Self::Database(error),
        }
    }
}
