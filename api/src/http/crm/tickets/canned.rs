//! `/crm/canned-replies`: texts that agents share, with variables that are filled in for a ticket.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::TicketId;
use domain::support::{Filling, canned_reply, fill};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use uuid::Uuid;

use crate::app::Shared;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::page::{NoFilter, Query};
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::support::story::Story;

/// A text for many tickets.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCannedReply {
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// Variables: `{{requester_name}}`, `{{agent_name}}`, `{{ticket_title}}`, `{{ticket_category}}`.
    #[schema(min_length = 1, max_length = 10_000)]
    body: String,
}

/// A text as it is kept.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CannedReply {
    id: Uuid,
    title: String,
    body: String,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// All of them.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CannedReplies {
    data: Vec<CannedReply>,
}

impl NewCannedReply {
    fn checked(&self) -> Result<(String, String), Problem> {
        canned_reply(&self.title, &self.body).map_err(|problems| {
            let problem = Problem::new("invalid_fields");
            problems.iter().map(domain::Reason::from).fold(problem, Problem::at)
        })
    }
}

/// The canned replies, by title.
#[utoipa::path(get, path = "/crm/canned-replies", operation_id = "canned_replies", tag = "desk",
    responses((status = 200, body = CannedReplies)))]
pub async fn list(State(app): State<Shared>, _: Query<NoFilter>) -> Result<impl IntoResponse, Problem> {
    let data = sqlx::query_as!(
        CannedReply,
        r#"select id, title, body, updated_at as "updated_at: jiff_sqlx::Timestamp"
           from desk.canned_replies
           order by title, id"#,
    );
    Ok(Answer(CannedReplies { data: data.fetch_all(&app.pool).await? }))
}

/// Keeps a canned reply.
/// Refusals: 422 per field; `/body` `unknown` for a variable that nobody knows.
#[utoipa::path(post, path = "/crm/canned-replies", operation_id = "keep_canned_reply", tag = "desk",
    request_body = NewCannedReply, responses((status = 201, body = CannedReply)))]
pub async fn keep(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Json(new): Json<NewCannedReply>,
) -> Result<impl IntoResponse, Problem> {
    let id = Uuid::new_v5(&asking.context().command_id.uuid(), b"canned reply");
    let ((title, body), updated_at) = (new.checked()?, app.clock.now());
    sqlx::query!(
        "insert into desk.canned_replies (id, title, body, made_by, updated_at)
         values ($1, $2, $3, $4, $5)
         on conflict (id) do nothing",
        id,
        title,
        body,
        caller.account_id.uuid(),
        updated_at.to_sqlx() as _,
    )
    .execute(&app.pool)
    .await?;
    Ok((StatusCode::CREATED, Answer(CannedReply { id, title, body, updated_at })))
}

/// Replaces a canned reply.
/// Refusals: 404; 422 per field.
#[utoipa::path(put, path = "/crm/canned-replies/{id}", operation_id = "change_canned_reply", tag = "desk",
    params(("id" = Uuid, Path)), request_body = NewCannedReply, responses((status = 200, body = CannedReply)))]
pub async fn change(
    State(app): State<Shared>,
    Path(id): Path<Uuid>,
    Json(new): Json<NewCannedReply>,
) -> Result<impl IntoResponse, Problem> {
    let ((title, body), updated_at) = (new.checked()?, app.clock.now());
    let changed = sqlx::query!(
        "update desk.canned_replies set title = $2, body = $3, updated_at = $4 where id = $1",
        id,
        title,
        body,
        updated_at.to_sqlx() as _,
    );
    if changed.execute(&app.pool).await?.rows_affected() == 0 {
        return Err(Problem::not_found());
    }
    Ok(Answer(CannedReply { id, title, body, updated_at }))
}

/// Throws a canned reply away; one that is not there is away already.
#[utoipa::path(delete, path = "/crm/canned-replies/{id}", operation_id = "drop_canned_reply", tag = "desk",
    params(("id" = Uuid, Path)), responses((status = 204)))]
pub async fn drop_reply(
    State(app): State<Shared>,
    Path(id): Path<Uuid>,
) -> Result<impl IntoResponse, Problem> {
    sqlx::query!("delete from desk.canned_replies where id = $1", id).execute(&app.pool).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// For which ticket.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ForTicket {
    #[param(value_type = Uuid)]
    ticket: TicketId,
}

/// A text that is ready to be sent, or changed before.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FilledReply {
    body: String,
}

/// A canned reply with its variables filled in for a ticket; the agent is the caller.
/// Refusals: 404, also `ticket_not_found`.
#[utoipa::path(get, path = "/crm/canned-replies/{id}/text", operation_id = "canned_reply_text", tag = "desk",
    params(("id" = Uuid, Path), ForTicket), responses((status = 200, body = FilledReply)))]
pub async fn text(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(id): Path<Uuid>,
    Query(ForTicket { ticket }): Query<ForTicket>,
) -> Result<impl IntoResponse, Problem> {
    let body = body_of(&app.pool, id).await?.ok_or_else(Problem::not_found)?;
    let story = Story::load(&app, ticket).await?;
    let locale = asking.request.language;
    let agent = caller.person.profile.name.as_ref().and_then(domain::Personal::known);
    let filling = Filling {
        requester_name: story.name(story.case.requester, locale),
        agent_name: agent.map(|name| name.as_str().to_owned()).unwrap_or_default(),
        ticket_title: story.title.clone().unwrap_or_default(),
        ticket_category: story.case.category.clone(),
    };
    Ok(Answer(FilledReply { body: fill(&body, &filling) }))
}

async fn body_of(pool: &PgPool, id: Uuid) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!("select body from desk.canned_replies where id = $1", id).fetch_optional(pool).await
}
