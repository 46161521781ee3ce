//! Filters of the catalogue of teachers.

use serde::Deserialize;

/// Which teachers; codes are those of `GET /dictionaries`.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TeachersQuery {
    pub(super) subject: Option<String>,
    pub(super) grade: Option<String>,
    pub(super) goal: Option<String>,
    pub(super) experience: Option<String>,
    pub(super) format: Option<String>,
    /// Minutes.
    pub(super) duration: Option<u16>,
    pub(super) lesson_type: Option<String>,
    /// The whole name, in any case.
    pub(super) city: Option<String>,
    /// 1 to 5.
    pub(super) min_rating: Option<f64>,
    /// Of the cheapest free slot, in minor units of `currency`; of one hour, for who has no free slot.
    pub(super) max_price: Option<i64>,
    /// In which prices are compared, ISO 4217; RUB when absent.
    pub(super) currency: Option<String>,
    pub(super) takes_requests: Option<bool>,
    /// Words of name, nickname, subjects or what the teacher tells.
    pub(super) q: Option<String>,
    /// Whether there is a free slot in the future. With `true` (and with any of the filters of time), one
    /// and the same slot has the subject, grade, goal, format, duration, lesson type and price that are asked.
    pub(super) has_free_slots: Option<bool>,
    /// A free slot begins then or later: an instant, or a date in `time_zone`.
    pub(super) available_from: Option<String>,
    /// A free slot begins before this instant, or on this date at the latest.
    pub(super) available_to: Option<String>,
    /// A free slot begins at this time of day or later: `HH:MM` in `time_zone`.
    pub(super) time_from: Option<String>,
    /// A free slot begins before this time of day; when that is earlier than `time_from`, on the next day.
    pub(super) time_to: Option<String>,
    /// IANA name. Without it, times of day are on the clock on which the teacher offered each slot, and dates
    /// are of UTC.
    pub(super) time_zone: Option<String>,
    /// `-created_at` (the rule), `min_price`, `next_free`, `hourly_rate`, `-hourly_rate` or `-rating`.
    pub(super) sort: Option<String>,
}
