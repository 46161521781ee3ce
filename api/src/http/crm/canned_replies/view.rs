//! Canned reply in requests and responses.

use domain::support::canned_reply;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use uuid::Uuid;

use crate::http::problem::Problem;

/// A canned reply to save.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveCannedReplyRequest {
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// Variables: `{{requester_name}}`, `{{agent_name}}`, `{{ticket_title}}`, `{{ticket_category}}`.
    #[schema(min_length = 1, max_length = 10_000)]
    body: String,
}

/// A canned reply.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CannedReply {
    pub(super) id: Uuid,
    pub(super) title: String,
    pub(super) body: String,
    #[schema(value_type = String, format = DateTime)]
    pub(super) updated_at: Timestamp,
}

impl SaveCannedReplyRequest {
    pub(super) fn validate(&self) -> Result<(String, String), Problem> {
        canned_reply(&self.title, &self.body).map_err(|problems| {
            let problem = Problem::new("invalid_fields");
            problems.iter().map(domain::Reason::from).fold(problem, Problem::with_field_error)
        })
    }
}

pub(super) async fn load_body(pool: &PgPool, id: Uuid) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!("select body from desk.canned_replies where id = $1", id).fetch_optional(pool).await
}
