//! Modules of a crate use each other in one direction.
//!
//! A parent counts as one module with its own children; any other circle fails.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use super::module_graph::{Graph, graph_of, module_graph};

#[test]
fn modules_use_each_other_in_one_direction() {
    let mut found = BTreeSet::new();
    for (name, root) in crates() {
        let graph = module_graph(&root);
        assert!(!graph.is_empty(), "{name} has no modules");
        for circle in circles(&graph) {
            found.insert((name.clone(), circle.join(" ")));
        }
    }
    assert!(found.is_empty(), "these modules use each other in a circle: {found:#?}");
}

/// Crates of the workspace with the file at their root.
fn crates() -> Vec<(String, PathBuf)> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo built this test");
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let roots = packages.iter().filter_map(|package| {
        let targets = package["targets"].as_array().unwrap();
        let is_kind = |target: &&Value, kind: &str| target["kind"][0] == kind;
        let lib = targets.iter().find(|target| is_kind(target, "lib"));
        let root = lib.or_else(|| targets.iter().find(|target| is_kind(target, "bin")))?;
        let name = package["name"].as_str().unwrap().to_owned();
        Some((name, PathBuf::from(root["src_path"].as_str().unwrap())))
    });
    roots.collect()
}

/// Groups of modules that use each other, each sorted. A group with the common parent of all its modules is
/// looked at again without the parent.
fn circles(graph: &Graph) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for component in components(graph) {
        let parent = common_parent(&component);
        if component.contains(&parent) {
            let rest = component.iter().filter(|module| **module != parent);
            let rest = rest.map(|module| {
                let inside = graph[module].intersection(&component).filter(|used| **used != parent);
                (module.clone(), inside.cloned().collect())
            });
            found.extend(circles(&rest.collect()));
        } else {
            found.push(component.into_iter().collect());
        }
    }
    found
}

/// Strongly connected components of more than one module.
fn components(graph: &Graph) -> Vec<BTreeSet<String>> {
    let reached: BTreeMap<&String, BTreeSet<&String>> =
        graph.keys().map(|module| (module, reach(graph, module))).collect();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for module in graph.keys() {
        let both = reached[module].iter().filter(|other| reached[**other].contains(module));
        let component: BTreeSet<String> = both.map(|other| (*other).clone()).collect();
        if component.len() > 1 && seen.insert(component.clone()) {
            found.push(component);
        }
    }
    found
}

/// Modules that can be reached from this one by using.
fn reach<'a>(graph: &'a Graph, from: &'a String) -> BTreeSet<&'a String> {
    let mut reached = BTreeSet::new();
    let mut next = vec![from];
    while let Some(module) = next.pop() {
        let used = graph.get(module).into_iter().flatten();
        next.extend(used.filter(|used| reached.insert(*used)));
    }
    reached
}

fn common_parent(modules: &BTreeSet<String>) -> String {
    let mut paths = modules.iter().map(|module| module.split("::").collect::<Vec<_>>());
    let first = paths.next().unwrap_or_default();
    let common = paths.fold(first, |common, path| {
        common.into_iter().zip(path).take_while(|(one, other)| one == other).map(|(one, _)| one).collect()
    });
    common.join("::")
}

fn crate_of(files: &[(&str, &str)]) -> Graph {
    let split =
        |module: &str| module.split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect();
    graph_of(files.iter().map(|(module, text)| (split(module), (*text).to_owned())).collect())
}

#[test]
fn a_circle_of_modules_is_found() {
    let graph = crate_of(&[
        ("", "pub mod auth;\npub mod http;\n"),
        ("auth", "pub(crate) mod keys;\npub use keys::Keys;\n"),
        ("auth::keys", "use crate::http::{\n    BASE,\n    problem::{self, Problem},\n};\n"),
        ("http", "pub mod problem;\npub mod body;\npub const BASE: &str = \"crate::app\";\n"),
        ("http::problem", "fn of(keys: &crate::auth::Keys) {}\n"),
        ("http::body", "use super::problem::Problem;\nuse super::BASE;\n"),
    ]);
    assert_eq!(circles(&graph), [["auth::keys", "http::problem"]]);
}

#[test]
fn a_parent_counts_as_one_module_with_its_own_children() {
    let parent = ("live", "mod hub;\nmod frame;\nuse self::hub::Hub;\npub struct Live(Hub);\n");
    let hub = ("live::hub", "use super::{Live, frame};\n");
    let graph = crate_of(&[parent, hub, ("live::frame", "use super::Live;\n")]);
    assert!(circles(&graph).is_empty(), "{graph:?}");
    // The children alone form a circle as well.
    let graph = crate_of(&[parent, hub, ("live::frame", "fn of(hub: &super::hub::Hub) {}\n")]);
    assert_eq!(circles(&graph), [["live::frame", "live::hub"]]);
}

#[test]
fn comments_texts_and_tests_use_nothing() {
    let graph = crate_of(&[
        (
            "one",
            "// crate::two\nconst TEXT: &str = r#\"crate::two \" \"#;\nconst QUOTE: char = '\"';\n#[cfg(test)]\nmod tests {\n    use crate::two::Two;\n}\n",
        ),
        ("two", "use crate::one::TEXT;\n"),
    ]);
    assert!(graph["one"].is_empty(), "{graph:?}");
    assert_eq!(graph["two"], BTreeSet::from(["one".to_owned()]));
}
