//! Events of the log, as auditors read them.

use uuid::Uuid;

/// Origin of an event: its actor and its request.
#[derive(utoipa::ToSchema)]
pub struct EventMetadata {
    /// Id of an account, or `system:<process>`.
    actor: String,
    /// Role in which the account acted.
    role: Option<String>,
    /// Source of the command: `api`, `signaling`, `policy` or `cli`.
    source: String,
    /// Id that all events of one request share.
    correlation_id: Uuid,
    /// Id of the event that caused this one.
    causation_id: Option<Uuid>,
    /// Id of the command.
    command_id: Uuid,
    /// Trace context of the request (W3C).
    traceparent: Option<String>,
}
