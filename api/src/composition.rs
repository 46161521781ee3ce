//! The services of one OS process: started together and stopped together.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use commands::{Bus, LogSettings, MasterKey};
use crm_sync::{Backoff, CrmIntegration, CrmServer, CrmSettings};
use domain::{Clock, Dispatch, EventLog, Ids, Position, RandomIds, SystemClock};
use metrics_exporter_prometheus::PrometheusHandle;
use projection_runtime::{
    Components, ProjectionRuntime, ReadModel, Roles, RuntimeSettings, StartError, StreamSettings,
    TaskHandler, connect, revised,
};
use projections::notifications::{NotificationSettings, notification_handlers};
use projections::scheduling::RequestWaves;
use projections::video::ReportConsumer;
use projections::{HandlerContext, process_managers, task_handlers};
use rand::SeedableRng;
use rand::rngs::StdRng;
use secrecy::SecretString;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::{App, AppState};
use crate::auth::{DerivedKeys, Passwords};
use crate::config::Config;
use crate::http::limits::RateLimits;
use crate::http::settings::HttpSettings;
use crate::live::{LiveDeps, LiveSettings, LiveSockets};
use crate::mail_settings::notification_settings;
use crate::ports::Freshness;
use crate::roles::ProcessRole;
use crate::startup::{StartupError, connect_options, load_master_key, require_migrated};
use crate::video::{VideoNodes, VideoTokens};
use commands::database_pool::{connect_pool, pool_options};

/// The services of one OS process: database, log, read models, process managers.
pub struct Services {
    pub pool: PgPool,
    pub bus: Arc<Bus>,
    pub projections: Arc<ProjectionRuntime>,
    /// `None` if no key of the external CRM is configured.
    pub crm: Option<Arc<CrmIntegration>>,
    master: MasterKey,
    video: Arc<VideoNodes>,
    /// Tasks of the video service: its nodes as seen from here, and the consumer of its reports.
    video_tasks: TaskTracker,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    /// Cancelled when this OS process begins to stop.
    pub stopping: CancellationToken,
    projections_stopping: CancellationToken,
}

/// Addresses of the servers.
pub struct Addresses<'a> {
    pub database_url: &'a str,
    pub nats_url: &'a str,
}

impl Services {
    /// Connects, and starts these process roles. Without a role it only reads and dispatches commands.
    ///
    /// # Errors
    /// [`StartupError`] if a server is unavailable, a key is missing, or the database is not migrated.
    pub async fn open(
        config: &Config,
        addresses: Addresses<'_>,
        roles: &[ProcessRole],
        stopping: CancellationToken,
    ) -> Result<Self, StartupError> {
        // Queries of lists name their tables without a schema, so that a snapshot as of an instant can replace them.
        let database = connect_options(addresses.database_url)?.options([("search_path", "app,crm,public")]);
        let timeout = Duration::from_millis(config.postgres.acquire_timeout_ms);
        let pool = connect_pool(pool_options(config.postgres.max_connections, timeout), database.clone())
            .await
            .map_err(StartupError::Database)?;
        require_migrated(&pool).await?;
        let master = load_master_key(config, &pool).await?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let bus = Bus::start(database, &master, clock.clone(), log_settings(config)).await?;
        // Subscriptions stop after the listener is closed and before the log is closed.
        let projections_stopping = CancellationToken::new();
        let crm = crm_integration(config, &pool, &bus, &clock)?;
        let projections = ProjectionRuntime::start(
            components(
                &pool,
                &bus,
                &clock,
                crm.as_ref(),
                &notification_settings(config, &master, &pool)?,
                read_models(config),
                request_waves(config),
            ),
            runtime_settings(config, addresses.nats_url),
            runtime_roles(roles),
            projections_stopping.clone(),
        )
        .await?;
        let ids: Arc<dyn Ids> = Arc::new(RandomIds);
        let (video_tasks, stopping_video) = (TaskTracker::new(), projections_stopping.clone());
        let mut video = Arc::new(VideoNodes::default());
        if config.video.enabled && roles.contains(&ProcessRole::Api) {
            let settings = config.video_nats(addresses.nats_url);
            video = VideoNodes::start(settings, ids.next(), &video_tasks, &stopping_video);
        }
        if config.video.enabled && roles.contains(&ProcessRole::Processes) {
            let consumer = ReportConsumer {
                context: handler_context(&bus, &clock),
                nats: connect(&stream_settings(config, addresses.nats_url))
                    .await
                    .map_err(StartError::from)?,
                prefix: config.nats.stream.clone(),
            };
            video_tasks.spawn(consumer.run(stopping_video));
        }
        Ok(Self {
            pool,
            bus,
            projections,
            crm,
            master,
            clock,
            video,
            video_tasks,
            ids,
            stopping,
            projections_stopping,
        })
    }

    /// Returns the state of the HTTP layer.
    ///
    /// # Errors
    /// [`StartupError::RuntimeSettings`] if a setting of the HTTP layer is invalid. [`StartupError::VideoKey`]
    /// if the key of video tokens cannot be read.
    pub fn app(&self, config: &Config, metrics: PrometheusHandle) -> Result<AppState, StartupError> {
        let settings = HttpSettings::from_config(config)?;
        let video_tokens = match config.video.enabled {
            true => Some(VideoTokens {
                key: config.video_token_key()?,
                turn: config.turn(),
                auto_admit: config.video.auto_admit,
            }),
            false => None,
        };
        Ok(Arc::new(App {
            pool: self.pool.clone(),
            bus: self.bus.clone(),
            clock: self.clock.clone(),
            ids: self.ids.clone(),
            keys: DerivedKeys::derived_from(&self.master),
            passwords: Passwords::new()?,
            limits: RateLimits::from_settings(&settings.limits),
            freshness: Arc::new(ProjectionFreshness(self.projections.clone())),
            projections: self.projections.clone(),
            live: self.live(config),
            crm: self.crm.clone(),
            video: self.video.clone(),
            video_tokens,
            checks: Vec::new(),
            metrics,
            stopping: self.stopping.clone(),
            settings,
            demo_people: OnceLock::new(),
        }))
    }

    fn live(&self, config: &Config) -> Arc<LiveSockets> {
        LiveSockets::new(LiveDeps {
            pool: self.pool.clone(),
            bus: self.bus.clone(),
            projections: self.projections.clone(),
            clock: self.clock.clone(),
            settings: LiveSettings::from(&config.live),
            subject_prefix: config.nats.stream.clone(),
            process: self.ids.next(),
            stopping: self.stopping.clone(),
        })
    }

    /// Stops in order: subscriptions, appends in flight, connections.
    pub async fn close(self) {
        self.projections_stopping.cancel();
        self.projections.wait_until_ended().await;
        self.video_tasks.close();
        self.video_tasks.wait().await;
        self.bus.shutdown().await;
        self.pool.close().await;
    }
}

/// Progress of the read models, for the HTTP layer.
struct ProjectionFreshness(Arc<ProjectionRuntime>);

#[async_trait]
impl Freshness for ProjectionFreshness {
    async fn wait_for(&self, model: &str, position: Position, within: Duration) -> bool {
        self.0.wait_for(model, position, within).await.is_ok()
    }
}

fn log_settings(config: &Config) -> LogSettings {
    LogSettings {
        max_connections: (config.postgres.max_connections / 2).max(2),
        notify_min_interval: Duration::from_millis(config.relay.notify_min_interval_ms),
        ..LogSettings::default()
    }
}

/// Returns the ports of handlers that issue commands.
fn handler_context(bus: &Arc<Bus>, clock: &Arc<dyn Clock>) -> HandlerContext {
    HandlerContext { log: Arc::new(bus.log().clone()), dispatch: bus.clone(), clock: clock.clone() }
}

/// Returns all read models, process managers and task handlers with their dependencies.
fn components(
    pool: &PgPool,
    bus: &Arc<Bus>,
    clock: &Arc<dyn Clock>,
    crm: Option<&Arc<CrmIntegration>>,
    notifications: &NotificationSettings,
    read_models: Vec<Arc<dyn ReadModel>>,
    waves: RequestWaves,
) -> Components {
    let context = handler_context(bus, clock);
    let mut task_handlers = task_handlers(&context, pool, waves);
    task_handlers.extend(notification_handlers(&context, pool, notifications));
    // Without a CRM its deliveries stay pending until one is configured.
    task_handlers.extend(crm.map(|crm| Arc::new(crm.handler()) as Arc<dyn TaskHandler>));
    Components {
        pool: pool.clone(),
        log: context.log,
        committed: bus.committed(),
        clock: clock.clone(),
        read_models,
        process_managers: process_managers(),
        task_handlers,
    }
}

/// Returns the link to the external CRM, or `None` if no key is configured.
///
/// # Errors
/// [`StartupError::Crm`] if the address is invalid.
pub(crate) fn crm_integration(
    config: &Config,
    pool: &PgPool,
    bus: &Arc<Bus>,
    clock: &Arc<dyn Clock>,
) -> Result<Option<Arc<CrmIntegration>>, StartupError> {
    let Some(key) = config.crm.key.clone() else { return Ok(None) };
    let mut settings = CrmSettings::new(CrmServer {
        timeout_ms: config.crm.timeout_ms,
        ..CrmServer::new(&config.crm.url, key)
    });
    settings.backoff = Backoff { first_ms: config.crm.backoff_base_ms, cap_ms: config.crm.backoff_cap_ms };
    settings.max_attempts = config.crm.max_attempts;
    settings.grace = jiff::SignedDuration::from_millis(config.crm.grace_ms.try_into().unwrap_or(i64::MAX));
    settings.concurrency = config.crm.concurrency;
    settings.circuit.threshold = config.crm.circuit.open_after_failures;
    settings.circuit.open_ms = config.crm.circuit.open_ms;
    let log: Arc<dyn EventLog> = Arc::new(bus.log().clone());
    let chance = StdRng::from_os_rng();
    let ids: Arc<dyn Ids> = Arc::new(RandomIds);
    let dispatch: Arc<dyn Dispatch> = bus.clone();
    Ok(Some(CrmIntegration::new(settings, pool.clone(), log, dispatch, clock.clone(), ids, chance)?))
}

/// Returns the read models under the versions of this installation.
pub(crate) fn read_models(config: &Config) -> Vec<Arc<dyn ReadModel>> {
    revised(projections::read_models(), config.read_models.revision)
}

fn request_waves(config: &Config) -> RequestWaves {
    let settings = &config.lesson_requests;
    RequestWaves {
        size: settings.wave_size,
        newcomer_percent: settings.newcomer_percent,
        interval: jiff::SignedDuration::from_millis(settings.wave_interval_ms.try_into().unwrap_or(i64::MAX)),
    }
}

fn runtime_settings(config: &Config, nats_url: &str) -> RuntimeSettings {
    RuntimeSettings {
        stream: Some(stream_settings(config, nats_url)),
        batch_size: config.read_models.batch,
        task_lease: Duration::from_millis(config.processes.task_lease_ms),
        task_retention: Duration::from_secs(u64::from(config.processes.keep_done_days) * 24 * 3_600),
        poll_interval: Duration::from_millis(config.read_models.poll_ms),
        drain_timeout: Duration::from_millis(config.shutdown_grace_ms),
        allow_downgrade: config.read_models.allow_downgrade,
        ..RuntimeSettings::default()
    }
}

fn stream_settings(config: &Config, nats_url: &str) -> StreamSettings {
    StreamSettings {
        url: SecretString::from(nats_url.to_owned()),
        name: config.nats.stream.clone(),
        prefix: config.nats.stream.clone(),
        replicas: config.nats.replicas,
        max_in_flight: config.relay.max_in_flight,
        request_timeout: Duration::from_millis(config.nats.request_timeout_ms),
    }
}

fn runtime_roles(roles: &[ProcessRole]) -> Roles {
    Roles {
        relay: roles.contains(&ProcessRole::Relay),
        read_models: roles.contains(&ProcessRole::ReadModels),
        processes: roles.contains(&ProcessRole::Processes),
    }
}
