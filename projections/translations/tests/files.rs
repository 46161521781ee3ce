//! Files of texts in the whole repository: both languages have the same messages, attributes and variables, and
//! a crate includes each file.
#![expect(clippy::unwrap_used, reason = "a test that cannot continue has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use translations::inspection::{MessageShape, all_variables, shapes};

const LANGUAGES: [&str; 2] = ["ru", "en"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Returns the files with this ending below a folder, without hidden, built and downloaded ones.
fn find_files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                if !name.starts_with('.') && !["target", "node_modules"].contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|found| found == ending) {
                found.push(path);
            }
        }
    }
    found
}

/// Fluent files by folder of the crate and name, with their path in each language.
fn files() -> BTreeMap<(PathBuf, String), BTreeMap<String, PathBuf>> {
    let mut files: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
    for path in find_files(&root(), "ftl") {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let folder = path.parent().unwrap();
        let language = folder.file_name().unwrap().to_string_lossy().into_owned();
        let texts = folder.parent().unwrap();
        assert!(texts.ends_with("texts"), "{} is not <crate>/texts/<language>/<name>.ftl", path.display());
        files.entry((texts.parent().unwrap().to_owned(), name)).or_default().insert(language, path);
    }
    assert!(files.len() > 10, "the texts were not found: {files:?}");
    files
}

fn read(path: &Path) -> Result<BTreeMap<String, MessageShape>, String> {
    let source = std::fs::read_to_string(path).unwrap();
    shapes(&source).map_err(|errors| format!("{}: {}", path.display(), errors.join("; ")))
}

/// Returns the differences of a file between the languages, and its references to unknown messages.
fn differences(ru: &BTreeMap<String, MessageShape>, en: &BTreeMap<String, MessageShape>) -> Vec<String> {
    let mut found = Vec::new();
    for id in ru.keys().chain(en.keys()).collect::<BTreeSet<_>>() {
        let (Some(in_ru), Some(in_en)) = (ru.get(id), en.get(id)) else {
            found.push(format!("{id} is not in both languages"));
            continue;
        };
        if in_ru.attributes != in_en.attributes || in_ru.has_value != in_en.has_value {
            found.push(format!("{id} has not the same attributes"));
        }
        let variables = [ru, en].map(|shapes| all_variables(shapes, id));
        if variables[0] != variables[1] {
            found.push(format!("{id} has not the same variables: {variables:?}"));
        }
        for (shapes, shape) in [(ru, in_ru), (en, in_en)] {
            let unknown = shape.references.iter().filter(|reference| !shapes.contains_key(*reference));
            found.extend(
                unknown.map(|reference| format!("{id} refers to {reference}, which is not in its file")),
            );
        }
    }
    found
}

#[test]
fn both_languages_have_the_same_messages_attributes_and_variables() {
    let mut found = Vec::new();
    for ((folder, name), paths) in files() {
        let place = format!("{}/texts/*/{name}.ftl", folder.strip_prefix(root()).unwrap().display());
        if paths.keys().map(String::as_str).collect::<BTreeSet<_>>() != BTreeSet::from(LANGUAGES) {
            found.push(format!("{place} is not in exactly these languages: {LANGUAGES:?}"));
            continue;
        }
        match (read(&paths["ru"]), read(&paths["en"])) {
            (Ok(ru), Ok(en)) => {
                found.extend(differences(&ru, &en).into_iter().map(|line| format!("{place}: {line}")));
            }
            (ru, en) => found.extend([ru.err(), en.err()].into_iter().flatten()),
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_crate_includes_every_file() {
    for (folder, name) in files().into_keys() {
        let include = format!("text_file!(\"{name}\")");
        let rust = find_files(&folder.join("src"), "rs");
        let is_included = rust.iter().any(|path| std::fs::read_to_string(path).unwrap().contains(&include));
        assert!(is_included, "{include} is not in {}/src", folder.display());
    }
}

#[test]
fn a_difference_between_the_languages_is_found() {
    let ru =
        "lost = Потеряно\nseat = { $count } мест\n    .title = Место\nline = { place }\nplace = { $place }\n";
    let en = "seat = { $number } seats\nline = { gone }\nplace = { $place }\n";
    assert_eq!(
        differences(&shapes(ru).unwrap(), &shapes(en).unwrap()),
        [
            "line has not the same variables: [{\"place\"}, {}]",
            "line refers to gone, which is not in its file",
            "lost is not in both languages",
            "seat has not the same attributes",
            "seat has not the same variables: [{\"count\"}, {\"number\"}]",
        ]
    );
}
