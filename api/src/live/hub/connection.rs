//! One socket as the hub sees it, and as its own task does.

use std::sync::{Arc, OnceLock};

use domain::{AccountId, SessionId, TicketId};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Notify, mpsc};

use super::{Full, Urgency, Waiting};
use crate::live::Live;
use crate::live::close::Close;

/// A socket in the hub.
pub(in crate::live) struct Place {
    pub(super) id: u64,
    pub(super) session: SessionId,
    /// News after this position are wanted; none while the socket still reads what it missed.
    pub(super) live_after: Option<u64>,
    /// The ticket that is open there.
    pub(super) viewing: Option<TicketId>,
    queue: mpsc::Sender<Waiting>,
    pub(super) ending: Arc<Ending>,
    pub(super) behind: Arc<Notify>,
}

/// What the hub gives to a socket that has come.
pub(super) struct Entered {
    pub(super) id: u64,
    pub(super) waiting: mpsc::Receiver<Waiting>,
    pub(super) ending: Arc<Ending>,
    pub(super) behind: Arc<Notify>,
}

/// How a socket's task is told that it ends; the first reason counts.
#[derive(Debug, Default)]
pub(in crate::live) struct Ending {
    close: OnceLock<Close>,
    told: Notify,
}

/// A socket's own end of it; its place is given back with the value.
pub struct Seat {
    live: Arc<Live>,
    pub(in crate::live) account: AccountId,
    id: u64,
    pub(in crate::live) waiting: mpsc::Receiver<Waiting>,
    pub(in crate::live) ending: Arc<Ending>,
    /// Told when the queue did not take everything: behind what is in it, the feed has to be read.
    pub(in crate::live) behind: Arc<Notify>,
    /// The process waits for us when it stops.
    _token: tokio_util::task::task_tracker::TaskTrackerToken,
}

impl Place {
    pub(super) fn new(id: u64, session: SessionId, queue: mpsc::Sender<Waiting>) -> Self {
        let (ending, behind) = Default::default();
        Self { id, session, live_after: None, viewing: None, queue, ending, behind }
    }

    pub(super) fn is_live(&self) -> bool {
        self.live_after.is_some()
    }

    pub(super) fn wants(&self, position: u64) -> bool {
        self.live_after.is_some_and(|after| position > after)
    }

    pub(super) fn push(&mut self, frame: Waiting, urgency: Urgency) {
        match (self.queue.try_send(frame), urgency) {
            (Err(TrySendError::Full(_)), Urgency::Lasting) => {
                self.live_after = None;
                self.behind.notify_one();
            }
            (Ok(()) | Err(TrySendError::Closed(_) | TrySendError::Full(_)), _) => {}
        }
    }
}

impl Ending {
    pub(in crate::live) fn end(&self, close: Close) {
        if self.close.set(close).is_ok() {
            self.told.notify_one();
        }
    }

    /// Waits for the end; there is one task that does.
    pub(in crate::live) async fn come(&self) -> Close {
        loop {
            match self.close.get() {
                Some(close) => return *close,
                None => self.told.notified().await,
            }
        }
    }
}

impl Seat {
    pub(in crate::live) fn take(
        live: &Arc<Live>,
        account: AccountId,
        session: SessionId,
    ) -> Result<Self, Full> {
        let _token = live.tracker.token();
        let Entered { id, waiting, ending, behind } = live.hub.enter(account, session)?;
        if live.stopping.is_cancelled() {
            ending.end(Close::GoingAway);
        }
        Ok(Self { live: live.clone(), account, id, waiting, ending, behind, _token })
    }

    /// News come into the queue from here on. Gives the position after which they do; what is between `seen`
    /// and there has to be read.
    pub(in crate::live) async fn go_live(&self, seen: u64) -> u64 {
        self.live.hub.go_live(self.account, self.id, seen).await
    }

    /// The ticket that is open there now.
    pub(in crate::live) fn views(&self, ticket: Option<TicketId>) {
        self.live.hub.views(self.account, self.id, ticket);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.live.hub.leave(self.account, self.id);
    }
}
