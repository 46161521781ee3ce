//! Facts of people: accounts, activity, and steps of the funnel.

use std::collections::BTreeSet;

use domain::Role;
use domain::accounts::AccountEvent;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::fact::{Fact, Measure};
use super::fact_recorder::{CurrentFacts, FactRecorder, Tracked};
use crate::accounts::AccountStatus;
use crate::crm::UserType;
use crate::crm::analytics::local_days::{day_of, monday_of, months_between};

pub(super) const ENTITY: &str = "account";

/// Registered person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct PersonFacts {
    id: Uuid,
    registered_as: Role,
    registered_at: Timestamp,
    roles: BTreeSet<Role>,
    status: AccountStatus,
    /// Last day on which the person was active.
    active_on: Option<Date>,
    filled: bool,
    /// Number of seats ever booked, at most 2.
    bookings: u8,
    /// Held lessons that count for the person.
    lessons: i32,
}

impl CurrentFacts for PersonFacts {
    fn current_facts(&self) -> Vec<Fact> {
        let mut facts = Vec::new();
        if self.status != AccountStatus::Erased {
            let account = self.fact(Measure::Account, self.registered_at, self.user_type().as_str());
            facts.push(account.with_detail(self.status.as_str()));
        }
        if self.lessons > 0 {
            facts.extend(self.funnel_fact("first_lesson_held"));
        }
        facts
    }
}

impl PersonFacts {
    fn fact(&self, measure: Measure, at: Timestamp, class: &'static str) -> Fact {
        Fact::new(measure, at, class, (ENTITY, self.id))
    }

    fn user_type(&self) -> UserType {
        UserType::from_roles(|role| self.roles.contains(&role))
    }

    /// Returns the fact that a student has reached a funnel step. It counts at the instant of the
    /// registration.
    fn funnel_fact(&self, step: &'static str) -> Option<Fact> {
        let is_student = self.registered_as == Role::Student;
        is_student.then(|| self.fact(Measure::Funnel, self.registered_at, step))
    }
}

/// Returns the person that an event registers.
pub(super) fn start_tracking(id: Uuid, role: Role, recorder: &mut FactRecorder) -> Tracked<PersonFacts> {
    let person = PersonFacts {
        id,
        registered_as: role,
        registered_at: recorder.recorded_at(),
        roles: BTreeSet::from([role]),
        status: AccountStatus::Active,
        active_on: None,
        filled: false,
        bookings: 0,
        lessons: 0,
    };
    recorder.add_fact(person.fact(Measure::Registered, recorder.recorded_at(), role.as_str()));
    if let Some(step) = person.funnel_fact("registered") {
        recorder.add_fact(step);
    }
    Tracked::new(person, recorder)
}

impl Tracked<PersonFacts> {
    /// Applies a later event of the account.
    pub fn apply(&mut self, event: &AccountEvent, recorder: &mut FactRecorder) {
        match event {
            AccountEvent::ProfileUpdated { changes, .. } => {
                let fills = changes.subjects.as_ref().is_some_and(|subjects| !subjects.is_empty());
                if fills && !self.state.filled {
                    self.state.filled = true;
                    self.reach_step("profile_filled", recorder);
                }
            }
            AccountEvent::RoleGranted { role, .. } => {
                self.update(recorder, |person| person.roles.insert(*role));
            }
            AccountEvent::RoleRevoked { role, .. } => {
                self.update(recorder, |person| person.roles.remove(role));
            }
            AccountEvent::AccountSuspended { .. } => self.set_status(AccountStatus::Suspended, recorder),
            AccountEvent::AccountReinstated { .. } => self.set_status(AccountStatus::Active, recorder),
            AccountEvent::AccountErased { .. } => self.set_status(AccountStatus::Erased, recorder),
            AccountEvent::AccountRegistered { .. }
            | AccountEvent::EmailVerified {}
            | AccountEvent::EmailChanged { .. }
            | AccountEvent::PhoneChanged { .. }
            | AccountEvent::LinkRequested { .. }
            | AccountEvent::DataCorrected { .. }
            | AccountEvent::ContactsRevealed { .. }
            | AccountEvent::PasswordChanged {}
            | AccountEvent::AvatarChanged { .. }
            | AccountEvent::SignedIn { .. }
            | AccountEvent::SignedOut { .. }
            | AccountEvent::SessionRevoked { .. }
            | AccountEvent::SignInFailed { .. } => {}
        }
    }

    /// Records an activity. Only the first activity of a day counts, and the first of a week and of a month.
    pub fn record_activity(&mut self, recorder: &mut FactRecorder) {
        let (day, before) = (recorder.day(), self.state.active_on);
        if before == Some(day) {
            return;
        }
        self.state.active_on = Some(day);
        self.changed = true;
        let active =
            self.state.fact(Measure::Active, recorder.recorded_at(), self.state.user_type().as_str());
        recorder.add_fact(Fact { since: before, ..active });
        let registered_on = day_of(self.state.registered_at);
        let week = monday_of(day);
        if before.map(monday_of) != Some(week) {
            let days = week.since(monday_of(registered_on)).map_or(0, |span| span.get_days());
            self.record_return(Measure::Returned, days / 7, recorder);
        }
        if before.map(Date::first_of_month) != Some(day.first_of_month()) {
            self.record_return(Measure::ReturnedMonth, months_between(registered_on, day), recorder);
        }
    }

    /// Records that the person was active so many weeks or months after the registration.
    fn record_return(&self, measure: Measure, number: i32, recorder: &mut FactRecorder) {
        let PersonFacts { id, registered_at, registered_as, .. } = self.state;
        let returned = Fact::new(measure, registered_at, number.to_string(), (ENTITY, id));
        recorder.add_fact(returned.with_detail(registered_as.as_str()));
    }

    /// Records a booking for the person, by any initiator.
    pub fn record_booking(&mut self, recorder: &mut FactRecorder) {
        let step = match self.state.bookings {
            0 => "first_booking",
            1 => "second_booking",
            _ => return,
        };
        self.state.bookings += 1;
        self.reach_step(step, recorder);
    }

    /// Adds or removes a held lesson of the person.
    pub fn count_lessons(&mut self, lessons: i32, recorder: &mut FactRecorder) {
        self.update(recorder, |person| person.lessons += lessons);
    }

    fn reach_step(&mut self, step: &'static str, recorder: &mut FactRecorder) {
        self.changed = true;
        if let Some(fact) = self.state.funnel_fact(step) {
            recorder.add_fact(fact);
        }
    }

    fn set_status(&mut self, status: AccountStatus, recorder: &mut FactRecorder) {
        self.update(recorder, |person| person.status = status);
    }
}
