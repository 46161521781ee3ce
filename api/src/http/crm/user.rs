//! `GET /crm/users/{id}`, `/timeline`, `/tickets`: one person, what happened to them, what they asked.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::{AccountId, TicketId};
use jiff::Timestamp;
use projections::crm::{self, TicketFilter, TicketRow, TimelineRow};
use serde::Serialize;

use super::view::{UserView, reader};
use crate::app::{App, Shared};
use crate::http::caller::Caller;
use crate::http::freshness::{MinPosition, Version};
use crate::http::page::{ListQuery, NoFilter, Page, PageParams, Query};
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

/// One person.
#[utoipa::path(
    get,
    path = "/crm/users/{id}",
    operation_id = "crm_user",
    tag = "crm",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = UserView)),
)]
pub async fn user(
    State(app): State<Shared>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    Path(id): Path<AccountId>,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    fresh.reached(&app, &["crm_users"]).await?;
    let user = crm::user(&app.pool, id, reader(&caller, request.language)).await?;
    let user = user.ok_or_else(Problem::not_found)?;
    Ok((Version(user.version.cast_unsigned()), Json(UserView::from(user))))
}

/// One thing that happened to a person, in the reader's language.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TimelineEntry {
    /// Of the event, in the whole log.
    position: u64,
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
    r#type: String,
    text: String,
}

/// What happened to a person, the latest first; `Accept-Language` (ru, en) chooses the language.
#[utoipa::path(
    get,
    path = "/crm/users/{id}/timeline",
    operation_id = "crm_user_timeline",
    tag = "crm",
    params(("id" = uuid::Uuid, Path), PageParams),
    responses((status = 200, body = Page<TimelineEntry>)),
)]
pub async fn timeline(
    State(app): State<Shared>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    Path(id): Path<AccountId>,
    query: ListQuery<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    let after = query.place()?;
    expect_user(&app, fresh, "crm_timeline", id, &caller, &request).await?;
    let page = crm::timeline(&app.pool, id, request.language, after, query.limit).await?;
    Ok(Json(Page::read(page).map(TimelineEntry::from)))
}

/// A ticket as the CRM lists it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = CrmTicket)]
pub struct TicketView {
    #[schema(value_type = uuid::Uuid)]
    id: TicketId,
    /// Null once the requester is erased.
    title: Option<String>,
    description: Option<String>,
    status: String,
    priority: String,
    category: String,
    tags: Vec<String>,
    #[schema(value_type = uuid::Uuid)]
    requester_id: AccountId,
    channel: String,
    #[schema(value_type = String, format = DateTime)]
    opened_at: Timestamp,
    version: i64,
}

/// The tickets of a person, the latest first.
#[utoipa::path(
    get,
    path = "/crm/users/{id}/tickets",
    operation_id = "crm_user_tickets",
    tag = "crm",
    params(("id" = uuid::Uuid, Path), PageParams),
    responses((status = 200, body = Page<TicketView>)),
)]
pub async fn tickets(
    State(app): State<Shared>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    Path(id): Path<AccountId>,
    query: ListQuery<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    let after = query.place()?;
    expect_user(&app, fresh, "tickets", id, &caller, &request).await?;
    let filter = TicketFilter { requester: Some(id) };
    let page = crm::tickets(&app.pool, &filter, after, query.limit).await?;
    Ok(Json(Page::read(page).map(TicketView::from)))
}

/// A list of somebody who is not there is no empty list.
async fn expect_user(
    app: &App,
    fresh: MinPosition,
    model: &str,
    id: AccountId,
    caller: &Caller,
    request: &RequestContext,
) -> Result<(), Problem> {
    fresh.reached(app, &["crm_users", model]).await?;
    let user = crm::user(&app.pool, id, reader(caller, request.language)).await?;
    user.map(drop).ok_or_else(Problem::not_found)
}

impl From<TimelineRow> for TimelineEntry {
    fn from(row: TimelineRow) -> Self {
        Self { position: row.position, recorded_at: row.recorded_at, r#type: row.event_type, text: row.text }
    }
}

impl From<TicketRow> for TicketView {
    fn from(row: TicketRow) -> Self {
        Self {
            id: row.ticket_id,
            title: row.title,
            description: row.description,
            status: row.status,
            priority: row.priority,
            category: row.category,
            tags: row.tags,
            requester_id: row.requester,
            channel: row.channel,
            opened_at: row.opened_at,
            version: row.version,
        }
    }
}
