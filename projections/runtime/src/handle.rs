//! Operations of a running [`ProjectionRuntime`]: wait, status, rebuild, compare, retry, skip.

use domain::Position;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use uuid::Uuid;

use crate::checkpoint::{ResumeError, retry_stopped, skip_event};
use crate::read_model::ReadModel;
use crate::rebuild::{self, Differences, OnProgress, RebuildError, RebuildResult};
use crate::start::{Components, ProjectionRuntime};
use crate::status::{ProjectionStatus, StatusError, load_status};
use crate::stream::{RelayReport, RelayState, stream_position};
use crate::tasks::retry_abandoned;
use crate::wait::{NotReached, wait_for, wait_until_past};

impl ProjectionRuntime {
    /// Waits after the cancellation until the batches are finished, the tasks drained and the locks released.
    pub async fn wait_until_ended(&self) {
        self.tracker.wait().await;
        if let Some((cancel, lock_holder)) = self.lock_holder.lock().await.take() {
            cancel.cancel();
            let _ = lock_holder.await;
        }
    }

    /// Waits until a read model has applied `position`, in any OS process.
    ///
    /// # Errors
    /// [`NotReached`] if it has not within `longest`, or if the database is unavailable.
    pub async fn wait_for(
        &self,
        model: &str,
        position: Position,
        longest: Duration,
    ) -> Result<(), NotReached> {
        let progress = self.progress.get(model).map(Arc::as_ref);
        wait_for(&self.components.pool, progress, model, position, longest).await
    }

    /// Waits until a read model has moved beyond `after`, in any OS process, for at most `longest`.
    ///
    /// Returns the position that the read model then has; the rows up to it can be read. The position is not
    /// beyond `after` if the time is over.
    ///
    /// # Errors
    /// [`sqlx::Error`] if the database is unavailable.
    pub async fn wait_until_past(
        &self,
        model: &str,
        after: Position,
        longest: Duration,
    ) -> Result<Position, sqlx::Error> {
        let progress = self.progress.get(model).map(Arc::as_ref);
        wait_until_past(
            &self.components.pool,
            progress,
            self.components.committed.clone(),
            model,
            after,
            longest,
        )
        .await
    }

    /// Subscribes to the progress of a read model or process manager in this OS process.
    ///
    /// Returns `None` if it does not run here.
    pub fn position(&self, name: &str) -> Option<watch::Receiver<Position>> {
        self.progress.get(name).map(|progress| progress.position.subscribe())
    }

    /// Returns the report of the relay in this OS process, if it runs one.
    pub fn relay(&self) -> Option<RelayReport> {
        self.relay.as_ref().map(|relay| relay.borrow().clone())
    }

    /// Returns the NATS client, for code that sends its own messages. Returns `None` without a stream.
    pub fn nats(&self) -> Option<async_nats::Client> {
        self.stream_handle.as_ref().map(|stream_handle| stream_handle.client.clone())
    }

    /// Returns all read models.
    pub fn read_models(&self) -> &[Arc<dyn ReadModel>] {
        &self.components.read_models
    }

    /// Finds the read model of this name.
    pub fn read_model(&self, name: &str) -> Option<Arc<dyn ReadModel>> {
        self.components.read_models.iter().find(|model| model.name() == name).cloned()
    }

    /// Loads the status of all event handlers, relays and tasks.
    ///
    /// # Errors
    /// [`StatusError::Database`] or [`StatusError::Log`] if the database is unavailable.
    pub async fn status(&self) -> Result<ProjectionStatus, StatusError> {
        let Components { pool, log, clock, .. } = &self.components;
        let mut status = load_status(pool, &**log, &**clock).await?;
        for listener in &mut status.listeners {
            listener.here =
                self.progress.get(listener.name.as_str()).map(|progress| *progress.state.borrow());
        }
        if let Some(here) = self.relay().filter(|here| here.state != RelayState::Standby) {
            status.relays.retain(|relay| relay.stream != here.stream);
            status.relays.push(here);
        }
        if let Some(stream_handle) = &self.stream_handle {
            let asked = stream_position(&stream_handle.jetstream, &stream_handle.name);
            if let Ok(Some(last)) = tokio::time::timeout(Duration::from_millis(500), asked).await {
                status
                    .relays
                    .iter_mut()
                    .filter(|relay| relay.stream == stream_handle.name)
                    .for_each(|relay| relay.position = last);
            }
        }
        Ok(status)
    }

    /// Rebuilds a read model beside the live tables and switches.
    ///
    /// # Errors
    /// See [`rebuild`](crate::rebuild()).
    pub async fn rebuild(
        &self,
        model: Arc<dyn ReadModel>,
        progress: OnProgress,
    ) -> Result<RebuildResult, RebuildError> {
        let name = model.name();
        let rebuilt =
            rebuild::rebuild(&self.components.pool, self.components.log.clone(), model, progress).await;
        self.wake(name);
        rebuilt
    }

    /// Brings the previous tables of a read model up to date and switches back to them.
    ///
    /// # Errors
    /// See [`switch_back`](crate::switch_back).
    pub async fn switch_back(
        &self,
        model: Arc<dyn ReadModel>,
        progress: OnProgress,
    ) -> Result<RebuildResult, RebuildError> {
        let name = model.name();
        let rebuilt =
            rebuild::switch_back(&self.components.pool, self.components.log.clone(), model, progress).await;
        self.wake(name);
        rebuilt
    }

    /// Compares the live tables of a read model with tables rebuilt from the log.
    ///
    /// # Errors
    /// See [`compare`](crate::compare).
    pub async fn compare(&self, model: Arc<dyn ReadModel>) -> Result<Differences, RebuildError> {
        rebuild::compare(&self.components.pool, self.components.log.clone(), model, Box::new(|_| {})).await
    }

    /// Clears the error of a stopped event handler, so that it retries its poison event.
    ///
    /// # Errors
    /// [`ResumeError::Unknown`] if no event handler of this name has ever run. [`ResumeError::Database`] if
    /// the database is unavailable.
    pub async fn retry_stopped(&self, name: &str) -> Result<(), ResumeError> {
        retry_stopped(&self.components.pool, name).await?;
        self.wake(name);
        Ok(())
    }

    /// Skips the event at which an event handler is stopped.
    ///
    /// # Errors
    /// [`ResumeError::NoReason`] if `reason` is blank. [`ResumeError::Unknown`] if no event handler of this
    /// name has ever run. [`ResumeError::NotStopped`] if it is not stopped at `position`.
    /// [`ResumeError::Database`] if the database is unavailable.
    pub async fn skip_event(
        &self,
        name: &str,
        position: Position,
        actor: &str,
        reason: &str,
    ) -> Result<(), ResumeError> {
        skip_event(&self.components.pool, &*self.components.clock, name, position, actor, reason).await?;
        self.wake(name);
        Ok(())
    }

    /// Retries abandoned tasks. Returns the ids of the tasks that were abandoned.
    ///
    /// # Errors
    /// [`sqlx::Error`] if the database is unavailable.
    pub async fn retry_abandoned(&self, ids: &[Uuid]) -> Result<Vec<Uuid>, sqlx::Error> {
        let retried = retry_abandoned(&self.components.pool, &*self.components.clock, ids).await?;
        self.wakeups.wake_all();
        Ok(retried)
    }

    fn wake(&self, name: &str) {
        if let Some(progress) = self.progress.get(name) {
            progress.wake.notify_one();
        }
    }
}
