//! Where a listener of this process stands now: for those who wait for it, and for its status.

use serde::Serialize;
use tokio::sync::{Notify, watch};

/// What a listener does in this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LocalState {
    /// Another process applies the events; this one takes over when that ends.
    Standby,
    Running,
    /// The database is away or busy; trying again.
    Waiting,
    /// A poison event stands in the way.
    Stopped,
    Rebuilding,
}

#[derive(Debug)]
pub struct HandlerProgress {
    pub(crate) name: &'static str,
    pub(crate) position: watch::Sender<u64>,
    pub(crate) state: watch::Sender<LocalState>,
    /// The highest position that somebody waits for, or has waited for.
    requested: watch::Sender<u64>,
    /// Something outside the log has changed: look at the checkpoint again.
    pub(crate) wake: Notify,
}

impl HandlerProgress {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            position: watch::Sender::new(0),
            state: watch::Sender::new(LocalState::Standby),
            requested: watch::Sender::new(0),
            wake: Notify::new(),
        }
    }

    /// Somebody waits for this position: no rest before it.
    pub(crate) fn request(&self, position: u64) {
        self.requested.send_if_modified(|requested| {
            let more = position > *requested;
            *requested = position.max(*requested);
            more
        });
    }

    /// Comes when somebody waits for more than what is in the tables.
    pub(crate) async fn wait_for_demand(&self) {
        let position = *self.position.borrow();
        // The sender is ours: it outlives this.
        let _ = self.requested.subscribe().wait_for(|requested| *requested > position).await;
    }

    pub(crate) fn set_state(&self, state: LocalState) {
        self.state.send_if_modified(|was| std::mem::replace(was, state) != state);
        let stopped = if state == LocalState::Stopped { 1.0 } else { 0.0 };
        metrics::gauge!("kafedra_projection_stopped", "name" => self.name).set(stopped);
    }

    pub(crate) fn advance_to(&self, position: u64) {
        self.position.send_if_modified(|was| std::mem::replace(was, position) != position);
        metrics::gauge!("kafedra_projection_position", "name" => self.name).set(position as f64);
    }
}
