//! Loads the expected and the actual records of the external CRM, and compares them.

use std::collections::{BTreeMap, HashMap, HashSet};

use cqrs_es::Aggregate;
use domain::accounts::Account;
use domain::crm::{CrmLink, Drift, SyncSubject};
use domain::support::{Ticket, welcome_ticket_id};
use domain::{AccountId, Event, LogError, Position};
use jiff::{SignedDuration, Timestamp};

use crate::client::CallContext;
use crate::connection_probe::is_test_email;
use crate::crm_api::CrmApi;
use crate::delivery_attempt::{ERASED_TICKET_TITLE, erased_email};
use crate::expected::{ExpectedAccount, ExpectedLink, ExpectedState, ExpectedTicket, ExpectedUser};
use crate::integration::{CrmIntegration, CrmIntegrationError};
use crate::wire::{TicketRecord, UserRecord, email_key, same_email};

/// Number of events read at once.
const PAGE_EVENTS: usize = 2_000;
/// Frequent account events that do not change CRM records. They are not decrypted.
const IGNORED_EVENTS: [&str; 4] = ["SignedIn", "SignedOut", "SessionRevoked", "SignInFailed"];

/// Records of one account that follow from the log.
#[derive(Default)]
pub(crate) struct ExpectedRecords {
    pub account: ExpectedAccount,
    pub link: ExpectedLink,
    pub ticket: Option<ExpectedTicket>,
}

/// All records of the CRM, with indexes.
pub(crate) struct CrmSnapshot {
    pub users: Vec<UserRecord>,
    pub tickets: Vec<TicketRecord>,
    user_by_id: HashMap<String, usize>,
    users_by_email: HashMap<String, Vec<usize>>,
    ticket_by_id: HashMap<String, usize>,
    tickets_by_creator: HashMap<String, Vec<usize>>,
    /// Account of each user record, as the log knows it.
    linked_users: HashMap<String, AccountId>,
}

/// Comparison of one record with the log.
#[derive(Debug, PartialEq)]
pub(crate) enum Comparison {
    Matches,
    /// The delivery is in flight, or the record has just changed: it is too early to compare.
    Pending,
    Drifted(Drift),
}

impl CrmIntegration {
    /// Reads the whole log. Returns the expected records by account.
    pub(crate) async fn read_log(&self) -> Result<BTreeMap<AccountId, ExpectedRecords>, LogError> {
        let log = &self.event_reader.log;
        let mut entries: BTreeMap<AccountId, ExpectedRecords> = BTreeMap::new();
        let (mut after, head) = (Position::START, log.head().await?);
        while after < head {
            let mut sealed = log.read(after, PAGE_EVENTS).await?;
            let Some(last) = sealed.last() else { break };
            after = last.position;
            sealed.retain(|event| {
                [Account::TYPE, Ticket::TYPE, CrmLink::TYPE].contains(&event.stream.aggregate_type.as_str())
                    && !IGNORED_EVENTS.contains(&event.event_type.as_str())
            });
            for recorded in log.decode(&sealed).await? {
                apply(&mut entries, recorded);
            }
        }
        Ok(entries)
    }

    /// Reads all records of the CRM, page by page.
    pub(crate) async fn read_crm(
        &self,
        entries: &BTreeMap<AccountId, ExpectedRecords>,
    ) -> Result<CrmSnapshot, CrmIntegrationError> {
        let context = CallContext { account_id: None, what: "listing", is_manual: true, task: None };
        let crm = CrmApi { client: &self.client, context };
        let mut users = crm.list_users().await?;
        users.retain(|user| !is_test_email(&user.email));
        let tickets = crm.list_tickets().await?;
        let linked_users = entries
            .iter()
            .filter_map(|(account_id, entry)| Some((entry.link.link.user()?.to_owned(), *account_id)))
            .collect();
        Ok(CrmSnapshot::new(users, tickets, linked_users))
    }
}

fn apply(entries: &mut BTreeMap<AccountId, ExpectedRecords>, recorded: domain::RecordedEvent) {
    match &recorded.event {
        Event::Account(_) => {
            if let Ok(account_id) = recorded.stream.aggregate_id.parse() {
                entries.entry(account_id).or_default().account.apply(recorded);
            }
        }
        Event::CrmLink(_) => {
            if let Ok(account_id) = recorded.stream.aggregate_id.parse() {
                entries.entry(account_id).or_default().link.apply(recorded);
            }
        }
        Event::Ticket(_) => {
            if let Some(ticket) = ExpectedTicket::from_opening(recorded)
                && ticket.ticket_id == welcome_ticket_id(ticket.requester)
            {
                let requester = ticket.requester;
                entries.entry(requester).or_default().ticket = Some(ticket);
            }
        }
        _ => {}
    }
}

impl CrmSnapshot {
    fn new(
        users: Vec<UserRecord>,
        tickets: Vec<TicketRecord>,
        linked_users: HashMap<String, AccountId>,
    ) -> Self {
        let mut users_by_email: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, user) in users.iter().enumerate() {
            users_by_email.entry(email_key(&user.email)).or_default().push(index);
        }
        let mut tickets_by_creator: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, ticket) in tickets.iter().enumerate() {
            tickets_by_creator.entry(ticket.created_by.clone()).or_default().push(index);
        }
        Self {
            user_by_id: users.iter().enumerate().map(|(index, user)| (user.id.clone(), index)).collect(),
            ticket_by_id: tickets.iter().enumerate().map(|(index, t)| (t.id.clone(), index)).collect(),
            users,
            tickets,
            users_by_email,
            tickets_by_creator,
            linked_users,
        }
    }

    /// Compares the user record of an account.
    pub fn compare_user(
        &self,
        account_id: AccountId,
        entry: &ExpectedRecords,
        grace_start: Timestamp,
    ) -> Comparison {
        match entry.account.state() {
            ExpectedState::Nothing => Comparison::Matches,
            ExpectedState::Erased => self.compare_erased(account_id, &entry.link),
            ExpectedState::User(user) => {
                let records = self.users_of(account_id, &user, &entry.link);
                let is_early = entry.account.changed_at().is_some_and(|at| at > grace_start);
                match records[..] {
                    [] if is_early && entry.link.link.user().is_none() => Comparison::Pending,
                    [] => Comparison::Drifted(Drift::Missing),
                    [record] => {
                        let mut fields = user.fields.differing(record);
                        if record.status != user.status {
                            fields.push("status".to_owned());
                        }
                        compare_fields(fields, is_early)
                    }
                    _ => Comparison::Drifted(Drift::Duplicated {
                        external_ids: external_ids(&records, |user| &user.id),
                    }),
                }
            }
        }
    }

    /// Compares the welcome ticket of an account.
    pub fn compare_ticket(&self, entry: &ExpectedRecords, grace_start: Timestamp) -> Comparison {
        let ExpectedState::User(_) = entry.account.state() else { return Comparison::Matches };
        let Some(ticket) = &entry.ticket else { return Comparison::Matches };
        let Some(fields) = &ticket.fields else { return Comparison::Matches };
        let linked = entry.link.link.ticket(ticket.ticket_id);
        let mut records: Vec<&TicketRecord> = linked
            .and_then(|id| self.ticket_by_id.get(id))
            .map(|index| &self.tickets[*index])
            .into_iter()
            .collect();
        for index in self.tickets_by_creator.get(&fields.created_by).into_iter().flatten() {
            let record = &self.tickets[*index];
            if record.title == fields.title && records.iter().all(|held| held.id != record.id) {
                records.push(record);
            }
        }
        let is_early = ticket.opened_at > grace_start;
        match records[..] {
            [] if is_early && linked.is_none() => Comparison::Pending,
            [] => Comparison::Drifted(Drift::Missing),
            [record] => compare_fields(fields.differing(record), is_early),
            _ => Comparison::Drifted(Drift::Duplicated {
                external_ids: external_ids(&records, |ticket| &ticket.id),
            }),
        }
    }

    /// Counts the user records that belong to no account of the log.
    pub fn count_unknown(&self, entries: &BTreeMap<AccountId, ExpectedRecords>) -> u64 {
        let mut known: HashSet<&str> = HashSet::new();
        for (account_id, entry) in entries {
            known.extend(entry.link.known_users.iter().map(String::as_str));
            if let ExpectedState::User(user) = entry.account.state() {
                known.extend(self.users_of(*account_id, &user, &entry.link).iter().map(|r| r.id.as_str()));
            }
        }
        self.users.iter().map(|user| u64::from(!known.contains(user.id.as_str()))).sum()
    }

    fn users_of(&self, account_id: AccountId, user: &ExpectedUser, link: &ExpectedLink) -> Vec<&UserRecord> {
        let linked = link.link.user().and_then(|id| self.user_by_id.get(id));
        let mut records: Vec<&UserRecord> = linked.map(|index| &self.users[*index]).into_iter().collect();
        for index in self.users_by_email.get(&email_key(&user.fields.email)).into_iter().flatten() {
            let record = &self.users[*index];
            let is_anothers = self.linked_users.get(&record.id).is_some_and(|holder| *holder != account_id);
            if !is_anothers && records.iter().all(|held| held.id != record.id) {
                records.push(record);
            }
        }
        records
    }

    fn compare_erased(&self, account_id: AccountId, link: &ExpectedLink) -> Comparison {
        // A CRM that does not delete users holds a record without personal data.
        let erased_email = erased_email(account_id);
        let user_is_there = link.known_users.iter().any(|id| {
            let record = self.user_by_id.get(id).map(|index| &self.users[*index]);
            record.is_some_and(|record| !same_email(&record.email, &erased_email))
        });
        let created = self.tickets_by_creator.get(&account_id.to_string());
        let text_is_there =
            created.into_iter().flatten().any(|index| self.tickets[*index].title != ERASED_TICKET_TITLE);
        if user_is_there || text_is_there {
            Comparison::Drifted(Drift::Differs { fields: vec!["erased".to_owned()] })
        } else {
            Comparison::Matches
        }
    }
}

impl ExpectedRecords {
    /// Returns the records that the CRM must hold of this account.
    pub fn subjects(&self) -> Vec<SyncSubject> {
        let ticket = self.ticket.as_ref().map(|ticket| SyncSubject::Ticket(ticket.ticket_id));
        [SyncSubject::User].into_iter().chain(ticket).collect()
    }
}

/// Returns the instant before which changes must have been delivered.
pub(crate) fn grace_start(now: Timestamp, grace: SignedDuration) -> Timestamp {
    now.checked_sub(grace).unwrap_or(Timestamp::MIN)
}

fn compare_fields(fields: Vec<String>, is_early: bool) -> Comparison {
    match fields[..] {
        [] => Comparison::Matches,
        _ if is_early => Comparison::Pending,
        _ => Comparison::Drifted(Drift::Differs { fields }),
    }
}

fn external_ids<T>(records: &[&T], id: fn(&T) -> &String) -> Vec<String> {
    records.iter().map(|record| id(record).clone()).collect()
}
