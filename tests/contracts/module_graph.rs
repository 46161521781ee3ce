//! Graph of the modules of a crate: one node per file, one link per module that its paths name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Modules by their path below the crate (`http::guard`; the crate itself is empty), each with the modules
/// that it uses.
pub type Graph = BTreeMap<String, BTreeSet<String>>;

/// Source file of a module, without comments, texts and tests.
struct Source {
    code: String,
    /// Names that the module exports for another: `pub use keys::Keys`.
    exports: BTreeMap<String, Vec<String>>,
    /// Modules that it exports as a whole: `pub use codes::*`.
    globs: Vec<Vec<String>>,
}

/// Reads the files below the folder of `root`, the file of the crate itself.
pub fn module_graph(root: &Path) -> Graph {
    let folder = root.parent().expect("a file lies in a folder");
    let mut files = Vec::new();
    collect(folder, &mut Vec::new(), &mut files);
    let files = files.into_iter().filter(|(path, _, _)| path == root || !is_root(path, folder));
    let files = files.map(|(path, module, text)| (if path == root { Vec::new() } else { module }, text));
    graph_of(files.collect())
}

/// Returns the graph of these modules, each with the text of its file.
pub fn graph_of(files: Vec<(Vec<String>, String)>) -> Graph {
    let sources: BTreeMap<Vec<String>, Source> =
        files.into_iter().map(|(module, text)| (module, Source::read(&text))).collect();
    let mut graph = Graph::new();
    for (module, source) in &sources {
        let mut used = BTreeSet::new();
        for path in paths(&source.code) {
            resolve(&sources, module, &path, 0, &mut used);
        }
        used.remove(&module.join("::"));
        graph.insert(module.join("::"), used);
    }
    graph
}

fn is_root(path: &Path, folder: &Path) -> bool {
    let is_named = ["lib.rs", "main.rs"].iter().any(|name| path.ends_with(name));
    is_named && path.parent() == Some(folder)
}

/// Collects all files but those of tests.
fn collect(
    folder: &Path,
    module: &mut Vec<String>,
    files: &mut Vec<(std::path::PathBuf, Vec<String>, String)>,
) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if name == "tests" {
            continue;
        }
        if path.is_dir() {
            module.push(name);
            collect(&path, module, files);
            module.pop();
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let mut module = module.clone();
            if name != "mod" {
                module.push(name);
            }
            let text = std::fs::read_to_string(&path).unwrap();
            files.push((path, module, text));
        }
    }
}

impl Source {
    fn read(text: &str) -> Self {
        let code = without_tests(&blanked(text));
        let (mut exports, mut globs) = (BTreeMap::new(), Vec::new());
        for (is_public, tree) in uses(&code) {
            for path in leaves(&tree).into_iter().filter(|_| is_public) {
                match path.last().map(String::as_str) {
                    Some("*") => globs.push(path[..path.len() - 1].to_vec()),
                    Some(name) => _ = exports.insert(name.to_owned(), path.clone()),
                    None => {}
                }
            }
        }
        Self { code, exports, globs }
    }
}

/// Adds the module that a path names, as written in `module`: through what other modules export.
fn resolve(
    sources: &BTreeMap<Vec<String>, Source>,
    module: &[String],
    path: &[String],
    depth: usize,
    used: &mut BTreeSet<String>,
) {
    let Some(path) = absolute(sources, module, path) else { return };
    let known = (0..=path.len()).rev().find(|length| sources.contains_key(&path[..*length]));
    let Some((at, rest)) = known.map(|length| path.split_at(length)) else { return };
    let source = &sources[at];
    let name = rest.first().filter(|name| *name != "*");
    // Deeper than any chain of exports: the exports name each other.
    if let Some(name) = name.filter(|_| depth < 8) {
        if let Some(exported) = source.exports.get(name) {
            return resolve(sources, at, exported, depth + 1, used);
        }
        for glob in &source.globs {
            resolve(sources, at, &[glob.clone(), vec![name.clone()]].concat(), depth + 1, used);
        }
    }
    used.insert(at.join("::"));
}

/// Path below the crate; `None` if it begins with another crate.
fn absolute(
    sources: &BTreeMap<Vec<String>, Source>,
    module: &[String],
    path: &[String],
) -> Option<Vec<String>> {
    let supers = path.iter().take_while(|name| *name == "super").count();
    match path.first()?.as_str() {
        "crate" => Some(path[1..].to_vec()),
        "self" => Some([module, &path[1..]].concat()),
        "super" => Some([&module[..module.len().saturating_sub(supers)], &path[supers..]].concat()),
        name => {
            let child = [module, &[name.to_owned()]].concat();
            sources.contains_key(&child).then(|| [module, path].concat())
        }
    }
}

/// Paths that a file names: of its `use` statements, and in its code.
fn paths(code: &str) -> Vec<Vec<String>> {
    let words: Vec<&str> = code.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let count = |name: &String| words.iter().filter(|word| *word == name).count();
    let mut found = Vec::new();
    for (is_public, tree) in uses(code) {
        // An export alone is not a use by this module.
        let is_used = |path: &Vec<String>| !is_public || path.last().is_some_and(|name| count(name) > 1);
        found.extend(leaves(&tree).into_iter().filter(is_used));
    }
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    for word in code.split(|c| !is_part(c)).filter(|word| word.contains("::")) {
        let path: Vec<String> = word.split("::").map(str::to_owned).collect();
        if path.iter().all(|name| !name.is_empty() && !name.contains(':')) {
            found.push(path);
        }
    }
    found
}

/// Trees of the `use` statements, and whether each exports.
fn uses(code: &str) -> Vec<(bool, String)> {
    let statements = code.split_inclusive([';', '}', '{']).scan(0, |start, part| {
        let at = *start;
        *start += part.len();
        Some((at, part))
    });
    let starts = statements.filter_map(|(at, part)| {
        let trimmed = part.trim_start();
        let begin = trimmed.find("use ").filter(|found| {
            let before = trimmed[..*found].trim_end();
            before.is_empty() || before.ends_with([')', ']']) || before.ends_with("pub")
        })?;
        let before = &trimmed[..begin];
        Some((before.contains("pub"), at + part.len() - trimmed.len() + begin + "use ".len()))
    });
    let tree = |(is_public, start): (bool, usize)| {
        let end = code[start..].find(';')?;
        Some((is_public, code[start..start + end].split_whitespace().collect::<Vec<_>>().join(" ")))
    };
    starts.filter_map(tree).collect()
}

/// Paths of a `use` tree: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn leaves(tree: &str) -> Vec<Vec<String>> {
    let tree = tree.trim();
    let Some((prefix, inner)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or_default();
        let names = path.split("::").map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        let mut names: Vec<String> = names.collect();
        if names.len() > 1 && names.last().is_some_and(|name| name == "self") {
            names.pop();
        }
        return if names.is_empty() { Vec::new() } else { vec![names] };
    };
    let inner = inner.trim_end().strip_suffix('}').unwrap_or(inner);
    let (mut depth, mut start, mut parts) = (0_usize, 0, Vec::new());
    for (at, c) in inner.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&inner[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&inner[start..]);
    parts
        .into_iter()
        .filter(|part| !part.trim().is_empty())
        .flat_map(|part| leaves(&format!("{prefix}{part}")))
        .collect()
}

/// The code with comments, texts and characters blanked.
fn blanked(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '"' => text_length(rest),
            'r' if raw_hashes(rest).is_some()
                && !code.ends_with(|c: char| c.is_alphanumeric() || c == '_') =>
            {
                let close = format!("\"{}", "#".repeat(raw_hashes(rest).unwrap_or_default()));
                let open = close.len() + 1;
                rest[open..].find(&close).map_or(rest.len(), |end| open + end + close.len())
            }
            '\'' => char_length(rest),
            _ => 0,
        };
        if length == 0 {
            code.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            code.push(' ');
            rest = &rest[length..];
        }
    }
    code
}

fn text_length(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Length of a character in quotes; 0 if this is the mark of a lifetime.
fn char_length(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => rest[3..].find('\'').map_or(0, |end| 3 + end + 1),
        Some(_) => chars.next().filter(|(_, c)| *c == '\'').map_or(0, |(at, _)| at + 1),
        None => 0,
    }
}

/// Number of `#` of a raw text that begins here.
fn raw_hashes(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].starts_with('"').then_some(hashes)
}

/// The code without the modules that are only built for tests.
fn without_tests(code: &str) -> String {
    let mut left = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find("#[cfg(test)]") {
        left.push_str(&rest[..at]);
        let tested = &rest[at..];
        let end = tested.find([';', '{']).unwrap_or(tested.len() - 1);
        let length =
            if tested[end..].starts_with('{') { end + block_length(&tested[end..]) } else { end + 1 };
        rest = &tested[length..];
    }
    left + rest
}

fn block_length(rest: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in rest.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    rest.len()
}
