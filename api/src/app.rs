//! State that every handler gets.

use std::sync::{Arc, OnceLock};

use commands::{Bus, LoadedAggregate};
use crm_sync::CrmIntegration;
use demo::DemoPerson;
use domain::accounts::Account;
use domain::{AccountId, Clock, DispatchError, Ids};
use metrics_exporter_prometheus::PrometheusHandle;
use projection_runtime::ProjectionRuntime;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::auth::registration::RegistrationService;
use crate::auth::{DerivedKeys, Passwords};
use crate::http::limits::RateLimits;
use crate::http::settings::HttpSettings;
use crate::live::LiveSockets;
use crate::ports::Freshness;
use crate::ports::ReadinessCheck;
use crate::video::{VideoNodes, VideoTokens};

/// The state of the application that routes use.
pub struct App {
    pub pool: PgPool,
    /// Dispatches commands, loads aggregates, and reads the log.
    pub bus: Arc<Bus>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub keys: DerivedKeys,
    pub passwords: Passwords,
    pub limits: RateLimits,
    /// Progress of the read models.
    pub freshness: Arc<dyn Freshness>,
    /// Status and control of the read models, process managers and the relay.
    pub projections: Arc<ProjectionRuntime>,
    /// Live sockets of this OS process.
    pub live: Arc<LiveSockets>,
    /// The link to the external CRM; `None` if no key is configured.
    pub crm: Option<Arc<CrmIntegration>>,
    /// Nodes of the video service; none if it is switched off.
    pub video: Arc<VideoNodes>,
    /// Issuer of tokens for lesson rooms; `None` if the video service is switched off.
    pub video_tokens: Option<VideoTokens>,
    /// Checks that decide the readiness of this OS process, besides Postgres.
    pub checks: Vec<Arc<dyn ReadinessCheck>>,
    pub metrics: PrometheusHandle,
    /// Cancelled when this OS process begins to stop.
    pub stopping: CancellationToken,
    pub settings: HttpSettings,
    /// One person of each role, set by `kafedra up --demo`.
    pub demo_people: OnceLock<Vec<DemoPerson>>,
}

/// The shared application, as handlers extract it: `State<AppState>`.
pub type AppState = Arc<App>;

impl App {
    /// Loads an account from its stream. It is current, unlike a row of a read model.
    ///
    /// # Errors
    /// [`DispatchError::Unavailable`] if the log is unavailable.
    pub async fn account(&self, id: AccountId) -> Result<LoadedAggregate<Account>, DispatchError> {
        self.bus.load::<Account>(id).await
    }
    /// Returns the service that registers people.
    pub fn registration(&self) -> RegistrationService<'_> {
        RegistrationService { pool: &self.pool, bus: &self.bus, keys: &self.keys, ids: &*self.ids }
    }
}
