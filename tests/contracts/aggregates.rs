//! The shape of an aggregate's folder: the same files in every one.

use std::fs;
use std::path::{Path, PathBuf};

/// The folders inside of these, at any depth.
fn folders(root: &Path) -> Vec<PathBuf> {
    let inside = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    inside.flat_map(|folder| folders(&folder).into_iter().chain([folder])).collect()
}

#[test]
fn every_aggregate_has_the_same_files() {
    let domain = Path::new(env!("CARGO_MANIFEST_DIR")).join("../domain/src");
    let aggregates: Vec<_> =
        folders(&domain).into_iter().filter(|folder| folder.join("commands.rs").exists()).collect();
    assert!(aggregates.len() >= 10, "the aggregates were not found");
    let mut missing = Vec::new();
    for folder in aggregates {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        for part in [name.as_str(), "mod", "commands", "events", "error", "decide", "apply", "tests"] {
            let is_file = folder.join(format!("{part}.rs")).exists();
            if !is_file && !folder.join(part).join("mod.rs").exists() {
                missing.push(format!("{}/{part}.rs", folder.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
