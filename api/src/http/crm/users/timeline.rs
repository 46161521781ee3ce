//! `GET /crm/users/{id}/timeline`: events of a person.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::{AccountId, Position};
use futures::TryStreamExt;
use jiff::Timestamp;
use projections::crm::{self, TimelineRow};
use serde::Serialize;

use super::get::require_user;
use super::view::contact_view;
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::crm::as_of::{AsOfQuery, CrmReadView};
use crate::http::export_format::{ExportFormat, FormatParam, format_csv, respond_with_file, stream_pages};
use crate::http::freshness::MinPosition;
use crate::http::page::{ListQuery, Page, PageParams};
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

/// An event of a person, in the language of the request.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TimelineEntry {
    /// Position of the event in the log.
    #[schema(value_type = u64)]
    position: Position,
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
    r#type: String,
    text: String,
}

/// Lists the events of a person, latest first.
///
/// `Accept-Language` (ru, en) selects the language.
/// `text/csv` returns all rows, unless a limit is given.
#[utoipa::path(
    get,
    path = "/crm/users/{id}/timeline",
    tag = "crm",
    params(MinPosition, ("id" = uuid::Uuid, Path), AsOfQuery, PageParams, FormatParam),
    responses((status = 200, content((Page<TimelineEntry> = "application/json"), (String = "text/csv")))),
)]
pub async fn list_user_timeline(
    State(app): State<AppState>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    Path(id): Path<AccountId>,
    headers: HeaderMap,
    query: ListQuery<AsOfQuery>,
) -> Result<Response, Problem> {
    let after = query.parse_cursor()?;
    let view = CrmReadView::open(&app, fresh, query.filter.as_of, &["crm_users", "crm_timeline"]).await?;
    let position = view.position;
    require_user(&view, id, &caller, &request).await?;
    let (reader, limit) = (contact_view(&caller, request.language), query.limit);
    if ExportFormat::negotiate(&headers, &[ExportFormat::Csv]) != ExportFormat::Csv {
        let page = crm::timeline(view.acquire().await?.db(), id, reader, after, limit).await?;
        return Ok((position, Json(Page::from_read_model(page).map(TimelineEntry::from))).into_response());
    }
    let rows = stream_pages(after, query.limit_given.then_some(limit), move |after, limit| {
        let view = view.clone();
        async move { crm::timeline(view.acquire().await?.db(), id, reader, after, limit).await }
    });
    let lines = rows.map_ok(|rows| format_csv(rows.into_iter().map(entry_csv_cells)));
    let file = respond_with_file(
        ExportFormat::Csv,
        "timeline",
        format_csv([ENTRY_CSV_HEADER.map(str::to_owned)]),
        lines,
    )
    .await?;
    Ok((position, file).into_response())
}

const ENTRY_CSV_HEADER: [&str; 4] = ["position", "recorded_at", "type", "text"];

fn entry_csv_cells(row: TimelineRow) -> [String; 4] {
    [row.position.to_string(), row.recorded_at.to_string(), row.event_type, row.text]
}

impl From<TimelineRow> for TimelineEntry {
    fn from(row: TimelineRow) -> Self {
        Self { position: row.position, recorded_at: row.recorded_at, r#type: row.event_type, text: row.text }
    }
}
