//! Tests of the end of quiet hours, in every zone and on the days when clocks change.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::notifications::{LocalTime, QuietHours};

fn hours(from: &str, to: &str) -> QuietHours {
    QuietHours::between(LocalTime::parse(from).unwrap(), LocalTime::parse(to).unwrap()).unwrap()
}

fn until(hours: QuietHours, zone: &str, now: &str) -> Option<String> {
    let zone = TimeZone::get(zone).unwrap();
    hours.quiet_until(now.parse().unwrap(), &zone).map(|end| end.to_string())
}

#[test]
fn a_time_of_the_day_is_hours_and_minutes() {
    for good in ["00:00", "08:30", "23:59"] {
        assert_eq!(LocalTime::parse(good).unwrap().to_string(), good);
    }
    for bad in [
        "24:00",
        "8:30",
        " 8:30",
        "8:30 ",
        "8:300",
        "08:60",
        "08:30:00",
        "+8:30",
        "08-30",
        "",
        "ночью",
        "0é:00",
    ] {
        assert!(LocalTime::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn the_night_ends_in_the_morning_of_the_persons_zone() {
    let night = hours("22:00", "08:00");
    let end = Some("2026-11-26T05:00:00Z".to_owned());
    assert_eq!(until(night, "Europe/Moscow", "2026-11-25T19:00:00Z"), end);
    assert_eq!(until(night, "Europe/Moscow", "2026-11-26T04:59:59Z"), end);
    assert_eq!(until(night, "Europe/Moscow", "2026-11-26T05:00:00Z"), None);
    assert_eq!(until(night, "Europe/Moscow", "2026-11-25T18:59:59Z"), None);
    assert_eq!(until(night, "Asia/Vladivostok", "2026-11-25T19:00:00Z"), Some("2026-11-25T22:00:00Z".into()));
    let siesta = hours("13:00", "15:00");
    assert_eq!(until(siesta, "Europe/Madrid", "2026-11-25T12:30:00Z"), Some("2026-11-25T14:00:00Z".into()));
    assert_eq!(until(siesta, "Europe/Madrid", "2026-11-25T19:30:00Z"), None);
}

#[test]
fn an_end_that_does_not_exist_lies_behind_the_gap_and_one_that_comes_twice_is_the_next() {
    let night = hours("22:00", "02:30");
    // Berlin, 29 March 2026: 02:00 to 03:00 does not exist.
    assert_eq!(until(night, "Europe/Berlin", "2026-03-29T00:30:00Z"), Some("2026-03-29T01:30:00Z".into()));
    // Berlin, 25 October 2026: 02:00 to 03:00 occurs twice.
    assert_eq!(until(night, "Europe/Berlin", "2026-10-25T00:10:00Z"), Some("2026-10-25T00:30:00Z".into()));
    assert_eq!(until(night, "Europe/Berlin", "2026-10-25T01:10:00Z"), Some("2026-10-25T01:30:00Z".into()));
}

proptest! {
    #[test]
    fn the_end_of_the_quiet_comes_and_is_within_a_day(
        from in 0..1440u16, to in 0..1440u16, minute in 0..800_000i64,
        zone in prop::sample::select(vec!["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]),
    ) {
        let text = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        prop_assume!(from != to);
        let hours = hours(&text(from), &text(to));
        let zone = TimeZone::get(zone).unwrap();
        let now = "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minute);
        if let Some(end) = hours.quiet_until(now, &zone) {
            prop_assert!(end > now);
            prop_assert!(end.duration_since(now) <= SignedDuration::from_hours(25));
        }
    }
}
