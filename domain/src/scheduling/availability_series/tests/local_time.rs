//! Tests of local times: gaps, folds, zones that abolished summer time, midnight.

use super::*;

fn utc(local_time: &str, name: &str) -> String {
    instant_of(local(local_time), &zone(name)).unwrap().to_string()
}

#[test]
fn a_time_that_the_clocks_skip_lies_behind_the_gap() {
    // 2026-03-29, 02:00 → 03:00; the same instant as 03:30 of that day.
    assert_eq!(utc("2026-03-29T02:30", "Europe/Berlin"), "2026-03-29T01:30:00Z");
    assert_eq!(utc("2026-03-29T03:30", "Europe/Berlin"), "2026-03-29T01:30:00Z");
    assert_eq!(utc("2027-03-14T02:30", "America/New_York"), "2027-03-14T07:30:00Z");
}

#[test]
fn a_time_that_the_clocks_show_twice_is_the_first_of_them() {
    assert_eq!(utc("2026-10-25T02:30", "Europe/Berlin"), "2026-10-25T00:30:00Z");
    assert_eq!(utc("2026-11-01T01:30", "America/New_York"), "2026-11-01T05:30:00Z");
}

#[test]
fn the_wall_time_stays_when_the_clocks_change() {
    assert_eq!(utc("2027-03-23T16:00", "Europe/Berlin"), "2027-03-23T15:00:00Z");
    assert_eq!(utc("2027-03-30T16:00", "Europe/Berlin"), "2027-03-30T14:00:00Z");
}

#[test]
fn a_zone_follows_its_history() {
    // Iran abolished summer time in 2022.
    assert_eq!(utc("2022-07-01T12:00", "Asia/Tehran"), "2022-07-01T07:30:00Z");
    assert_eq!(utc("2023-07-01T12:00", "Asia/Tehran"), "2023-07-01T08:30:00Z");
    // Moscow: summer time until 2011, +4 all year until 2014, +3 since.
    assert_eq!(utc("2013-01-01T12:00", "Europe/Moscow"), "2013-01-01T08:00:00Z");
    assert_eq!(utc("2026-07-01T12:00", "Europe/Moscow"), "2026-07-01T09:00:00Z");
    assert_eq!(utc("2026-07-01T12:00", "Asia/Tokyo"), "2026-07-01T03:00:00Z");
}

#[test]
fn the_release_of_the_database_is_known() {
    let version = tzdb_version();
    assert!(version.len() >= 5 && version.starts_with("20"), "{version}");
}

#[test]
fn a_lesson_goes_on_over_midnight() {
    let mut new = tuesdays();
    new.local_start = local("2026-12-01T23:30");
    let series = SeriesState::of(&new);
    let found = series.occurrences(day("2026-12-01"), day("2026-12-01"));
    let [late] = &found[..] else { panic!("{found:?}") };
    assert_eq!(late.period.starts_at.to_string(), "2026-12-01T22:30:00Z");
    assert_eq!(late.period.ends_at.to_string(), "2026-12-01T23:30:00Z");
    assert_eq!(local_of(late.period.ends_at, &new.zone), local("2026-12-02T00:30"));
    assert_eq!(local_date(late.period.starts_at, &new.zone), day("2026-12-01"));
}

#[test]
fn an_hour_is_an_hour_also_in_the_night_of_the_change() {
    let mut new = tuesdays();
    new.rrule = "FREQ=DAILY".to_owned();
    new.local_start = local("2027-03-27T02:30");
    let series = SeriesState::of(&new);
    let found = series.occurrences(day("2027-03-27"), day("2027-03-29"));
    let starts: Vec<_> = found.iter().map(|found| found.period.starts_at.to_string()).collect();
    assert_eq!(starts, ["2027-03-27T01:30:00Z", "2027-03-28T01:30:00Z", "2027-03-29T00:30:00Z"]);
    assert!(found.iter().all(|found| found.period.minutes() == 60));
}
