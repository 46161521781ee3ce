//! Random people and their events, decided by the real aggregates.

use std::collections::{BTreeSet, HashMap};

use cqrs_es::Aggregate;
use domain::accounts::{
    Account, AccountCommand, AccountEvent, Education, Email, Locale, Nickname, Person, PersonName, Phone,
    ProfileChanges, ProfileField, Registration, TimeZoneName,
};
use domain::crm::{CrmLink, CrmLinkCommand, Drift, FailureCause, SyncSubject};
use domain::support::Ticket;
use domain::{
    AccountId, Actor, CommandId, Currency, Decider, Event, Metadata, Money, ObjectId, PERSONAL_MARK,
    Personal, Position, RecordedEvent, Role, SessionId, Source, StreamId, StreamVersion, TicketId,
};
use jiff::{SignedDuration, Timestamp};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::Value;
use uuid::Uuid;

/// Occurs in every personal text of a history, followed by the number of the person.
pub const MARK: &str = "приватно";

/// A log that grows by commands.
pub struct History {
    pub events: Vec<RecordedEvent>,
    pub people: Vec<AccountId>,
    accounts: HashMap<AccountId, Account>,
    pub(crate) tickets: HashMap<TicketId, Ticket>,
    versions: HashMap<StreamId, StreamVersion>,
    now: Timestamp,
    pub(crate) random: StdRng,
}

impl History {
    pub fn new(seed: u64) -> Self {
        Self {
            events: Vec::new(),
            people: Vec::new(),
            accounts: HashMap::new(),
            tickets: HashMap::new(),
            versions: HashMap::new(),
            now: "2026-01-01T00:00:00Z".parse().unwrap(),
            random: StdRng::seed_from_u64(seed),
        }
    }

    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Moves the clock to an instant without an event.
    pub fn waits_until(&mut self, instant: &str) {
        self.now = self.now.max(instant.parse().unwrap());
    }

    /// A history of so many steps with a few people.
    pub fn random(seed: u64, steps: usize) -> Self {
        let mut history = Self::new(seed);
        for _ in 0..steps {
            history.step();
        }
        history
    }

    /// Registers a person with texts of their own.
    pub fn registers(&mut self, role: Role, name: &str, nickname: &str) -> AccountId {
        let id = AccountId(Uuid::from_u128(self.random.random()));
        let n = self.people.len();
        self.people.push(id);
        let command = AccountCommand::RegisterAccount(Registration {
            account_id: id,
            role,
            by_admin: role.is_staff(),
            email: Email::parse(&format!("{MARK}{n}@example.com")).unwrap(),
            name: PersonName::parse(name).unwrap(),
            nickname: Nickname::parse(nickname).unwrap(),
            phone: Some(phone(n)),
            locale: Locale::Ru,
            time_zone: TimeZoneName::default(),
            terms_version: "1".to_owned(),
        });
        self.does(id, command);
        id
    }

    /// Carries out a command on an account; a refused command has no effect.
    pub fn does(&mut self, id: AccountId, command: AccountCommand) {
        let account = self.accounts.entry(id).or_default();
        let Ok(events) = account.decide(&command, self.now) else { return };
        for event in events {
            self.accounts.get_mut(&id).unwrap().apply(event.clone());
            self.record(StreamId::of::<Account>(id), Actor::Account(id), Event::Account(event));
        }
    }

    pub fn changes_profile(&mut self, id: AccountId, changes: ProfileChanges) {
        self.does(id, AccountCommand::UpdateProfile { changes: Box::new(changes), cleared: vec![] });
    }

    pub fn suspends(&mut self, id: AccountId) {
        self.does(id, AccountCommand::SuspendAccount { reason: self.mark(id) });
    }

    pub fn erases(&mut self, id: AccountId) {
        self.does(id, AccountCommand::EraseAccount { reason: "asked for it".to_owned() });
    }

    fn delivers(&mut self, id: AccountId) {
        let what = SyncSubject::User;
        let command = match self.random.random_range(0..4) {
            0 => CrmLinkCommand::LinkUser { external_id: self.random.random::<u32>().to_string() },
            1 => CrmLinkCommand::RecordDrift { what, drift: Drift::Missing },
            2 => CrmLinkCommand::RequestSync { what },
            _ => CrmLinkCommand::RecordFailure {
                what,
                attempt: 1,
                status: Some(503),
                cause: FailureCause::Unavailable,
                retry_at: self.now,
            },
        };
        for event in CrmLink::default().decide(&command, self.now).unwrap_or_default() {
            self.record(StreamId::of::<CrmLink>(id), Actor::system("crm_delivery"), Event::CrmLink(event));
        }
    }

    pub fn wait(&mut self, days: i64) {
        self.now += SignedDuration::from_hours(24 * days);
    }

    pub fn record(&mut self, stream: StreamId, actor: Actor, event: Event) {
        // Every other event shares its instant with the one before.
        if self.random.random() {
            self.now += SignedDuration::from_micros(self.random.random_range(1..90_000_000));
        }
        let sequence = self.versions.entry(stream.clone()).or_default();
        *sequence = sequence.next();
        let id = Uuid::from_u128(self.random.random());
        self.events.push(RecordedEvent {
            position: Position(self.events.len() as u64 + 1),
            stream,
            sequence: *sequence,
            recorded_at: self.now,
            metadata: Metadata {
                actor,
                role: None,
                source: Source::Api,
                correlation_id: id,
                causation_id: None,
                command_id: CommandId(id),
                traceparent: None,
                request_id: None,
            },
            leaf_hash: self.random.random(),
            event,
        });
    }

    /// Carries out one random action of a random person.
    pub fn step(&mut self) {
        if self.people.is_empty() || self.random.random_bool(0.2) {
            let n = self.people.len();
            let role = *[Role::Student, Role::Teacher, Role::Teacher, Role::Support]
                .choose(&mut self.random)
                .unwrap();
            self.registers(role, &format!("Имя {MARK}{n}"), &format!("ник-{MARK}{n}"));
            return;
        }
        let id = *self.people.choose(&mut self.random).unwrap();
        match self.random.random_range(0..34) {
            0 => self.erases(id),
            1 => self.suspends(id),
            2 | 3 => self.does(id, AccountCommand::ReinstateAccount { reason: self.mark(id) }),
            4 => self.does(id, AccountCommand::GrantRole { role: Role::Teacher, reason: self.mark(id) }),
            5 => self.does(id, AccountCommand::RevokeRole { role: Role::Teacher, reason: self.mark(id) }),
            6 => self.does(id, AccountCommand::GrantRole { role: Role::Student, reason: String::new() }),
            7 => self.opens_welcome_ticket(id),
            8 | 9 => self.delivers(id),
            10 => {
                let email = Email::parse(&format!("{}@example.org", self.mark(id))).unwrap();
                self.does(id, AccountCommand::ChangeEmail { email });
            }
            11 => self.does(id, AccountCommand::ChangePhone { phone: None }),
            12 => self.does(id, AccountCommand::ChangePhone { phone: Some(phone(self.number(id))) }),
            13 => self.does(id, AccountCommand::VerifyEmail),
            14 => self.does(id, AccountCommand::ChangeAvatar { object_id: ObjectId(Uuid::from_u128(7)) }),
            15 => self.does(
                id,
                AccountCommand::RecordSignIn { session_id: SessionId(id.uuid()), user_agent: self.mark(id) },
            ),
            16 => self.does(id, AccountCommand::RecordSignInFailure { user_agent: self.mark(id) }),
            17 => self.does(id, AccountCommand::RecordPasswordChange),
            18 | 19 => {
                let cleared = vec![*ProfileField::ALL.choose(&mut self.random).unwrap()];
                self.does(id, AccountCommand::UpdateProfile { changes: Box::default(), cleared });
            }
            20..=29 => self.acts_on_ticket(id),
            _ => {
                let changes = self.profile(id);
                self.changes_profile(id, changes);
            }
        }
    }

    /// Changes one field at a time, so that a field that the role forbids costs only itself.
    fn profile(&mut self, id: AccountId) -> ProfileChanges {
        let text = Personal::new(id, format!("Текст {}", self.mark(id)));
        let mut changes = ProfileChanges::default();
        match self.random.random_range(0..12) {
            0 => changes.bio = Some(text),
            1 => changes.city = Some(text),
            2 => changes.subjects = Some(vec!["mathematics".to_owned(), "physics".to_owned()]),
            3 => changes.subjects = Some(vec!["chess".to_owned()]),
            4 => changes.durations = Some(vec![45, 60]),
            5 => changes.formats = Some(vec!["online".to_owned()]),
            6 => changes.hourly_rate = Some(Money { amount: 150_000, currency: Currency::RUB }),
            7 => changes.takes_requests = Some(self.random.random()),
            8 => {
                let university = Some(format!("Вуз {}", self.mark(id)));
                changes.education = Some(Personal::new(id, Education { university, ..Education::default() }));
            }
            9 => changes.name = Some(Personal::new(id, PersonName::parse(text.known().unwrap()).unwrap())),
            10 => changes.experience_years = Some(7),
            _ => changes.locale = Some(Locale::En),
        }
        changes
    }

    fn number(&self, id: AccountId) -> usize {
        self.people.iter().position(|person| *person == id).unwrap()
    }

    pub fn mark(&self, id: AccountId) -> String {
        format!("{MARK}{}", self.number(id))
    }

    /// Personal data of an existing account.
    pub fn person(&self, id: AccountId) -> Option<&Person> {
        self.accounts[&id].person()
    }

    /// Numbers of the erased people.
    pub fn erased(&self) -> BTreeSet<usize> {
        let erased = |event: &RecordedEvent| match &event.event {
            Event::Account(AccountEvent::AccountErased { account_id, .. }) => Some(self.number(*account_id)),
            _ => None,
        };
        self.events.iter().filter_map(erased).collect()
    }

    /// The same log as it decodes now, after the keys of erased people are gone.
    pub fn reopened(&self) -> Vec<RecordedEvent> {
        let gone: BTreeSet<String> = self.erased().into_iter().map(|n| self.people[n].to_string()).collect();
        let reopen = |recorded: &RecordedEvent| {
            let (mut payload, version) = (recorded.event.payload(), recorded.event.event_version());
            forget(&mut payload, &gone);
            let event_type = recorded.event.event_type();
            let event =
                Event::decode(&recorded.stream.aggregate_type, &event_type, &version, payload).unwrap();
            RecordedEvent { event, ..recorded.clone() }
        };
        self.events.iter().map(reopen).collect()
    }
}

pub fn phone(n: usize) -> Phone {
    Phone::parse(&format!("+7999{:07}", 1_000_000 + n)).unwrap()
}

fn forget(value: &mut Value, gone: &BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::Object(marked)) = fields.get_mut(PERSONAL_MARK) {
                if marked["subject"].as_str().is_some_and(|subject| gone.contains(subject)) {
                    marked.remove("value");
                }
                return;
            }
            fields.values_mut().for_each(|value| forget(value, gone));
        }
        Value::Array(values) => values.iter_mut().for_each(|value| forget(value, gone)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
