//! `GET /lesson-requests`: lists the caller's requests, or with `for=me` those that the caller may accept.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use domain::{AccountId, RequestId};
use projection_runtime::paging::Cursor;
use projections::scheduling::names_of;
use projections::scheduling::requests::{OfferRow, RequestRow, offers, own_requests, requests_for_teacher};
use serde::Deserialize;

use super::view::{LessonRequestView, RequestViewer, STATUSES};
use crate::app::{App, AppState};
use crate::http::caller::Caller;
use crate::http::freshness::MinPosition;
use crate::http::page::{ListQuery, Page, PageParams, parse_choice};
use crate::http::problem::Problem;
use crate::http::scheduling::lessons::view::Names;

/// Read models of the responses.
pub(super) const READ_MODELS: &[&str] = &["lesson_requests", "directory"];

/// Filter of lesson requests.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LessonRequestsQuery {
    /// `me`: open requests that were offered to the caller and that the caller has not declined. Without it,
    /// the caller's own requests.
    #[serde(rename = "for")]
    addressee: Option<String>,
    /// Status of the caller's own requests: `open`, `accepted`, `cancelled` or `expired`.
    status: Option<String>,
}

/// Lists lesson requests, newest first.
///
/// The list has the caller's own requests, or with `for=me` the requests that the caller may accept.
#[utoipa::path(
    get,
    path = "/lesson-requests",
    tag = "lesson requests",
    params(MinPosition, LessonRequestsQuery, PageParams),
    responses((status = 200, body = Page<LessonRequestView>)),
)]
pub async fn list_lesson_requests(
    State(app): State<AppState>,
    caller: Caller,
    fresh: MinPosition,
    query: ListQuery<LessonRequestsQuery>,
) -> Result<Json<Page<LessonRequestView>>, Problem> {
    let for_me = parse_choice("for", query.filter.addressee.as_deref(), |text| (text == "me").then_some(()))?;
    let known = |text: &str| STATUSES.into_iter().find(|status| *status == text);
    let status = parse_choice("status", query.filter.status.as_deref(), known)?;
    let after = query.parse_cursor()?;
    fresh.wait_for(&app, READ_MODELS).await?;
    let reader = match for_me {
        Some(()) => RequestViewer::Teacher(&caller),
        None => RequestViewer::Student(&caller),
    };
    Ok(Json(load_page(&app, reader, status, after, query.limit).await?))
}

/// Loads the first requests of a student with this status, or the first that a teacher may accept.
pub(in crate::http) async fn list_requests(
    app: &App,
    reader: RequestViewer<'_>,
    status: Option<&str>,
    limit: u32,
) -> Result<Vec<LessonRequestView>, Problem> {
    Ok(load_page(app, reader, status, None, limit).await?.data)
}

async fn load_page(
    app: &App,
    reader: RequestViewer<'_>,
    status: Option<&str>,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page<LessonRequestView>, Problem> {
    let person = reader.caller().account_id;
    let page = match reader {
        RequestViewer::Teacher(_) => {
            requests_for_teacher(&app.pool, person, app.clock.now(), after, limit).await?
        }
        RequestViewer::Student(_) => own_requests(&app.pool, person, status, after, limit).await?,
    };
    let mut offers = load_own_offers(app, &page.rows, reader).await?;
    let names = load_names(app, &page.rows).await?;
    Ok(Page::from_read_model(page).map(|row| {
        let offer = offers.remove(&row.request_id);
        LessonRequestView::from_row(row, &names, offer, reader)
    }))
}

/// Loads the offers of the viewing teacher, by request; empty for a student.
pub(super) async fn load_own_offers(
    app: &App,
    rows: &[RequestRow],
    reader: RequestViewer<'_>,
) -> Result<HashMap<RequestId, OfferRow>, Problem> {
    let RequestViewer::Teacher(caller) = reader else { return Ok(HashMap::new()) };
    let ids: Vec<RequestId> = rows.iter().map(|row| row.request_id).collect();
    let offers = offers(&app.pool, &ids, Some(caller.account_id)).await?;
    Ok(offers.into_iter().map(|offer| (offer.request_id, offer)).collect())
}

pub(super) async fn load_names(app: &App, rows: &[RequestRow]) -> Result<Names, Problem> {
    let people = rows.iter().flat_map(|row| [Some(row.student), row.accepted_by.map(AccountId)]);
    Ok(names_of(&app.pool, &people.flatten().collect::<Vec<_>>()).await?)
}
