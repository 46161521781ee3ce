//! The link to one external CRM: what everyone needs who delivers, looks or asks.

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

/// How deliveries go on when they fail.
#[derive(Clone, Debug)]
pub struct CrmSettings {
    pub server: CrmServer,
    pub backoff: Backoff,
    pub circuit: CircuitPolicy,
    /// Failed attempts after which a delivery is given up until a person asks for it.
    pub max_attempts: u32,
    /// Deliveries under way at once, each for another account.
    pub concurrency: usize,
    /// For how long a registration may be on its way before its absence there counts as drift.
    pub grace: SignedDuration,
}

impl CrmSettings {
    /// The usual ones: 15 attempts, five minutes of grace.
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

/// The link to the external CRM: deliveries, and what admins do about them.
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

/// Why the request of an admin could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum CrmIntegrationError {
    /// There is no such delivery.
    #[error("there is no such delivery")]
    NotFound,
    /// The external CRM did not answer as agreed; `cause` as in the attempt log.
    #[error("the external CRM can not be read: {cause}")]
    CrmUnavailable { cause: &'static str, status: Option<u16> },
    #[error("the database is not available")]
    Database(#[from] sqlx::Error),
    #[error("the log can not be read")]
    Log(#[from] LogError),
    #[error("the command was not committed")]
    Dispatch(#[from] DispatchError),
}

impl CrmIntegration {
    /// Sets up the client; makes no call yet. `rng` draws the jitter.
    ///
    /// # Errors
    /// The address is not an http(s) URL.
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

    /// A pause after attempt number `attempt`.
    pub(crate) fn jitter(&self, attempt: u32) -> SignedDuration {
        let mut rng = self.rng.lock().expect("no holder of this lock panics");
        self.settings.backoff.delay(attempt, &mut *rng)
    }
}

impl From<CallError> for CrmIntegrationError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Held { .. } => Self::CrmUnavailable { cause: "circuit_open", status: None },
            CallError::Failed(failure) => Self::CrmUnavailable {
                cause: crate::call_log::cause_name(failure.cause),
                status: failure.status,
            },
            CallError::Database(error) => Self::Database(error),
        }
    }
}
