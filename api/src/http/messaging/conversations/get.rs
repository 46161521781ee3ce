//! `GET /conversations/{id}`: returns a conversation of the caller.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::ConversationId;

use super::view::{ConversationView, ConversationViewer};
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::freshness::{ETag, MinPosition};
use crate::http::page::{NoFilter, Query};
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

/// Returns a conversation of the caller.
///
/// Refusals: 404 `conversation_not_found`, also if the caller is not a participant.
#[utoipa::path(
    get,
    path = "/conversations/{id}",
    tag = "messages",
    params(MinPosition, ("id" = Uuid, Path)),
    responses((status = 200, body = ConversationView)),
)]
pub async fn get_conversation(
    State(app): State<AppState>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    Path(id): Path<ConversationId>,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    fresh.wait_for(&app, &["conversations", "directory"]).await?;
    let view =
        ConversationView::load(&app, id, ConversationViewer::from_caller(&caller, request.language)).await?;
    Ok((ETag(view.version()), Answer(view)))
}
