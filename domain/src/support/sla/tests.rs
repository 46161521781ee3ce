//! Tests of the SLA clock: a comparison with a naive clock, and the single rules.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::calendar::week;
use super::*;
use crate::support::{
    Channel, NewTicket, Priority, SlaTarget, Status, StatusCause, Ticket, TicketCommand, TicketEvent,
};
use crate::{AccountId, Decider, Personal, ReplyId, TicketId};

const ANNA: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000001"));
const OLGA: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000009"));
const TWO: TicketId = TicketId(uuid::uuid!("0198c0de-0000-7000-8000-0000000000e2"));

/// Calendar in a zone whose clocks change, with hours across the change and a day off.
const BERLIN: BusinessCalendar =
    BusinessCalendar { zone: "Europe/Berlin", week: week((1, 20), Some((0, 24))), holidays: &[(3, 31)] };

fn policy(version: u16, in_force_from: Timestamp, high_first_response_minutes: u32) -> SlaPolicy {
    let targets = |first_response_minutes, resolution_minutes| SlaTargets {
        first_response_minutes,
        resolution_minutes,
    };
    SlaPolicy {
        version,
        in_force_from,
        calendar: BERLIN,
        low: targets(600, 3_000),
        medium: targets(300, 1_500),
        high: targets(high_first_response_minutes, 400),
        urgent: targets(20, 90),
    }
}

fn policies() -> [SlaPolicy; 2] {
    [policy(1, Timestamp::MIN, 60), policy(2, at("2026-06-01T00:00:00Z"), 10)]
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn opened(priority: Priority) -> TicketEvent {
    let ticket = NewTicket {
        requester: ANNA,
        title: "Оплата".to_owned(),
        description: "Не проходит".to_owned(),
        priority,
        category: "Оплата".to_owned(),
        tags: vec![],
        channel: Channel::Web,
    };
    Ticket::default().decide(&TicketCommand::OpenTicket(ticket), Timestamp::UNIX_EPOCH).unwrap().remove(0)
}

fn answered() -> TicketEvent {
    let reply_id = ReplyId(uuid::Uuid::nil());
    let body = Personal::new(ANNA, "Здравствуйте!".to_owned());
    TicketEvent::ReplyAdded { requester: ANNA, reply_id, author: OLGA, assignee: None, body }
}

fn moved(from: Status, to: Status) -> TicketEvent {
    TicketEvent::StatusChanged { requester: ANNA, from, to, cause: StatusCause::Agent }
}

fn clock(history: &[(&str, TicketEvent)]) -> SlaClock {
    let (first, rest) = history.split_first().unwrap();
    let mut clock = SlaClock::start(&first.1, at(first.0), &policies()).unwrap();
    for (when, event) in rest {
        clock.take(event, at(when), &policies());
    }
    clock
}

fn due(clock: &SlaClock, target: SlaTarget) -> Option<String> {
    clock.due_at(target, &policies()).map(|due| due.to_string())
}

/// Instant: Monday, 9 February 2026, 10:00 in Berlin.
const MONDAY: &str = "2026-02-09T09:00:00Z";

#[test]
fn nights_and_sundays_do_not_count() {
    let clock = clock(&[("2026-02-13T18:00:00Z", opened(Priority::Medium))]);
    // Friday 19:00: one hour until 20:00, then four on Saturday from midnight.
    assert_eq!(due(&clock, SlaTarget::FirstResponse).as_deref(), Some("2026-02-14T03:00:00Z"));
    // 25 hours: 1 on Friday, 24 on Saturday, and not a minute of Sunday.
    assert_eq!(due(&clock, SlaTarget::Resolution).as_deref(), Some("2026-02-14T23:00:00Z"));
}

#[test]
fn a_day_has_as_many_business_hours_when_clocks_change_as_the_wall_says() {
    // Saturday 24 October 2026, midnight to midnight, then Monday; no minute is lost in between.
    let spring = at("2026-03-28T00:00:00Z");
    assert_eq!(BERLIN.between(spring, at("2026-03-31T00:00:00Z")), SignedDuration::from_hours(23 + 19));
    let off = BERLIN.between(at("2026-03-30T22:00:00Z"), at("2026-03-31T22:00:00Z"));
    assert_eq!(off, SignedDuration::ZERO, "a holiday");
    let long_day = BusinessCalendar { week: [Some((0, 24)); 7], ..BERLIN };
    let day = |from: &str, to: &str| long_day.between(at(from), at(to));
    assert_eq!(day("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"), SignedDuration::from_hours(23));
    assert_eq!(day("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"), SignedDuration::from_hours(25));
}

#[test]
fn waiting_for_the_requester_stops_the_clock() {
    let history = [
        (MONDAY, opened(Priority::Urgent)),
        ("2026-02-09T09:10:00Z", answered()),
        ("2026-02-09T09:10:00Z", moved(Status::Open, Status::Waiting)),
        ("2026-02-11T15:00:00Z", moved(Status::Waiting, Status::InProgress)),
    ];
    assert_eq!(due(&clock(&history[..3]), SlaTarget::Resolution), None);
    // 10 of 90 minutes were used.
    assert_eq!(due(&clock(&history), SlaTarget::Resolution).as_deref(), Some("2026-02-11T16:20:00Z"));
}

#[test]
fn what_was_used_is_not_given_back_by_reopening_or_separating() {
    let reopened =
        TicketEvent::TicketReopened { requester: ANNA, from: Status::Resolved, cause: StatusCause::Reply };
    let resolved = [
        (MONDAY, opened(Priority::Urgent)),
        ("2026-02-09T10:00:00Z", moved(Status::Open, Status::Resolved)),
        ("2026-02-10T10:00:00Z", reopened),
    ];
    assert_eq!(due(&clock(&resolved), SlaTarget::Resolution).as_deref(), Some("2026-02-10T10:30:00Z"));
    let merged = TicketEvent::TicketMerged { requester: ANNA, into: TWO, status: Status::Open };
    let unmerged = TicketEvent::TicketUnmerged { requester: ANNA, from: TWO, status: Status::Open };
    let apart = [
        (MONDAY, opened(Priority::Urgent)),
        ("2026-02-09T10:00:00Z", merged),
        ("2026-02-10T10:00:00Z", unmerged),
    ];
    assert_eq!(due(&clock(&apart[..2]), SlaTarget::Resolution), None);
    assert_eq!(due(&clock(&apart), SlaTarget::Resolution).as_deref(), Some("2026-02-10T10:30:00Z"));
}

#[test]
fn what_was_missed_stays_missed_and_the_very_instant_is_in_time() {
    let missed = |when: &str| {
        let clock = clock(&[(MONDAY, opened(Priority::Urgent)), (when, answered())]);
        clock.missed_at(SlaTarget::FirstResponse, at("2026-03-01T00:00:00Z"), &policies())
    };
    assert_eq!(missed("2026-02-09T09:20:00Z"), None);
    assert_eq!(missed("2026-02-09T09:21:00Z"), Some(at("2026-02-09T09:20:00Z")));
    let silent = clock(&[(MONDAY, opened(Priority::Urgent))]);
    let seen = |now: &str| silent.missed_at(SlaTarget::FirstResponse, at(now), &policies());
    assert_eq!(seen("2026-02-09T09:20:00Z"), None);
    assert_eq!(seen("2026-02-09T09:20:01Z"), Some(at("2026-02-09T09:20:00Z")));
}

#[test]
fn a_priority_that_is_raised_too_late_is_due_at_once() {
    let raised = TicketEvent::PriorityChanged { requester: ANNA, from: Priority::Low, to: Priority::Urgent };
    let clock = clock(&[(MONDAY, opened(Priority::Low)), ("2026-02-09T12:00:00Z", raised)]);
    assert_eq!(due(&clock, SlaTarget::FirstResponse).as_deref(), Some("2026-02-09T12:00:00Z"));
}

#[test]
fn a_ticket_keeps_the_policy_of_its_opening() {
    let old = clock(&[("2026-05-29T10:00:00Z", opened(Priority::High))]);
    let new = clock(&[("2026-06-02T10:00:00Z", opened(Priority::High))]);
    assert_eq!((old.policy_version, new.policy_version), (1, 2));
    assert_eq!(due(&old, SlaTarget::FirstResponse).as_deref(), Some("2026-05-29T11:00:00Z"));
    assert_eq!(due(&new, SlaTarget::FirstResponse).as_deref(), Some("2026-06-02T10:10:00Z"));
}

#[test]
fn what_the_system_opened_has_no_promise() {
    let mut event = opened(Priority::High);
    if let TicketEvent::TicketOpened { channel, .. } = &mut event {
        *channel = Channel::System;
    }
    assert_eq!(SlaClock::start(&event, at(MONDAY), &policies()), None);
}

#[test]
fn every_version_of_the_policy_can_be_kept() {
    for (place, policy) in SLA_POLICIES.iter().enumerate() {
        assert_eq!(usize::from(policy.version), place + 1, "versions count from 1");
        assert!(policy.calendar.is_ever_open());
        for priority in Priority::ALL.windows(2) {
            for target in SlaTarget::ALL {
                assert!(policy.target(priority[0], *target) > policy.target(priority[1], *target));
            }
        }
    }
    assert!(SLA_POLICIES.windows(2).all(|two| two[0].in_force_from < two[1].in_force_from));
}

/// Naive clock: counts minute by minute with the local time of Berlin, without code of the SLA clock.
struct Naive {
    used: u32,
    missed: [Option<u32>; 2],
}

fn naive(history: &[(u32, TicketEvent)], policy: &SlaPolicy, from: Timestamp, minutes: u32) -> Naive {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let (mut status, mut merged, mut priority, mut response) = (Status::Open, false, Priority::Low, false);
    let mut told = Naive { used: 0, missed: [None, None] };
    for minute in 0..minutes {
        for (_, event) in history.iter().filter(|(when, _)| *when == minute) {
            match event {
                TicketEvent::TicketOpened { priority: first, .. } => priority = *first,
                TicketEvent::PriorityChanged { to, .. } => priority = *to,
                TicketEvent::StatusChanged { to, .. } => status = *to,
                TicketEvent::TicketReopened { .. } => status = Status::Open,
                TicketEvent::TicketMerged { .. } => merged = true,
                TicketEvent::TicketUnmerged { .. } => merged = false,
                TicketEvent::ReplyAdded { .. } => response = true,
                other => panic!("not asked of: {other:?}"),
            }
        }
        let local = (from + SignedDuration::from_mins(i64::from(minute))).to_zoned(zone.clone());
        let hour = local.hour();
        let open = match local.weekday() {
            _ if (local.month(), local.day()) == (3, 31) => false,
            jiff::civil::Weekday::Sunday => false,
            jiff::civil::Weekday::Saturday => true,
            _ => (1..20).contains(&hour),
        };
        let runs = matches!(status, Status::Open | Status::InProgress) && !merged;
        if !runs {
            continue;
        }
        for (place, target) in SlaTarget::ALL.iter().enumerate() {
            let met = *target == SlaTarget::FirstResponse && response;
            let allowed = policy.target(priority, *target).as_mins();
            // The allowed time has passed and the clock runs. So the minute that begins now is too late, also
            // if the support desk closes at that instant.
            if !met && i64::from(told.used) >= allowed && told.missed[place].is_none() {
                told.missed[place] = Some(minute);
            }
        }
        told.used += u32::from(open);
    }
    told
}

fn steps() -> impl Strategy<Value = Vec<(u32, u8, Priority)>> {
    prop::collection::vec((1..900u32, 0..7u8, prop::sample::select(Priority::ALL)), 0..14)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn the_clock_agrees_with_one_that_counts_minutes(
        start in prop_oneof![Just("2026-03-26T10:00:00Z"), Just("2026-10-23T21:00:00Z"), Just("2026-02-09T09:00:00Z")],
        offset in 0..4_000u32,
        priority in prop::sample::select(Priority::ALL),
        steps in steps(),
    ) {
        let policies = policies();
        let from = at(start) + SignedDuration::from_mins(i64::from(offset));
        let mut history = vec![(0, opened(priority))];
        let (mut minute, mut status, mut merged, mut urgency) = (0, Status::Open, false, priority);
        for (pause, what, to) in steps {
            minute += pause;
            let event = match what {
                0 => answered(),
                1 if urgency != to => TicketEvent::PriorityChanged { requester: ANNA, from: std::mem::replace(&mut urgency, to), to },
                2 if !merged && !status.is_over() => moved(std::mem::replace(&mut status, Status::Waiting), Status::Waiting),
                3 if !merged && !status.is_over() => moved(std::mem::replace(&mut status, Status::InProgress), Status::InProgress),
                4 if !merged && !status.is_over() => moved(std::mem::replace(&mut status, Status::Resolved), Status::Resolved),
                5 if !merged && status.is_over() => {
                    status = Status::Open;
                    TicketEvent::TicketReopened { requester: ANNA, from: Status::Resolved, cause: StatusCause::Agent }
                }
                6 if merged => {
                    merged = false;
                    TicketEvent::TicketUnmerged { requester: ANNA, from: TWO, status }
                }
                6 => {
                    merged = true;
                    TicketEvent::TicketMerged { requester: ANNA, into: TWO, status }
                }
                _ => continue,
            };
            history.push((minute, event));
        }
        let policy = SlaPolicy::in_force(&policies, from).unwrap();
        let until = minute + 2_000;
        let told = naive(&history, policy, from, until);
        let when = |minute: u32| from + SignedDuration::from_mins(i64::from(minute));
        let mut clock = SlaClock::start(&history[0].1, from, &policies).unwrap();
        for (minute, event) in &history[1..] {
            clock.take(event, when(*minute), &policies);
        }
        prop_assert_eq!(clock.used(when(until), &policies).as_mins(), i64::from(told.used));
        for (place, target) in SlaTarget::ALL.iter().enumerate() {
            let missed = clock.missed_at(*target, when(until), &policies);
            prop_assert_eq!(missed.is_some(), told.missed[place].is_some(), "{:?}: {:?}", target, missed);
            // A target cannot be missed before the minute in which the time was exceeded.
            if let (Some(missed), Some(minute)) = (missed, told.missed[place]) {
                prop_assert!(missed <= when(minute));
                prop_assert_eq!(BERLIN.between(missed, when(minute)), SignedDuration::ZERO);
            }
        }
    }

    #[test]
    fn adding_and_measuring_are_each_others_inverse(minutes in 1..9_000i64, offset in 0..500_000i64) {
        let from = at("2026-01-01T00:00:00Z") + SignedDuration::from_mins(offset);
        let due = BERLIN.add(from, SignedDuration::from_mins(minutes)).unwrap();
        prop_assert_eq!(BERLIN.between(from, due), SignedDuration::from_mins(minutes));
        let before = due - SignedDuration::from_secs(1);
        prop_assert!(BERLIN.between(from, before) < SignedDuration::from_mins(minutes), "not a second late");
    }
}
