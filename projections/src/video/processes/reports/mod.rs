//! Consumes the reports of the signaling service: each becomes one command, at least once and in order.
//!
//! The consumer is durable and has one report in flight, also with several OS processes, so that the order
//! of the reports is the order of the commands. A report is tried until the log accepts its command.

mod chat;
mod commands;

use std::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, pull};
use async_nats::jetstream::{self, AckKind, Message};
use domain::{CommandContext, CommandId, DispatchError, Source};
use futures::StreamExt;
use projection_runtime::error_chain;
use signaling::report::{Fact, Report, reports_stream};
use tokio_util::sync::CancellationToken;

use self::chat::{ChatOutcome, SentChat};
use crate::handler_context::HandlerContext;

/// Name of the process and of its durable consumer.
const NAME: &str = "video_reports";
/// Time without a sign of life after which another OS process gets the report.
const ACK_WAIT: Duration = Duration::from_secs(30);
const RETRY_AFTER: Duration = Duration::from_millis(500);
const RECONNECT_AFTER: Duration = Duration::from_secs(1);

/// Consumer of the reports.
pub struct ReportConsumer {
    pub context: HandlerContext,
    pub nats: async_nats::Client,
    /// First part of the subjects of this installation.
    pub prefix: String,
}

/// Outcome of an attempt.
enum Outcome {
    Done,
    /// The report is of no lesson, or contradicts what is known; a repetition would change nothing.
    Dropped(String),
    Retry(String),
}

impl ReportConsumer {
    /// Consumes until `stop`. NATS may be unavailable at times.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            let consumed = stop.run_until_cancelled(self.consume(&stop)).await;
            let Some(ended) = consumed else { return };
            if let Err(error) = ended {
                tracing::warn!(error, "the reports of the video service cannot be read");
            }
            if stop.run_until_cancelled(tokio::time::sleep(RECONNECT_AFTER)).await.is_none() {
                return;
            }
        }
    }

    async fn consume(&self, stop: &CancellationToken) -> Result<(), String> {
        let context = jetstream::new(self.nats.clone());
        let text = |error: &dyn std::fmt::Display| error.to_string();
        let stream = context.get_or_create_stream(reports_stream(&self.prefix, false)).await;
        let stream = stream.map_err(|error| text(&error))?;
        let config = pull::Config {
            durable_name: Some(NAME.to_owned()),
            ack_policy: AckPolicy::Explicit,
            ack_wait: ACK_WAIT,
            max_ack_pending: 1,
            deliver_policy: DeliverPolicy::All,
            ..pull::Config::default()
        };
        let consumer = stream.get_or_create_consumer(NAME, config).await.map_err(|error| text(&error))?;
        let mut messages = consumer.messages().await.map_err(|error| text(&error))?;
        while let Some(message) = messages.next().await {
            let message = message.map_err(|error| text(&error))?;
            self.handle(&message, stop).await?;
            self.forget_text(&stream, &message).await;
        }
        Ok(())
    }

    /// Tries a report until it is done, and acknowledges it.
    async fn handle(&self, message: &Message, stop: &CancellationToken) -> Result<(), String> {
        let Ok(report) = serde_json::from_slice::<Report>(&message.payload) else {
            tracing::error!(subject = %message.subject, "a report of the video service cannot be read");
            count("unreadable");
            return message.ack_with(AckKind::Term).await.map_err(|error| error.to_string());
        };
        loop {
            match self.attempt(&report).await {
                Outcome::Done => {
                    count("done");
                    break;
                }
                Outcome::Dropped(reason) => {
                    tracing::warn!(report = %report.id, lesson = %report.lesson, reason, "a report is dropped");
                    count("dropped");
                    break;
                }
                Outcome::Retry(error) => {
                    tracing::warn!(report = %report.id, error, "a report is tried again");
                    count("retried");
                    // No other OS process must get the report meanwhile.
                    message.ack_with(AckKind::Progress).await.map_err(|error| error.to_string())?;
                    if stop.run_until_cancelled(tokio::time::sleep(RETRY_AFTER)).await.is_none() {
                        return Ok(());
                    }
                }
            }
        }
        message.double_ack().await.map_err(|error| error.to_string())
    }

    async fn attempt(&self, report: &Report) -> Outcome {
        let lesson = match commands::load_lesson(&self.context, report.lesson).await {
            Ok(Some(lesson)) => lesson,
            Ok(None) => return Outcome::Dropped("there is no such lesson".to_owned()),
            Err(error) => return Outcome::Retry(error_chain(&error)),
        };
        if let Fact::ChatSent { message, participant, text } = &report.fact {
            let sent = SentChat { report, message: *message, sender: (*participant).into(), text };
            return match chat::send(&self.context, &lesson, sent).await {
                Ok(ChatOutcome::Sent) => Outcome::Done,
                Ok(ChatOutcome::Refused(reason)) => Outcome::Dropped(reason),
                Err(error) => outcome_of(error),
            };
        }
        let Some(command) = commands::command_of(report, lesson.period.ends_at) else { return Outcome::Done };
        match self.context.dispatch.dispatch(command, context_of(report)).await {
            Ok(_) => Outcome::Done,
            Err(error) => outcome_of(error),
        }
    }

    /// Deletes a chat message from the stream. Its text is then only in the log, where it can be erased.
    async fn forget_text(&self, stream: &jetstream::stream::Stream, message: &Message) {
        let has_text = serde_json::from_slice::<Report>(&message.payload)
            .is_ok_and(|report| matches!(report.fact, Fact::ChatSent { .. }));
        if !has_text {
            return;
        }
        let sequence = match message.info() {
            Ok(info) => info.stream_sequence,
            Err(error) => return tracing::error!(%error, "a chat message stays in the stream"),
        };
        if let Err(error) = stream.delete_message(sequence).await {
            tracing::error!(%error, sequence, "a chat message stays in the stream");
        }
    }
}

/// Returns the context of the command of a report. Its id is derived, so the log accepts the report once.
fn context_of(report: &Report) -> CommandContext {
    CommandContext {
        source: Source::Signaling,
        command_id: CommandId::derived(report.id, NAME),
        ..CommandContext::of_process(NAME, report.id, report.session, "report")
    }
}

fn outcome_of(error: DispatchError) -> Outcome {
    match error {
        DispatchError::Refused(refusal) => Outcome::Dropped(refusal.code.to_string()),
        error @ (DispatchError::StaleVersion { .. }
        | DispatchError::Contended
        | DispatchError::Unavailable(_)
        | DispatchError::Fault(_)) => Outcome::Retry(error_chain(&error)),
    }
}

fn count(outcome: &'static str) {
    metrics::counter!("kafedra_video_reports_total", "outcome" => outcome).increment(1);
}
