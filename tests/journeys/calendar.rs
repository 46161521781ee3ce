//! What teachers put into their calendars, for the journeys that need something to book.

use domain::{Clock, SystemClock};
use serde_json::{Value, json};
use tests::Person;

/// An instant so far from now, as the API takes it.
pub fn in_minutes(minutes: i64) -> String {
    (SystemClock.now() + jiff::SignedDuration::from_mins(minutes)).to_string()
}

/// Opens a slot of one seat in two days, with these fields of its own; gives its id.
pub async fn opens(teacher: &Person, own: Value) -> String {
    let mut slot = json!({
        "starts_at": in_minutes(2 * 24 * 60), "duration_minutes": 60, "subject": "algebra",
        "lesson_type": "regular", "format": "online", "price": { "amount": 150_000, "currency": "RUB" },
    });
    let fields = slot.as_object_mut().expect("an object");
    fields.extend(own.as_object().expect("fields").clone());
    let opened = teacher.post("/slots", slot).await.is(201);
    opened["id"].as_str().expect("an id").to_owned()
}
