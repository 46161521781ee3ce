//! `GET /messages/{id}/history`: returns all texts of a message.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::MessageId;
use jiff::Timestamp;
use projections::messaging::{EditRow, message_history};
use serde::Serialize;

use super::lookup::load_visible_message;
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::freshness::MinPosition;
use crate::http::page::{NoFilter, Query};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Text of a message.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = MessageText)]
pub struct MessageTextView {
    body: String,
    #[schema(value_type = String, format = DateTime)]
    written_at: Timestamp,
}

/// All texts of a message.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = MessageHistory)]
pub struct MessageHistoryView {
    /// Texts from the oldest to the present one; empty if the message is deleted.
    data: Vec<MessageTextView>,
}

/// Returns all texts of a message, oldest first.
///
/// Only participants of the conversation may read it.
///
/// Refusals: 404 `message_not_found`.
#[utoipa::path(
    get,
    path = "/messages/{id}/history",
    tag = "messages",
    params(MinPosition, ("id" = Uuid, Path)),
    responses((status = 200, body = MessageHistoryView)),
)]
pub async fn get_message_history(
    State(app): State<AppState>,
    caller: Caller,
    fresh: MinPosition,
    Path(id): Path<MessageId>,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    fresh.wait_for(&app, &["conversations"]).await?;
    let row = load_visible_message(&app, id, caller.account_id).await?;
    let former = message_history(&app.pool, id).await?;
    let mut data: Vec<MessageTextView> = former.into_iter().map(MessageTextView::from).collect();
    let written_at = row.edited_at.unwrap_or(row.sent_at);
    data.extend(row.body.map(|body| MessageTextView { body, written_at }));
    Ok(Answer(MessageHistoryView { data }))
}

impl From<EditRow> for MessageTextView {
    fn from(row: EditRow) -> Self {
        Self { body: row.body, written_at: row.written_at }
    }
}
