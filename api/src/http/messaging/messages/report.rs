//! `POST /messages/{id}/report`: reports a message to support.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::messaging::ConversationCommand;
use domain::{Command, Dispatch, MessageId};
use serde::Deserialize;

use super::lookup::{load_visible_message, to_sent_message};
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::LogPosition;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Reason of a report.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportMessageRequest {
    #[schema(min_length = 1, max_length = 1000)]
    reason: String,
}

/// Reports a message of another participant to support.
///
/// The report keeps the present text of the message.
///
/// Refusals: 404 `message_not_found`; 409 `own_message`; 422 per field.
#[utoipa::path(
    post,
    path = "/messages/{id}/report",
    tag = "messages",
    params(Invocation, ("id" = Uuid, Path)),
    request_body = ReportMessageRequest,
    responses((status = 204)),
)]
pub async fn report_message(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<MessageId>,
    Json(new): Json<ReportMessageRequest>,
) -> Result<impl IntoResponse, Problem> {
    let row = load_visible_message(&app, id, caller.account_id).await?;
    let command = ConversationCommand::ReportMessage {
        message: to_sent_message(&row),
        by: caller.account_id,
        reason: new.reason,
    };
    let receipt =
        app.bus.dispatch(Command::Conversation(row.conversation_id, command), invocation.context()).await?;
    Ok((StatusCode::NO_CONTENT, LogPosition(receipt.position), ()))
}
