//! `GET /crm/users/{id}/tickets`: tickets of a person.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::AccountId;
use futures::TryStreamExt;
use projections::support::{self, TicketFilter, TicketSort};

use super::get::require_user;
use super::view::contact_view;
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::crm::as_of::{AsOfQuery, CrmReadView};
use crate::http::crm::tickets::view::{CSV_HEADER, TicketView, csv_cells};
use crate::http::export_format::{ExportFormat, FormatParam, format_csv, respond_with_file, stream_pages};
use crate::http::freshness::MinPosition;
use crate::http::page::{ListQuery, Page, PageParams};
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

/// Lists the tickets of a person, latest first.
///
/// `text/csv` returns all rows, unless a limit is given.
#[utoipa::path(
    get,
    path = "/crm/users/{id}/tickets",
    tag = "crm",
    params(MinPosition, ("id" = uuid::Uuid, Path), AsOfQuery, PageParams, FormatParam),
    responses((status = 200, content((Page<TicketView> = "application/json"), (String = "text/csv")))),
)]
pub async fn list_user_tickets(
    State(app): State<AppState>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    Path(id): Path<AccountId>,
    headers: HeaderMap,
    query: ListQuery<AsOfQuery>,
) -> Result<Response, Problem> {
    let after = query.parse_cursor()?;
    let view = CrmReadView::open(&app, fresh, query.filter.as_of, &["crm_users", "tickets"]).await?;
    let (now, position) = (view.now, view.position);
    require_user(&view, id, &caller, &request).await?;
    let filter = TicketFilter { requester: Some(id), ..TicketFilter::default() };
    let (sort, limit) = (TicketSort::Newest, query.limit);
    let reader = contact_view(&caller, request.language);
    if ExportFormat::negotiate(&headers, &[ExportFormat::Csv]) != ExportFormat::Csv {
        let page =
            support::tickets(view.acquire().await?.db(), &filter, sort, reader, now, after, limit).await?;
        let page = Page::from_read_model(page).map(|row| TicketView::from_row(row, reader, now));
        return Ok((position, Json(page)).into_response());
    }
    let rows = stream_pages(after, query.limit_given.then_some(limit), move |after, limit| {
        let (view, filter) = (view.clone(), filter.clone());
        async move { support::tickets(view.acquire().await?.db(), &filter, sort, reader, now, after, limit).await }
    });
    let line = move |row| csv_cells(TicketView::from_row(row, reader, now));
    let lines = rows.map_ok(move |rows| format_csv(rows.into_iter().map(line)));
    let file =
        respond_with_file(ExportFormat::Csv, "tickets", format_csv([CSV_HEADER.map(str::to_owned)]), lines)
            .await?;
    Ok((position, file).into_response())
}
