//! Tests of the golden states: every aggregate as a snapshot stores it, by `SNAPSHOT_VERSION`.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::fs;
use std::path::PathBuf;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::emptiness::Fields;
use super::*;
use crate::decider::Decider;

/// Aggregate as the present code writes and reads it.
struct Present {
    /// `<aggregate>.<snapshot version>`
    name: String,
    /// States after golden events: each has a field or a code that the earlier states do not have.
    states: Vec<Value>,
    /// Reads a state and writes it again.
    rewrite: fn(Value) -> Result<Value, serde_json::Error>,
    /// Fields that are empty in every state.
    missing: Vec<String>,
}

fn every_aggregate() -> [Present; 11] {
    [
        present::<Account>(),
        present::<CrmLink>(),
        present::<Conversation>(),
        present::<Inbox>(),
        present::<Slot>(),
        present::<AvailabilitySeries>(),
        present::<WaitlistEntry>(),
        present::<Class>(),
        present::<LessonRequest>(),
        present::<Ticket>(),
        present::<VideoSession>(),
    ]
}

/// Applies the golden events of an aggregate in the order of the catalogue.
fn present<A>() -> Present
where
    A: Decider<Event: TryFrom<Event>> + Serialize + DeserializeOwned + Debug,
{
    let (mut state, mut states, mut fields) = (A::default(), Vec::new(), Fields::default());
    for (entry, file) in files().filter(|(entry, _)| entry.aggregate_type == A::TYPE) {
        let Ok(event) = decode(entry, file.json()).try_into() else { panic!("{}", file.name) };
        state.apply(event);
        fields = fields.note(&state);
        states.push(serde_json::to_value(&state).unwrap());
    }
    let mut known = BTreeSet::new();
    states.retain(|state| {
        let before = known.len();
        known.extend(shape(state).into_iter().chain(codes(state)));
        known.len() > before
    });
    Present {
        name: format!("{}.{}", A::TYPE, A::SNAPSHOT_VERSION),
        states,
        rewrite: |state| serde_json::to_value(serde_json::from_value::<A>(state)?),
        missing: fields.missing().into_iter().cloned().collect(),
    }
}

/// Returns the paths of all values except null.
fn shape(state: &Value) -> BTreeSet<String> {
    leaves(state, "").into_iter().map(|(path, _)| path).collect()
}

/// Returns the codes of enums in a state, with their paths.
fn codes(state: &Value) -> BTreeSet<String> {
    let is_code = |text: &str| text.chars().all(|c| c.is_ascii_alphabetic() || c == '_');
    let text = |(path, value): (String, &Value)| Some((path, value.as_str()?.to_owned()));
    let texts = leaves(state, "").into_iter().filter_map(text);
    texts.filter(|(_, text)| is_code(text)).map(|(path, text)| format!("{path}={text}")).collect()
}

/// Returns the values except null, with their paths; `*` means the items of a list and the values of a map.
fn leaves<'a>(value: &'a Value, path: &str) -> Vec<(String, &'a Value)> {
    match value {
        Value::Object(members) => {
            let is_key = |name: &str| name.contains('-') || name.starts_with(|c: char| c.is_ascii_digit());
            let member = |(name, value): (&'a String, &'a Value)| {
                leaves(value, &format!("{path}.{}", if is_key(name) { "*" } else { name }))
            };
            members.iter().flat_map(member).collect()
        }
        Value::Array(items) => items.iter().flat_map(|item| leaves(item, &format!("{path}.*"))).collect(),
        Value::Null => Vec::new(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => vec![(path.to_owned(), value)],
    }
}

fn path(name: &str) -> PathBuf {
    Path::new(ROOM).join("golden/states").join(format!("{name}.json"))
}

#[test]
fn a_state_of_another_shape_has_another_snapshot_version() {
    for Present { name, states, rewrite, .. } in every_aggregate() {
        let path = path(&name);
        let Ok(golden) = fs::read_to_string(&path) else {
            fs::write(path, serde_json::to_string_pretty(&states).unwrap() + "\n").unwrap();
            panic!("golden/states/{name}.json was missing and is written now: check it and commit it")
        };
        let raise = format!(
            "the state {name} has another shape than the snapshots that were written: raise its \
             SNAPSHOT_VERSION, keep this golden state, and write the next"
        );
        let golden: Vec<Value> = serde_json::from_str(&golden).unwrap();
        for state in &golden {
            let rewritten = rewrite(state.clone()).unwrap_or_else(|error| panic!("{raise}: {error}"));
            assert_eq!(rewritten, *state, "{raise}");
        }
        let known: BTreeSet<_> = golden.iter().flat_map(shape).collect();
        let now: BTreeSet<_> = states.iter().flat_map(shape).collect();
        let new: Vec<_> = now.difference(&known).collect();
        assert!(new.is_empty(), "{raise}: {new:?}");
    }
}

#[test]
fn every_field_of_every_state_has_a_value_in_a_golden_state() {
    for Present { name, missing, .. } in every_aggregate() {
        assert!(missing.is_empty(), "add a golden event after which {name} has a value in {missing:?}");
    }
}
