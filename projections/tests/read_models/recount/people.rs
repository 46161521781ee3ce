//! Accounts: registrations, activity, steps of students, and returns.

use std::collections::BTreeMap;

use domain::accounts::AccountEvent;
use domain::{AccountId, Actor, Event, RecordedEvent, Role};
use jiff::civil::Date;
use jiff::{Span, Timestamp};

use super::{Counted, lessons, local, streams};

/// Registrations with their role and instant.
fn registrations(events: &[RecordedEvent]) -> Vec<(AccountId, Role, Timestamp)> {
    let registered = events.iter().filter_map(|recorded| match &recorded.event {
        Event::Account(AccountEvent::AccountRegistered { role, .. }) => {
            Some((AccountId(recorded.stream.aggregate_id.parse().unwrap()), *role, recorded.recorded_at))
        }
        _ => None,
    });
    registered.collect()
}

pub(super) fn registered(events: &[RecordedEvent]) -> Vec<Counted> {
    let all = registrations(events);
    all.into_iter().map(|(_, role, at)| Counted::one(at, role.as_str())).collect()
}

/// Kind of the person after these events.
fn kind(events: &[RecordedEvent], who: AccountId) -> &'static str {
    let mut roles: Vec<Role> = vec![];
    for recorded in events.iter().filter(|recorded| recorded.stream.aggregate_id == who.to_string()) {
        match &recorded.event {
            Event::Account(
                AccountEvent::AccountRegistered { role, .. } | AccountEvent::RoleGranted { role, .. },
            ) => roles.push(*role),
            Event::Account(AccountEvent::RoleRevoked { role, .. }) => roles.retain(|held| held != role),
            _ => {}
        }
    }
    if roles.contains(&Role::Teacher) {
        "teacher"
    } else if roles.contains(&Role::Student) {
        "student"
    } else {
        "staff"
    }
}

/// Actions of registered people, with the index of the event.
fn deeds(events: &[RecordedEvent]) -> Vec<(AccountId, usize, Timestamp)> {
    let mut registered: Vec<AccountId> = vec![];
    let mut deeds = vec![];
    for (n, recorded) in events.iter().enumerate() {
        if let Event::Account(AccountEvent::AccountRegistered { .. }) = &recorded.event {
            registered.push(AccountId(recorded.stream.aggregate_id.parse().unwrap()));
        }
        let failed = matches!(&recorded.event, Event::Account(AccountEvent::SignInFailed { .. }));
        if let Actor::Account(who) = &recorded.metadata.actor
            && registered.contains(who)
            && !failed
        {
            deeds.push((*who, n, recorded.recorded_at));
        }
    }
    deeds
}

/// People active from one local day up to another (exclusive); the first action of each counts.
pub(super) fn active(events: &[RecordedEvent], (first, end): (Date, Date)) -> Vec<Counted> {
    let mut found: BTreeMap<AccountId, Counted> = BTreeMap::new();
    for (who, n, at) in deeds(events) {
        if (first..end).contains(&local(at)) {
            found.entry(who).or_insert_with(|| Counted::one(at, kind(&events[..=n], who)));
        }
    }
    found.into_values().collect()
}

/// Size of the cohort that registered in the step that begins on `first`, and how many were active in the step that
/// begins on `later`.
pub(super) fn returned(events: &[RecordedEvent], first: Date, later: Date, step: Span) -> (i64, i64) {
    let is_in = |at: Timestamp, day: Date| (day..day.checked_add(step).unwrap()).contains(&local(at));
    let all = registrations(events);
    let cohort: Vec<AccountId> =
        all.iter().filter(|(_, _, at)| is_in(*at, first)).map(|(who, _, _)| *who).collect();
    let back = |who: &&AccountId| deeds(events).iter().any(|(doer, _, at)| doer == *who && is_in(*at, later));
    (cohort.len() as i64, cohort.iter().filter(back).count() as i64)
}

pub(super) fn funnel(events: &[RecordedEvent]) -> Vec<Counted> {
    let accounts =
        streams(events, |event| if let Event::Account(event) = event { Some(event) } else { None });
    let mut steps = vec![];
    for (who, role, at) in registrations(events) {
        if role != Role::Student {
            continue;
        }
        let own = &accounts.iter().find(|(id, _)| *id == who.uuid()).unwrap().1;
        let filled = own.iter().any(|(_, event)| match event {
            AccountEvent::ProfileUpdated { changes, .. } => {
                changes.subjects.as_ref().is_some_and(|subjects| !subjects.is_empty())
            }
            _ => false,
        });
        let (bookings, held) = lessons::of_student(events, who);
        let reached = [
            ("registered", true),
            ("profile_filled", filled),
            ("first_booking", bookings > 0),
            ("first_lesson_held", held),
            ("second_booking", bookings > 1),
        ];
        steps.extend(reached.iter().filter(|(_, reached)| *reached).map(|(step, _)| Counted::one(at, step)));
    }
    steps
}
