//! Rules of the repository: dependencies between packages, length of files, and their captions.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Packages and their allowed dependencies; the composition root and the tests may depend on all.
/// `crm-mock` stands for the outside world and depends on no package of ours.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("migrations", &[]),
    ("commands", &["domain", "migrations"]),
    ("translations", &["domain"]),
    ("projection-runtime", &["domain"]),
    ("crm-sync", &["domain", "translations", "projection-runtime"]),
    ("projections", &["domain", "translations", "projection-runtime", "crm-sync", "signaling"]),
    ("signaling", &["domain"]),
    ("embedded-servers", &[]),
    ("demo", &["domain"]),
    (
        "api",
        &[
            "domain",
            "migrations",
            "commands",
            "translations",
            "projection-runtime",
            "crm-sync",
            "projections",
            "signaling",
            "embedded-servers",
            "demo",
            "bench",
        ],
    ),
    (
        "bench",
        &["domain", "migrations", "commands", "projection-runtime", "crm-sync", "projections", "signaling"],
    ),
    (
        "tests",
        &[
            "domain",
            "migrations",
            "commands",
            "translations",
            "projection-runtime",
            "crm-sync",
            "projections",
            "signaling",
            "embedded-servers",
            "api",
            "bench",
            "crm-mock",
        ],
    ),
    ("crm-mock", &[]),
    ("fixtures", &["domain", "migrations", "commands", "projection-runtime"]),
];

/// Packages for input and output: the domain uses none of them. `sqlx-core` without a driver has only the
/// traits of SQL types; the domain may use it.
const INPUT_OUTPUT: [&str; 9] =
    ["sqlx", "sqlx-postgres", "postgres-es", "async-nats", "reqwest", "axum", "tokio", "rustls", "rand"];

const LINES_LIMIT: usize = 400;
const CAPTION: &str = "//! ";

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// Build dependencies of each package of the workspace, by name, without dev-dependencies.
fn imports() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo built this test");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let packages = metadata["packages"].as_array().unwrap();
    packages
        .iter()
        .map(|package| {
            let needs = package["dependencies"].as_array().unwrap().iter();
            let needs = needs.filter(|need| need["kind"] != "dev").map(|need| text(&need["name"])).collect();
            (text(&package["name"]), needs)
        })
        .collect()
}

/// Dependencies that the table forbids, as text.
fn forbidden(imports: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let ours: BTreeSet<_> = imports.keys().map(String::as_str).collect();
    let mut broken = Vec::new();
    for (room, needs) in imports {
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| name == room) else {
            broken.push(format!("{room} is not in the table of rooms"));
            continue;
        };
        for need in needs.iter().filter(|need| ours.contains(need.as_str())) {
            if !allowed.contains(&need.as_str()) {
                broken.push(format!("{room} imports {need}"));
            }
        }
    }
    broken
}

#[test]
fn no_room_imports_what_the_table_forbids() {
    let imports = imports();
    assert!(imports.contains_key("domain") && imports.contains_key("api"), "{imports:?}");
    let broken = forbidden(&imports);
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn an_import_against_the_direction_is_found() {
    let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    let imports = BTreeMap::from([
        ("domain".to_owned(), named(&["serde", "commands"])),
        ("commands".to_owned(), named(&["domain"])),
        ("projections".to_owned(), named(&["commands"])),
        ("helpers".to_owned(), named(&[])),
    ]);
    assert_eq!(
        forbidden(&imports),
        ["domain imports commands", "helpers is not in the table of rooms", "projections imports commands"]
    );
}

#[test]
fn the_domain_does_no_input_or_output() {
    let needs = &imports()["domain"];
    let found: Vec<_> = INPUT_OUTPUT.iter().filter(|name| needs.contains(**name)).collect();
    assert!(found.is_empty(), "the domain depends on {found:?}");
}

/// Migrations are exempt: a migration that ran anywhere must stay as it is.
#[test]
fn no_source_file_is_longer_than_a_reader_can_hold() {
    let migrations = root().join("migrations");
    let is_migration = |path: &Path| {
        path.parent() == Some(&migrations) && path.extension().is_some_and(|ending| ending == "sql")
    };
    let long: Vec<_> = sources(&["rs", "sql"])
        .into_iter()
        .filter(|(path, _)| !is_migration(path))
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > LINES_LIMIT)
        .collect();
    assert!(long.is_empty(), "make folders of these: {long:#?}");
}

#[test]
fn every_source_file_opens_with_its_caption() {
    let bare: Vec<_> = sources(&["rs"])
        .into_iter()
        .filter(|(_, text)| !text.starts_with(CAPTION))
        .map(|(path, _)| path)
        .collect();
    assert!(bare.is_empty(), "these open without `//!`: {bare:#?}");
}

/// Source files with these endings, in every folder of the root except hidden, built and downloaded ones.
pub(crate) fn sources(endings: &[&str]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                if !name.starts_with('.') && !["target", "node_modules", "dist"].contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if endings.contains(&ending.as_str()) {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    assert!(found.len() > 20, "the sources were not found");
    found
}
