//! `GET /crm/users/{id}/timeline`: what happened to a person, the latest first; `Accept-Language` (ru, en) chooses the language.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::AccountId;
use futures::TryStreamExt;
use jiff::Timestamp;
use projections::crm::{self, TimelineRow};
use serde::Serialize;

use super::get::expect_user;
use crate::app::Shared;
use crate::http::caller::Caller;
use crate::http::crm::as_of::{AsOf, View};
use crate::http::export_format::{Form, csv_lines, file, pages};
use crate::http::freshness::MinPosition;
use crate::http::page::{ListQuery, Page, PageParams};
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

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
/// As `text/csv` all of it, unless a limit is given.
#[utoipa::path(
    get,
    path = "/crm/users/{id}/timeline",
    operation_id = "crm_user_timeline",
    tag = "crm",
    params(("id" = uuid::Uuid, Path), AsOf, PageParams),
    responses((status = 200, content((Page<TimelineEntry> = "application/json"), (String = "text/csv")))),
)]
pub async fn timeline(
    State(app): State<Shared>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    Path(id): Path<AccountId>,
    headers: HeaderMap,
    query: ListQuery<AsOf>,
) -> Result<Response, Problem> {
    let after = query.place()?;
    let view = View::of(&app, fresh, query.filter.as_of, &["crm_users", "crm_timeline"]).await?;
    let position = view.position;
    expect_user(&view, id, &caller, &request).await?;
    let (language, limit) = (request.language, query.limit);
    if Form::wanted(&headers, &[Form::Csv]) != Form::Csv {
        let page = crm::timeline(view.lend().await?.db(), id, language, after, limit).await?;
        return Ok((position, Json(Page::read(page).map(TimelineEntry::from))).into_response());
    }
    let rows = pages(after, query.limit_given.then_some(limit), move |after, limit| {
        let view = view.clone();
        async move { crm::timeline(view.lend().await?.db(), id, language, after, limit).await }
    });
    let lines = rows.map_ok(|rows| csv_lines(rows.into_iter().map(entry_cells)));
    let file = file(Form::Csv, "timeline", csv_lines([ENTRY_HEAD.map(str::to_owned)]), lines).await?;
    Ok((position, file).into_response())
}

const ENTRY_HEAD: [&str; 4] = ["position", "recorded_at", "type", "text"];

fn entry_cells(row: TimelineRow) -> [String; 4] {
    [row.position.to_string(), row.recorded_at.to_string(), row.event_type, row.text]
}

impl From<TimelineRow> for TimelineEntry {
    fn from(row: TimelineRow) -> Self {
        Self { position: row.position, recorded_at: row.recorded_at, r#type: row.event_type, text: row.text }
    }
}
