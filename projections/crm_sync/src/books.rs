//! Both sides at once: everything that the log says, and everything that the CRM holds.

use std::collections::{BTreeMap, HashMap, HashSet};

use cqrs_es::Aggregate;
use domain::accounts::Account;
use domain::crm::{CrmLink, Drift, SyncSubject};
use domain::support::{Ticket, welcome_ticket_id};
use domain::{AccountId, Event, LogError};
use jiff::{SignedDuration, Timestamp};

use crate::calls::Crm;
use crate::client::Errand;
use crate::connection_test::is_test_email;
use crate::deliver::ERASED_TICKET_TITLE;
use crate::integration::{CrmIntegration, CrmIntegrationError};
use crate::truth::{AccountTruth, Expected, ExpectedUser, LinkTruth, TicketTruth};
use crate::wire::{TicketRecord, UserRecord, email_key};

/// Events read at once.
const PAGE: usize = 2_000;
/// What an account does every day and the CRM does not care about: not worth unsealing.
const OF_NO_INTEREST: [&str; 4] = ["SignedIn", "SignedOut", "SessionRevoked", "SignInFailed"];

/// What the log says of one account.
#[derive(Default)]
pub(crate) struct Entry {
    pub account: AccountTruth,
    pub link: LinkTruth,
    pub ticket: Option<TicketTruth>,
}

/// What the CRM holds, findable.
pub(crate) struct There {
    pub users: Vec<UserRecord>,
    pub tickets: Vec<TicketRecord>,
    user_by_id: HashMap<String, usize>,
    users_by_email: HashMap<String, Vec<usize>>,
    ticket_by_id: HashMap<String, usize>,
    tickets_by_creator: HashMap<String, Vec<usize>>,
    /// Whose record it is, as far as the log knows.
    linked_users: HashMap<String, AccountId>,
}

/// How one record there stands.
#[derive(Debug, PartialEq)]
pub(crate) enum Finding {
    AsItShallBe,
    /// On its way, or just changed: too early to tell.
    Pending,
    Drifted(Drift),
}

impl CrmIntegration {
    /// The log from its beginning, folded by account.
    pub(crate) async fn read_log(&self) -> Result<BTreeMap<AccountId, Entry>, LogError> {
        let log = &self.truth.log;
        let mut entries: BTreeMap<AccountId, Entry> = BTreeMap::new();
        let (mut after, head) = (0, log.head().await?);
        while after < head {
            let mut sealed = log.read(after, PAGE).await?;
            let Some(last) = sealed.last() else { break };
            after = last.position;
            sealed.retain(|event| {
                [Account::TYPE, Ticket::TYPE, CrmLink::TYPE].contains(&event.stream.aggregate_type.as_str())
                    && !OF_NO_INTEREST.contains(&event.event_type.as_str())
            });
            for recorded in log.open(&sealed).await? {
                take(&mut entries, recorded);
            }
        }
        Ok(entries)
    }

    /// Everything that the CRM holds, page by page.
    pub(crate) async fn read_crm(
        &self,
        entries: &BTreeMap<AccountId, Entry>,
    ) -> Result<There, CrmIntegrationError> {
        let errand = Errand { account_id: None, what: "listing", by_hand: true, task: None };
        let crm = Crm { client: &self.client, errand };
        let mut users = crm.users().await?;
        users.retain(|user| !is_test_email(&user.email));
        let tickets = crm.tickets().await?;
        let linked_users = entries
            .iter()
            .filter_map(|(account_id, entry)| Some((entry.link.link.user()?.to_owned(), *account_id)))
            .collect();
        Ok(There::new(users, tickets, linked_users))
    }
}

fn take(entries: &mut BTreeMap<AccountId, Entry>, recorded: domain::Recorded) {
    match &recorded.event {
        Event::Account(_) => {
            if let Ok(account_id) = recorded.stream.aggregate_id.parse() {
                entries.entry(account_id).or_default().account.take(recorded);
            }
        }
        Event::CrmLink(_) => {
            if let Ok(account_id) = recorded.stream.aggregate_id.parse() {
                entries.entry(account_id).or_default().link.take(recorded);
            }
        }
        Event::Ticket(_) => {
            if let Some(ticket) = TicketTruth::of(recorded)
                && ticket.ticket_id == welcome_ticket_id(ticket.requester)
            {
                let requester = ticket.requester;
                entries.entry(requester).or_default().ticket = Some(ticket);
            }
        }
        _ => {}
    }
}

impl There {
    fn new(
        users: Vec<UserRecord>,
        tickets: Vec<TicketRecord>,
        linked_users: HashMap<String, AccountId>,
    ) -> Self {
        let mut users_by_email: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, user) in users.iter().enumerate() {
            users_by_email.entry(email_key(&user.email)).or_default().push(place);
        }
        let mut tickets_by_creator: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, ticket) in tickets.iter().enumerate() {
            tickets_by_creator.entry(ticket.created_by.clone()).or_default().push(place);
        }
        Self {
            user_by_id: users.iter().enumerate().map(|(place, user)| (user.id.clone(), place)).collect(),
            ticket_by_id: tickets.iter().enumerate().map(|(place, t)| (t.id.clone(), place)).collect(),
            users,
            tickets,
            users_by_email,
            tickets_by_creator,
            linked_users,
        }
    }

    /// How an account's user stands there.
    pub fn user(&self, account_id: AccountId, entry: &Entry, settled_before: Timestamp) -> Finding {
        match entry.account.expected() {
            Expected::Nothing => Finding::AsItShallBe,
            Expected::Erased => self.erased(account_id, &entry.link),
            Expected::User(user) => {
                let records = self.users_of(account_id, &user, &entry.link);
                let is_early = entry.account.changed_at().is_some_and(|at| at > settled_before);
                match records[..] {
                    [] if is_early && entry.link.link.user().is_none() => Finding::Pending,
                    [] => Finding::Drifted(Drift::Missing),
                    [record] => {
                        let mut fields = user.fields.differing(record);
                        if record.status != user.status {
                            fields.push("status".to_owned());
                        }
                        differs(fields, is_early)
                    }
                    _ => Finding::Drifted(Drift::Duplicated { external_ids: ids(&records, |user| &user.id) }),
                }
            }
        }
    }

    /// How an account's welcome ticket stands there.
    pub fn ticket(&self, entry: &Entry, settled_before: Timestamp) -> Finding {
        let Expected::User(_) = entry.account.expected() else { return Finding::AsItShallBe };
        let Some(ticket) = &entry.ticket else { return Finding::AsItShallBe };
        let Some(fields) = &ticket.fields else { return Finding::AsItShallBe };
        let linked = entry.link.link.ticket(ticket.ticket_id);
        let mut records: Vec<&TicketRecord> = linked
            .and_then(|id| self.ticket_by_id.get(id))
            .map(|place| &self.tickets[*place])
            .into_iter()
            .collect();
        for place in self.tickets_by_creator.get(&fields.created_by).into_iter().flatten() {
            let record = &self.tickets[*place];
            if record.title == fields.title && records.iter().all(|held| held.id != record.id) {
                records.push(record);
            }
        }
        let is_early = ticket.opened_at > settled_before;
        match records[..] {
            [] if is_early && linked.is_none() => Finding::Pending,
            [] => Finding::Drifted(Drift::Missing),
            [record] => differs(fields.differing(record), is_early),
            _ => Finding::Drifted(Drift::Duplicated { external_ids: ids(&records, |ticket| &ticket.id) }),
        }
    }

    /// Users there that no account of the log has to do with.
    pub fn strangers(&self, entries: &BTreeMap<AccountId, Entry>) -> u64 {
        let mut known: HashSet<&str> = HashSet::new();
        for (account_id, entry) in entries {
            known.extend(entry.link.known_users.iter().map(String::as_str));
            if let Expected::User(user) = entry.account.expected() {
                known.extend(self.users_of(*account_id, &user, &entry.link).iter().map(|r| r.id.as_str()));
            }
        }
        self.users.iter().map(|user| u64::from(!known.contains(user.id.as_str()))).sum()
    }

    fn users_of(&self, account_id: AccountId, user: &ExpectedUser, link: &LinkTruth) -> Vec<&UserRecord> {
        let linked = link.link.user().and_then(|id| self.user_by_id.get(id));
        let mut records: Vec<&UserRecord> = linked.map(|place| &self.users[*place]).into_iter().collect();
        for place in self.users_by_email.get(&email_key(&user.fields.email)).into_iter().flatten() {
            let record = &self.users[*place];
            let is_anothers = self.linked_users.get(&record.id).is_some_and(|holder| *holder != account_id);
            if !is_anothers && records.iter().all(|held| held.id != record.id) {
                records.push(record);
            }
        }
        records
    }

    fn erased(&self, account_id: AccountId, link: &LinkTruth) -> Finding {
        let user_is_there = link.known_users.iter().any(|id| self.user_by_id.contains_key(id));
        let created = self.tickets_by_creator.get(&account_id.to_string());
        let text_is_there =
            created.into_iter().flatten().any(|place| self.tickets[*place].title != ERASED_TICKET_TITLE);
        if user_is_there || text_is_there {
            Finding::Drifted(Drift::Differs { fields: vec!["erased".to_owned()] })
        } else {
            Finding::AsItShallBe
        }
    }
}

impl Entry {
    /// The records that the CRM shall hold of this account.
    pub fn subjects(&self) -> Vec<SyncSubject> {
        let ticket = self.ticket.as_ref().map(|ticket| SyncSubject::Ticket(ticket.ticket_id));
        [SyncSubject::User].into_iter().chain(ticket).collect()
    }
}

/// The instant before which a change has had its time to get there.
pub(crate) fn settled_before(now: Timestamp, grace: SignedDuration) -> Timestamp {
    now.checked_sub(grace).unwrap_or(Timestamp::MIN)
}

fn differs(fields: Vec<String>, is_early: bool) -> Finding {
    match fields[..] {
        [] => Finding::AsItShallBe,
        _ if is_early => Finding::Pending,
        _ => Finding::Drifted(Drift::Differs { fields }),
    }
}

fn ids<T>(records: &[&T], id: fn(&T) -> &String) -> Vec<String> {
    records.iter().map(|record| id(record).clone()).collect()
}
