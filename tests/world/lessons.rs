//! Actions of teachers and students on lessons.

use domain::{Clock, SystemClock};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::{Answer, Person};

/// Instant so many minutes from now.
pub fn in_minutes(minutes: i64) -> Timestamp {
    SystemClock.now() + SignedDuration::from_mins(minutes)
}

/// Instant so many hours from now.
pub fn in_hours(hours: i64) -> Timestamp {
    in_minutes(hours * 60)
}

/// Instant so many seconds from now, for a lesson that begins during the test.
pub fn in_seconds(seconds: i64) -> Timestamp {
    SystemClock.now() + SignedDuration::from_secs(seconds)
}

/// The id in an answer.
#[track_caller]
pub fn id_of(answer: &Answer) -> &str {
    answer["id"].as_str().unwrap_or_else(|| panic!("no id: {answer:?}"))
}

impl Person {
    /// Offers one hour of mathematics with one seat.
    pub async fn offers(&self, starts_at: Timestamp) -> Answer {
        self.tries_to_offer(starts_at, json!({})).await.is(201)
    }

    /// Offers one hour of mathematics with several seats.
    pub async fn offers_seats(&self, starts_at: Timestamp, capacity: u16) -> Answer {
        self.tries_to_offer(starts_at, json!({ "capacity": capacity })).await.is(201)
    }

    /// Tries to offer an hour; `own` replaces fields of the default offer.
    pub async fn tries_to_offer(&self, starts_at: Timestamp, own: Value) -> Answer {
        let mut slot = json!({
            "starts_at": starts_at, "duration_minutes": 60, "subject": "mathematics",
            "lesson_type": "regular", "format": "online",
            "price": { "amount": 150_000, "currency": "RUB" },
        });
        let fields = slot.as_object_mut().expect("an object");
        fields.extend(own.as_object().expect("an object").clone());
        self.post("/slots", slot).await
    }

    /// Tries to book a seat for this person.
    pub async fn books(&self, slot: &Answer) -> Answer {
        self.post(&format!("/slots/{}/bookings", id_of(slot)), json!({})).await
    }

    /// Requests an action on a lesson: `cancel`, `reschedule`, `start` …
    pub async fn does(&self, what: &str, lesson: &Answer, body: Value) -> Answer {
        self.post(&format!("/lessons/{}/{what}", id_of(lesson)), body).await
    }

    /// Reads a lesson as this person sees it now.
    pub async fn looks_at(&self, lesson: &Answer) -> Answer {
        self.get(&format!("/lessons/{}", id_of(lesson))).await
    }

    pub async fn cancels(&self, lesson: &Answer) -> Answer {
        self.does("cancel", lesson, json!({ "reason": "не получается" })).await
    }

    pub async fn proposes(&self, lesson: &Answer, starts_at: Timestamp) -> Answer {
        self.does("reschedule", lesson, json!({ "starts_at": starts_at })).await
    }
}
