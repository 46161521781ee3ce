//! Records that the external CRM must hold, computed from the streams on demand.

use std::sync::Arc;

use cqrs_es::Aggregate;
use domain::accounts::{Account, AccountEvent, Locale, Person};
use domain::crm::{CrmLink, CrmLinkEvent, Drift, SyncSubject};
use domain::support::{Ticket, TicketEvent};
use domain::{
    AccountId, Event, EventLog, LogError, Personal, RecordedEvent, Role, StreamId, StreamVersion, TicketId,
    Vocabulary,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use translations::term_label;
use uuid::Uuid;

use crate::wire::{NO_SUBJECTS, TicketFields, UserFields};

/// Loads streams and applies their events.
#[derive(Clone)]
pub(crate) struct EventReader {
    pub log: Arc<dyn EventLog>,
}

/// An account, with the data that the CRM needs in addition to its state.
#[derive(Default)]
pub(crate) struct ExpectedAccount {
    account: Account,
    /// User type in the CRM. It stays when the person loses the role.
    kind: Option<&'static str>,
    registered_at: Option<Timestamp>,
    registered_by: Option<Uuid>,
    changed_at: Option<Timestamp>,
}

/// The user record that the CRM must hold of an account.
pub(crate) enum ExpectedState {
    /// No record: a member of staff, or an unknown account.
    Nothing,
    /// The person was erased: the CRM must hold no personal data.
    Erased,
    User(ExpectedUser),
}

pub(crate) struct ExpectedUser {
    pub fields: UserFields,
    /// `active`, `inactive` or `suspended`.
    pub status: &'static str,
    /// Id of the registration event: the idempotency key of the creation of the user.
    pub registered_by: Uuid,
}

/// A link, with its drifts, failures and former records.
#[derive(Default)]
pub(crate) struct ExpectedLink {
    pub link: CrmLink,
    drifts: Vec<(SyncSubject, Drift)>,
    /// Causes of failed attempts, one entry per attempt.
    failures: Vec<(Uuid, SyncSubject)>,
    /// All ids that the user records of this account have ever had in the CRM.
    pub known_users: Vec<String>,
    pub known_tickets: Vec<(TicketId, String)>,
}

/// A welcome ticket as it was opened.
pub(crate) struct ExpectedTicket {
    pub ticket_id: TicketId,
    pub requester: AccountId,
    pub fields: Option<TicketFields>,
    /// Id of the opening event: the idempotency key of the creation of the ticket.
    pub opened_by: Uuid,
    pub opened_at: Timestamp,
}

impl EventReader {
    /// Loads an account and the data for its CRM user.
    pub async fn load_account(&self, account_id: AccountId) -> Result<ExpectedAccount, LogError> {
        let mut expected = ExpectedAccount::default();
        for event in self.read_stream(&StreamId::of::<Account>(account_id)).await? {
            expected.apply(event);
        }
        Ok(expected)
    }

    /// Loads the link of an account.
    pub async fn load_link(&self, account_id: AccountId) -> Result<ExpectedLink, LogError> {
        let mut expected = ExpectedLink::default();
        for event in self.read_stream(&StreamId::of::<CrmLink>(account_id)).await? {
            expected.apply(event);
        }
        Ok(expected)
    }

    /// Loads a ticket. Returns `None` if it was not opened.
    pub async fn load_ticket(&self, ticket_id: TicketId) -> Result<Option<ExpectedTicket>, LogError> {
        let events = self.read_stream(&StreamId::of::<Ticket>(ticket_id)).await?;
        Ok(events.into_iter().find_map(ExpectedTicket::from_opening))
    }

    async fn read_stream(&self, stream: &StreamId) -> Result<Vec<RecordedEvent>, LogError> {
        let sealed = self.log.read_stream(stream, StreamVersion::START).await?;
        self.log.decode(&sealed).await
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

    /// Returns the id of the registration event: the idempotency key of the creation of the user.
    pub fn registered_by(&self) -> Option<Uuid> {
        self.registered_by
    }

    /// Returns the instant of the last change that the CRM may have to follow.
    pub fn changed_at(&self) -> Option<Timestamp> {
        self.changed_at
    }

    /// Returns the user record that the CRM must hold now.
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
            // The subject key is already destroyed, and the erasure event follows.
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

/// Returns the names of subjects for the users of the CRM. A code that is not in the dictionary stays
/// unchanged.
fn subject_labels(codes: &[String]) -> Vec<String> {
    if codes.is_empty() {
        return vec![NO_SUBJECTS.to_owned()];
    }
    codes.iter().map(|code| term_label(Vocabulary::Subjects, code, Locale::Ru)).collect()
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

    /// Returns the drift of a record that was found and is not healed yet.
    pub fn open_drift(&self, what: SyncSubject) -> Option<&Drift> {
        self.drifts.iter().find(|(open, _)| *open == what).map(|(_, drift)| drift)
    }

    /// Counts the failed attempts of the delivery with this cause.
    pub fn count_failures(&self, cause: Uuid, what: SyncSubject) -> u32 {
        let count = self.failures.iter().filter(|failure| **failure == (cause, what)).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Returns true if an attempt to deliver this record has ever failed.
    pub fn has_failed(&self, what: SyncSubject) -> bool {
        self.failures.iter().any(|(_, failed)| *failed == what)
    }

    /// Returns true if the log has this record as delivered.
    pub fn is_linked(&self, what: SyncSubject) -> bool {
        match what {
            SyncSubject::User => self.link.user().is_some(),
            SyncSubject::Ticket(ticket_id) => self.link.ticket(ticket_id).is_some(),
        }
    }
}

impl ExpectedTicket {
    /// Returns the ticket if the event has opened one.
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
