//! Rows of lesson requests and offers; applies one event to a request.

use domain::scheduling::{Excluded, LessonRequestEvent, RequestStatus, RequestTerms};
use domain::{AccountId, Currency, Money, Personal, Reason, RecordedEvent, RequestId, StreamVersion};
use jiff::Timestamp;
use serde::Serialize;
use sqlx::types::Json;
use uuid::Uuid;

/// Lesson request.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RequestRow {
    pub request_id: RequestId,
    pub student: AccountId,
    pub grade: String,
    pub subject: String,
    pub goals: Vec<String>,
    pub experience: Option<String>,
    pub duration_minutes: i16,
    pub format: String,
    /// `None` after the erasure of the student, like the comment.
    pub city: Option<String>,
    pub comment: Option<String>,
    pub starts_at: Timestamp,
    pub max_price: Option<i64>,
    pub max_price_currency: Option<String>,
    /// `open`, `accepted`, `cancelled` or `expired`.
    pub status: String,
    pub expires_at: Timestamp,
    pub requested_at: Timestamp,
    pub accepted_by: Option<Uuid>,
    pub slot_id: Option<Uuid>,
    pub price: Option<i64>,
    pub price_currency: Option<String>,
    pub asked: i32,
    pub declined: i32,
    /// Number of teachers considered; `None` until the search for teachers has ended.
    pub considered: Option<i32>,
    pub rules_version: Option<i16>,
    pub left_out: Json<Vec<Excluded>>,
    pub version: StreamVersion,
}

/// Offer of a request to a teacher.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OfferRow {
    pub request_id: RequestId,
    pub teacher: AccountId,
    pub declined: bool,
    pub rules_version: i16,
    pub reasons: Json<Vec<Reason>>,
    pub offered_at: Timestamp,
}

impl RequestRow {
    /// Returns the highest price that the student accepts.
    pub fn price_limit(&self) -> Option<Money> {
        money(self.max_price, self.max_price_currency.as_deref())
    }

    /// Returns the price of the lesson; `None` until a teacher has accepted.
    pub fn agreed_price(&self) -> Option<Money> {
        money(self.price, self.price_currency.as_deref())
    }

    pub(super) fn new(
        id: RequestId,
        student: AccountId,
        terms: &RequestTerms,
        comment: Option<&Personal<String>>,
        expires_at: Timestamp,
        recorded: &RecordedEvent,
    ) -> Self {
        Self {
            request_id: id,
            student,
            grade: terms.grade.clone(),
            subject: terms.subject.clone(),
            goals: terms.goals.clone(),
            experience: terms.experience.clone(),
            duration_minutes: terms.duration_minutes.cast_signed(),
            format: terms.format.as_str().to_owned(),
            city: terms.city.as_ref().and_then(Personal::known).cloned(),
            comment: comment.and_then(Personal::known).cloned(),
            starts_at: terms.starts_at,
            max_price: terms.max_price.map(|price| price.amount),
            max_price_currency: terms.max_price.map(|price| price.currency.to_string()),
            status: RequestStatus::Open.as_str().to_owned(),
            expires_at,
            requested_at: recorded.recorded_at,
            accepted_by: None,
            slot_id: None,
            price: None,
            price_currency: None,
            asked: 0,
            declined: 0,
            considered: None,
            rules_version: None,
            left_out: Json(Vec::new()),
            version: recorded.sequence,
        }
    }

    pub(super) fn apply(&mut self, event: &LessonRequestEvent, recorded: &RecordedEvent) {
        self.version = recorded.sequence;
        match event {
            // `new` creates the row; a request has only one such event.
            LessonRequestEvent::LessonRequested { .. } => {}
            LessonRequestEvent::RequestOffered { .. } => self.asked += 1,
            LessonRequestEvent::RequestMatched { rules_version, considered, excluded, .. } => {
                self.rules_version = Some(rules_version.cast_signed());
                self.considered = Some(i32::try_from(*considered).unwrap_or(i32::MAX));
                self.left_out = Json(excluded.clone());
            }
            LessonRequestEvent::RequestDeclined { .. } => self.declined += 1,
            LessonRequestEvent::RequestAccepted { teacher, slot_id, price } => {
                let status = RequestStatus::Accepted { teacher: *teacher, slot_id: *slot_id };
                self.status = status.as_str().to_owned();
                self.accepted_by = Some(teacher.uuid());
                self.slot_id = Some(slot_id.uuid());
                self.price = Some(price.amount);
                self.price_currency = Some(price.currency.to_string());
            }
            LessonRequestEvent::RequestCancelled {} => {
                self.status = RequestStatus::Cancelled.as_str().to_owned();
            }
            LessonRequestEvent::RequestExpired {} => {
                self.status = RequestStatus::Expired.as_str().to_owned();
            }
        }
    }
}

fn money(amount: Option<i64>, currency: Option<&str>) -> Option<Money> {
    Some(Money { amount: amount?, currency: currency.and_then(Currency::parse)? })
}
