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
pub(crate) struct Place {
    pub(crate) name: &'static str,
    pub(crate) position: watch::Sender<u64>,
    pub(crate) state: watch::Sender<LocalState>,
    /// Something outside the log has changed: look at the checkpoint again.
    pub(crate) nudge: Notify,
}

impl Place {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            position: watch::Sender::new(0),
            state: watch::Sender::new(LocalState::Standby),
            nudge: Notify::new(),
        }
    }

    pub(crate) fn set(&self, state: LocalState) {
        self.state.send_if_modified(|was| std::mem::replace(was, state) != state);
        let stopped = if state == LocalState::Stopped { 1.0 } else { 0.0 };
        metrics::gauge!("kafedra_projection_stopped", "name" => self.name).set(stopped);
    }

    pub(crate) fn reach(&self, position: u64) {
        self.position.send_if_modified(|was| std::mem::replace(was, position) != position);
        metrics::gauge!("kafedra_projection_position", "name" => self.name).set(position as f64);
    }
}
