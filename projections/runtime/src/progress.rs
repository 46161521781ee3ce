//! Progress of an event handler in this OS process, for waiting requests and for the status.

use domain::Position;
use serde::Serialize;
use tokio::sync::{Notify, watch};

use crate::repeated_failures::RepeatedFailures;

/// Activity of an event handler in this OS process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LocalState {
    /// Another OS process applies the events. This one takes over when that one ends.
    Standby,
    Running,
    /// The database is unavailable or busy; the runner retries.
    Waiting,
    /// The handler is stopped before a poison event.
    Stopped,
    Rebuilding,
}

/// Progress and activity of one event handler in the memory of this OS process.
#[derive(Debug)]
pub struct HandlerProgress {
    pub(crate) name: &'static str,
    pub(crate) position: watch::Sender<Position>,
    pub(crate) state: watch::Sender<LocalState>,
    /// Highest position that a caller waits for, or has waited for.
    requested: watch::Sender<Position>,
    /// Wakes the runner when something outside the log has changed. The runner then reloads the checkpoint.
    pub(crate) wake: Notify,
    pub(crate) failures: RepeatedFailures,
}

impl HandlerProgress {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            position: watch::Sender::new(Position::START),
            state: watch::Sender::new(LocalState::Standby),
            requested: watch::Sender::new(Position::START),
            wake: Notify::new(),
            failures: RepeatedFailures::default(),
        }
    }

    /// Registers that a caller waits for this position. The runner does not pause before it.
    pub(crate) fn request(&self, position: Position) {
        self.requested.send_if_modified(|requested| {
            let more = position > *requested;
            *requested = position.max(*requested);
            more
        });
    }

    /// Waits until a caller requests a position beyond the present one.
    pub(crate) async fn wait_for_demand(&self) {
        let position = *self.position.borrow();
        // `self` owns the sender, so the wait cannot fail.
        let _ = self.requested.subscribe().wait_for(|requested| *requested > position).await;
    }

    pub(crate) fn set_state(&self, state: LocalState) {
        self.state.send_if_modified(|was| std::mem::replace(was, state) != state);
        let stopped = if state == LocalState::Stopped { 1.0 } else { 0.0 };
        metrics::gauge!("kafedra_projection_stopped", "name" => self.name).set(stopped);
    }

    pub(crate) fn advance_to(&self, position: Position) {
        self.position.send_if_modified(|was| std::mem::replace(was, position) != position);
        metrics::gauge!("kafedra_projection_position", "name" => self.name).set(position.0 as f64);
    }
}
