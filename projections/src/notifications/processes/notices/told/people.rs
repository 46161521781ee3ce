//! Whom it concerns what people say, what becomes of tickets, of accounts, and of the link to the CRM.

use domain::accounts::{Account, AccountEvent};
use domain::crm::{CrmLinkEvent, SyncSubject};
use domain::messaging::ConversationEvent;
use domain::notifications::{Notice, SecurityStep, SyncTrouble};
use domain::support::{Status, TicketEvent};
use domain::{AccountId, ConversationId, Event, Personal, Recorded, Role, TicketId};
use projection_runtime::{Outcome, Task};

use super::{Told, id_of, is_doer};
use crate::notifications::processes::notices::handler::NotifyHandler;
use crate::notifications::talk;

impl NotifyHandler {
    pub(super) async fn told_of_talk(
        &self,
        task: &Task,
        recorded: &Recorded,
        event: &ConversationEvent,
    ) -> Result<Told, Outcome> {
        let (ConversationEvent::MessageSent { message_id, sender, .. }, Some(conversation_id)) =
            (event, id_of::<ConversationId>(recorded))
        else {
            return Ok(Vec::new());
        };
        self.seen(task, "talks").await?;
        let talk = talk(&self.pool, conversation_id).await.map_err(|error| self.unread(task, &error))?;
        let people = talk.into_iter().flat_map(|talk| talk.participants).filter(|person| person != sender);
        let notice = Notice::Message { conversation_id, message_id: *message_id, sender: *sender };
        Ok(people.map(|person| (person, notice.clone())).collect())
    }

    pub(super) async fn told_of_account(
        &self,
        task: &Task,
        recorded: &Recorded,
        event: &AccountEvent,
    ) -> Result<Told, Outcome> {
        let Some(owner) = id_of::<AccountId>(recorded) else { return Ok(Vec::new()) };
        let told = |step, session_id, role| vec![(owner, Notice::Security { step, session_id, role })];
        Ok(match event {
            AccountEvent::SignedIn { session_id, user_agent } => {
                let earlier = self.around::<Account>(task, recorded).await?.events;
                match earlier.iter().any(|earlier| is_sign_in_with(earlier, user_agent)) {
                    true => Vec::new(),
                    false => told(SecurityStep::SignedIn, Some(*session_id), None),
                }
            }
            AccountEvent::PasswordChanged {} => told(SecurityStep::PasswordChanged, None, None),
            AccountEvent::EmailChanged { .. } => told(SecurityStep::EmailChanged, None, None),
            AccountEvent::RoleGranted { role, .. } => told(SecurityStep::RoleGranted, None, Some(*role)),
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

    /// Admins, and nobody else: it is about other people's data.
    pub(super) async fn told_of_crm(
        &self,
        task: &Task,
        recorded: &Recorded,
        event: &CrmLinkEvent,
    ) -> Result<Told, Outcome> {
        let (what, trouble) = match event {
            CrmLinkEvent::CrmDeliveryAbandoned { what, .. } => (what, SyncTrouble::Abandoned),
            CrmLinkEvent::CrmDriftFound { what, .. } => (what, SyncTrouble::Drift),
            CrmLinkEvent::CrmSyncRequested { .. }
            | CrmLinkEvent::CrmUserLinked { .. }
            | CrmLinkEvent::CrmTicketLinked { .. }
            | CrmLinkEvent::CrmDeliveryFailed { .. }
            | CrmLinkEvent::CrmDriftHealed { .. } => return Ok(Vec::new()),
        };
        let Some(account_id) = id_of::<AccountId>(recorded) else { return Ok(Vec::new()) };
        let ticket_id = match what {
            SyncSubject::User => None,
            SyncSubject::Ticket(ticket_id) => Some(*ticket_id),
        };
        self.seen(task, "directory").await?;
        let listed = sqlx::query_scalar!("select account_id from app.accounts where roles @> array['admin']");
        let listed = listed.fetch_all(&self.pool).await.map_err(|error| self.unread(task, &error))?;
        let mut told = Vec::new();
        for admin in listed.into_iter().map(AccountId) {
            // The list may be older than a revocation.
            let account: Account = self.acting.fold(task, admin).await?;
            if account.person().is_some_and(|person| person.roles.contains(&Role::Admin)) {
                told.push((admin, Notice::CrmSync { trouble, account_id, ticket_id }));
            }
        }
        Ok(told)
    }
}

/// Whether it was a sign-in with the same program; what is erased resembles nothing.
fn is_sign_in_with(recorded: &Recorded, user_agent: &Personal<String>) -> bool {
    match &recorded.event {
        Event::Account(AccountEvent::SignedIn { user_agent: other, .. }) => {
            other.known().is_some() && other.known() == user_agent.known()
        }
        _ => false,
    }
}

/// A reply concerns the other side; the status concerns whose ticket it is.
pub(super) fn told_of_ticket(recorded: &Recorded, event: &TicketEvent) -> Told {
    let Some(ticket_id) = id_of::<TicketId>(recorded) else { return Vec::new() };
    match event {
        TicketEvent::ReplyAdded { requester, author, assignee, .. } => {
            let told = if author == requester { *assignee } else { Some(*requester) };
            let notice = Notice::TicketReply { ticket_id, author: Some(*author) };
            told.into_iter()
                .filter(|person| person != author)
                .map(|person| (person, notice.clone()))
                .collect()
        }
        TicketEvent::StatusChanged { requester, to, .. } => status(recorded, ticket_id, *requester, *to),
        TicketEvent::TicketReopened { requester, .. } => {
            status(recorded, ticket_id, *requester, Status::Open)
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

fn status(recorded: &Recorded, ticket_id: TicketId, requester: AccountId, to: Status) -> Told {
    if is_doer(recorded, requester) {
        return Vec::new();
    }
    vec![(requester, Notice::TicketStatus { ticket_id, status: to.as_str().to_owned() })]
}
