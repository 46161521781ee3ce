//! What can be asked of everything that listens: to wait, to tell, to build anew, to go on.

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
    /// Waits until everything has ended after the cancellation: batches finished, tasks drained,
    /// locks given back.
    pub async fn wait_until_ended(&self) {
        self.tracker.wait().await;
        if let Some((cancel, lock_holder)) = self.lock_holder.lock().await.take() {
            cancel.cancel();
            let _ = lock_holder.await;
        }
    }

    /// Waits until a read model has applied `position`, wherever it runs.
    ///
    /// # Errors
    /// It has not in time.
    pub async fn wait_for(&self, model: &str, position: u64, longest: Duration) -> Result<(), NotReached> {
        let progress = self.progress.get(model).map(Arc::as_ref);
        wait_for(&self.components.pool, progress, model, position, longest).await
    }

    /// Waits until a read model has moved beyond `after`, wherever it runs; gives where it then is, which is
    /// not beyond when nothing came for `longest`. Rows up to there can be read.
    ///
    /// # Errors
    /// The database is away.
    pub async fn wait_until_past(
        &self,
        model: &str,
        after: u64,
        longest: Duration,
    ) -> Result<u64, sqlx::Error> {
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

    /// The position that a read model or process of this process has reached, as it moves.
    pub fn position(&self, name: &str) -> Option<watch::Receiver<u64>> {
        self.progress.get(name).map(|progress| progress.position.subscribe())
    }

    /// What the relay of this process says, if it has one.
    pub fn relay(&self) -> Option<RelayReport> {
        self.relay.as_ref().map(|relay| relay.borrow().clone())
    }

    /// The client of the stream, for those who have messages of their own.
    pub fn nats(&self) -> Option<async_nats::Client> {
        self.stream_handle.as_ref().map(|stream_handle| stream_handle.client.clone())
    }

    pub fn read_models(&self) -> &[Arc<dyn ReadModel>] {
        &self.components.read_models
    }

    /// The read model of this name.
    pub fn read_model(&self, name: &str) -> Option<Arc<dyn ReadModel>> {
        self.components.read_models.iter().find(|model| model.name() == name).cloned()
    }

    /// How everything stands.
    ///
    /// # Errors
    /// The database is away.
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

    /// Builds a read model anew beside the live tables and switches.
    ///
    /// # Errors
    /// See [`RebuildError`].
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

    /// Puts the previous tables of a read model back, up to date.
    ///
    /// # Errors
    /// See [`RebuildError`].
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

    /// Compares the live tables of a read model with what the log alone says.
    ///
    /// # Errors
    /// See [`RebuildError`].
    pub async fn compare(&self, model: Arc<dyn ReadModel>) -> Result<Differences, RebuildError> {
        rebuild::compare(&self.components.pool, self.components.log.clone(), model, Box::new(|_| {})).await
    }

    /// Lets a stopped listener try its poison event again.
    ///
    /// # Errors
    /// See [`ResumeError`].
    pub async fn retry_stopped(&self, name: &str) -> Result<(), ResumeError> {
        retry_stopped(&self.components.pool, name).await?;
        self.wake(name);
        Ok(())
    }

    /// Leaves out the event at which a listener stands still.
    ///
    /// # Errors
    /// See [`ResumeError`].
    pub async fn skip_event(
        &self,
        name: &str,
        position: u64,
        actor: &str,
        reason: &str,
    ) -> Result<(), ResumeError> {
        skip_event(&self.components.pool, &*self.components.clock, name, position, actor, reason).await?;
        self.wake(name);
        Ok(())
    }

    /// Lets abandoned tasks be tried again; gives those that really were abandoned.
    ///
    /// # Errors
    /// The database is away.
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
