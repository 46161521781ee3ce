//! `POST /conversations`, `GET`, `GET /conversations/{id}`: the one conversation of two people; one's own.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::messaging::{ConversationCommand, ConversationKind, NewConversation, direct_conversation_id};
use domain::{AccountId, Command, ConversationId, Dispatch, EventLog};
use projections::messaging::conversations;
use serde::Deserialize;

use super::view::{ConversationView, Reader};
use crate::app::{App, Shared};
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::freshness::{LogPosition, MinPosition, Version};
use crate::http::page::{ListQuery, NoFilter, Page, PageParams, Query, chosen};
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

/// With whom to talk.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Partner {
    #[schema(value_type = Uuid)]
    participant_id: AccountId,
}

/// Opens the conversation with somebody: 201 where it is new, 200 where it was there, whoever began it.
/// Refusals: 404 `not_found`; 422 `bad_participants` with oneself.
#[utoipa::path(
    post,
    path = "/conversations",
    operation_id = "open_conversation",
    tag = "messages",
    request_body = Partner,
    responses((status = 201, body = ConversationView), (status = 200, body = ConversationView)),
)]
pub async fn open(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Json(partner): Json<Partner>,
) -> Result<impl IntoResponse, Problem> {
    let (own, other) = (caller.account_id, partner.participant_id);
    if app.account(other).await?.state.person().is_none() {
        return Err(Problem::not_found());
    }
    let id = direct_conversation_id(own, other);
    let new =
        NewConversation { kind: ConversationKind::Direct, participants: vec![own, other], context: None };
    let context = asking.context();
    let command_id = context.command_id;
    let command = Command::Conversation(id, ConversationCommand::StartConversation(new));
    let receipt = app.bus.dispatch(command, context).await?;
    // It is new where its last event is of this very command.
    let last = event_at(&app, receipt.position).await?;
    let is_new = receipt.version() == 1 && last.is_some_and(|last| last.metadata.command_id == command_id);
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    let view = ConversationView::load(&app, id, Reader::of(&caller, asking.request.language)).await?;
    Ok((status, LogPosition(receipt.position), Version(view.version()), Answer(view)))
}

/// The event at a position.
///
/// # Errors
/// Postgres is away.
pub(super) async fn event_at(app: &App, position: u64) -> Result<Option<domain::Recorded>, Problem> {
    let sealed = app.bus.log().read_at(&[position]).await?;
    Ok(app.bus.log().open(&sealed).await?.pop())
}

/// Which conversations.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// `true` for the archive; `false`, as without it, for the others.
    archived: Option<String>,
}

/// One's own conversations, the newest activity first; hidden ones come back with the next message.
#[utoipa::path(
    get,
    path = "/conversations",
    operation_id = "conversations",
    tag = "messages",
    params(Filter, PageParams),
    responses((status = 200, body = Page<ConversationView>)),
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    query: ListQuery<Filter>,
) -> Result<impl IntoResponse, Problem> {
    let parse = |text: &str| text.parse::<bool>().ok();
    let archived = chosen("archived", query.filter.archived.as_deref(), parse)?.unwrap_or(false);
    fresh.reached(&app, &["conversations", "directory"]).await?;
    let page = conversations(&app.pool, caller.account_id, archived, query.place()?, query.limit).await?;
    let reader = Reader::of(&caller, request.language);
    Ok(Answer(Page::read(page).map(|listed| ConversationView::listed(listed, reader))))
}

/// A conversation, for those who take part in it.
/// Refusals: 404 `conversation_not_found`.
#[utoipa::path(
    get,
    path = "/conversations/{id}",
    operation_id = "conversation",
    tag = "messages",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = ConversationView)),
)]
pub async fn one(
    State(app): State<Shared>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    Path(id): Path<ConversationId>,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    fresh.reached(&app, &["conversations", "directory"]).await?;
    let view = ConversationView::load(&app, id, Reader::of(&caller, request.language)).await?;
    Ok((Version(view.version()), Answer(view)))
}
