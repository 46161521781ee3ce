//! Live sockets: one hub in each process, fed by a read model; presence, typing and who looks at a ticket between processes.

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
use domain::{AccountId, Clock, ConversationId, DispatchError, EventLog, LogError, SessionId};
use projection_runtime::ProjectionRuntime;
use projections::live::RESUMABLE;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

pub use self::hub::{Full, Seat};
pub use self::settings::LiveSettings;
pub use self::socket::converse;

use self::close::Close;
use self::hub::{Hub, Urgency};
use self::peer_bus::Post;
use self::presence::Presence;
use self::viewing::Viewing;

/// Every live socket of this process, and what they are told.
pub struct Live {
    pool: PgPool,
    bus: Arc<Bus>,
    projections: Arc<ProjectionRuntime>,
    clock: Arc<dyn Clock>,
    settings: LiveSettings,
    hub: Hub,
    presence: Presence,
    viewing: Viewing,
    post: Option<Post>,
    stopping: CancellationToken,
    tracker: TaskTracker,
}

/// What live sockets need.
pub struct LiveParts {
    pub pool: PgPool,
    pub bus: Arc<Bus>,
    pub projections: Arc<ProjectionRuntime>,
    pub clock: Arc<dyn Clock>,
    pub settings: LiveSettings,
    /// First word of the subjects on which processes speak to each other.
    pub prefix: String,
    /// This process among them.
    pub process: Uuid,
    /// Cancelled when the process begins to stop.
    pub stopping: CancellationToken,
}

impl Live {
    /// Nothing runs before [`Live::start`].
    pub fn new(parts: LiveParts) -> Arc<Self> {
        let LiveParts { pool, bus, projections, clock, settings, prefix, process, stopping } = parts;
        let post = projections.nats().map(|client| Post::new(client, &prefix, process));
        Arc::new(Self {
            hub: Hub::new(settings.sockets, settings.sockets_per_account, settings.queue),
            presence: Presence::default(),
            viewing: Viewing::default(),
            pool,
            bus,
            projections,
            clock,
            settings,
            post,
            stopping,
            tracker: TaskTracker::new(),
        })
    }

    /// Begins to read the feed, to look after sessions, and to speak with other processes.
    pub fn start(self: &Arc<Self>) {
        self.tracker.spawn(feed::follow(self.clone()));
        self.tracker.spawn(sessions::look_after(self.clone()));
        self.tracker.spawn(presence::keep(self.clone()));
        let live = self.clone();
        self.tracker.spawn(async move {
            live.stopping.cancelled().await;
            live.hub.end_all(Close::GoingAway);
        });
    }

    /// Waits until every socket has gone, after the process was told to stop.
    pub async fn ended(&self) {
        self.tracker.close();
        self.tracker.wait().await;
    }

    /// A seat for a socket that is about to be opened; given back with the value.
    ///
    /// # Errors
    /// There are too many, in this process or of this account.
    pub fn take_seat(self: &Arc<Self>, account: AccountId, session: SessionId) -> Result<Seat, Full> {
        Seat::take(self, account, session)
    }

    pub fn settings(&self) -> &LiveSettings {
        &self.settings
    }

    /// Whether something of what came after this position may be kept no more.
    async fn has_forgotten(&self, after: u64) -> Result<bool, LogError> {
        let next = self.bus.log().read(after, 1).await?;
        let oldest = self.clock.now() - RESUMABLE;
        Ok(next.first().is_some_and(|next| next.recorded_at < oldest))
    }

    /// Tells the other participants that somebody types; `false` when that person takes no part now. Between
    /// two of whom one is blocked nobody hears.
    async fn types(&self, who: AccountId, conversation: ConversationId) -> Result<bool, DispatchError> {
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
        self.hub.tell_each(&to, &frame::typing(conversation, who), Urgency::Passing);
        if let Some(post) = &self.post {
            post.typing(who, conversation, to).await;
        }
        Ok(true)
    }

    /// Runs `work` unless the process stops meanwhile; `None` then.
    async fn unless_stopping<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            () = self.stopping.cancelled() => None,
            done = work => Some(done),
        }
    }

    /// Waits a little; `true` when the process stops meanwhile.
    async fn pauses(&self, pause: Duration) -> bool {
        self.unless_stopping(tokio::time::sleep(pause)).await.is_none()
    }
}
