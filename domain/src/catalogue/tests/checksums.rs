//! Tests that golden files are added and never changed, by the checksums in `golden/CHECKSUMS`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/golden");

/// Returns the SHA-256 of every golden file, in hex, by the path inside `golden/`.
fn checksums() -> BTreeMap<String, String> {
    let in_folder = |folder: &str| {
        let entries = fs::read_dir(Path::new(GOLDEN).join(folder)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let files = names.filter(|name| name.ends_with(".json")).map(|name| format!("{folder}{name}"));
        files.collect::<Vec<_>>()
    };
    let files = [in_folder(""), in_folder("states/")].concat();
    let checksum = |file: &String| {
        let hash = Sha256::digest(fs::read(Path::new(GOLDEN).join(file)).unwrap());
        hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    files.into_iter().map(|file| (file.clone(), checksum(&file))).collect()
}

#[test]
fn a_golden_file_is_neither_changed_nor_taken_away() {
    let listed = fs::read_to_string(Path::new(GOLDEN).join("CHECKSUMS")).unwrap();
    // Two files may have one content.
    let listed: Vec<_> =
        listed.lines().map(|line| line.split_once("  ").expect("a line is `<sha256>  <file>`")).collect();
    let mut present = checksums();
    for (checksum, file) in listed {
        let now = present.remove(file);
        assert!(
            now.as_deref() == Some(checksum),
            "golden/{file} was changed or taken away: it was written to logs as it was. Restore it, and add \
             a new file beside (`….1.0+<field>.json` for an optional field, `….2.0.json` for a new version)"
        );
    }
    let missing: Vec<_> = present.iter().map(|(file, checksum)| format!("{checksum}  {file}")).collect();
    assert!(missing.is_empty(), "add to golden/CHECKSUMS:\n{}\n", missing.join("\n"));
}
