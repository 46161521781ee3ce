//! Task handler of deliveries: runs attempts, reports by commands, and decides about retries.

use std::sync::Arc;

use async_trait::async_trait;
use domain::crm::{FailureCause, SyncSubject};
use domain::{CommandContext, LogError};
use jiff::{SignedDuration, Timestamp};
use projection_runtime::{Task, TaskHandler, TaskOutcome, error_chain};

use crate::call_failure::CallFailure;
use crate::circuit::{Circuit, add_span};
use crate::client::{CallContext, CallError, LeasedTask};
use crate::crm_api::CrmApi;
use crate::delivery_attempt::DeliveryAttempt;
use crate::delivery_reporter::{DeliveryError, DeliveryReporter};
use crate::expected::ExpectedLink;
use crate::integration::{CrmIntegration, CrmIntegrationError};
use crate::process_manager::{CRM_DELIVERY, Delivery};

/// Number of attempts after which a refused request (400, 422 and the like) is abandoned.
const REFUSALS_BEFORE_GIVING_UP: u32 = 3;
/// Minimum pause of a delivery after the CRM has refused the API key (401 or 403).
const FORBIDDEN_PAUSE: SignedDuration = SignedDuration::from_mins(5);

/// Attempt number whose backoff ceiling limits the spread of deliveries after an open circuit.
const SPREAD_ATTEMPT: u32 = 6;

/// Task handler of the kind `crm_delivery`.
#[derive(Clone)]
pub struct CrmDeliveryHandler(pub(crate) Arc<CrmIntegration>);

#[async_trait]
impl TaskHandler for CrmDeliveryHandler {
    fn kind(&self) -> &'static str {
        CRM_DELIVERY
    }

    fn concurrency(&self) -> usize {
        self.0.settings.concurrency
    }

    async fn run(&self, task: &Task) -> TaskOutcome {
        let Ok(delivery) = serde_json::from_value::<Delivery>(task.payload.clone()) else {
            return TaskOutcome::Abandon { error: "the task's payload is not a delivery".to_owned() };
        };
        // Checked first, so that each of thousands of waiting deliveries reads only one row.
        if let Ok(Circuit::Open { until, .. }) = self.0.client.breaker.state().await
            && self.0.clock.now() < until
        {
            return self.0.wait_for_crm(task, until);
        }
        let link = match self.0.event_reader.load_link(delivery.account_id).await {
            Ok(link) => link,
            Err(error) => return self.0.wait_for_own_side(task, &DeliveryError::Log(error)),
        };
        if let Err(error) = self.0.recheck_before(delivery, task).await {
            tracing::error!(task = %task.id, error = error_chain(&error), "cannot recheck operations of the CRM");
        }
        match self.0.start_attempt(delivery, task).run(&link).await {
            Ok(()) => TaskOutcome::Done,
            Err(DeliveryError::Call(CallError::Held { until })) => self.0.wait_for_crm(task, until),
            Err(DeliveryError::Call(CallError::Failed(failure))) => {
                self.0.handle_failure(delivery, task, &link, failure).await
            }
            Err(cause) => self.0.wait_for_own_side(task, &cause),
        }
    }
}

impl CrmIntegration {
    /// Returns the handler of the tasks that [`crate::process_manager::CrmDelivery`] records.
    pub fn handler(self: &Arc<Self>) -> CrmDeliveryHandler {
        CrmDeliveryHandler(self.clone())
    }

    /// Tries again what the CRM did not serve. The delivery does not depend on the result.
    async fn recheck_before(&self, delivery: Delivery, task: &Task) -> Result<(), CrmIntegrationError> {
        let cause = CommandContext::of_process(CRM_DELIVERY, task.cause, task.correlation_id, "recheck");
        self.recheck_operations(self.call_context(delivery, task), &cause).await
    }

    fn call_context(&self, delivery: Delivery, task: &Task) -> CallContext {
        CallContext {
            account_id: Some(delivery.account_id),
            what: subject_name(delivery.what),
            is_manual: false,
            task: Some(LeasedTask { id: task.id, attempt: task.attempt }),
        }
    }

    fn start_attempt(&self, delivery: Delivery, task: &Task) -> DeliveryAttempt<'_> {
        DeliveryAttempt {
            delivery,
            crm: CrmApi { client: &self.client, context: self.call_context(delivery, task) },
            event_reader: &self.event_reader,
            reporter: self.reporter(delivery, task),
            pool: &self.pool,
            may_exist: task.attempt > 1 || task.outcome_unknown,
        }
    }

    fn reporter(&self, delivery: Delivery, task: &Task) -> DeliveryReporter<'_> {
        DeliveryReporter {
            dispatch: self.dispatch.as_ref(),
            account_id: delivery.account_id,
            what: delivery.what,
            cause: task.cause,
            correlation_id: task.correlation_id,
        }
    }

    /// Reports a failed call, and decides between a retry and abandoning.
    async fn handle_failure(
        &self,
        delivery: Delivery,
        task: &Task,
        link: &ExpectedLink,
        failure: CallFailure,
    ) -> TaskOutcome {
        let reporter = self.reporter(delivery, task);
        let attempt = link.count_failures(task.cause, delivery.what) + 1;
        let error = describe_failure(failure);
        if self.is_hopeless(failure, attempt) {
            tracing::warn!(account = %delivery.account_id, what = subject_name(delivery.what), attempt, error,
                "abandoned a delivery to the CRM");
            return match reporter.report_abandoned(attempt, failure).await {
                Ok(()) => TaskOutcome::Abandon { error },
                // The delivery must not be abandoned without a report.
                Err(cause) => self.wait_for_own_side(task, &cause),
            };
        }
        let at = self.retry_at(failure, attempt);
        tracing::warn!(account = %delivery.account_id, what = subject_name(delivery.what), attempt, error,
            retry_at = %at, "delivery to the CRM failed");
        if let Err(cause) = reporter.report_failed(attempt, failure, at).await {
            return self.wait_for_own_side(task, &cause);
        }
        let outcome_unknown = task.outcome_unknown || failure.outcome_unknown;
        TaskOutcome::RetryAt { at, error, outcome_unknown }
    }

    fn is_hopeless(&self, failure: CallFailure, attempt: u32) -> bool {
        match failure.cause {
            FailureCause::Gone => true,
            FailureCause::Refused if failure.is_unsupported => true,
            // An operator must correct the API key. The deliveries wait until then.
            FailureCause::Refused if failure.is_key_refused() => false,
            // The record of another person still has the address, and that person's new address will follow.
            FailureCause::Refused if failure.is_conflict() => attempt >= self.settings.max_attempts,
            FailureCause::Refused => attempt >= REFUSALS_BEFORE_GIVING_UP,
            FailureCause::Timeout
            | FailureCause::Connection
            | FailureCause::Throttled
            | FailureCause::Unavailable
            | FailureCause::Unreadable => attempt >= self.settings.max_attempts,
        }
    }

    fn retry_at(&self, failure: CallFailure, attempt: u32) -> Timestamp {
        let now = self.clock.now();
        let pause = self.jitter(attempt);
        let asked_for = failure.retry_after.unwrap_or(now);
        let forbidden = if failure.is_key_refused() { FORBIDDEN_PAUSE } else { SignedDuration::ZERO };
        add_span(asked_for.max(add_span(now, forbidden)), pause)
    }

    /// Retries after the circuit closes, with a spread. The attempt was not made and does not count.
    fn wait_for_crm(&self, task: &Task, until: Timestamp) -> TaskOutcome {
        TaskOutcome::RetryAt {
            at: add_span(until, self.jitter(task.attempt.min(SPREAD_ATTEMPT))),
            error: "the circuit breaker is open".to_owned(),
            outcome_unknown: task.outcome_unknown,
        }
    }

    /// Retries after a failure of our own database or log, which does not count as a failed attempt.
    fn wait_for_own_side(&self, task: &Task, cause: &DeliveryError) -> TaskOutcome {
        let error = match cause {
            DeliveryError::Call(_) => "the database is not available",
            DeliveryError::Log(LogError::Unavailable(_)) => "the log is not available",
            DeliveryError::Log(LogError::Unreadable { .. }) => "an event of the stream cannot be read",
            DeliveryError::Dispatch(_) => "the report could not be committed",
        };
        tracing::error!(task = %task.id, error, cause = error_chain(cause), "delivery to the CRM deferred");
        TaskOutcome::RetryAt {
            at: add_span(self.clock.now(), self.jitter(task.attempt)),
            error: error.to_owned(),
            outcome_unknown: true,
        }
    }
}

pub(crate) fn subject_name(what: SyncSubject) -> &'static str {
    match what {
        SyncSubject::User => "user",
        SyncSubject::Ticket(_) => "ticket",
    }
}

fn describe_failure(failure: CallFailure) -> String {
    match failure.status {
        Some(status) => format!("{} ({status})", failure.name()),
        None => failure.name().to_owned(),
    }
}
