//! Tests of a link to the external CRM, by given, when, then.

use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use proptest::prelude::*;

use super::*;
use crate::property_testing::any_command;
use crate::{Clock, Decider, FixedClock, RefusalError, TicketId};

const TICKET: TicketId = TicketId(uuid::uuid!("0198c0de-0000-7000-8000-00000000000a"));

fn clock() -> Arc<dyn Clock> {
    Arc::new(FixedClock::at("2026-11-23T09:00:00Z".parse().unwrap()))
}

fn given(events: Vec<CrmLinkEvent>) -> AggregateTestExecutor<CrmLink> {
    TestFramework::with(clock()).given(events)
}

fn link_user(external_id: &str) -> CrmLinkCommand {
    CrmLinkCommand::LinkUser { external_id: external_id.to_owned() }
}

fn link_ticket(external_id: &str) -> CrmLinkCommand {
    CrmLinkCommand::LinkTicket { ticket_id: TICKET, external_id: external_id.to_owned() }
}

fn user_linked(external_id: &str) -> CrmLinkEvent {
    CrmLinkEvent::CrmUserLinked { external_id: external_id.to_owned() }
}

fn ticket_linked(external_id: &str) -> CrmLinkEvent {
    CrmLinkEvent::CrmTicketLinked { ticket_id: TICKET, external_id: external_id.to_owned() }
}

#[test]
fn the_same_record_is_linked_once() {
    given(vec![]).when(link_user("u1")).then_expect_events(vec![user_linked("u1")]);
    given(vec![user_linked("u1")]).when(link_user("u1")).then_expect_events(vec![]);
    given(vec![]).when(link_ticket("t1")).then_expect_events(vec![ticket_linked("t1")]);
    given(vec![ticket_linked("t1")]).when(link_ticket("t1")).then_expect_events(vec![]);
}

#[test]
fn linking_again_is_news_after_a_failure_or_a_request() {
    let what = SyncSubject::User;
    let (cause, retry_at) = (FailureCause::Timeout, "2026-11-23T09:00:04Z".parse().unwrap());
    for unsettling in [
        CrmLinkEvent::CrmSyncRequested { what },
        CrmLinkEvent::CrmDeliveryFailed { what, attempt: 1, status: None, cause, retry_at },
        CrmLinkEvent::CrmDeliveryAbandoned { what, attempts: 1, status: None, cause },
    ] {
        given(vec![user_linked("u1"), unsettling.clone()])
            .when(link_user("u1"))
            .then_expect_events(vec![user_linked("u1")]);
        given(vec![user_linked("u1"), unsettling, user_linked("u1")])
            .when(link_user("u1"))
            .then_expect_events(vec![]);
    }
}

#[test]
fn a_record_that_was_made_anew_there_is_linked_anew() {
    given(vec![user_linked("u1")]).when(link_user("u2")).then_expect_events(vec![user_linked("u2")]);
    given(vec![ticket_linked("t1")]).when(link_ticket("t2")).then_expect_events(vec![ticket_linked("t2")]);
}

#[test]
fn every_request_failure_and_finding_is_kept() {
    let retry_at = "2026-11-23T09:00:04Z".parse().unwrap();
    let (what, status, cause) = (SyncSubject::Ticket(TICKET), Some(503), FailureCause::Unavailable);
    let drift = Drift::Differs { fields: vec!["email".to_owned()] };
    for (command, event) in [
        (CrmLinkCommand::RequestSync { what }, CrmLinkEvent::CrmSyncRequested { what }),
        (
            CrmLinkCommand::RecordFailure { what, attempt: 1, status, cause, retry_at },
            CrmLinkEvent::CrmDeliveryFailed { what, attempt: 1, status, cause, retry_at },
        ),
        (
            CrmLinkCommand::AbandonDelivery { what, attempts: 9, status, cause },
            CrmLinkEvent::CrmDeliveryAbandoned { what, attempts: 9, status, cause },
        ),
        (
            CrmLinkCommand::RecordDrift { what, drift: drift.clone() },
            CrmLinkEvent::CrmDriftFound { what, drift: drift.clone() },
        ),
        (
            CrmLinkCommand::RecordHealing { what, drift: drift.clone() },
            CrmLinkEvent::CrmDriftHealed { what, drift },
        ),
    ] {
        given(vec![event.clone()]).when(command).then_expect_events(vec![event]);
    }
}

#[test]
fn an_external_id_that_no_record_can_hold_is_refused() {
    for external_id in ["", " u1", "u\u{0}1", &"x".repeat(201)] {
        for command in [link_user(external_id), link_ticket(external_id)] {
            let refusal = given(vec![]).when(command).inspect_result().unwrap_err().refusal();
            assert_eq!(refusal.code, "external_id_malformed");
        }
    }
}

#[test]
fn a_status_that_nobody_got_is_absent_from_the_event() {
    let json =
        serde_json::json!({ "CrmDeliveryAbandoned": { "what": "user", "attempts": 3, "cause": "timeout" } });
    let event: CrmLinkEvent = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(event).unwrap(), json);
}

fn any_command() -> impl Strategy<Value = CrmLinkCommand> {
    let ticket = |n| TicketId(uuid::Uuid::from_u128(n));
    let what = move || {
        prop_oneof![Just(SyncSubject::User), (0u128..3).prop_map(move |n| SyncSubject::Ticket(ticket(n)))]
    };
    let cause = || prop::sample::select(FailureCause::ALL);
    let drift =
        || prop_oneof![Just(Drift::Missing), Just(Drift::Differs { fields: vec!["name".to_owned()] })];
    let retry_at = clock().now();
    any_command!(CrmLinkCommand {
        RequestSync: 1 => what().prop_map(|what| CrmLinkCommand::RequestSync { what }),
        LinkUser: 2 => "[a-c\u{0}]{0,2}".prop_map(|id| link_user(&id)),
        LinkTicket: 2 => ("[a-c\u{0}]{0,2}", 0u128..3).prop_map(move |(external_id, n)| {
            CrmLinkCommand::LinkTicket { ticket_id: ticket(n), external_id }
        }),
        RecordFailure: 1 => (what(), 1u32..4, cause()).prop_map(move |(what, attempt, cause)| {
            CrmLinkCommand::RecordFailure { what, attempt, status: None, cause, retry_at }
        }),
        AbandonDelivery: 1 => (what(), cause()).prop_map(|(what, cause)| {
            CrmLinkCommand::AbandonDelivery { what, attempts: 3, status: Some(500), cause }
        }),
        RecordDrift: 1 => (what(), drift()).prop_map(|(what, drift)| CrmLinkCommand::RecordDrift { what, drift }),
        RecordHealing: 1 => {
            (what(), drift()).prop_map(|(what, drift)| CrmLinkCommand::RecordHealing { what, drift })
        },
    })
}

proptest! {
    #[test]
    fn the_link_is_what_the_crm_said_last(commands in prop::collection::vec(any_command(), 0..30)) {
        let now = clock().now();
        let (mut link, mut user) = (CrmLink::default(), None);
        for command in commands {
            let Ok(events) = link.decide(&command, now) else { continue };
            if let CrmLinkCommand::LinkUser { external_id } = &command {
                user = Some(external_id.clone());
            }
            for event in events {
                link.apply(event);
            }
            prop_assert_eq!(link.decide(&command, now).unwrap().is_empty(), command_links(&command));
        }
        prop_assert_eq!(link.user(), user.as_deref());
        let snapshot = serde_json::to_string(&link).unwrap();
        prop_assert_eq!(serde_json::from_str::<CrmLink>(&snapshot).unwrap(), link);
    }
}

fn command_links(command: &CrmLinkCommand) -> bool {
    matches!(command, CrmLinkCommand::LinkUser { .. } | CrmLinkCommand::LinkTicket { .. })
}
