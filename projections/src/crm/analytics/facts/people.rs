//! The facts of people: that they are there, when they were active, how far they came.

use std::collections::BTreeSet;

use domain::Role;
use domain::accounts::AccountEvent;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::fact::{Fact, Measure};
use super::ledger::{Kept, Ledger, Standing};
use crate::accounts::AccountStatus;
use crate::crm::UserType;
use crate::crm::analytics::local_days::{day_of, monday};

pub(super) const ENTITY: &str = "account";

/// Somebody who registered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Person {
    id: Uuid,
    registered_as: Role,
    registered_at: Timestamp,
    roles: BTreeSet<Role>,
    status: AccountStatus,
    /// The last day on which they did something.
    active_on: Option<Date>,
    filled: bool,
    /// Seats ever booked; counts no further than to the second.
    bookings: u8,
    /// Held lessons that count for them.
    lessons: i32,
}

impl Standing for Person {
    fn standing(&self) -> Vec<Fact> {
        let mut facts = Vec::new();
        if self.status != AccountStatus::Erased {
            let account = self.fact(Measure::Account, self.registered_at, self.kind().as_str());
            facts.push(account.detail(self.status.as_str()));
        }
        if self.lessons > 0 {
            facts.extend(self.step("first_lesson_held"));
        }
        facts
    }
}

impl Person {
    fn fact(&self, measure: Measure, at: Timestamp, class: &'static str) -> Fact {
        Fact::one(measure, at, class, (ENTITY, self.id))
    }

    fn kind(&self) -> UserType {
        UserType::of(|role| self.roles.contains(&role))
    }

    /// That a student has come so far; counts when they registered.
    fn step(&self, step: &'static str) -> Option<Fact> {
        let is_student = self.registered_as == Role::Student;
        is_student.then(|| self.fact(Measure::Funnel, self.registered_at, step))
    }
}

/// Somebody registers.
pub(super) fn register(id: Uuid, role: Role, ledger: &mut Ledger) -> Kept<Person> {
    let person = Person {
        id,
        registered_as: role,
        registered_at: ledger.at(),
        roles: BTreeSet::from([role]),
        status: AccountStatus::Active,
        active_on: None,
        filled: false,
        bookings: 0,
        lessons: 0,
    };
    ledger.make(person.fact(Measure::Registered, ledger.at(), role.as_str()));
    if let Some(step) = person.step("registered") {
        ledger.make(step);
    }
    Kept::begin(person, ledger)
}

impl Kept<Person> {
    /// Goes on with a later event of the account.
    pub fn take(&mut self, event: &AccountEvent, ledger: &mut Ledger) {
        match event {
            AccountEvent::ProfileUpdated { changes, .. } => {
                let fills = changes.subjects.as_ref().is_some_and(|subjects| !subjects.is_empty());
                if fills && !self.state.filled {
                    self.state.filled = true;
                    self.reach("profile_filled", ledger);
                }
            }
            AccountEvent::RoleGranted { role, .. } => {
                self.change(ledger, |person| person.roles.insert(*role));
            }
            AccountEvent::RoleRevoked { role, .. } => {
                self.change(ledger, |person| person.roles.remove(role));
            }
            AccountEvent::AccountSuspended { .. } => self.stand(AccountStatus::Suspended, ledger),
            AccountEvent::AccountReinstated { .. } => self.stand(AccountStatus::Active, ledger),
            AccountEvent::AccountErased { .. } => self.stand(AccountStatus::Erased, ledger),
            AccountEvent::AccountRegistered { .. }
            | AccountEvent::EmailVerified {}
            | AccountEvent::EmailChanged { .. }
            | AccountEvent::PhoneChanged { .. }
            | AccountEvent::PasswordChanged {}
            | AccountEvent::AvatarChanged { .. }
            | AccountEvent::SignedIn { .. }
            | AccountEvent::SignedOut { .. }
            | AccountEvent::SessionRevoked { .. }
            | AccountEvent::SignInFailed { .. } => {}
        }
    }

    /// They did something: the first time on this day, and perhaps in this week, counts.
    pub fn act(&mut self, ledger: &mut Ledger) {
        let (day, before) = (ledger.day(), self.state.active_on);
        if before == Some(day) {
            return;
        }
        self.state.active_on = Some(day);
        self.changed = true;
        let active = self.state.fact(Measure::Active, ledger.at(), self.state.kind().as_str());
        ledger.make(Fact { since: before, ..active });
        let week = monday(day);
        if before.map(monday) != Some(week) {
            let registered_at = self.state.registered_at;
            let days = week.since(monday(day_of(registered_at))).map_or(0, |span| span.get_days());
            let number = (days / 7).to_string();
            let returned = Fact::one(Measure::Returned, registered_at, number, (ENTITY, self.state.id));
            ledger.make(returned.detail(self.state.registered_as.as_str()));
        }
    }

    /// They booked a seat, or somebody did it for them.
    pub fn book(&mut self, ledger: &mut Ledger) {
        let step = match self.state.bookings {
            0 => "first_booking",
            1 => "second_booking",
            _ => return,
        };
        self.state.bookings += 1;
        self.reach(step, ledger);
    }

    /// A held lesson counts for them, or does not any more.
    pub fn credit(&mut self, lessons: i32, ledger: &mut Ledger) {
        self.change(ledger, |person| person.lessons += lessons);
    }

    fn reach(&mut self, step: &'static str, ledger: &mut Ledger) {
        self.changed = true;
        if let Some(fact) = self.state.step(step) {
            ledger.make(fact);
        }
    }

    fn stand(&mut self, status: AccountStatus, ledger: &mut Ledger) {
        self.change(ledger, |person| person.status = status);
    }
}
