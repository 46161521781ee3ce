//! `GET /conversations/{id}/messages`: lists the messages of a conversation.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::ConversationId;
use projections::messaging::{MessageWindow, messages};
use serde::{Deserialize, Serialize};

use super::view::{MessageView, load_as_participant};
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::freshness::MinPosition;
use crate::http::page::{ListQuery, Page, PageParams};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Filter of messages by their number.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MessagesQuery {
    /// Only messages before this number, beginning with the latest of them.
    before: Option<u64>,
    /// Only messages after this number, beginning with the earliest of them.
    after: Option<u64>,
}

/// Start and direction of the next page.
#[derive(Clone, Copy, Serialize, Deserialize)]
enum MessageCursor {
    Before(u64),
    After(u64),
}

/// Lists the messages of a conversation, in order of sending.
///
/// Without a filter the page has the latest messages. Messages that the caller has cleared are left out;
/// deleted messages have no text.
///
/// Refusals: 404 `conversation_not_found`.
#[utoipa::path(
    get,
    path = "/conversations/{id}/messages",
    tag = "messages",
    params(MinPosition, ("id" = Uuid, Path), MessagesQuery, PageParams),
    responses((status = 200, body = Page<MessageView>)),
)]
pub async fn list_messages(
    State(app): State<AppState>,
    caller: Caller,
    fresh: MinPosition,
    Path(id): Path<ConversationId>,
    query: ListQuery<MessagesQuery>,
) -> Result<impl IntoResponse, Problem> {
    let (_, own) = load_as_participant(&app, id, caller.account_id).await?;
    let MessagesQuery { before, after } = query.filter;
    let (before, after, newest) = match query.parse_sort_key::<MessageCursor>()? {
        Some(MessageCursor::Before(place)) => (Some(place), after, true),
        Some(MessageCursor::After(place)) => (before, Some(place), false),
        None => (before, after, after.is_none()),
    };
    let window = MessageWindow {
        after: after.unwrap_or(0).max(own.cleared_up_to),
        before: before.unwrap_or(u64::MAX),
        newest,
    };
    fresh.wait_for(&app, &["conversations"]).await?;
    let mut rows = messages(&app.pool, id, window, query.limit + 1).await?;
    // One more row than the page holds was read; the page is cut at the far end.
    if newest {
        rows.reverse();
    }
    let place = |row: &projections::messaging::MessageRow| match newest {
        true => MessageCursor::Before(row.sequence),
        false => MessageCursor::After(row.sequence),
    };
    let mut page = Page::from_rows(rows, query.limit, place);
    if newest {
        page.data.reverse();
    }
    Ok(Answer(page.map(MessageView::from)))
}
