//! `GET /crm/users/{id}/tickets`: the tickets of a person, the latest first.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::AccountId;
use futures::TryStreamExt;
use projections::support::{self, TicketFilter, TicketSort};

use super::get::expect_user;
use super::view::reader;
use crate::app::Shared;
use crate::http::caller::Caller;
use crate::http::crm::as_of::{AsOf, View};
use crate::http::crm::tickets::view::{HEAD, TicketView, cells};
use crate::http::export_format::{Form, csv_lines, file, pages};
use crate::http::freshness::MinPosition;
use crate::http::page::{ListQuery, Page, PageParams};
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

/// The tickets of a person, the latest first. As `text/csv` all of them, unless a limit is given.
#[utoipa::path(
    get,
    path = "/crm/users/{id}/tickets",
    operation_id = "crm_user_tickets",
    tag = "crm",
    params(("id" = uuid::Uuid, Path), AsOf, PageParams),
    responses((status = 200, content((Page<TicketView> = "application/json"), (String = "text/csv")))),
)]
pub async fn tickets(
    State(app): State<Shared>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    Path(id): Path<AccountId>,
    headers: HeaderMap,
    query: ListQuery<AsOf>,
) -> Result<Response, Problem> {
    let after = query.place()?;
    let view = View::of(&app, fresh, query.filter.as_of, &["crm_users", "tickets"]).await?;
    let (now, position) = (view.now, view.position);
    expect_user(&view, id, &caller, &request).await?;
    let filter = TicketFilter { requester: Some(id), ..TicketFilter::default() };
    let (sort, limit) = (TicketSort::Newest, query.limit);
    let reader = reader(&caller, request.language);
    if Form::wanted(&headers, &[Form::Csv]) != Form::Csv {
        let page = support::tickets(view.lend().await?.db(), &filter, sort, now, after, limit).await?;
        let page = Page::read(page).map(|row| TicketView::listed(row, reader, now));
        return Ok((position, Json(page)).into_response());
    }
    let rows = pages(after, query.limit_given.then_some(limit), move |after, limit| {
        let (view, filter) = (view.clone(), filter.clone());
        async move { support::tickets(view.lend().await?.db(), &filter, sort, now, after, limit).await }
    });
    let line = move |row| cells(TicketView::listed(row, reader, now));
    let lines = rows.map_ok(move |rows| csv_lines(rows.into_iter().map(line)));
    let file = file(Form::Csv, "tickets", csv_lines([HEAD.map(str::to_owned)]), lines).await?;
    Ok((position, file).into_response())
}
