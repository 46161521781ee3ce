//! Record of what the tests have received: one line for each kind of answer and frame.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write as _;
use std::sync::{LazyLock, Mutex};

/// Variable with the path of the record. Without it nothing is recorded.
const RECORD: &str = "ANSWER_RECORD";

static OPEN: LazyLock<Option<Mutex<Record>>> = LazyLock::new(|| {
    let path = std::env::var_os(RECORD)?;
    let file = File::options().append(true).create(true).open(path).expect("the record can be opened");
    Some(Mutex::new(Record { file, written: BTreeSet::new() }))
});

struct Record {
    file: File,
    /// Lines that this process has written.
    written: BTreeSet<String>,
}

/// Records the lines that this process has not written yet.
pub(crate) fn record(lines: BTreeSet<String>) {
    let Some(record) = &*OPEN else { return };
    let mut record = record.lock().expect("no thread panics with this lock");
    let text: String = lines.difference(&record.written).map(|line| format!("{line}\n")).collect();
    // One write to an appending file: the lines of other processes stay whole.
    record.file.write_all(text.as_bytes()).expect("the record can be written");
    record.written.extend(lines);
}
