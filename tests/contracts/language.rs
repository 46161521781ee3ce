//! The language of the repository: words that its comments and public texts do not use (`GLOSSARY.md`).

use std::path::{Path, PathBuf};

use crate::layout::{root, sources};

/// Words and phrases that have a plain equivalent in the glossary.
const UNUSED: &[&str] = &[
    "whence",
    "anew",
    "shall",
    "whoever",
    "whomever",
    "somebody",
    "nobody",
    "everybody",
    "no more",
    "can not",
    "can not be meant",
    "none of ours",
    "one's own",
    "foreign judge",
    "foreign judges",
    "foreign reader",
    "foreign readers",
    "the house",
    "the edge",
    "at the edge",
    "is away",
    "are away",
    "was away",
    "nudge",
    "nudges",
    "the ear",
    "its lane",
    "a lane",
];

/// Words that are followed by another word in a phrase of plain language.
/// "room_closed" is a code of the log.
const ALLOWED: &[&str] = &["no more than", "room closed"];

/// First words that a doc comment does not begin with: it begins with the thing, or with a verb.
const OPENINGS: &[&str] = &["Of", "Who", "Whom", "Whose", "What", "Whoever", "That", "As", "But", "Whether"];

/// Lower-case words of a line; an apostrophe belongs to its word.
fn words(line: &str) -> Vec<String> {
    line.split(|char: char| !char.is_alphanumeric() && char != '\'')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// The first unused phrase of a line; "room" alone is allowed where the rooms are lesson rooms.
fn unused_phrase(line: &str, has_rooms: bool) -> Option<&'static str> {
    let words = words(line);
    let found_at = |phrase: &str, at: usize| {
        let parts: Vec<_> = phrase.split(' ').collect();
        words[at..].len() >= parts.len() && parts.iter().zip(&words[at..]).all(|(part, word)| part == word)
    };
    let is_room =
        |at: usize| matches!(words[at].as_str(), "room" | "rooms") && (at == 0 || words[at - 1] != "lesson");
    (0..words.len()).find_map(|at| {
        if ALLOWED.iter().any(|phrase| found_at(phrase, at)) {
            return None;
        }
        let phrase = UNUSED.iter().copied().find(|phrase| found_at(phrase, at));
        phrase.or_else(|| (!has_rooms && is_room(at)).then_some("room"))
    })
}

/// Comment text of a line of Rust, TypeScript or SQL, or of a hash-comment file.
fn comment<'line>(path: &Path, line: &'line str) -> Option<&'line str> {
    let marks: &[&str] = match path.extension().and_then(|ending| ending.to_str()) {
        Some("rs") => &["//! ", "/// ", "// "],
        Some("ts" | "tsx" | "js") => &["/** ", "* ", "// "],
        Some("sql") => &["-- "],
        Some("toml") => &["# "],
        _ => return Some(line),
    };
    let trimmed = line.trim_start();
    if let Some(text) = marks.iter().find_map(|mark| trimmed.strip_prefix(mark)) {
        return Some(text);
    }
    marks.iter().find_map(|mark| line.split_once(&format!(" {mark}")).map(|(_, text)| text))
}

/// Rooms of the video service are lesson rooms.
fn has_rooms(path: &Path) -> bool {
    path.strip_prefix(root()).unwrap_or(path).starts_with("signaling")
}

/// Migrations stay as they ran; the glossary lists the words.
fn is_exempt(path: &Path) -> bool {
    let path = path.strip_prefix(root()).unwrap_or(path);
    (path.starts_with("migrations") && path.extension().is_some_and(|ending| ending == "sql"))
        || path == Path::new("GLOSSARY.md")
        || path == Path::new("tests/contracts/language.rs")
}

fn findings(texts: impl IntoIterator<Item = (PathBuf, String)>) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in texts.into_iter().filter(|(path, _)| !is_exempt(path)) {
        for (number, line) in text.lines().enumerate() {
            let Some(phrase) = comment(&path, line).and_then(|text| unused_phrase(text, has_rooms(&path)))
            else {
                continue;
            };
            found.push(format!("{}:{}: {phrase}", path.display(), number + 1));
        }
    }
    found
}

#[test]
fn comments_and_documents_use_the_words_of_the_glossary() {
    let found = findings(sources(&["rs", "sql", "toml", "md", "ftl", "ts", "tsx", "js"]));
    assert!(found.is_empty(), "{} lines:\n{}", found.len(), found.join("\n"));
}

#[test]
fn the_api_document_uses_the_words_of_the_glossary() {
    let path = root().join("api/openapi.json");
    let text = std::fs::read_to_string(&path).unwrap();
    let found = findings([(path, text)]);
    assert!(found.is_empty(), "{} lines:\n{}", found.len(), found.join("\n"));
}

#[test]
fn doc_comments_begin_with_the_thing_or_a_verb() {
    let mut found = Vec::new();
    for (path, text) in sources(&["rs", "ts", "tsx", "js"]) {
        let mut is_inside = false;
        for (number, line) in text.lines().enumerate() {
            let line = line.trim_start();
            let doc = ["/// ", "//! ", "/** "].iter().find_map(|mark| line.strip_prefix(mark));
            let first = doc.filter(|_| !is_inside).and_then(|text| text.split([' ', ',', ';']).next());
            if first.is_some_and(|word| OPENINGS.contains(&word)) {
                found.push(format!("{}:{}: {line}", path.display(), number + 1));
            }
            is_inside = line.starts_with("///") || line.starts_with("//!");
        }
    }
    assert!(found.is_empty(), "{} doc comments:\n{}", found.len(), found.join("\n"));
}

#[test]
fn an_unused_word_is_found_in_each_kind_of_file() {
    let found = |name: &str, text: &str| findings([(root().join(name), text.to_owned())]).len();
    assert_eq!(
        found("a/b.rs", "/// Nobody waits.\nlet nobody = 1;\nlet a = 1; // the lock is kept no more"),
        2
    );
    assert_eq!(found("a/b.sql", "-- a room\n-- no more than ten, in a lesson room\nselect 'nobody'"), 1);
    assert_eq!(found("signaling/b.rs", "/// Nobody is in the room.\n/// The room is empty."), 1);
    assert_eq!(found("a/b.tsx", "/** Nobody waits. */\nconst nobody = 1;\n// The database is away."), 2);
    assert_eq!(found("a/default.toml", "# Whence it comes.\nhouse = 1"), 1);
    assert_eq!(found("a/README.md", "The database is away."), 1);
    assert_eq!(found("api/openapi.json", "\"description\": \"It can not be meant.\""), 1);
}
