//! Recipients for message, ticket, account and CRM-link events.

use domain::accounts::{Account, AccountEvent};
use domain::crm::{CrmLinkEvent, SyncSubject};
use domain::messaging::ConversationEvent;
use domain::notifications::{NotificationContent, SecurityStep, SyncTrouble};
use domain::support::{Status, TicketEvent};
use domain::{AccountId, ConversationId, Event, Personal, RecordedEvent, Role, TicketId};
use projection_runtime::{Task, TaskOutcome};

use super::{NoticeRecipients, is_actor, stream_id_of};
use crate::notifications::find_conversation_members;
use crate::notifications::processes::notices::notify::NotifyHandler;

impl NotifyHandler {
    pub(super) async fn recipients_of_message(
        &self,
        task: &Task,
        recorded: &RecordedEvent,
        event: &ConversationEvent,
    ) -> Result<NoticeRecipients, TaskOutcome> {
        let (ConversationEvent::MessageSent { message_id, sender, .. }, Some(conversation_id)) =
            (event, stream_id_of::<ConversationId>(recorded))
        else {
            return Ok(Vec::new());
        };
        self.wait_for_read_model(task, "talks").await?;
        let conversation = find_conversation_members(&self.pool, conversation_id)
            .await
            .map_err(|error| self.retry_unreadable(task, &error))?;
        let people = conversation
            .into_iter()
            .flat_map(|conversation| conversation.participants)
            .filter(|person| person != sender);
        let notice =
            NotificationContent::Message { conversation_id, message_id: *message_id, sender: *sender };
        Ok(people.map(|person| (person, notice.clone())).collect())
    }

    pub(super) async fn recipients_of_account_event(
        &self,
        task: &Task,
        recorded: &RecordedEvent,
        event: &AccountEvent,
    ) -> Result<NoticeRecipients, TaskOutcome> {
        let Some(owner) = stream_id_of::<AccountId>(recorded) else { return Ok(Vec::new()) };
        let owner_recipients =
            |step, session_id, role| vec![(owner, NotificationContent::Security { step, session_id, role })];
        Ok(match event {
            AccountEvent::SignedIn { session_id, user_agent } => {
                let earlier = self.load_before_after::<Account>(task, recorded).await?.events;
                match earlier.iter().any(|earlier| is_sign_in_with(earlier, user_agent)) {
                    true => Vec::new(),
                    false => owner_recipients(SecurityStep::SignedIn, Some(*session_id), None),
                }
            }
            AccountEvent::PasswordChanged {} => owner_recipients(SecurityStep::PasswordChanged, None, None),
            AccountEvent::EmailChanged { .. } => owner_recipients(SecurityStep::EmailChanged, None, None),
            AccountEvent::RoleGranted { role, .. } => {
                owner_recipients(SecurityStep::RoleGranted, None, Some(*role))
            }
            AccountEvent::AccountRegistered { .. }
            | AccountEvent::EmailVerified {}
            | AccountEvent::PhoneChanged { .. }
            | AccountEvent::ProfileUpdated { .. }
            | AccountEvent::AvatarChanged { .. }
            | AccountEvent::RoleRevoked { .. }
            | AccountEvent::AccountSuspended { .. }
            | AccountEvent::AccountReinstated { .. }
            | AccountEvent::AccountErased { .. }
            | AccountEvent::SignedOut { .. }
            | AccountEvent::SessionRevoked { .. }
            | AccountEvent::SignInFailed { .. } => Vec::new(),
        })
    }

    /// Returns only admins, because the notification is about other people's data.
    pub(super) async fn recipients_of_crm_link_event(
        &self,
        task: &Task,
        recorded: &RecordedEvent,
        event: &CrmLinkEvent,
    ) -> Result<NoticeRecipients, TaskOutcome> {
        let (what, trouble) = match event {
            CrmLinkEvent::CrmDeliveryAbandoned { what, .. } => (what, SyncTrouble::Abandoned),
            CrmLinkEvent::CrmDriftFound { what, .. } => (what, SyncTrouble::Drift),
            CrmLinkEvent::CrmSyncRequested { .. }
            | CrmLinkEvent::CrmUserLinked { .. }
            | CrmLinkEvent::CrmTicketLinked { .. }
            | CrmLinkEvent::CrmDeliveryFailed { .. }
            | CrmLinkEvent::CrmDriftHealed { .. } => return Ok(Vec::new()),
        };
        let Some(account_id) = stream_id_of::<AccountId>(recorded) else { return Ok(Vec::new()) };
        let ticket_id = match what {
            SyncSubject::User => None,
            SyncSubject::Ticket(ticket_id) => Some(*ticket_id),
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
pub(super) fn recipients_of_ticket_event(recorded: &RecordedEvent, event: &TicketEvent) -> NoticeRecipients {
    let Some(ticket_id) = stream_id_of::<TicketId>(recorded) else { return Vec::new() };
    match event {
        TicketEvent::ReplyAdded { requester, author, assignee, .. } => {
            let recipients = if author == requester { *assignee } else { Some(*requester) };
            let notice = NotificationContent::TicketReply { ticket_id, author: Some(*author) };
            recipients
                .into_iter()
                .filter(|person| person != author)
                .map(|person| (person, notice.clone()))
                .collect()
        }
        TicketEvent::StatusChanged { requester, to, .. } => {
            status_recipients(recorded, ticket_id, *requester, *to)
        }
        TicketEvent::TicketReopened { requester, .. } => {
            status_recipients(recorded, ticket_id, *requester, Status::Open)
        }
        TicketEvent::TicketOpened { .. }
        | TicketEvent::TicketAssigned { .. }
        | TicketEvent::TicketUnassigned { .. }
        | TicketEvent::PriorityChanged { .. }
        | TicketEvent::CategoryChanged { .. }
        | TicketEvent::TagsChanged { .. }
        | TicketEvent::InternalNoteAdded { .. }
        | TicketEvent::TicketMerged { .. }
        | TicketEvent::TicketUnmerged { .. }
        | TicketEvent::DuplicateReceived { .. }
        | TicketEvent::DuplicateReturned { .. }
        | TicketEvent::FirstResponseBreached { .. }
        | TicketEvent::ResolutionBreached { .. }
        | TicketEvent::SatisfactionRated { .. } => Vec::new(),
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
