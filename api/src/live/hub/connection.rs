//! One socket: its entry in the hub, and the handle of its own task.

use std::sync::{Arc, OnceLock};

use domain::{AccountId, Position, SessionId, TicketId};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Notify, mpsc};

use super::{ConnectionLimit, Delivery, OutgoingFrame};
use crate::live::LiveSockets;
use crate::live::close::CloseReason;

/// Socket in the hub.
pub(in crate::live) struct ConnectionEntry {
    pub(super) id: u64,
    pub(super) session: SessionId,
    /// Position after which events are delivered; `None` while the socket still reads missed rows.
    pub(super) deliver_after: Option<Position>,
    /// Ticket that is open at this socket.
    pub(super) viewing: Option<TicketId>,
    queue: mpsc::Sender<OutgoingFrame>,
    pub(super) close_signal: Arc<CloseSignal>,
    pub(super) overflow: Arc<Notify>,
}

/// Result of a registration in the hub.
pub(super) struct Registration {
    pub(super) id: u64,
    pub(super) frames: mpsc::Receiver<OutgoingFrame>,
    pub(super) close_signal: Arc<CloseSignal>,
    pub(super) overflow: Arc<Notify>,
}

/// Signal that ends a socket's task; the first reason counts.
#[derive(Debug, Default)]
pub(in crate::live) struct CloseSignal {
    reason: OnceLock<CloseReason>,
    notify: Notify,
}

/// Handle of a registered socket; dropping it removes the socket from the hub.
pub struct Connection {
    live: Arc<LiveSockets>,
    pub(in crate::live) account: AccountId,
    id: u64,
    pub(in crate::live) frames: mpsc::Receiver<OutgoingFrame>,
    pub(in crate::live) close_signal: Arc<CloseSignal>,
    /// Notified when the queue was full. After the queued frames the socket reads the feed.
    pub(in crate::live) overflow: Arc<Notify>,
    /// Makes the shutdown wait for this socket.
    _token: tokio_util::task::task_tracker::TaskTrackerToken,
}

impl ConnectionEntry {
    pub(super) fn new(id: u64, session: SessionId, queue: mpsc::Sender<OutgoingFrame>) -> Self {
        let (close_signal, overflow) = Default::default();
        Self { id, session, deliver_after: None, viewing: None, queue, close_signal, overflow }
    }

    pub(super) fn is_live(&self) -> bool {
        self.deliver_after.is_some()
    }

    pub(super) fn accepts(&self, position: Position) -> bool {
        self.deliver_after.is_some_and(|after| position > after)
    }

    pub(super) fn push(&mut self, frame: OutgoingFrame, delivery: Delivery) {
        match (self.queue.try_send(frame), delivery) {
            (Err(TrySendError::Full(_)), Delivery::Reliable) => {
                self.deliver_after = None;
                self.overflow.notify_one();
            }
            (Ok(()) | Err(TrySendError::Closed(_) | TrySendError::Full(_)), _) => {}
        }
    }
}

impl CloseSignal {
    pub(in crate::live) fn set(&self, close: CloseReason) {
        if self.reason.set(close).is_ok() {
            self.notify.notify_one();
        }
    }

    /// Waits for the end. Only one task may wait.
    pub(in crate::live) async fn wait(&self) -> CloseReason {
        loop {
            match self.reason.get() {
                Some(close) => return *close,
                None => self.notify.notified().await,
            }
        }
    }
}

impl Connection {
    pub(in crate::live) fn register(
        live: &Arc<LiveSockets>,
        account: AccountId,
        session: SessionId,
    ) -> Result<Self, ConnectionLimit> {
        let _token = live.tracker.token();
        let Registration { id, frames, close_signal, overflow } = live.hub.register(account, session)?;
        if live.stopping.is_cancelled() {
            close_signal.set(CloseReason::GoingAway);
        }
        Ok(Self { live: live.clone(), account, id, frames, close_signal, overflow, _token })
    }

    /// Starts the delivery of events into the queue. Returns the position after which they are delivered; the
    /// caller reads the rows between `seen` and that position.
    pub(in crate::live) async fn go_live(&self, seen: Position) -> Position {
        self.live.hub.go_live(self.account, self.id, seen).await
    }

    /// Sets the ticket that is open at this socket.
    pub(in crate::live) fn set_viewing(&self, ticket: Option<TicketId>) {
        self.live.hub.set_viewing(self.account, self.id, ticket);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.live.hub.unregister(self.account, self.id);
    }
}
