//! Names of types: one name stands for one type in each crate.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::layout::{root, sources};

/// Keywords that open the definition of a type.
const DEFINITIONS: [&str; 4] = ["struct ", "enum ", "trait ", "type "];

/// The name of the type that a line at the top level of a module defines.
fn defined_type(line: &str) -> Option<&str> {
    let line = match line.strip_prefix("pub") {
        Some(rest) if rest.starts_with('(') => rest.split_once(") ").map_or(rest, |(_, item)| item),
        Some(rest) => rest.trim_start(),
        None => line,
    };
    let rest = DEFINITIONS.iter().find_map(|definition| line.strip_prefix(definition))?;
    let end = rest.find(|char: char| !char.is_alphanumeric() && char != '_').unwrap_or(rest.len());
    Some(&rest[..end])
}

/// The package that a source belongs to: the nearest folder above it with a manifest. Test code is left out.
fn package_of(path: &Path) -> Option<PathBuf> {
    let package = path.ancestors().skip(1).find(|folder| folder.join("Cargo.toml").is_file())?;
    path.starts_with(package.join("src")).then(|| package.to_owned())
}

/// The types whose name occurs twice in one package, with the files that define them.
fn shared_names(sources: impl IntoIterator<Item = (PathBuf, PathBuf, String)>) -> Vec<String> {
    let mut names: BTreeMap<(PathBuf, String), Vec<String>> = BTreeMap::new();
    for (package, path, text) in sources {
        for name in text.lines().filter_map(defined_type) {
            let files = names.entry((package.clone(), name.to_owned())).or_default();
            files.push(path.strip_prefix(&package).unwrap_or(&path).display().to_string());
        }
    }
    let shared = names.into_iter().filter(|(_, files)| files.len() > 1);
    shared.map(|((package, name), files)| format!("{}: {name} in {files:?}", package.display())).collect()
}

#[test]
fn no_type_name_occurs_twice_in_a_crate() {
    let sources: Vec<_> = sources(&["rs"])
        .into_iter()
        .filter_map(|(path, text)| package_of(&path).map(|package| (package, path, text)))
        .collect();
    assert!(sources.len() > 300, "the sources were not found under {}", root().display());
    let shared = shared_names(sources);
    assert!(shared.is_empty(), "{} names:\n{}", shared.len(), shared.join("\n"));
}

#[test]
fn a_name_that_occurs_twice_is_found() {
    let file = |name: &str, text: &str| (PathBuf::from("/a"), PathBuf::from(name), text.to_owned());
    let sources = [
        file("/a/src/one.rs", "pub(crate) struct Row {\n    id: u64,\n}\nstruct Other;"),
        file("/a/src/two.rs", "enum Row { One }\nimpl Row {}\nfn row() {\n    struct Other;\n}"),
    ];
    assert_eq!(shared_names(sources), [r#"/a: Row in ["src/one.rs", "src/two.rs"]"#]);
}
