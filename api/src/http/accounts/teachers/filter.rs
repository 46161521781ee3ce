//! Query of the catalogue of teachers.

use serde::Deserialize;

/// Filters and order of the catalogue. Codes are those of `GET /dictionaries`.
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
    /// The whole name of the city, in any letter case.
    pub(super) city: Option<String>,
    /// 1 to 5.
    pub(super) min_rating: Option<f64>,
    /// Maximum price of the cheapest free slot, in minor units of `currency`. Without a free slot, the
    /// maximum hourly rate.
    pub(super) max_price: Option<i64>,
    /// ISO 4217 code of the currency in which prices are compared. The default is RUB.
    pub(super) currency: Option<String>,
    pub(super) takes_requests: Option<bool>,
    /// Words of name, nickname, subjects or description of the teacher.
    pub(super) q: Option<String>,
    /// Selects teachers with or without a free slot in the future. With `true`, or with any time filter, one
    /// slot must match the filters of subject, grade, goal, format, duration, lesson type and price.
    pub(super) has_free_slots: Option<bool>,
    /// A free slot begins at or after this instant, or on or after this date in `time_zone`.
    pub(super) available_from: Option<String>,
    /// A free slot begins before this instant, or on this date at the latest.
    pub(super) available_to: Option<String>,
    /// A free slot begins at this time of day or later: `HH:MM` in `time_zone`.
    pub(super) time_from: Option<String>,
    /// A free slot begins before this time of day. If it is earlier than `time_from`, it is on the next day.
    pub(super) time_to: Option<String>,
    /// IANA name. Without it, times of day are in the time zone of each slot, and dates are in UTC.
    pub(super) time_zone: Option<String>,
    /// `-created_at` (the default), `min_price`, `next_free`, `hourly_rate`, `-hourly_rate` or `-rating`.
    pub(super) sort: Option<String>,
}
