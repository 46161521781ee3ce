//! One stream folded from its events, beside the state that is served.

use anyhow::bail;
use commands::Bus;
use domain::accounts::Account;
use domain::crm::CrmLink;
use domain::messaging::Conversation;
use domain::notifications::Inbox;
use domain::scheduling::{AvailabilitySeries, Class, LessonRequest, Slot, WaitlistEntry};
use domain::support::Ticket;
use domain::{Decider, Event, EventLog, RecordedEvent, StreamId, folded};
use serde::Serialize;
use serde_json::Value;

use super::compare::{Difference, find_differences};
use crate::http::accounts::view::strip_personal_marks;

/// What the log says about one stream, and where something else is served.
#[derive(Debug, Serialize)]
pub struct StreamReplay {
    pub stream: String,
    pub events: usize,
    /// Sequence and position of the last folded event; 0 when there is none.
    pub version: u64,
    pub position: u64,
    /// The folded state; values of people are shown, those of erased people are null.
    pub state: Value,
    /// Version of the served state; null when events after `--to` make it another.
    pub served_version: Option<u64>,
    pub differences: Vec<Difference>,
}

/// Folds a stream up to a position and compares.
///
/// # Errors
/// The type is unknown, the stream has no events, or an event can not be read.
pub async fn replay_stream(bus: &Bus, stream: &StreamId, to: Option<u64>) -> anyhow::Result<StreamReplay> {
    macro_rules! replay_matching_type {
        ($( $aggregate:ty ),+) => {
            $( if stream.aggregate_type == aggregate_type::<$aggregate>() {
                return replay_as::<$aggregate>(bus, stream, to).await;
            } )+
        };
    }
    replay_matching_type!(
        Account,
        AvailabilitySeries,
        Class,
        Conversation,
        CrmLink,
        Inbox,
        LessonRequest,
        Slot,
        Ticket,
        WaitlistEntry
    );
    bail!(
        "there is no aggregate type {}: it is one of {}",
        stream.aggregate_type,
        Event::AGGREGATES.join(", ")
    )
}

/// The type of an aggregate, as streams name it.
fn aggregate_type<A: Decider>() -> &'static str {
    A::TYPE
}

async fn replay_as<A>(bus: &Bus, stream: &StreamId, to: Option<u64>) -> anyhow::Result<StreamReplay>
where
    A: Decider<Event: TryFrom<Event>>,
{
    // Asked first: what is folded is then never older than what is served.
    let served = bus.load::<A>(&stream.aggregate_id).await?;
    let sealed = bus.log().read_stream(stream, 0).await?;
    let last = to.unwrap_or(match served.position {
        0 => u64::MAX,
        position => position,
    });
    let wanted: Vec<_> = sealed.iter().filter(|event| event.position <= last).cloned().collect();
    let has_later_events =
        sealed.iter().any(|event| event.position > last && event.sequence <= served.version);
    let recorded = bus.log().open(&wanted).await?;
    if sealed.is_empty() {
        bail!("the stream {stream} has no events");
    }
    let (version, position) = recorded.last().map_or((0, 0), |last| (last.sequence, last.position));
    let events = recorded.len();
    let mut found = find_gaps(&recorded);
    let state = serde_json::to_value(folded::<A>(recorded))?;
    if !has_later_events {
        found.extend(find_differences(&state, &serde_json::to_value(&*served.state)?));
        if version != served.version {
            found.push(Difference::new("/version", version.into(), served.version.into()));
        }
    }
    Ok(StreamReplay {
        stream: stream.to_string(),
        events,
        version,
        position,
        state: strip_personal_marks(state),
        served_version: (!has_later_events).then_some(served.version),
        differences: found,
    })
}

/// Sequences count from 1 without holes; the log says something else only if somebody removed an event.
fn find_gaps(recorded: &[RecordedEvent]) -> Vec<Difference> {
    recorded
        .iter()
        .zip(1..)
        .find(|(event, expected)| event.sequence != *expected)
        .map(|(event, expected)| Difference::new("/sequence", event.sequence.into(), expected.into()))
        .into_iter()
        .collect()
}
