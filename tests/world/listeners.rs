//! Read models and process managers as an admin sees them.

use serde_json::Value;

use crate::Person;

/// Status of every event handler.
///
/// # Errors
/// If the server does not answer, or answers with something else.
pub async fn listeners(admin: &Person) -> Result<Vec<Value>, String> {
    let answer =
        admin.call("GET", "/admin/projections").attempt().await.map_err(|error| error.to_string())?;
    answer["listeners"].as_array().cloned().ok_or_else(|| format!("{answer:?}"))
}

/// Names of the read models.
///
/// # Panics
/// If there are none, or the server does not answer.
pub async fn read_models(admin: &Person) -> Vec<String> {
    let listeners = listeners(admin).await.expect("an admin sees the event handlers");
    let models = listeners.iter().filter(|listener| listener["kind"] == "read_model");
    let names: Vec<String> = models.filter_map(|model| model["name"].as_str().map(str::to_owned)).collect();
    assert!(!names.is_empty(), "{listeners:?}");
    names
}

/// Checks that every event handler has reached the end of the log.
///
/// # Errors
/// The event handlers that have not.
pub async fn all_have_caught_up(admin: &Person) -> Result<(), String> {
    let listeners = listeners(admin).await?;
    let behind = |listener: &&Value| listener["lag_events"] != 0 || listener["state"] != "running";
    let behind: Vec<&Value> = listeners.iter().filter(behind).collect();
    if behind.is_empty() { Ok(()) } else { Err(format!("behind: {behind:?}")) }
}
