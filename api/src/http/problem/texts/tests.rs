//! Tests of the texts: every code has one, every text has a code, and all of them can be formatted.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::*;

const LOCALES: [Locale; 2] = [Locale::Ru, Locale::En];

/// Returns the Rust files in a folder of the repository, without files of tests.
fn rust_files(folder: &str) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let is_test = path.file_stem().is_some_and(|name| name == "tests");
            if is_test {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                files.push((path, text));
            }
        }
    }
    assert!(files.len() > 10, "the files of {folder} were not found");
    files
}

/// Returns the quoted words that look like codes.
fn codes_in(text: &str) -> BTreeSet<String> {
    let is_code = |word: &&str| {
        !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit())
    };
    text.split('"').filter(is_code).map(str::to_owned).collect()
}

/// Returns the codes of a file with refusals. Names of facts are excluded.
fn refusal_codes_in(text: &str) -> BTreeSet<String> {
    let text = text.replace(".with(\"", ".with(\"fact ");
    let quoted: String =
        text.split('"').skip(1).step_by(2).map(|word| format!("\"{word}\" ")).collect::<Vec<_>>().concat();
    codes_in(&quoted).into_iter().filter(|code| code.contains('_')).collect()
}

/// Returns the codes of invalid fields: the second text of each call of these functions.
fn field_codes_in(text: &str) -> BTreeSet<String> {
    let calls = ["FieldProblem::of(", "Reason::field(", "Problem::field(", "invalid_parameter("];
    let arguments = calls.iter().flat_map(|call| text.split(call).skip(1));
    let codes = arguments.filter_map(|rest| {
        let call = rest.split_once(')')?.0;
        let (_, last) = call.rsplit_once(", \"")?;
        last.strip_suffix('"')
    });
    codes.map(str::to_owned).collect()
}

fn has_text(code: &str) -> bool {
    PROBLEMS.known_id(code).is_some() || FIELDS.known_id(code).is_some()
}

#[test]
fn every_code_of_a_domain_refusal_has_a_text() {
    let mut seen = 0;
    for (path, text) in rust_files("domain/src") {
        if path.file_name().is_none_or(|name| name != "error.rs") {
            continue;
        }
        for code in refusal_codes_in(&text) {
            seen += 1;
            assert!(has_text(&code), "{code} of {} has no text in api/texts", path.display());
        }
    }
    assert!(seen > 60, "the refusals of the domain were not found: {seen}");
}

#[test]
fn every_code_of_an_invalid_field_has_a_text() {
    let mut seen = 0;
    for (path, text) in ["domain/src", "projections/src", "api/src"].into_iter().flat_map(rust_files) {
        for code in field_codes_in(&text) {
            seen += 1;
            assert!(FIELDS.known_id(&code).is_some(), "{code} of {} has no text", path.display());
        }
    }
    assert!(seen > 20, "the codes of fields were not found: {seen}");
}

#[test]
fn every_text_has_a_code() {
    let sources = ["domain/src", "projections/src", "api/src"].into_iter().flat_map(rust_files);
    let codes: BTreeSet<String> = sources.flat_map(|(_, text)| codes_in(&text)).collect();
    for id in PROBLEMS.ids().chain(FIELDS.ids()) {
        assert!(codes.contains(id), "no code is {id}");
    }
}

#[test]
fn every_problem_has_a_title_and_a_detail() {
    for (code, locale) in PROBLEMS.ids().flat_map(|code| LOCALES.map(|locale| (code, locale))) {
        let ProblemText { title, detail } = problem_text(code, locale);
        assert!(!title.is_empty() && !detail.is_empty(), "{code}");
        assert_eq!(title.is_ascii(), locale == Locale::En, "{code}: {title}");
    }
    assert_eq!(problem_text("unheard_of", Locale::En).title, problem_text(FALLBACK, Locale::En).title);
}

#[test]
fn every_field_text_can_do_without_facts() {
    for (code, locale) in FIELDS.ids().flat_map(|code| LOCALES.map(|locale| (code, locale))) {
        let text = field_text(&Reason::field("/x", code), locale);
        assert!(!text.is_empty() && !text.contains(['{', '$']), "{code}: {text}");
    }
    let text = field_text(&Reason::field("/x", "unheard_of"), Locale::En);
    assert_eq!(text, "is not acceptable");
}

#[test]
fn a_field_text_shows_its_facts() {
    let too_long = |max: u32| Reason::field("/bio", "too_long").with("max", max);
    assert_eq!(field_text(&too_long(4_000), Locale::En), "is longer than 4000 characters");
    assert_eq!(field_text(&too_long(4_000), Locale::Ru), "длиннее 4000 символов");
    assert_eq!(field_text(&too_long(21), Locale::Ru), "длиннее 21 символа");
}
