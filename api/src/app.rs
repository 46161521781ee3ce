//! What every handler is given.

use std::sync::Arc;

use commands::{Bus, LoadedAggregate};
use crm_sync::CrmIntegration;
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

/// The application as its routes see it.
pub struct App {
    pub pool: PgPool,
    /// Commands, accounts as the log has them now, and the log itself to read.
    pub bus: Arc<Bus>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub keys: DerivedKeys,
    pub passwords: Passwords,
    pub limits: RateLimits,
    /// How far the read models have come.
    pub freshness: Arc<dyn Freshness>,
    /// Everything that listens to the log, here or elsewhere, to be asked and told.
    pub projections: Arc<ProjectionRuntime>,
    /// Live sockets of this process.
    pub live: Arc<LiveSockets>,
    /// The link to the external CRM; absent while no key to it is set.
    pub crm: Option<Arc<CrmIntegration>>,
    /// What has to be well for this process to be ready, beside Postgres.
    pub checks: Vec<Arc<dyn ReadinessCheck>>,
    pub metrics: PrometheusHandle,
    /// Cancelled when the process begins to stop.
    pub stopping: CancellationToken,
    pub settings: HttpSettings,
}

/// As handlers hold it: `State<AppState>`.
pub type AppState = Arc<App>;

impl App {
    /// An account folded from its stream: as it is now, not as a read model has it.
    ///
    /// # Errors
    /// The log is not available.
    pub async fn account(&self, id: AccountId) -> Result<LoadedAggregate<Account>, DispatchError> {
        self.bus.load::<Account>(id).await
    }
    /// The way in for new people.
    pub fn registration(&self) -> RegistrationService<'_> {
        RegistrationService { pool: &self.pool, bus: &self.bus, keys: &self.keys, ids: &*self.ids }
    }
}
