//! Live sockets: one hub in each OS process, fed by a read model; presence, typing and ticket viewers are
//! exchanged between OS processes.

mod bucket;
mod close;
mod feed;
mod frame;
mod hub;
mod incoming;
mod peer_bus;
mod presence;
mod sessions;
mod settings;
mod socket;
mod viewing;

use std::sync::Arc;
use std::time::Duration;

use commands::Bus;
use domain::messaging::Conversation;
use domain::{AccountId, Clock, ConversationId, DispatchError, EventLog, LogError, Position, SessionId};
use projection_runtime::ProjectionRuntime;
use projections::live::RESUMABLE;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

pub use self::hub::{Connection, ConnectionLimit};
pub use self::settings::LiveSettings;
pub use self::socket::serve_socket;

pub(crate) use self::close::CloseReason;
pub(crate) use self::frame::ServerFrame;
use self::hub::{Delivery, Hub};
pub(crate) use self::incoming::ClientFrame;
use self::peer_bus::PeerBus;
use self::presence::Presence;
use self::viewing::PeerViewers;

/// Live sockets of this OS process.
pub struct LiveSockets {
    pool: PgPool,
    bus: Arc<Bus>,
    projections: Arc<ProjectionRuntime>,
    clock: Arc<dyn Clock>,
    settings: LiveSettings,
    hub: Hub,
    presence: Presence,
    viewing: PeerViewers,
    peers: Option<PeerBus>,
    stopping: CancellationToken,
    tracker: TaskTracker,
}

/// Dependencies of the live sockets.
pub struct LiveDeps {
    pub pool: PgPool,
    pub bus: Arc<Bus>,
    pub projections: Arc<ProjectionRuntime>,
    pub clock: Arc<dyn Clock>,
    pub settings: LiveSettings,
    /// First token of the NATS subjects between OS processes.
    pub subject_prefix: String,
    /// Id of this OS process.
    pub process: Uuid,
    /// Cancelled when the OS process begins to stop.
    pub stopping: CancellationToken,
}

impl LiveSockets {
    /// Builds the live sockets; nothing runs before [`LiveSockets::start`].
    pub fn new(parts: LiveDeps) -> Arc<Self> {
        let LiveDeps { pool, bus, projections, clock, settings, subject_prefix: prefix, process, stopping } =
            parts;
        let peers = projections.nats().map(|client| PeerBus::new(client, &prefix, process));
        Arc::new(Self {
            hub: Hub::new(settings.sockets, settings.sockets_per_account, settings.queue),
            presence: Presence::default(),
            viewing: PeerViewers::default(),
            pool,
            bus,
            projections,
            clock,
            settings,
            peers,
            stopping,
            tracker: TaskTracker::new(),
        })
    }

    /// Starts the tasks that read the feed, check sessions, and exchange presence with other OS processes.
    pub fn start(self: &Arc<Self>) {
        self.tracker.spawn(feed::follow_feed(self.clone()));
        self.tracker.spawn(sessions::run_session_check(self.clone()));
        self.tracker.spawn(presence::run_presence(self.clone()));
        let live = self.clone();
        self.tracker.spawn(async move {
            live.stopping.cancelled().await;
            live.hub.close_all(CloseReason::GoingAway);
        });
    }

    /// Waits until every socket is closed, after the OS process was told to stop.
    pub async fn wait_until_closed(&self) {
        self.tracker.close();
        self.tracker.wait().await;
    }

    /// Registers a socket that is about to be opened; dropping the connection unregisters it.
    ///
    /// # Errors
    /// [`ConnectionLimit`] if this OS process or this account has too many sockets.
    pub fn register(
        self: &Arc<Self>,
        account: AccountId,
        session: SessionId,
    ) -> Result<Connection, ConnectionLimit> {
        Connection::register(self, account, session)
    }

    pub fn settings(&self) -> &LiveSettings {
        &self.settings
    }

    /// Returns whether rows after `after` may already have been pruned.
    async fn may_be_pruned(&self, after: Position) -> Result<bool, LogError> {
        let next = self.bus.log().read(after, 1).await?;
        let oldest = self.clock.now() - RESUMABLE;
        Ok(next.first().is_some_and(|next| next.recorded_at < oldest))
    }

    /// Tells the other participants that a person is typing; `false` if that person is not a participant now.
    /// A blocked participant neither sends nor receives the frame.
    async fn announce_typing(
        &self,
        who: AccountId,
        conversation: ConversationId,
    ) -> Result<bool, DispatchError> {
        let talk = self.bus.load::<Conversation>(conversation).await?;
        let Some(thread) = talk.state.thread() else { return Ok(false) };
        let Some(own) = thread.participant(who) else { return Ok(false) };
        if own.blocked {
            return Ok(true);
        }
        let others = thread
            .participants
            .iter()
            .filter(|(person, view)| **person != who && !view.left && !view.blocked);
        let to: Vec<AccountId> = others.map(|(person, _)| *person).collect();
        self.hub.send_to(&to, &frame::typing(conversation, who), Delivery::BestEffort);
        if let Some(peers) = &self.peers {
            peers.publish_typing(who, conversation, to).await;
        }
        Ok(true)
    }

    /// Runs `work`; `None` if the OS process stops first.
    async fn run_unless_stopping<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            () = self.stopping.cancelled() => None,
            done = work => Some(done),
        }
    }

    /// Sleeps; `true` if the OS process stops first.
    async fn sleep_unless_stopping(&self, pause: Duration) -> bool {
        self.run_unless_stopping(tokio::time::sleep(pause)).await.is_none()
    }
}
