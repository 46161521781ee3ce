//! An external validator reads random recurrence rules as we do, refusals included.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use domain::accounts::TimeZoneName;
use domain::scheduling::Recurrence;
use jiff::civil::DateTime;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde::Serialize;

/// Reads rules from its input with python-dateutil and the grammar of RFC 5545.
const READING: &str = include_str!("read_rules.py");
const RULES: usize = 1_500;

#[derive(Debug, Serialize)]
struct Rule {
    rule: String,
    start: String,
    through: String,
}

/// Lists of numbers around the bounds, of which some are invalid.
fn numbers(low: i32, high: i32) -> impl Strategy<Value = String> {
    let number = prop_oneof![9 => low..=high, 1 => Just(low - 1), 1 => Just(high + 1), 1 => Just(0)];
    prop::collection::vec(number, 1..4)
        .prop_map(|list| list.iter().map(i32::to_string).collect::<Vec<_>>().join(","))
}

/// Days without or with numbers. dateutil reads a mixture of both as none of them.
fn days() -> impl Strategy<Value = String> {
    const NAMES: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    let plain = prop::sample::subsequence(&NAMES[..], 1..5).prop_map(|names| names.join(","));
    let number = prop_oneof![6 => -6i32..=6, 1 => -54i32..=54];
    let numbered = prop::collection::vec((number, prop::sample::select(&NAMES[..])), 1..4);
    let numbered = numbered.prop_map(|list| {
        list.iter().map(|(number, name)| format!("{number}{name}")).collect::<Vec<_>>().join(",")
    });
    prop_oneof![plain, numbered]
}

fn part(name: &'static str, values: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop_oneof![4 => Just(String::new()), 1 => values.prop_map(move |value| format!(";{name}={value}"))]
}

fn rules() -> impl Strategy<Value = Rule> {
    let frequency = prop::sample::select(vec!["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]);
    let end = prop_oneof![
        3 => Just(String::new()),
        1 => (0i32..40).prop_map(|count| format!(";COUNT={count}")),
        1 => (20_270_101i32..20_270_128).prop_map(|day| format!(";UNTIL={day}")),
        1 => Just(";UNTIL=20280315T093000;COUNT=3".to_owned()),
    ];
    let by = (
        part("BYMONTH", numbers(1, 12)),
        part("BYWEEKNO", numbers(-50, 53)),
        part("BYYEARDAY", numbers(-366, 366)),
        part("BYMONTHDAY", numbers(-31, 31)),
        part("BYDAY", days()),
        part("BYHOUR", numbers(0, 23)),
        part("BYMINUTE", numbers(0, 59)),
        part("BYSETPOS", prop_oneof![numbers(-3, 3), numbers(-366, 366)]),
    );
    let start = (1i32..=28, 1i32..=12, 0i32..24, 0i32..60);
    (frequency, 1u32..5, by, end, start).prop_map(
        |(frequency, interval, by, end, (day, month, hour, minute))| {
            let by = [by.0, by.1, by.2, by.3, by.4, by.5, by.6, by.7].concat();
            // dateutil begins the first week at the start, not at its first day, so positions count from there.
            let day = if frequency == "WEEKLY" && by.contains("BYSETPOS") { 4 } else { day };
            let month = if day == 4 { 1 } else { month };
            Rule {
                rule: format!("FREQ={frequency};INTERVAL={interval}{by}{end}"),
                start: format!("2027-{month:02}-{day:02}T{hour:02}:{minute:02}"),
                through: "2030-12-31T23:59".to_owned(),
            }
        },
    )
}

/// Returns the times of a rule, or `None` if it is refused.
fn read(rule: &Rule) -> Option<Vec<String>> {
    let time = |text: &str| text.parse::<DateTime>().unwrap();
    let utc = TimeZoneName::parse("UTC").unwrap();
    let recurrence = Recurrence::parse(&rule.rule, time(&rule.start), &utc).ok()?;
    let times = recurrence.between(time(&rule.start).date(), time(&rule.through).date());
    Some(times.iter().map(|time| time.strftime("%Y-%m-%dT%H:%M").to_string()).collect())
}

#[test]
fn r1_r2_r3_dateutil_reads_random_rules_as_we_do() {
    let mut runner = TestRunner::deterministic();
    let rules: Vec<Rule> = (0..RULES).map(|_| rules().new_tree(&mut runner).unwrap().current()).collect();
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.tools/venv/bin/python");
    assert!(python.exists(), "{} is missing: run `make setup`", python.display());
    let mut reader = Command::new(python)
        .args(["-c", READING])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python runs");
    reader.stdin.take().unwrap().write_all(&serde_json::to_vec(&rules).unwrap()).unwrap();
    let output = reader.wait_with_output().unwrap();
    let expected: Vec<Option<Vec<String>>> = serde_json::from_slice(&output.stdout).unwrap();
    for (rule, expected) in rules.iter().zip(&expected) {
        assert_eq!(&read(rule), expected, "{rule:?}");
    }
    let refused = expected.iter().filter(|times| times.is_none()).count();
    let with_times = expected.iter().flatten().filter(|times| !times.is_empty()).count();
    assert!(refused > 200 && with_times > 200, "refused {refused}, with times {with_times}");
}
