//! `GET /conversations`: lists the caller's conversations.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use projections::messaging::conversations;
use serde::Deserialize;

use super::view::{ConversationView, ConversationViewer};
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::freshness::MinPosition;
use crate::http::page::{ListQuery, Page, PageParams, parse_choice};
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

/// Filter of conversations.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ConversationsQuery {
    /// `true`: only archived conversations; `false` (default): only the others.
    archived: Option<String>,
}

/// Lists the caller's conversations, latest activity first.
///
/// A hidden conversation appears again with its next message.
#[utoipa::path(
    get,
    path = "/conversations",
    tag = "messages",
    params(MinPosition, ConversationsQuery, PageParams),
    responses((status = 200, body = Page<ConversationView>)),
)]
pub async fn list_conversations(
    State(app): State<AppState>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    query: ListQuery<ConversationsQuery>,
) -> Result<impl IntoResponse, Problem> {
    let parse = |text: &str| text.parse::<bool>().ok();
    let archived = parse_choice("archived", query.filter.archived.as_deref(), parse)?.unwrap_or(false);
    fresh.wait_for(&app, &["conversations", "directory"]).await?;
    let page =
        conversations(&app.pool, caller.account_id, archived, query.parse_cursor()?, query.limit).await?;
    let reader = ConversationViewer::from_caller(&caller, request.language);
    Ok(Answer(Page::from_read_model(page).map(|listed| ConversationView::from_overview(listed, reader))))
}
