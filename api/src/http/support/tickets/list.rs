//! `GET /tickets`: lists the caller's tickets.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::accounts::Locale;
use domain::support::Status;
use domain::{StreamVersion, TicketId};
use jiff::Timestamp;
use projections::crm::{ContactView, Visibility};
use projections::support::{TicketFilter, TicketRow, TicketSort, tickets};
use serde::{Deserialize, Serialize};

use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::freshness::MinPosition;
use crate::http::page::{ListQuery, Page, PageParams, parse_code};
use crate::http::problem::Problem;

/// Ticket of the caller in a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OwnTicketRow {
    #[schema(value_type = Uuid)]
    id: TicketId,
    title: Option<String>,
    /// `open`, `in_progress`, `waiting` (for the requester), `resolved` or `closed`.
    status: String,
    priority: String,
    category: String,
    tags: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    opened_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    replies_count: i32,
    rating: Option<i16>,
    #[schema(value_type = i64)]
    version: StreamVersion,
}

/// Filter of the caller's tickets.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OwnTicketsQuery {
    /// `open`, `in_progress`, `waiting`, `resolved` or `closed`.
    status: Option<String>,
}

/// Lists the caller's tickets, newest first.
#[utoipa::path(
    get,
    path = "/tickets",
    tag = "tickets",
    params(MinPosition, OwnTicketsQuery, PageParams),
    responses((status = 200, body = Page<OwnTicketRow>)),
)]
pub async fn list_own_tickets(
    State(app): State<AppState>,
    caller: Caller,
    fresh: MinPosition,
    query: ListQuery<OwnTicketsQuery>,
) -> Result<impl IntoResponse, Problem> {
    let status = parse_code::<Status>("status", query.filter.status.as_deref())?;
    fresh.wait_for(&app, &["tickets", "crm_users"]).await?;
    let filter = TicketFilter {
        requester: Some(caller.account_id),
        statuses: status.into_iter().collect(),
        ..TicketFilter::default()
    };
    let now = app.clock.now();
    let page =
        tickets(&app.pool, &filter, TicketSort::Newest, OWNER, now, query.parse_cursor()?, query.limit)
            .await?;
    Ok(Answer(Page::from_read_model(page).map(OwnTicketRow::from)))
}

/// Requesters see their own texts.
const OWNER: ContactView = ContactView { visibility: Visibility::Full, locale: Locale::Ru };

/// Keeps only the columns that the requester may see; internal notes are not counted.
impl From<TicketRow> for OwnTicketRow {
    fn from(row: TicketRow) -> Self {
        Self {
            id: row.ticket_id,
            title: row.title.map(|title| title.show(OWNER)),
            status: row.status,
            priority: row.priority,
            category: row.category,
            tags: row.tags,
            opened_at: row.opened_at,
            updated_at: row.updated_at,
            replies_count: row.replies,
            rating: row.rating,
            version: row.version,
        }
    }
}
