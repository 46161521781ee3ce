//! Compares a record of answers with the documents, and fails on what is documented, never came and has no reason.

use std::collections::BTreeSet;
use std::process::ExitCode;

/// Lines of the form `pattern | reason`; `*` in a pattern is any text.
const REASONS: &str = include_str!("never_answered.txt");

fn main() -> ExitCode {
    let path = std::env::args().nth(1).expect("the argument is the path of the record");
    let record = match std::fs::read_to_string(&path) {
        Ok(record) => record,
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::FAILURE;
        }
    };
    let faults = compare(&::tests::documented_lines(), &record.lines().collect(), REASONS);
    faults.iter().for_each(|fault| eprintln!("{fault}"));
    eprintln!("answers: {} differences from the documents", faults.len());
    if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Returns the documented lines that neither came nor have a reason, and the reasons of lines that are not documented.
fn compare(documented: &BTreeSet<String>, came: &BTreeSet<&str>, reasons: &str) -> Vec<String> {
    let reasons = reasons.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let patterns: Vec<&str> =
        reasons.map(|line| line.split_once(" | ").expect("a line is `pattern | reason`").0.trim()).collect();
    let is_missing = |line: &str| !came.contains(line) && !patterns.iter().any(|pattern| fits(pattern, line));
    let is_idle = |pattern: &str| !documented.iter().any(|line| fits(pattern, line));
    let missing = documented.iter().filter(|line| is_missing(line));
    let idle = patterns.iter().filter(|pattern| is_idle(pattern));
    missing
        .map(|line| format!("documented, and never came: {line}"))
        .chain(idle.map(|pattern| format!("has a reason not to come, and is not documented: {pattern}")))
        .collect()
}

/// Returns whether a line has the form of a pattern.
fn fits(pattern: &str, line: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == line,
        Some((start, rest)) => line
            .strip_prefix(start)
            .is_some_and(|line| (0..=line.len()).any(|i| line.get(i..).is_some_and(|end| fits(rest, end)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_documented_comes_or_has_a_reason() {
        let documented = ["GET /me 200", "GET /me 429 too_many_requests", "PUT /me 429 too_many_requests"];
        let documented = documented.map(str::to_owned).into();
        let compare =
            |came: &[&'static str], reasons| compare(&documented, &came.iter().copied().collect(), reasons);
        let reasons = "# Reasons.\n* too_many_requests | The same for all.\n";
        assert_eq!(compare(&["GET /me 200"], reasons), Vec::<String>::new());
        assert_eq!(compare(&[], reasons), ["documented, and never came: GET /me 200"]);
        let idle = "* 429 * | The same for all.\nGET /you 404 | Gone.";
        assert_eq!(
            compare(&["GET /me 200"], idle),
            ["has a reason not to come, and is not documented: GET /you 404"]
        );
    }
}
