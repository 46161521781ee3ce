//! Figures of tickets: status, duration, and SLA targets.

use domain::support::{Classification, Priority, Status, TicketCommand};
use domain::{AccountId, Role, TicketId};
use projections::crm::analytics::{FactFilter, Report, ReportQuery, load_dashboard};

use super::{as_of, behind, last, map, totals, year};
use crate::history::History;
use crate::tables::Tables;

/// Monday, 2 February 2026: the support desk works from nine to six in Moscow.
fn desk() -> (History, AccountId, AccountId) {
    let mut history = History::new(40);
    history.waits_until("2026-02-02T07:00:00Z");
    let anna = history.registers(Role::Student, "Анна", "anna");
    let agent = history.registers(Role::Support, "Агент", "agent");
    (history, anna, agent)
}

fn moves(history: &mut History, agent: AccountId, ticket: TicketId, to: Status, instant: &str) {
    history.waits_until(instant);
    history.does_at_desk(agent, ticket, TicketCommand::ChangeStatus { to });
}

#[tokio::test]
async fn a_reopened_ticket_is_resolved_no_more_and_takes_longer_in_the_end() {
    let (mut history, anna, agent) = desk();
    let ticket = history.opens_ticket(anna, "Зона", Priority::Urgent);
    history.waits_until("2026-02-02T07:20:00Z");
    history.replies(agent, ticket, "Здравствуйте");
    moves(&mut history, agent, ticket, Status::Resolved, "2026-02-02T08:30:00Z");
    moves(&mut history, agent, ticket, Status::Open, "2026-02-03T07:00:00Z");
    moves(&mut history, agent, ticket, Status::Resolved, "2026-02-03T12:00:00Z");
    let events = &history.events;
    let pool = Tables::of(events).await.pool;
    let resolved: Vec<_> =
        events.iter().filter(|event| event.event.event_type() == "StatusChanged").collect();
    let reopened = last(events, "TicketReopened");

    let times = year(Report::ResolutionTimes);
    let [first, second] = [resolved[0], resolved[1]];
    let minutes = async |question: &ReportQuery| {
        let found = totals(&pool, question).await;
        let of = |key: &str| found.get(key).map(|seconds| (seconds / 60.0).round());
        (of("median"), of("median_elapsed"))
    };
    let (business, elapsed) = minutes(&as_of(&times, first)).await;
    assert!(business.is_some_and(|m| (85.0..95.0).contains(&m)), "{business:?}");
    assert_eq!(business, elapsed);
    assert_eq!(minutes(&as_of(&times, reopened)).await, (None, None));
    // An hour and a half, and then five hours.
    let (business, elapsed) = minutes(&as_of(&times, second)).await;
    assert!(business.is_some_and(|m| (380.0..400.0).contains(&m)), "{business:?}");
    assert!(elapsed.is_some_and(|m| (1_730.0..1_745.0).contains(&m)), "{elapsed:?}");
    assert_eq!(behind(&pool, &times, "p90").await.len(), 1);

    // The target is four hours: met at first, missed in the end.
    let sla = year(Report::Sla);
    let kept = map([("first_response", 1.0), ("resolution", 1.0)]);
    assert_eq!(totals(&pool, &as_of(&sla, first)).await, kept);
    assert_eq!(behind(&pool, &as_of(&sla, reopened), "resolution").await, []);
    assert_eq!(totals(&pool, &sla).await, map([("first_response", 1.0)]));
    assert_eq!(behind(&pool, &sla, "resolution").await[0].class, "breached");
}

/// A8: welcome tickets are in figures of support only where asked for.
#[tokio::test]
async fn a8_welcome_tickets_count_only_where_a_channel_is_named() {
    let (mut history, anna, _) = desk();
    history.opens_welcome_ticket(anna);
    history.opens_ticket(anna, "Зона", Priority::Low);
    let pool = Tables::of(&history.events).await.pool;
    let total = async |question: &ReportQuery| totals(&pool, question).await.get("total").copied();
    for report in [Report::Tickets, Report::TicketCategories] {
        let question = year(report);
        assert_eq!(total(&question).await, Some(1.0), "{report}");
        assert_eq!(behind(&pool, &question, "total").await.len(), 1, "{report}");
        let system = FactFilter { channel: Some("system".to_owned()), ..FactFilter::default() };
        assert_eq!(total(&ReportQuery { filter: system, ..question.clone() }).await, Some(1.0), "{report}");
        assert_eq!(total(&ReportQuery { definition: 1, ..question.clone() }).await, Some(2.0), "{report}");
        let by = ReportQuery { by: Some("channel".to_owned()), ..question };
        let channels = map([("system", 1.0), ("total", 2.0), ("agent", 1.0)]);
        assert_eq!(totals(&pool, &by).await, channels, "{report}");
    }
    let figures = load_dashboard(&pool, history.now(), None, None).await.unwrap().tickets;
    assert_eq!((figures.total, figures.open), (1, 1));
}

#[tokio::test]
async fn a_ticket_counts_as_it_stands_and_for_who_has_it() {
    let (mut history, anna, agent) = desk();
    history.opens_welcome_ticket(anna);
    let ticket = history.opens_ticket(anna, "Зона", Priority::Low);
    let priority = Some(Priority::Urgent);
    let category = Some("Уроки".to_owned());
    let classification = Classification { priority, category, tags: None };
    history.does_at_desk(agent, ticket, TicketCommand::ClassifyTicket(classification));
    history.does_at_desk(agent, ticket, TicketCommand::AssignTicket { agent });
    moves(&mut history, agent, ticket, Status::InProgress, "2026-02-02T08:00:00Z");
    let pool = Tables::of(&history.events).await.pool;
    let tickets = year(Report::Tickets);
    let urgent = map([("urgent", 1.0), ("total", 1.0)]);
    assert_eq!(totals(&pool, &tickets).await, urgent);
    let statuses = ReportQuery { by: Some("status".to_owned()), ..tickets.clone() };
    let expected = map([("in_progress", 1.0), ("total", 1.0)]);
    assert_eq!(totals(&pool, &statuses).await, expected);
    let filter = FactFilter { agent_id: Some(agent), ..FactFilter::default() };
    let of_agent = ReportQuery { filter, ..tickets };
    assert_eq!(totals(&pool, &of_agent).await, map([("urgent", 1.0), ("total", 1.0)]));
    let categories = year(Report::TicketCategories);
    let expected = map([("Уроки", 1.0), ("total", 1.0)]);
    assert_eq!(totals(&pool, &categories).await, expected);
    let opened = as_of(&categories, last(&history.events, "TicketOpened"));
    assert_eq!(totals(&pool, &opened).await.get("Оплата"), Some(&1.0));

    let cards = load_dashboard(&pool, history.now(), None, None).await.unwrap().tickets;
    assert_eq!((cards.total, cards.open, cards.in_progress, cards.urgent_open), (1, 0, 1, 1));
}

#[tokio::test]
async fn a_rating_is_replaced_by_the_next_one_of_the_same_ticket() {
    let (mut history, anna, agent) = desk();
    let ticket = history.opens_ticket(anna, "Зона", Priority::Low);
    for (rating, resolved, opened) in [
        (2, "2026-02-03T08:00:00Z", "2026-02-03T09:00:00Z"),
        (5, "2026-02-04T08:00:00Z", "2026-02-04T09:00:00Z"),
    ] {
        moves(&mut history, agent, ticket, Status::Resolved, resolved);
        let rate = TicketCommand::RateSatisfaction { by: anna, rating, comment: None };
        history.does_at_desk(anna, ticket, rate);
        moves(&mut history, agent, ticket, Status::Open, opened);
    }
    let pool = Tables::of(&history.events).await.pool;
    let csat = year(Report::Csat);
    assert_eq!(totals(&pool, &csat).await, map([("5", 1.0), ("average", 5.0)]));
    let first = history.events.iter().find(|event| event.event.event_type() == "SatisfactionRated").unwrap();
    assert_eq!(totals(&pool, &as_of(&csat, first)).await, map([("2", 1.0), ("average", 2.0)]));
}
