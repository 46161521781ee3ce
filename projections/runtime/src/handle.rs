//! What can be asked of everything that listens: to wait, to tell, to build anew, to go on.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use uuid::Uuid;

use crate::checkpoint::{ResumeError, retry, skip};
use crate::read_model::ReadModel;
use crate::rebuild::{self, Differences, OnProgress, RebuildError, Rebuilt};
use crate::start::{Components, ProjectionRuntime};
use crate::status::{Status, StatusError, status};
use crate::stream::{RelayReport, RelayState, stream_position};
use crate::tasks::retry_abandoned;
use crate::wait::{NotReached, wait_for, wait_until_past};

impl ProjectionRuntime {
    /// Waits until everything has ended after the cancellation: batches finished, tasks drained,
    /// locks given back.
    pub async fn wait_until_ended(&self) {
        self.tracker.wait().await;
        if let Some((cancel, holder)) = self.holder.lock().await.take() {
            cancel.cancel();
            let _ = holder.await;
        }
    }

    /// Waits until a read model has applied `position`, wherever it runs.
    ///
    /// # Errors
    /// It has not in time.
    pub async fn wait_for(&self, model: &str, position: u64, longest: Duration) -> Result<(), NotReached> {
        let place = self.places.get(model).map(Arc::as_ref);
        wait_for(&self.parts.pool, place, model, position, longest).await
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
        let place = self.places.get(model).map(Arc::as_ref);
        wait_until_past(&self.parts.pool, place, self.parts.committed.clone(), model, after, longest).await
    }

    /// The position that a read model or process of this process has reached, as it moves.
    pub fn position(&self, name: &str) -> Option<watch::Receiver<u64>> {
        self.places.get(name).map(|place| place.position.subscribe())
    }

    /// What the relay of this process says, if it has one.
    pub fn relay(&self) -> Option<RelayReport> {
        self.relay.as_ref().map(|relay| relay.borrow().clone())
    }

    /// The client of the stream, for those who have messages of their own.
    pub fn nats(&self) -> Option<async_nats::Client> {
        self.tap.as_ref().map(|tap| tap.client.clone())
    }

    pub fn read_models(&self) -> &[Arc<dyn ReadModel>] {
        &self.parts.read_models
    }

    /// The read model of this name.
    pub fn read_model(&self, name: &str) -> Option<Arc<dyn ReadModel>> {
        self.parts.read_models.iter().find(|model| model.name() == name).cloned()
    }

    /// How everything stands.
    ///
    /// # Errors
    /// The database is away.
    pub async fn status(&self) -> Result<Status, StatusError> {
        let Components { pool, log, clock, .. } = &self.parts;
        let mut status = status(pool, &**log, &**clock).await?;
        for listener in &mut status.listeners {
            listener.here = self.places.get(listener.name.as_str()).map(|place| *place.state.borrow());
        }
        if let Some(here) = self.relay().filter(|here| here.state != RelayState::Standby) {
            status.relays.retain(|relay| relay.stream != here.stream);
            status.relays.push(here);
        }
        if let Some(tap) = &self.tap {
            let asked = stream_position(&tap.jetstream, &tap.stream);
            if let Ok(Some(last)) = tokio::time::timeout(Duration::from_millis(500), asked).await {
                status
                    .relays
                    .iter_mut()
                    .filter(|relay| relay.stream == tap.stream)
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
    ) -> Result<Rebuilt, RebuildError> {
        let name = model.name();
        let rebuilt = rebuild::rebuild(&self.parts.pool, self.parts.log.clone(), model, progress).await;
        self.nudge(name);
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
    ) -> Result<Rebuilt, RebuildError> {
        let name = model.name();
        let rebuilt = rebuild::switch_back(&self.parts.pool, self.parts.log.clone(), model, progress).await;
        self.nudge(name);
        rebuilt
    }

    /// Compares the live tables of a read model with what the log alone says.
    ///
    /// # Errors
    /// See [`RebuildError`].
    pub async fn compare(&self, model: Arc<dyn ReadModel>) -> Result<Differences, RebuildError> {
        rebuild::compare(&self.parts.pool, self.parts.log.clone(), model, Box::new(|_| {})).await
    }

    /// Lets a stopped listener try its poison event again.
    ///
    /// # Errors
    /// See [`ResumeError`].
    pub async fn retry(&self, name: &str) -> Result<(), ResumeError> {
        retry(&self.parts.pool, name).await?;
        self.nudge(name);
        Ok(())
    }

    /// Leaves out the event at which a listener stands still.
    ///
    /// # Errors
    /// See [`ResumeError`].
    pub async fn skip(
        &self,
        name: &str,
        position: u64,
        actor: &str,
        reason: &str,
    ) -> Result<(), ResumeError> {
        skip(&self.parts.pool, &*self.parts.clock, name, position, actor, reason).await?;
        self.nudge(name);
        Ok(())
    }

    /// Lets abandoned tasks be tried again; gives those that really were abandoned.
    ///
    /// # Errors
    /// The database is away.
    pub async fn retry_abandoned(&self, ids: &[Uuid]) -> Result<Vec<Uuid>, sqlx::Error> {
        let retried = retry_abandoned(&self.parts.pool, &*self.parts.clock, ids).await?;
        self.nudges.all();
        Ok(retried)
    }

    fn nudge(&self, name: &str) {
        if let Some(place) = self.places.get(name) {
            place.nudge.notify_one();
        }
    }
}
