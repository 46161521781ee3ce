//! Control paths of the test tool: faults, log and reset. They need no key and answer on loopback only.

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::Value;

use crate::answer::{Refusal, Success};
use crate::crm::Crm;
use crate::faults::Faults;
use crate::parts::Part;
use crate::record_log::LogEntry;
use crate::validate::JsonObject;

pub(crate) fn routes() -> Router<Crm> {
    Router::new()
        .route("/__faults", get(show_faults).post(set_faults).delete(clear_faults))
        .route("/__log", get(show_log).delete(clear_log))
        .route("/__parts", post(set_parts))
        .route("/__reset", post(reset))
}

async fn show_faults(State(crm): State<Crm>) -> Success<Faults> {
    Success(crm.lock().faults.clone())
}

/// Replaces all faults by the given ones.
async fn set_faults(State(crm): State<Crm>, object: JsonObject) -> Result<Success<Faults>, Refusal> {
    let faults: Faults = serde_json::from_value(Value::Object(object.0))
        .map_err(|error| Refusal::NotJson(error.to_string()))?;
    let faults = faults.check()?;
    crm.lock().faults = faults.clone();
    Ok(Success(faults))
}

async fn clear_faults(State(crm): State<Crm>) -> Success<()> {
    crm.lock().faults = Faults::default();
    Success(())
}

async fn show_log(State(crm): State<Crm>) -> Success<Vec<LogEntry>> {
    Success(crm.lock().log.entries())
}

async fn clear_log(State(crm): State<Crm>) -> Success<()> {
    crm.lock().log.clear();
    Success(())
}

/// Body of `POST /__parts`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartsBody {
    /// Empty for the whole contract.
    only: Vec<Part>,
}

async fn set_parts(State(crm): State<Crm>, object: JsonObject) -> Result<Success<()>, Refusal> {
    let body: PartsBody = serde_json::from_value(Value::Object(object.0))
        .map_err(|error| Refusal::NotJson(error.to_string()))?;
    crm.lock().only = body.only;
    Ok(Success(()))
}

async fn reset(State(crm): State<Crm>) -> Success<()> {
    crm.reset();
    Success(())
}
