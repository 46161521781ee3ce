//! Upcasters of accounts.

use cqrs_es::persist::{EventUpcaster, SemanticVersionEventUpcaster};
use serde_json::Value;

/// Events whose reason was a plain text in version 1.0.
const WITH_REASON: [&str; 5] =
    ["RoleGranted", "RoleRevoked", "AccountSuspended", "AccountReinstated", "AccountErased"];

/// Returns the upcasters. A plain reason could not be erased with the person, so nothing reads it any longer.
pub(crate) fn upcasters() -> Vec<Box<dyn EventUpcaster>> {
    let without_reason = |event: &'static str| -> Box<dyn EventUpcaster> {
        let change = move |mut payload: Value| {
            if let Some(fields) = payload.get_mut(event).and_then(Value::as_object_mut) {
                fields.remove("reason");
            }
            payload
        };
        Box::new(SemanticVersionEventUpcaster::new(event, "2.0", Box::new(change)))
    };
    WITH_REASON.into_iter().map(without_reason).collect()
}
