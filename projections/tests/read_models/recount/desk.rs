//! Tickets: status and duration.

use cqrs_es::Aggregate;
use domain::support::{Channel, SLA_POLICIES, SlaClock, SlaTarget, Ticket, TicketEvent};
use domain::{Event, RecordedEvent};
use jiff::Timestamp;

use super::{Counted, Stream, streams};

fn tickets(
    events: &[RecordedEvent],
    each: impl Fn(&Stream<'_, TicketEvent>) -> Vec<Counted>,
) -> Vec<Counted> {
    let all = streams(events, |event| if let Event::Ticket(event) = event { Some(event) } else { None });
    all.iter().flat_map(|(_, stream)| each(stream)).collect()
}

/// The ticket after these events.
fn after(stream: &[(&RecordedEvent, &TicketEvent)]) -> Ticket {
    let mut ticket = Ticket::default();
    for (_, event) in stream {
        ticket.apply((*event).clone());
    }
    ticket
}

/// SLA clock of the ticket after these events; `None` if it has no targets.
fn clock(stream: &[(&RecordedEvent, &TicketEvent)]) -> Option<SlaClock> {
    let ((first, opened), rest) = stream.split_first()?;
    let mut clock = SlaClock::start(opened, first.recorded_at, SLA_POLICIES)?;
    for (recorded, event) in rest {
        clock.take(event, recorded.recorded_at, SLA_POLICIES);
    }
    Some(clock)
}

fn counted(ticket: &Ticket, at: Timestamp, class: &str) -> Counted {
    Counted { owner: ticket.case().unwrap().assignee, ..Counted::one(at, class) }
}

/// Tickets as they are now; welcome tickets only if they count.
pub(super) fn opened(events: &[RecordedEvent], welcome: bool) -> Vec<Counted> {
    tickets(events, |stream| {
        let ticket = after(stream);
        let case = ticket.case().unwrap();
        if case.channel == Channel::System && !welcome {
            return vec![];
        }
        let detail = case.status().as_str().to_owned();
        vec![Counted { detail, ..counted(&ticket, stream[0].0.recorded_at, case.priority.as_str()) }]
    })
}

pub(super) fn categories(events: &[RecordedEvent], welcome: bool) -> Vec<Counted> {
    tickets(events, |stream| {
        let ticket = after(stream);
        if ticket.case().unwrap().channel == Channel::System && !welcome {
            return vec![];
        }
        vec![counted(&ticket, stream[0].0.recorded_at, &ticket.case().unwrap().category)]
    })
}

/// Index of the first answer by another person than the requester.
fn answer(stream: &Stream<'_, TicketEvent>) -> Option<usize> {
    stream.iter().position(
        |(_, event)| matches!(event, TicketEvent::ReplyAdded { author, requester, .. } if author != requester),
    )
}

/// Index of the event that ended the ticket for the last time; `None` if it is open. A merger ends no ticket: its
/// question goes on in the other one.
fn end(stream: &Stream<'_, TicketEvent>) -> Option<usize> {
    let over = |n: usize| after(&stream[..=n]).case().unwrap().own_status.is_over();
    let last = stream.len() - 1;
    over(last).then(|| (0..=last).rev().take_while(|n| over(*n)).last().unwrap())
}

/// Seconds from the opening until then, as elapsed time or as business time; empty without an SLA clock.
fn took(stream: &Stream<'_, TicketEvent>, at: Option<usize>, elapsed: bool) -> Vec<Counted> {
    let Some(n) = at else { return vec![] };
    let (first, then) = (stream[0].0.recorded_at, stream[n].0.recorded_at);
    let used = clock(&stream[..=n]).map(|clock| clock.used(then, SLA_POLICIES).as_secs());
    let wall = then.duration_since(first).as_secs();
    let value = used.map(|used| if elapsed { wall } else { used });
    let ticket = after(&stream[..=n]);
    let priority = ticket.case().unwrap().priority;
    value.map(|value| Counted { value, ..counted(&ticket, then, priority.as_str()) }).into_iter().collect()
}

pub(super) fn first_responses(events: &[RecordedEvent], elapsed: bool) -> Vec<Counted> {
    tickets(events, |stream| took(stream, answer(stream), elapsed))
}

pub(super) fn resolutions(events: &[RecordedEvent], elapsed: bool) -> Vec<Counted> {
    tickets(events, |stream| took(stream, end(stream), elapsed))
}

/// Targets that are met or breached, once that is decided. A breach is final.
pub(super) fn decided(events: &[RecordedEvent], target: SlaTarget) -> Vec<Counted> {
    tickets(events, |stream| {
        let late = |n: usize| {
            let at = stream[n].0.recorded_at;
            clock(&stream[..=n]).is_some_and(|clock| clock.missed_at(target, at, SLA_POLICIES).is_some())
        };
        let is_over = |n: usize| after(&stream[..=n]).case().unwrap().own_status.is_over();
        let breach = (0..stream.len()).find(|n| match stream[*n].1 {
            TicketEvent::FirstResponseBreached { .. } => target == SlaTarget::FirstResponse,
            TicketEvent::ResolutionBreached { .. } => target == SlaTarget::Resolution,
            _ if target == SlaTarget::FirstResponse => answer(stream) == Some(*n) && late(*n),
            _ => is_over(*n) && late(*n) && (*n == 0 || !is_over(n - 1)),
        });
        let reached = if target == SlaTarget::FirstResponse { answer(stream) } else { end(stream) };
        let (n, class) = match (breach, reached) {
            (Some(n), _) => (n, "breached"),
            (None, Some(n)) => (n, "met"),
            (None, None) => return vec![],
        };
        if clock(stream).is_none() {
            return vec![];
        }
        vec![counted(&after(&stream[..=n]), stream[0].0.recorded_at, class)]
    })
}

/// The last rating of each ticket.
pub(super) fn ratings(events: &[RecordedEvent]) -> Vec<Counted> {
    tickets(events, |stream| {
        let last =
            stream.iter().rposition(|(_, event)| matches!(event, TicketEvent::SatisfactionRated { .. }));
        let rated = last.map(|n| {
            let (recorded, TicketEvent::SatisfactionRated { rating, agent, .. }) = stream[n] else {
                unreachable!("it is one")
            };
            let counted = Counted::one(recorded.recorded_at, &rating.to_string());
            Counted { value: i64::from(*rating), owner: *agent, ..counted }
        });
        rated.into_iter().collect()
    })
}
