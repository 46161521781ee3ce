//! Recipients of an event and their notifications. The actor gets none, except a student who books.

mod lessons;
mod others;
mod requests;

use domain::notifications::NotificationContent;
use domain::{AccountId, Decider, Event, RecordedEvent, StreamVersion, fold_events};
use projection_runtime::{Task, TaskOutcome, error_chain};

use super::notify::NotifyHandler;
use super::triggers::NoticeTrigger;

/// Recipient and content of a notification.
type NoticeRecipients = Vec<(AccountId, NotificationContent)>;

impl NotifyHandler {
    pub(super) async fn recipients_of(
        &self,
        task: &Task,
        recorded: &RecordedEvent,
        trigger: NoticeTrigger<'_>,
    ) -> Result<NoticeRecipients, TaskOutcome> {
        match trigger {
            NoticeTrigger::Lesson { event, trigger } => {
                self.recipients_of_lesson_event(task, recorded, event, trigger).await
            }
            NoticeTrigger::BookingMoved { event, booking_id, student, from_slot } => {
                self.recipients_of_moved_booking(task, recorded, event, (booking_id, student, from_slot))
                    .await
            }
            NoticeTrigger::Request(trigger) => {
                self.recipients_of_request_event(task, recorded, trigger).await
            }
            NoticeTrigger::WaitlistOffer { expires_at } => {
                self.recipients_of_waitlist_offer(task, recorded, expires_at).await
            }
            NoticeTrigger::NoShowProposed { booking_id, student } => {
                self.recipients_of_proposed_no_show(task, recorded, booking_id, student).await
            }
            NoticeTrigger::Message { message_id, sender } => {
                self.recipients_of_message(task, recorded, message_id, sender).await
            }
            NoticeTrigger::ConversationRead { .. } => Ok(Vec::new()),
            NoticeTrigger::Account(trigger) => {
                self.recipients_of_account_event(task, recorded, trigger).await
            }
            NoticeTrigger::CrmLink { what, trouble } => {
                self.recipients_of_sync_trouble(task, recorded, what, trouble).await
            }
            NoticeTrigger::Ticket(trigger) => Ok(others::recipients_of_ticket_event(recorded, trigger)),
        }
    }

    /// Loads the aggregate before and after the event of the task.
    async fn load_before_after<A: Decider<Event: TryFrom<Event>>>(
        &self,
        task: &Task,
        recorded: &RecordedEvent,
    ) -> Result<BeforeAfter<A>, TaskOutcome> {
        let log = &self.context.log;
        let read = async {
            let mut sealed = log.read_stream(&recorded.stream, StreamVersion::START).await?;
            sealed.retain(|event| event.sequence < recorded.sequence);
            log.decode(&sealed).await
        };
        let events = read.await.map_err(|error| {
            tracing::error!(task = %task.id, cause = error_chain(&error), "cannot read a stream");
            self.context.retry_later(task, "cannot read a stream")
        })?;
        let before: A = fold_events(events.iter().cloned());
        let mut after = before.clone();
        if let Ok(event) = A::Event::try_from(recorded.event.clone()) {
            after.apply(event);
        }
        Ok(BeforeAfter { events, before, after })
    }
}

/// Aggregate before and after one of its events.
struct BeforeAfter<A> {
    events: Vec<RecordedEvent>,
    before: A,
    after: A,
}

/// Returns whether the person is the actor.
fn is_actor(recorded: &RecordedEvent, person: AccountId) -> bool {
    recorded.metadata.actor.account() == Some(person)
}

/// Returns the id of the stream of an event.
fn stream_id_of<I: std::str::FromStr>(recorded: &RecordedEvent) -> Option<I> {
    recorded.stream.aggregate_id.parse().ok()
}
