//! The state of one stream from its events, compared with the served state.

use anyhow::bail;
use commands::Bus;
use domain::accounts::Account;
use domain::crm::CrmLink;
use domain::messaging::Conversation;
use domain::notifications::Inbox;
use domain::scheduling::{AvailabilitySeries, Class, LessonRequest, Slot, WaitlistEntry};
use domain::support::Ticket;
use domain::video::VideoSession;
use domain::{Decider, Event, EventLog, Position, RecordedEvent, StreamId, StreamVersion, fold_events};
use serde::Serialize;
use serde_json::Value;

use super::compare::{Difference, find_differences};
use crate::http::accounts::view::strip_personal_marks;

/// State of one stream from the log, and its differences to the served state.
#[derive(Debug, Serialize)]
pub struct StreamReplay {
    pub stream: String,
    pub events: usize,
    /// Stream version and position of the last applied event; 0 if there is none.
    pub version: StreamVersion,
    pub position: Position,
    /// The computed state with personal data; values of erased people are null.
    pub state: Value,
    /// Version of the served state; null if the stream has events after `--to`.
    pub served_version: Option<StreamVersion>,
    pub differences: Vec<Difference>,
}

/// Applies the events of a stream up to a position and compares.
///
/// # Errors
/// Returns an error if the type is unknown, the stream has no events, or an event cannot be read.
pub async fn replay_stream(
    bus: &Bus,
    stream: &StreamId,
    to: Option<Position>,
) -> anyhow::Result<StreamReplay> {
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
        VideoSession,
        WaitlistEntry
    );
    bail!(
        "there is no aggregate type {}: it is one of {}",
        stream.aggregate_type,
        Event::AGGREGATES.join(", ")
    )
}

/// Returns the name of the aggregate type, as in stream ids.
fn aggregate_type<A: Decider>() -> &'static str {
    A::TYPE
}

async fn replay_as<A>(bus: &Bus, stream: &StreamId, to: Option<Position>) -> anyhow::Result<StreamReplay>
where
    A: Decider<Event: TryFrom<Event>>,
{
    // The served state is loaded first, so that the events read are never older.
    let served = bus.load::<A>(&stream.aggregate_id).await?;
    let sealed = bus.log().read_stream(stream, StreamVersion::START).await?;
    let last = to.unwrap_or(match served.position {
        Position::START => Position::MAX,
        position => position,
    });
    let wanted: Vec<_> = sealed.iter().filter(|event| event.position <= last).cloned().collect();
    let has_later_events =
        sealed.iter().any(|event| event.position > last && event.sequence <= served.version);
    let recorded = bus.log().decode(&wanted).await?;
    if sealed.is_empty() {
        bail!("the stream {stream} has no events");
    }
    let (version, position) = recorded.last().map(|last| (last.sequence, last.position)).unwrap_or_default();
    let events = recorded.len();
    let mut found = find_gaps(&recorded);
    let state = serde_json::to_value(fold_events::<A>(recorded))?;
    if !has_later_events {
        found.extend(find_differences(&state, &serde_json::to_value(&*served.state)?));
        if version != served.version {
            found.push(Difference::new("/version", version.0.into(), served.version.0.into()));
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

/// Finds gaps in the stream versions. They are dense from 1, unless an event was removed from the log.
fn find_gaps(recorded: &[RecordedEvent]) -> Vec<Difference> {
    recorded
        .iter()
        .zip((1..).map(StreamVersion))
        .find(|(event, expected)| event.sequence != *expected)
        .map(|(event, expected)| Difference::new("/sequence", event.sequence.0.into(), expected.0.into()))
        .into_iter()
        .collect()
}
