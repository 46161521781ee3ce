//! Tests of the civil times that a rule names.

use super::*;

fn named(rrule: &str, start: &str, through: &str) -> Vec<String> {
    let start = local(start);
    let rule = Recurrence::parse(rrule, start, &zone("Europe/Berlin")).unwrap();
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
}

#[test]
fn r4_until_in_utc_ends_at_that_instant_in_the_zone_of_the_series() {
    let times =
        |until: &str| named(&format!("FREQ=WEEKLY;UNTIL={until}"), "2026-12-01T23:30", "2027-12-31").len();
    // Berlin is one hour ahead of UTC in December.
    assert_eq!(times("20261208T223000Z"), 2);
    assert_eq!(times("20261208T222959Z"), 1);
    assert_eq!(times("20261208T233000Z"), 2);
}

#[test]
fn r5_an_instant_comes_once_and_a_gap_uses_up_no_count() {
    // On 2027-03-28 the clocks of Berlin go from 02:00 to 03:00, so 02:30 and 03:30 are one instant.
    assert_eq!(
        named("FREQ=DAILY;BYHOUR=2,3;COUNT=4", "2027-03-28T02:30", "2027-12-31"),
        ["2027-03-28 02:30", "2027-03-29 02:30", "2027-03-29 03:30", "2027-03-30 02:30"]
    );
    assert_eq!(
        named("FREQ=DAILY;COUNT=2", "2027-03-28T02:30", "2027-12-31"),
        ["2027-03-28 02:30", "2027-03-29 02:30"]
    );
}

#[test]
fn r2_numbers_of_days_reach_from_minus_53_to_53() {
    assert_eq!(
        named("FREQ=MONTHLY;BYDAY=-5MO", "2027-03-01T10:00", "2027-12-31"),
        ["2027-03-01 10:00", "2027-05-03 10:00", "2027-08-02 10:00", "2027-11-01 10:00"]
    );
    assert_eq!(named("FREQ=YEARLY;BYDAY=-53FR", "2027-01-01T10:00", "2028-12-31"), ["2027-01-01 10:00"]);
    assert_eq!(
        named("FREQ=MONTHLY;BYDAY=MO,-1FR;COUNT=3", "2027-03-15T10:00", "2027-12-31"),
        ["2027-03-15 10:00", "2027-03-22 10:00", "2027-03-26 10:00"]
    );
    assert!(named("FREQ=MONTHLY;BYDAY=7MO", "2027-03-01T10:00", "2028-12-31").is_empty());
    assert_eq!(
        named("FREQ=MONTHLY;BYDAY=MO,TU;BYHOUR=8,9,10,11;BYSETPOS=-32,33", "2027-03-01T08:00", "2027-03-31"),
        ["2027-03-08 08:00", "2027-03-29 08:00"]
    );
}

#[test]
fn r1_parts_that_the_rfc_forbids_together_are_refused_with_their_names() {
    for (rule, part, other) in [
        ("FREQ=WEEKLY;BYDAY=1MO", "BYDAY", "FREQ=WEEKLY"),
        ("FREQ=DAILY;BYDAY=-1MO", "BYDAY", "FREQ=DAILY"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO", "BYDAY", "BYWEEKNO"),
        ("FREQ=WEEKLY;BYMONTHDAY=3", "BYMONTHDAY", "FREQ=WEEKLY"),
        ("FREQ=DAILY;BYYEARDAY=3", "BYYEARDAY", "FREQ=DAILY"),
        ("FREQ=WEEKLY;BYYEARDAY=3", "BYYEARDAY", "FREQ=WEEKLY"),
        ("FREQ=MONTHLY;BYYEARDAY=3", "BYYEARDAY", "FREQ=MONTHLY"),
        ("FREQ=MONTHLY;BYWEEKNO=3", "BYWEEKNO", "FREQ=MONTHLY"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20270101", "COUNT", "UNTIL"),
    ] {
        let error = Recurrence::parse(rule, local("2026-12-01T10:00"), &zone("Europe/Berlin")).unwrap_err();
        let problem = error.problem("rrule");
        assert_eq!((problem.pointer.as_str(), problem.code), ("/rrule", "rule_part_not_beside"), "{rule}");
        assert_eq!(
            (problem.facts["part"].as_str(), problem.facts["other"].as_str()),
            (part, other),
            "{rule}"
        );
    }
}

#[test]
fn a_count_counts_from_the_start_whatever_is_asked_for() {
    let start = local("2026-12-01T10:00");
    let rule = Recurrence::parse("FREQ=DAILY;COUNT=5", start, &zone("Europe/Berlin")).unwrap();
    assert_eq!(rule.between(day("2026-12-04"), day("2026-12-31")).len(), 2);
}

#[test]
fn r3_impossible_values_and_unknown_parts_are_refused_with_a_code() {
    let long = format!("FREQ=DAILY;BYMONTHDAY={}", "1,".repeat(200));
    for (rule, code) in [
        ("FREQ=HOURLY", "rule_part_unsupported"),
        ("FREQ=MINUTELY;COUNT=3", "rule_part_unsupported"),
        ("FREQ=SECONDLY", "rule_part_unsupported"),
        ("FREQ=DAILY;BYSECOND=1", "rule_part_unsupported"),
        ("FREQ=YEARLY;BYEASTER=0", "rule_part_unsupported"),
        ("FREQ=DAILY;DTSTART=20200101T000000", "rule_part_unsupported"),
        ("FREQ=DAILY;COUNT=1001", "rule_part_out_of_range"),
        ("FREQ=DAILY;COUNT=0", "rule_part_out_of_range"),
        ("FREQ=DAILY;INTERVAL=0", "rule_part_out_of_range"),
        ("FREQ=DAILY;INTERVAL=60000", "rule_part_out_of_range"),
        ("FREQ=DAILY;COUNT=99999999999", "rule_part_out_of_range"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "rule_part_out_of_range"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,32", "rule_part_out_of_range"),
        ("FREQ=MONTHLY;BYMONTHDAY=-32", "rule_part_out_of_range"),
        ("FREQ=YEARLY;BYYEARDAY=0", "rule_part_out_of_range"),
        ("FREQ=YEARLY;BYYEARDAY=367", "rule_part_out_of_range"),
        ("FREQ=YEARLY;BYWEEKNO=54", "rule_part_out_of_range"),
        ("FREQ=YEARLY;BYWEEKNO=0", "rule_part_out_of_range"),
        ("FREQ=YEARLY;BYMONTH=13", "rule_part_out_of_range"),
        ("FREQ=YEARLY;BYMONTH=0", "rule_part_out_of_range"),
        ("FREQ=YEARLY;BYMONTH=-1", "rule_part_malformed"),
        ("FREQ=DAILY;BYHOUR=24", "rule_part_out_of_range"),
        ("FREQ=DAILY;BYMINUTE=60", "rule_part_out_of_range"),
        ("FREQ=MONTHLY;BYDAY=0MO", "rule_part_out_of_range"),
        ("FREQ=MONTHLY;BYDAY=54MO", "rule_part_out_of_range"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0", "rule_part_out_of_range"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=367", "rule_part_out_of_range"),
        ("FREQ=MONTHLY;BYSETPOS=1", "rule_part_missing"),
        ("FREQ=DAILY;UNTIL=20200101", "rule_ends_before_start"),
        ("FREQ=DAILY;UNTIL=20270230", "rule_part_malformed"),
        ("FREQ=DAILY;UNTIL=20270201T250000", "rule_part_malformed"),
        ("FREQ=DAILY;UNTIL=20270201Z", "rule_part_malformed"),
        ("FREQ=DAILY;FREQ=WEEKLY", "rule_part_repeated"),
        ("FREQ=DAILY;BYHOUR=9;BYHOUR=10", "rule_part_repeated"),
        ("FREQ=DAILY\nDTSTART:20200101T000000", "rule_part_malformed"),
        ("FREQ=WEEKLY;BYDAY=XX", "rule_part_malformed"),
        ("FREQ=WEEKLY;BYDAY=MO,", "rule_part_malformed"),
        ("FREQ=WEEKLY;BYDAY=", "rule_part_malformed"),
        ("FREQ=WEEKLY;", "rule_part_malformed"),
        ("COUNT=3", "rule_part_missing"),
        ("каждый вторник", "rule_part_malformed"),
        ("FREQ=WEEKLY;BYDAY=ю", "rule_part_malformed"),
        ("", "rule_part_malformed"),
        (&long, "too_long"),
    ] {
        let refused = Recurrence::parse(rule, local("2026-12-01T10:00"), &zone("Europe/Berlin")).map(|_| ());
        assert_eq!(refused.map_err(|error| error.code()), Err(code), "{rule}");
    }
}

#[test]
fn a_hostile_rule_ends() {
    for rule in [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=6",
        "FREQ=DAILY;INTERVAL=1000;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;INTERVAL=999;BYMONTHDAY=31;BYMONTH=2",
        "FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9;BYMINUTE=0,1,2,3,4,5,6,7,8,9;BYMONTH=2;BYMONTHDAY=30",
    ] {
        let rule = Recurrence::parse(rule, local("2026-12-01T10:00"), &zone("Europe/Berlin")).unwrap();
        assert!(rule.between(day("2026-12-01"), day("2029-12-01")).is_empty());
    }
    let dense = "FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9;BYMINUTE=0,5,10,15,20,25,30,35,40,45,50,55";
    let dense = Recurrence::parse(dense, local("2026-12-01T00:00"), &zone("Europe/Berlin")).unwrap();
    assert_eq!(dense.between(day("2026-12-01"), day("2036-12-01")).len(), OCCURRENCES_MAX);
}
