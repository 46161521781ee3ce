//! The shapes of folders: an aggregate, a read model, a process manager and an endpoint have their places.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::layout::{root, sources};

/// The folders inside of these, at any depth.
fn folders(root: &Path) -> Vec<PathBuf> {
    let inside = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    inside.flat_map(|folder| folders(&folder).into_iter().chain([folder])).collect()
}

#[test]
fn every_aggregate_has_the_same_files() {
    let domain = root().join("domain/src");
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

/// Files of the product that contain this text, with their paths from the root.
fn files_with(text: &str) -> BTreeMap<String, usize> {
    let product = sources(&["rs"]).into_iter().filter_map(|(path, content)| {
        let path = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
        let is_product = path.contains("src/") && !path.contains("tests/");
        let code = content.lines().filter(|line| !line.trim_start().starts_with("//"));
        let count = code.filter(|line| line.contains(text)).count();
        (is_product && count > 0).then_some((path, count))
    });
    product.collect()
}

fn misplaced(text: &str, at_least: usize, is_in_place: impl Fn(&str, usize) -> bool) -> Vec<String> {
    let files = files_with(text);
    assert!(files.len() >= at_least, "`{text}` was not found: {files:?}");
    files.into_iter().filter(|(path, count)| !is_in_place(path, *count)).map(|(path, _)| path).collect()
}

/// Wraps the read models of the contexts.
const REVISED: &str = "projections/runtime/src/revised.rs";

#[test]
fn every_read_model_is_a_folder_with_its_model() {
    let is_in_place = |path: &str, count| path == REVISED || path.ends_with("/model.rs") && count == 1;
    let misplaced = misplaced(" ReadModel for ", 15, is_in_place);
    assert!(misplaced.is_empty(), "`impl ReadModel` belongs into `<read model>/model.rs`: {misplaced:#?}");
    for path in files_with(" ReadModel for ").into_keys().filter(|path| path != REVISED) {
        let folder = root().join(path);
        assert!(folder.with_file_name("mod.rs").is_file(), "{}", folder.display());
    }
}

#[test]
fn every_process_manager_is_in_the_processes_of_its_context() {
    // The package of the external CRM is one process manager.
    let is_in_place = |path: &str, _| {
        let name = path.rsplit_once("/processes/").map(|(_, name)| name);
        let is_file_or_folder = name.is_some_and(|name| name.split('/').count() <= 2);
        is_file_or_folder || path == "projections/crm_sync/src/process_manager.rs"
    };
    let misplaced = misplaced(" ProcessManager for ", 10, is_in_place);
    assert!(misplaced.is_empty(), "{misplaced:#?}");
}

/// `http/<context>/<resource>/<action>.rs`, or `http/<context>/<action>.rs` in a context with one resource.
#[test]
fn every_endpoint_is_a_file_of_its_action() {
    // One macro declares seven actions on a conversation.
    let of_participant = "api/src/http/messaging/conversations/participant_actions.rs";
    let is_in_place = |path: &str, count| {
        let place = path.strip_prefix("api/src/http/");
        let depth = place.map_or(0, |place| place.split('/').count());
        (2..=3).contains(&depth) && (count == 1 || path == of_participant)
    };
    let misplaced = misplaced("#[utoipa::path(", 100, is_in_place);
    assert!(misplaced.is_empty(), "{misplaced:#?}");
}
