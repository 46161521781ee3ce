//! What teachers and students do with each other's time.

use domain::{Clock, SystemClock};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::{Answer, Person};

/// So many minutes from now.
pub fn in_minutes(minutes: i64) -> Timestamp {
    SystemClock.now() + SignedDuration::from_mins(minutes)
}

/// So many hours from now.
pub fn in_hours(hours: i64) -> Timestamp {
    in_minutes(hours * 60)
}

/// So many seconds from now: for a lesson that is to begin in this test.
pub fn in_seconds(seconds: i64) -> Timestamp {
    SystemClock.now() + SignedDuration::from_secs(seconds)
}

/// The id in an answer.
#[track_caller]
pub fn id_of(answer: &Answer) -> &str {
    answer["id"].as_str().unwrap_or_else(|| panic!("no id: {answer:?}"))
}

impl Person {
    /// Offers an hour of mathematics for one.
    pub async fn offers(&self, starts_at: Timestamp) -> Answer {
        self.tries_to_offer(starts_at, json!({})).await.is(201)
    }

    /// The same for a group.
    pub async fn offers_seats(&self, starts_at: Timestamp, capacity: u16) -> Answer {
        self.tries_to_offer(starts_at, json!({ "capacity": capacity })).await.is(201)
    }

    /// Offers an hour with some fields of its own.
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

    /// Tries to take a seat for themselves.
    pub async fn books(&self, slot: &Answer) -> Answer {
        self.post(&format!("/slots/{}/bookings", id_of(slot)), json!({})).await
    }

    /// Does something with a lesson: `cancel`, `reschedule`, `start` …
    pub async fn does(&self, what: &str, lesson: &Answer, body: Value) -> Answer {
        self.post(&format!("/lessons/{}/{what}", id_of(lesson)), body).await
    }

    /// Reads a lesson as it is for them now.
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
