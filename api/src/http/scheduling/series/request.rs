//! Request bodies of series: rule, time, and terms of the slots.

use domain::accounts::TimeZoneName;
use domain::scheduling::{LessonFormat, LessonType, NewSeries, SlotTerms};
use domain::{AccountId, ClassId, Money, Personal, Reason};
use jiff::civil::{Date, DateTime};
use serde::Deserialize;

use crate::http::caller::Caller;
use crate::http::problem::{FieldErrors, Problem};

/// Series to define.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DefineSeriesRequest {
    /// Rule of RFC 5545 without DTSTART, like `FREQ=WEEKLY;BYDAY=TU,TH`. Allowed are days, weeks, months and
    /// years; COUNT up to 1000; UNTIL in local time.
    #[schema(max_length = 300, example = "FREQ=WEEKLY;BYDAY=TU,TH")]
    rrule: String,
    /// Local time without offset.
    #[schema(example = "2026-12-01T16:00")]
    local_start: String,
    /// IANA name; default is the zone of the caller.
    time_zone: Option<String>,
    duration_minutes: u16,
    /// Code from `GET /dictionaries`.
    subject: String,
    #[schema(value_type = String, example = "regular")]
    lesson_type: LessonType,
    #[schema(value_type = String, example = "online")]
    format: LessonFormat,
    /// Price of one seat as `{amount, currency}`.
    #[schema(value_type = Object)]
    price: Money,
    /// Number of seats; default is 1.
    #[schema(minimum = 1, maximum = 100)]
    capacity: Option<u16>,
    min_participants: Option<u16>,
    #[serde(default)]
    goals: Vec<String>,
    #[serde(default)]
    grades: Vec<String>,
    #[schema(max_length = 200)]
    place: Option<String>,
    /// Class whose members get the seats.
    #[schema(value_type = Option<uuid::Uuid>)]
    class_id: Option<ClassId>,
}

impl DefineSeriesRequest {
    /// Builds the series for the domain, which validates the remaining rules.
    ///
    /// # Errors
    /// 422 per field that cannot be parsed.
    pub fn into_new_series(self, caller: &Caller) -> Result<NewSeries, Problem> {
        let mut invalid = FieldErrors::default();
        let start = parse_local_time(&self.local_start);
        if start.is_none() {
            invalid.push(Reason::field("/local_start", "malformed"));
        }
        let zone = invalid.check_optional("/time_zone", self.time_zone.as_deref(), TimeZoneName::parse);
        let own = || caller.person.profile.time_zone.clone().unwrap_or_default();
        let Some(local_start) = start else { return Err(invalid.to_problem()) };
        invalid.ensure_empty()?;
        let teacher = caller.account_id;
        Ok(NewSeries {
            teacher,
            rrule: self.rrule,
            local_start,
            zone: zone.unwrap_or_else(own),
            duration_minutes: self.duration_minutes,
            template: SlotTerms {
                subject: self.subject,
                lesson_type: self.lesson_type,
                format: self.format,
                price: self.price,
                capacity: self.capacity.unwrap_or(1),
                min_participants: self.min_participants,
                goals: self.goals,
                grades: self.grades,
                place: self.place.map(|place| Personal::new(teacher, place)),
            },
            class_id: self.class_id,
        })
    }
}

/// Changes of the terms of slots; absent fields stay unchanged.
#[derive(Debug, Default)]
pub struct TermChanges {
    pub subject: Option<String>,
    pub lesson_type: Option<LessonType>,
    pub format: Option<LessonFormat>,
    pub price: Option<Money>,
    pub capacity: Option<u16>,
    /// `Some(None)` removes it; the same holds for the place.
    pub min_participants: Option<Option<u16>>,
    pub goals: Option<Vec<String>>,
    pub grades: Option<Vec<String>>,
    pub place: Option<Option<String>>,
}

impl TermChanges {
    pub fn apply_to(self, mut terms: SlotTerms, teacher: AccountId) -> SlotTerms {
        fn set<T>(held: &mut T, new: Option<T>) {
            if let Some(new) = new {
                *held = new;
            }
        }
        set(&mut terms.subject, self.subject);
        set(&mut terms.lesson_type, self.lesson_type);
        set(&mut terms.format, self.format);
        set(&mut terms.price, self.price);
        set(&mut terms.capacity, self.capacity);
        set(&mut terms.goals, self.goals);
        set(&mut terms.grades, self.grades);
        set(&mut terms.min_participants, self.min_participants);
        set(&mut terms.place, self.place.map(|place| place.map(|place| Personal::new(teacher, place))));
        terms
    }
}

/// Parses a local time like `2026-12-01T16:00`, with optional seconds; `None` for a time with an offset.
pub fn parse_local_time(text: &str) -> Option<DateTime> {
    let (date, time) = text.split_once('T')?;
    let sound = matches!(time.len(), 5 | 8) && time.bytes().all(|b| b.is_ascii_digit() || b == b':');
    let time: jiff::civil::Time = time.parse().ok().filter(|_| sound)?;
    Some(parse_local_date(date)?.to_datetime(time))
}

/// Parses a date like `2026-12-01`.
pub fn parse_local_date(text: &str) -> Option<Date> {
    let sound = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    text.parse().ok().filter(|_| sound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_time_has_no_offset() {
        assert_eq!(parse_local_time("2026-12-01T16:00").unwrap().to_string(), "2026-12-01T16:00:00");
        assert_eq!(parse_local_time("2026-12-01T16:00:30").unwrap().to_string(), "2026-12-01T16:00:30");
        for text in [
            "2026-12-01T16:00Z",
            "2026-12-01T16:00:00Z",
            "2026-12-01T16:00+03:00",
            "2026-12-01",
            "2026-12-01T16",
            "2026-12-01T24:00",
            "2026-12-01T16:00[Europe/Berlin]",
            "2026-13-01T16:00",
            "20261201T160000",
            "",
        ] {
            assert_eq!(parse_local_time(text), None, "{text}");
        }
    }

    #[test]
    fn a_date_is_a_day_of_the_calendar() {
        assert_eq!(parse_local_date("2028-02-29").unwrap().to_string(), "2028-02-29");
        for text in ["2027-02-29", "2026-12-01T16:00", "20261201", "1.12.2026", "+002026-1", ""] {
            assert_eq!(parse_local_date(text), None, "{text}");
        }
    }
}
