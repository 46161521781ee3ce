//! Tests of the civil times that a rule names.

use super::*;

fn named(rrule: &str, start: &str, through: &str) -> Vec<String> {
    let start = local(start);
    let rule = Recurrence::parse(rrule, start).unwrap();
    let times = rule.between(start.date(), day(through));
    times.iter().map(|time| time.strftime("%F %H:%M").to_string()).collect()
}

#[test]
fn days_weeks_months_and_years_repeat() {
    assert_eq!(
        named("FREQ=DAILY;INTERVAL=3;COUNT=3", "2026-12-30T09:00", "2027-12-31"),
        ["2026-12-30 09:00", "2027-01-02 09:00", "2027-01-05 09:00"]
    );
    assert_eq!(
        named("RRULE:freq=weekly;byday=mo,we", "2026-11-30T18:30", "2026-12-09"),
        ["2026-11-30 18:30", "2026-12-02 18:30", "2026-12-07 18:30", "2026-12-09 18:30"]
    );
    assert_eq!(
        named("FREQ=MONTHLY;BYDAY=-1FR", "2026-12-01T10:00", "2027-02-28"),
        ["2026-12-25 10:00", "2027-01-29 10:00", "2027-02-26 10:00"]
    );
    assert_eq!(
        named("FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=1", "2026-12-01T10:00", "2028-12-31"),
        ["2027-09-01 10:00", "2028-09-01 10:00"]
    );
}

#[test]
fn a_month_without_the_day_is_left_out_and_its_last_day_can_be_named() {
    assert_eq!(
        named("FREQ=MONTHLY", "2027-01-31T10:00", "2027-05-31"),
        ["2027-01-31 10:00", "2027-03-31 10:00", "2027-05-31 10:00"]
    );
    assert_eq!(
        named("FREQ=MONTHLY;BYMONTHDAY=-1", "2028-01-31T10:00", "2028-03-31"),
        ["2028-01-31 10:00", "2028-02-29 10:00", "2028-03-31 10:00"]
    );
}

#[test]
fn every_other_week_depends_on_the_day_on_which_weeks_begin() {
    let every_other = |begins: &str| {
        let rule = format!("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST={begins};COUNT=4");
        named(&rule, "2026-12-01T08:00", "2027-12-31")
    };
    // RFC 5545, 3.3.10: the example of WKST, with other dates.
    assert_eq!(
        every_other("MO"),
        ["2026-12-01 08:00", "2026-12-06 08:00", "2026-12-15 08:00", "2026-12-20 08:00"]
    );
    assert_eq!(
        every_other("SU"),
        ["2026-12-01 08:00", "2026-12-13 08:00", "2026-12-15 08:00", "2026-12-27 08:00"]
    );
}

#[test]
fn until_is_local_and_its_day_counts() {
    let expected = ["2026-12-01 23:30", "2026-12-08 23:30"];
    for until in ["20261208", "20261208T233000"] {
        let rule = format!("FREQ=WEEKLY;UNTIL={until}");
        assert_eq!(named(&rule, "2026-12-01T23:30", "2027-12-31"), expected);
    }
    let earlier = named("FREQ=WEEKLY;UNTIL=20261208T232900", "2026-12-01T23:30", "2027-12-31");
    assert_eq!(earlier, expected[..1]);
    let zulu = Recurrence::parse("FREQ=WEEKLY;UNTIL=20261208T000000Z", local("2026-12-01T10:00"));
    assert_eq!(zulu, Err(RecurrenceError::UntilNotLocal));
}

#[test]
fn a_count_counts_from_the_start_whatever_is_asked_for() {
    let start = local("2026-12-01T10:00");
    let rule = Recurrence::parse("FREQ=DAILY;COUNT=5", start).unwrap();
    assert_eq!(rule.between(day("2026-12-04"), day("2026-12-31")).len(), 2);
}

#[test]
fn what_lessons_can_not_do_is_refused_with_a_code() {
    let long = format!("FREQ=DAILY;BYMONTHDAY={}", "1,".repeat(200));
    for (rule, code) in [
        ("FREQ=HOURLY", "unsupported"),
        ("FREQ=MINUTELY;COUNT=3", "unsupported"),
        ("FREQ=SECONDLY", "unsupported"),
        ("FREQ=DAILY;BYSECOND=1", "unsupported"),
        ("FREQ=YEARLY;BYEASTER=0", "unsupported"),
        ("FREQ=DAILY;COUNT=1001", "out_of_range"),
        ("FREQ=DAILY;COUNT=0", "out_of_range"),
        ("FREQ=DAILY;INTERVAL=0", "out_of_range"),
        ("FREQ=DAILY;INTERVAL=60000", "out_of_range"),
        ("FREQ=DAILY;COUNT=99999999999", "malformed"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20270101", "malformed"),
        ("FREQ=DAILY;UNTIL=20200101", "malformed"),
        ("FREQ=DAILY;FREQ=WEEKLY", "malformed"),
        ("FREQ=DAILY\nDTSTART:20200101T000000", "malformed"),
        ("FREQ=DAILY;DTSTART=20200101T000000", "malformed"),
        ("FREQ=WEEKLY;BYDAY=XX", "malformed"),
        ("COUNT=3", "malformed"),
        ("каждый вторник", "malformed"),
        ("", "malformed"),
        (&long, "too_long"),
    ] {
        let refused = Recurrence::parse(rule, local("2026-12-01T10:00")).map(|_| ());
        assert_eq!(refused.map_err(RecurrenceError::code), Err(code), "{rule}");
    }
}

#[test]
fn a_hostile_rule_ends() {
    for rule in [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=6",
        "FREQ=MONTHLY;INTERVAL=999;BYMONTHDAY=31;BYMONTH=2",
        "FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9;BYMINUTE=0,1,2,3,4,5,6,7,8,9;BYMONTH=2;BYMONTHDAY=30",
    ] {
        let rule = Recurrence::parse(rule, local("2026-12-01T10:00")).unwrap();
        assert!(rule.between(day("2026-12-01"), day("2029-12-01")).is_empty());
    }
    let dense = "FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9;BYMINUTE=0,5,10,15,20,25,30,35,40,45,50,55";
    let dense = Recurrence::parse(dense, local("2026-12-01T00:00")).unwrap();
    assert_eq!(dense.between(day("2026-12-01"), day("2036-12-01")).len(), OCCURRENCES_MAX);
}
