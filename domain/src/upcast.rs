//! Lifts payloads of older event versions to the present shape, on read.

use cqrs_es::persist::{EventUpcaster, SerializedEvent};
use serde_json::Value;

/// The upcasters in the order in which they apply; each names the event and the version it lifts to.
///
/// Adding one: write it beside the event's context, list it here, keep the golden file of the old
/// version.
pub fn upcasters() -> Vec<Box<dyn EventUpcaster>> {
    Vec::new()
}

/// The payload in the shape that the present code reads.
pub fn lift(aggregate_type: &str, event_type: &str, event_version: &str, payload: Value) -> Value {
    lift_with(&upcasters(), aggregate_type, event_type, event_version, payload)
}

fn lift_with(
    upcasters: &[Box<dyn EventUpcaster>],
    aggregate_type: &str,
    event_type: &str,
    event_version: &str,
    payload: Value,
) -> Value {
    if upcasters.is_empty() {
        return payload;
    }
    let event = SerializedEvent::new(
        String::new(),
        0,
        aggregate_type.to_owned(),
        event_type.to_owned(),
        event_version.to_owned(),
        payload,
        Value::Null,
    );
    upcasters
        .iter()
        .fold(event, |event, upcaster| {
            if upcaster.can_upcast(&event.event_type, &event.event_version) {
                upcaster.upcast(event)
            } else {
                event
            }
        })
        .payload
}
