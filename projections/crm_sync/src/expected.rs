//! What the log says that the external CRM must hold, folded from the streams at the time of asking.

use std::sync::Arc;

use cqrs_es::Aggregate;
use domain::accounts::{Account, AccountEvent, Person};
use domain::crm::{CrmLink, CrmLinkEvent, Drift, SyncSubject};
use domain::support::{Ticket, TicketEvent};
use domain::{
    AccountId, Event, EventLog, LogError, Personal, RecordedEvent, Role, StreamId, TicketId, Vocabulary,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::wire::{NO_SUBJECTS, TicketFields, UserFields};

/// Reads streams and folds them.
#[derive(Clone)]
pub(crate) struct EventReader {
    pub log: Arc<dyn EventLog>,
}

/// An account, with what the CRM needs to know beside its state.
#[derive(Default)]
pub(crate) struct ExpectedAccount {
    account: Account,
    /// As what the person is known there; stays when the role is gone.
    kind: Option<&'static str>,
    registered_at: Option<Timestamp>,
    registered_by: Option<Uuid>,
    changed_at: Option<Timestamp>,
}

/// What the CRM must hold of an account.
pub(crate) enum ExpectedState {
    /// Staff, or nobody.
    Nothing,
    /// The person was erased: nothing personal may be left.
    Erased,
    User(ExpectedUser),
}

pub(crate) struct ExpectedUser {
    pub fields: UserFields,
    /// `active`, `inactive` or `suspended`.
    pub status: &'static str,
    /// The event of the registration: the key under which the user is created.
    pub registered_by: Uuid,
}

/// A link, with what happened to it since.
#[derive(Default)]
pub(crate) struct ExpectedLink {
    pub link: CrmLink,
    drifts: Vec<(SyncSubject, Drift)>,
    /// The causes of failed attempts, one entry for each.
    failures: Vec<(Uuid, SyncSubject)>,
    /// Every id that this account's records have ever had there.
    pub known_users: Vec<String>,
    pub known_tickets: Vec<(TicketId, String)>,
}

/// A welcome ticket as it was opened.
pub(crate) struct ExpectedTicket {
    pub ticket_id: TicketId,
    pub requester: AccountId,
    pub fields: Option<TicketFields>,
    /// The key under which it is created.
    pub opened_by: Uuid,
    pub opened_at: Timestamp,
}

impl EventReader {
    pub async fn load_account(&self, account_id: AccountId) -> Result<ExpectedAccount, LogError> {
        let mut expected = ExpectedAccount::default();
        for event in self.read_stream(&StreamId::of::<Account>(account_id)).await? {
            expected.apply(event);
        }
        Ok(expected)
    }

    pub async fn load_link(&self, account_id: AccountId) -> Result<ExpectedLink, LogError> {
        let mut expected = ExpectedLink::default();
        for event in self.read_stream(&StreamId::of::<CrmLink>(account_id)).await? {
            expected.apply(event);
        }
        Ok(expected)
    }

    /// `None` when no such ticket was opened.
    pub async fn load_ticket(&self, ticket_id: TicketId) -> Result<Option<ExpectedTicket>, LogError> {
        let events = self.read_stream(&StreamId::of::<Ticket>(ticket_id)).await?;
        Ok(events.into_iter().find_map(ExpectedTicket::from_opening))
    }

    async fn read_stream(&self, stream: &StreamId) -> Result<Vec<RecordedEvent>, LogError> {
        let sealed = self.log.read_stream(stream, 0).await?;
        self.log.open(&sealed).await
    }
}

impl ExpectedAccount {
    pub fn apply(&mut self, recorded: RecordedEvent) {
        let event_id = recorded.event_id();
        let Event::Account(event) = recorded.event else { return };
        if matches!(event, AccountEvent::AccountRegistered { .. }) {
            self.registered_at = Some(recorded.recorded_at);
            self.registered_by = Some(event_id);
        }
        self.changed_at = Some(recorded.recorded_at);
        self.account.apply(event);
        let roles = self.account.person().map(|person| &person.roles);
        if roles.is_some_and(|roles| roles.contains(&Role::Teacher)) {
            self.kind = Some("tutor");
        } else if roles.is_some_and(|roles| roles.contains(&Role::Student)) {
            self.kind = Some("student");
        }
    }

    /// The event of the registration: the key under which the user is created.
    pub fn registered_by(&self) -> Option<Uuid> {
        self.registered_by
    }

    /// When anything last changed that the CRM may have to follow.
    pub fn changed_at(&self) -> Option<Timestamp> {
        self.changed_at
    }

    pub fn state(&self) -> ExpectedState {
        if matches!(self.account, Account::Erased { .. }) {
            return if self.kind.is_some() { ExpectedState::Erased } else { ExpectedState::Nothing };
        }
        let (Some(person), Some(kind)) = (self.account.person(), self.kind) else {
            return ExpectedState::Nothing;
        };
        let (Some(registered_at), Some(registered_by)) = (self.registered_at, self.registered_by) else {
            return ExpectedState::Nothing;
        };
        match user_fields(person, kind, registered_at) {
            Some(fields) => {
                ExpectedState::User(ExpectedUser { fields, status: status_code(person), registered_by })
            }
            // The key is gone already; the event that says so is on its way.
            None => ExpectedState::Erased,
        }
    }
}

fn user_fields(person: &Person, kind: &'static str, registered_at: Timestamp) -> Option<UserFields> {
    let name = person.profile.name.as_ref().and_then(Personal::known)?;
    let email = person.email.known()?;
    let phone = match &person.phone {
        Some(phone) => phone.known()?.as_str().to_owned(),
        None => String::new(),
    };
    Some(UserFields {
        name: name.as_str().to_owned(),
        email: email.as_str().to_owned(),
        r#type: kind,
        phone,
        subjects: subject_labels(person.profile.subjects.as_deref().unwrap_or_default()),
        join_date: registered_at.to_zoned(TimeZone::UTC).date().to_string(),
    })
}

fn status_code(person: &Person) -> &'static str {
    if person.suspended {
        "suspended"
    } else if person.roles.iter().any(|role| !role.is_staff()) {
        "active"
    } else {
        "inactive"
    }
}

/// What the CRM's people read; a code that the dictionary has lost since stays as it is.
fn subject_labels(codes: &[String]) -> Vec<String> {
    if codes.is_empty() {
        return vec![NO_SUBJECTS.to_owned()];
    }
    let label =
        |code: &String| Vocabulary::Subjects.term(code).map_or(code.as_str(), |term| term.ru).to_owned();
    codes.iter().map(label).collect()
}

impl ExpectedLink {
    pub fn apply(&mut self, recorded: RecordedEvent) {
        let causation_id = recorded.metadata.causation_id;
        let Event::CrmLink(event) = recorded.event else { return };
        match &event {
            CrmLinkEvent::CrmDriftFound { what, drift } => {
                self.drifts.retain(|(open, _)| open != what);
                self.drifts.push((*what, drift.clone()));
            }
            CrmLinkEvent::CrmDriftHealed { what, .. } => self.drifts.retain(|(open, _)| open != what),
            CrmLinkEvent::CrmDeliveryFailed { what, .. } => {
                self.failures.extend(causation_id.map(|cause| (cause, *what)));
            }
            CrmLinkEvent::CrmUserLinked { external_id } => self.known_users.push(external_id.clone()),
            CrmLinkEvent::CrmTicketLinked { ticket_id, external_id } => {
                self.known_tickets.push((*ticket_id, external_id.clone()));
            }
            CrmLinkEvent::CrmSyncRequested { .. } | CrmLinkEvent::CrmDeliveryAbandoned { .. } => {}
        }
        self.link.apply(event);
    }

    /// How the record there was found to differ and has not been healed.
    pub fn open_drift(&self, what: SyncSubject) -> Option<&Drift> {
        self.drifts.iter().find(|(open, _)| *open == what).map(|(_, drift)| drift)
    }

    /// Failed attempts of the delivery that a cause asked for.
    pub fn count_failures(&self, cause: Uuid, what: SyncSubject) -> u32 {
        let count = self.failures.iter().filter(|failure| **failure == (cause, what)).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Whether any attempt to deliver this record has ever failed.
    pub fn has_failed(&self, what: SyncSubject) -> bool {
        self.failures.iter().any(|(_, failed)| *failed == what)
    }

    /// Whether the log knows this record as delivered.
    pub fn is_linked(&self, what: SyncSubject) -> bool {
        match what {
            SyncSubject::User => self.link.user().is_some(),
            SyncSubject::Ticket(ticket_id) => self.link.ticket(ticket_id).is_some(),
        }
    }
}

impl ExpectedTicket {
    pub fn from_opening(recorded: RecordedEvent) -> Option<Self> {
        let opened_by = recorded.event_id();
        let ticket_id = recorded.stream.aggregate_id.parse().ok()?;
        let Event::Ticket(event) = recorded.event else { return None };
        let TicketEvent::TicketOpened { title, description, priority, category, tags, requester, .. } = event
        else {
            return None;
        };
        let texts = title.into_known().zip(description.into_known());
        let fields = texts.map(|(title, description)| TicketFields {
            title,
            description,
            priority: priority.as_str(),
            category,
            created_by: requester.to_string(),
            tags,
        });
        Some(Self { ticket_id, requester, fields, opened_by, opened_at: recorded.recorded_at })
    }
}
