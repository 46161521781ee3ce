//! Upcasters: turn payloads of older event versions into the present shape, on read.

use std::sync::LazyLock;

use cqrs_es::persist::{EventUpcaster, SerializedEvent};
use serde_json::Value;

use crate::{accounts, support};

/// Returns the upcasters in the order in which they apply. Each names the event and its target version.
///
/// To add an upcaster: write it in the context of the event, list it here, and keep the golden file of
/// the old version.
pub fn upcasters() -> Vec<Box<dyn EventUpcaster>> {
    let mut all = accounts::upcasters();
    all.extend(support::upcasters());
    all
}

/// Upcasters, made once.
static UPCASTERS: LazyLock<Vec<Box<dyn EventUpcaster>>> = LazyLock::new(upcasters);

/// Returns the payload in the shape that the present code reads.
pub fn upcast(aggregate_type: &str, event_type: &str, event_version: &str, payload: Value) -> Value {
    upcast_with(&UPCASTERS, aggregate_type, event_type, event_version, payload)
}

fn upcast_with(
    upcasters: &[Box<dyn EventUpcaster>],
    aggregate_type: &str,
    event_type: &str,
    event_version: &str,
    payload: Value,
) -> Value {
    if !upcasters.iter().any(|upcaster| upcaster.can_upcast(event_type, event_version)) {
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

#[cfg(test)]
mod tests {
    use cqrs_es::persist::SemanticVersionEventUpcaster;
    use serde_json::json;

    use super::*;

    /// Upcasters of an invented event: 1.0 had one `name`, 2.0 has two, 3.0 also counts them.
    fn fixture() -> Vec<Box<dyn EventUpcaster>> {
        let split = |mut payload: Value| {
            let name = payload["Named"]["name"].as_str().unwrap_or_default().to_owned();
            let (first, last) = name.split_once(' ').unwrap_or((&name, ""));
            payload["Named"] = json!({ "first": first, "last": last });
            payload
        };
        let count = |mut payload: Value| {
            payload["Named"]["names"] = json!(2);
            payload
        };
        vec![
            Box::new(SemanticVersionEventUpcaster::new("Named", "2.0", Box::new(split))),
            Box::new(SemanticVersionEventUpcaster::new("Named", "3.0", Box::new(count))),
        ]
    }

    fn lifted(event_type: &str, event_version: &str, payload: Value) -> Value {
        upcast_with(&fixture(), "Account", event_type, event_version, payload)
    }

    #[test]
    fn an_old_payload_is_lifted_through_every_later_version() {
        assert_eq!(
            lifted("Named", "1.0", json!({ "Named": { "name": "Anna Petrova" } })),
            json!({ "Named": { "first": "Anna", "last": "Petrova", "names": 2 } })
        );
        assert_eq!(
            lifted("Named", "2.0", json!({ "Named": { "first": "A", "last": "P" } })),
            json!({ "Named": { "first": "A", "last": "P", "names": 2 } })
        );
    }

    #[test]
    fn a_present_payload_and_another_event_stay_as_they_are() {
        let present = json!({ "Named": { "first": "A", "last": "P", "names": 7 } });
        assert_eq!(lifted("Named", "3.0", present.clone()), present);
        let other = json!({ "Other": { "name": "x" } });
        assert_eq!(lifted("Other", "1.0", other.clone()), other);
    }
}
