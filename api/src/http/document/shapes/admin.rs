//! Answers of the admin pages.

use uuid::Uuid;

/// Status of everything that follows the log.
#[derive(utoipa::ToSchema)]
pub struct ProjectionStatus {
    head: u64,
    relays: Vec<RelayReport>,
    listeners: Vec<HandlerStatus>,
    tasks: Vec<TaskCounts>,
}

/// Report of the relay of one stream.
#[derive(utoipa::ToSchema)]
pub struct RelayReport {
    stream: String,
    state: String,
    /// Last position known to be in the stream.
    position: u64,
    /// Description of the problem; null if there is none.
    detail: Option<String>,
    updated_at: String,
}

/// Status of one read model or process manager.
#[derive(utoipa::ToSchema)]
pub struct HandlerStatus {
    /// Name of the event handler.
    name: String,
    kind: String,
    state: String,
    /// Position of the checkpoint.
    position: u64,
    lag_events: u64,
    lag_seconds: f64,
    version: i32,
    generation: i32,
    error: Option<HandlerError>,
    /// Instant at which the checkpoint last moved.
    updated_at: String,
    rebuild: Option<RebuildState>,
    previous: Option<PreviousTables>,
    skips: Vec<SkippedEvent>,
    here: Option<String>,
}

/// Event that an event handler cannot apply.
#[derive(utoipa::ToSchema)]
pub struct HandlerError {
    /// Position of the event.
    position: u64,
    /// Description without personal data.
    error: String,
    since: String,
}

/// State of a rebuild.
#[derive(utoipa::ToSchema)]
pub struct RebuildState {
    /// Version of the new tables.
    version: i32,
    /// Position up to which the new tables are filled.
    position: u64,
    head: u64,
    state: String,
    error: Option<String>,
    started_at: String,
    updated_at: String,
}

/// Tables that the last switch has replaced.
#[derive(utoipa::ToSchema)]
pub struct PreviousTables {
    /// Position up to which the tables are filled.
    position: u64,
    /// Version of the tables.
    version: i32,
    switched_at: String,
}

/// Skipped event.
#[derive(utoipa::ToSchema)]
pub struct SkippedEvent {
    /// Position of the event.
    position: u64,
    /// Id of the account that skipped it.
    actor: String,
    reason: String,
    recorded_at: String,
}

/// Numbers of tasks of one kind, by state.
#[derive(utoipa::ToSchema)]
pub struct TaskCounts {
    /// Kind of the tasks.
    kind: String,
    waiting: u64,
    running: u64,
    done: u64,
    abandoned: u64,
    oldest_due_seconds: Option<f64>,
}

/// Call to the external CRM.
#[derive(utoipa::ToSchema)]
pub struct CrmCall {
    /// Number of the call.
    id: i64,
    /// Account of the record; null for a test or a comparison.
    account_id: Option<Uuid>,
    what: String,
    at: String,
    method: String,
    path: String,
    status: Option<u16>,
    latency_ms: u64,
    outcome: String,
    error: Option<String>,
}

/// Delivery of one record to the external CRM.
#[derive(utoipa::ToSchema)]
pub struct CrmDelivery {
    id: Uuid,
    account_id: Uuid,
    what: String,
    /// Ticket of the record; null for a user.
    ticket_id: Option<Uuid>,
    status: String,
    attempts: u32,
    external_id: Option<String>,
    last_cause: Option<String>,
    last_status: Option<u16>,
    requested_at: String,
    delivered_at: Option<String>,
    retry_at: Option<String>,
    drift: Option<CrmDrift>,
    /// Position of the event that first requested it.
    position: u64,
}

/// Difference between a record in the external CRM and the log.
#[derive(utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CrmDrift {
    /// The external CRM lacks the record.
    Missing,
    /// The external CRM has the record more than once.
    Duplicated(CrmDuplicates),
    /// Fields differ.
    Differs(CrmFields),
}

/// Records of one person or ticket in the external CRM.
#[derive(utoipa::ToSchema)]
pub struct CrmDuplicates {
    /// Ids of the records in the external CRM.
    external_ids: Vec<String>,
}

/// Fields that differ.
#[derive(utoipa::ToSchema)]
pub struct CrmFields {
    /// Names of the fields.
    fields: Vec<String>,
}

/// Status of the link to the external CRM.
#[derive(utoipa::ToSchema)]
pub struct CrmIntegration {
    status: String,
    last_success_at: Option<String>,
    backlog: u64,
    oldest_age_seconds: Option<u64>,
    delivered: u64,
    failed: u64,
    abandoned: u64,
    drifted: u64,
    latency_ms: CrmLatency,
    circuit: String,
    /// Operations that the external CRM does not serve. What depends on them shows as drift.
    unsupported: Vec<UnsupportedCrmOperation>,
}

/// Operation that the external CRM does not serve.
#[derive(utoipa::ToSchema)]
pub struct UnsupportedCrmOperation {
    operation: String,
    /// Status of the last response.
    status: u16,
    since: String,
}

/// Latency of the last thousand answered calls, in milliseconds.
#[derive(utoipa::ToSchema)]
pub struct CrmLatency {
    p50: Option<u64>,
    p99: Option<u64>,
}

/// Result of a comparison of the external CRM with the log.
#[derive(utoipa::ToSchema)]
pub struct CrmComparison {
    dry_run: bool,
    checked_users: u64,
    checked_tickets: u64,
    missing: u64,
    duplicated: u64,
    differing: u64,
    pending: u64,
    strangers: u64,
    vanished: u64,
    healing: u64,
    drifts: Vec<CrmDifference>,
}

/// Record that differs.
#[derive(utoipa::ToSchema)]
pub struct CrmDifference {
    account_id: Uuid,
    #[schema(inline)]
    what: CrmRecord,
    drift: CrmDrift,
}

/// Record of an account in the external CRM.
#[derive(utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CrmRecord {
    /// The user.
    User,
    /// The ticket with this id.
    Ticket(Uuid),
}

/// Deliveries that were requested again, or would be in a dry run.
#[derive(utoipa::ToSchema)]
pub struct CrmRetries {
    dry_run: bool,
    requested: u64,
    /// The first thousand ids.
    ids: Vec<Uuid>,
}

/// Deliveries that a synchronisation has requested, or would request in a dry run.
#[derive(utoipa::ToSchema)]
pub struct CrmSync {
    dry_run: bool,
    expected: u64,
    already_there: u64,
    requested_users: u64,
    requested_tickets: u64,
}

/// Result of a connection test.
#[derive(utoipa::ToSchema)]
pub struct ConnectionTest {
    /// True if the marked user was created and read back.
    ok: bool,
    /// Latency of the creation in milliseconds.
    latency_ms: u64,
    status: Option<u16>,
    /// Cause as in the list of calls, or `not_read_back`; null if it succeeded.
    error: Option<String>,
    cleaned_up: bool,
    /// Operations that the external CRM may lack; empty if the test failed.
    operations: Vec<CrmOperationTest>,
}

/// Result of the test of one operation of the external CRM.
#[derive(utoipa::ToSchema)]
pub struct CrmOperationTest {
    operation: String,
    /// Null if the external CRM gave no valid response.
    supported: Option<bool>,
}
