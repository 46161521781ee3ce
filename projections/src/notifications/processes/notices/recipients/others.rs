//! Recipients for message, ticket, account and CRM-link events.

use domain::accounts::{Account, AccountEvent};
use domain::crm::SyncSubject;
use domain::notifications::{NotificationContent, SecurityStep, SyncTrouble};
use domain::support::Status;
use domain::{AccountId, ConversationId, Event, MessageId, Personal, RecordedEvent, Role, TicketId};
use projection_runtime::{Task, TaskOutcome};

use super::{NoticeRecipients, is_actor, stream_id_of};
use crate::notifications::find_conversation_members;
use crate::notifications::processes::notices::notify::NotifyHandler;
use crate::notifications::processes::notices::triggers::{AccountTrigger, TicketTrigger};

impl NotifyHandler {
    pub(super) async fn recipients_of_message(
        &self,
        task: &Task,
        recorded: &RecordedEvent,
        message_id: MessageId,
        sender: AccountId,
    ) -> Result<NoticeRecipients, TaskOutcome> {
        let Some(conversation_id) = stream_id_of::<ConversationId>(recorded) else { return Ok(Vec::new()) };
        self.wait_for_read_model(task, "talks").await?;
        let conversation = find_conversation_members(&self.pool, conversation_id)
            .await
            .map_err(|error| self.retry_unreadable(task, &error))?;
        let people = conversation
            .into_iter()
            .flat_map(|conversation| conversation.participants)
            .filter(|person| *person != sender);
        let notice = NotificationContent::Message { conversation_id, message_id, sender };
        Ok(people.map(|person| (person, notice.clone())).collect())
    }

    pub(super) async fn recipients_of_account_event(
        &self,
        task: &Task,
        recorded: &RecordedEvent,
        trigger: AccountTrigger<'_>,
    ) -> Result<NoticeRecipients, TaskOutcome> {
        let Some(owner) = stream_id_of::<AccountId>(recorded) else { return Ok(Vec::new()) };
        let (step, session_id, role) = match trigger {
            AccountTrigger::SignedIn { session_id, user_agent } => {
                let earlier = self.load_before_after::<Account>(task, recorded).await?.events;
                if earlier.iter().any(|earlier| is_sign_in_with(earlier, user_agent)) {
                    return Ok(Vec::new());
                }
                (SecurityStep::SignedIn, Some(session_id), None)
            }
            AccountTrigger::Changed { step, role } => (step, None, role),
        };
        Ok(vec![(owner, NotificationContent::Security { step, session_id, role })])
    }

    /// Returns only admins, because the notification is about other people's data.
    pub(super) async fn recipients_of_sync_trouble(
        &self,
        task: &Task,
        recorded: &RecordedEvent,
        what: SyncSubject,
        trouble: SyncTrouble,
    ) -> Result<NoticeRecipients, TaskOutcome> {
        let Some(account_id) = stream_id_of::<AccountId>(recorded) else { return Ok(Vec::new()) };
        let ticket_id = match what {
            SyncSubject::User => None,
            SyncSubject::Ticket(ticket_id) => Some(ticket_id),
        };
        self.wait_for_read_model(task, "directory").await?;
        let listed = sqlx::query_scalar!("select account_id from app.accounts where roles @> array['admin']");
        let listed =
            listed.fetch_all(&self.pool).await.map_err(|error| self.retry_unreadable(task, &error))?;
        let mut recipients = Vec::new();
        for admin in listed.into_iter().map(AccountId) {
            // The list of admins may be older than a revocation of the role.
            let account: Account = self.context.load_aggregate(task, admin).await?;
            if account.person().is_some_and(|person| person.roles.contains(&Role::Admin)) {
                recipients.push((admin, NotificationContent::CrmSync { trouble, account_id, ticket_id }));
            }
        }
        Ok(recipients)
    }
}

/// Returns whether a sign-in used the same program. Erased data never match.
fn is_sign_in_with(recorded: &RecordedEvent, user_agent: &Personal<String>) -> bool {
    match &recorded.event {
        Event::Account(AccountEvent::SignedIn { user_agent: other, .. }) => {
            other.known().is_some() && other.known() == user_agent.known()
        }
        _ => false,
    }
}

/// Returns the recipients of a ticket event: the other side of a reply, the requester of a change of status.
pub(super) fn recipients_of_ticket_event(
    recorded: &RecordedEvent,
    trigger: TicketTrigger,
) -> NoticeRecipients {
    let Some(ticket_id) = stream_id_of::<TicketId>(recorded) else { return Vec::new() };
    match trigger {
        TicketTrigger::Reply { requester, author, assignee } => {
            let recipient = if author == requester { assignee } else { Some(requester) };
            let notice = NotificationContent::TicketReply { ticket_id, author: Some(author) };
            recipient
                .into_iter()
                .filter(|person| *person != author)
                .map(|person| (person, notice.clone()))
                .collect()
        }
        TicketTrigger::Status { requester, to } => status_recipients(recorded, ticket_id, requester, to),
    }
}

fn status_recipients(
    recorded: &RecordedEvent,
    ticket_id: TicketId,
    requester: AccountId,
    to: Status,
) -> NoticeRecipients {
    if is_actor(recorded, requester) {
        return Vec::new();
    }
    vec![(requester, NotificationContent::TicketStatus { ticket_id, status: to.as_str().to_owned() })]
}
