//! `GET /crm/tickets`: tickets, filtered and sorted, as pages or as a CSV file.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::accounts::fold_label;
use domain::support::{Channel, Priority, Status};
use domain::{AccountId, CodeEnum};
use futures::TryStreamExt;
use projection_runtime::text_search::SearchText;
use projections::support::{self, Assignee, SlaState, TicketFilter, TicketSort};
use serde::Deserialize;

use super::view::{CSV_HEADER, TicketView, csv_cells};
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::crm::as_of::CrmReadView;
use crate::http::crm::users::view::contact_view;
use crate::http::export_format::{ExportFormat, FormatParam, format_csv, respond_with_file, stream_pages};
use crate::http::freshness::MinPosition;
use crate::http::page::{
    CountedListQuery, CountedPageParams, Page, TimestampParam, invalid_parameter, parse_choice, parse_code,
};
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

/// Filters and order of the list of tickets.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CrmTicketsQuery {
    /// One or more, with commas: `open`, `in_progress`, `waiting`, `resolved`, `closed`.
    status: Option<String>,
    /// One or more, with commas: `low`, `medium`, `high`, `urgent`.
    priority: Option<String>,
    category: Option<String>,
    /// Id of an agent, `me`, or `none`.
    assignee: Option<String>,
    /// Id of an account.
    requester: Option<String>,
    /// In any letter case.
    tag: Option<String>,
    /// Words of the ticket, its replies and notes, or the requester's name. Russian and English words match
    /// with any ending.
    q: Option<String>,
    /// `web`, `agent` or `system`. The system opens a welcome ticket for each new person.
    channel: Option<String>,
    /// `on_track`, `at_risk`, `breached`, `paused`, `met` or `none`.
    sla: Option<String>,
    #[param(value_type = Option<String>, format = DateTime)]
    opened_from: Option<TimestampParam>,
    /// Exclusive.
    #[param(value_type = Option<String>, format = DateTime)]
    opened_to: Option<TimestampParam>,
    /// `opened_at`, `updated_at` or `priority`, each reversed with `-`; `due_at`.
    /// The default is `-opened_at`.
    sort: Option<String>,
    /// Shows the tickets as of this instant.
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<TimestampParam>,
}

/// Lists the tickets of the support desk.
///
/// `text/csv` returns all rows, unless a limit is given.
#[utoipa::path(
    get,
    path = "/crm/tickets",
    tag = "desk",
    params(MinPosition, CrmTicketsQuery, CountedPageParams, FormatParam),
    responses((status = 200, content((Page<TicketView> = "application/json"), (String = "text/csv")))),
)]
pub async fn list_tickets(
    State(app): State<AppState>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    headers: HeaderMap,
    query: CountedListQuery<CrmTicketsQuery>,
) -> Result<Response, Problem> {
    let (filter, sort) = query.filter.parse_query(&caller)?;
    let q = query.filter.q.as_deref().map(|typed| app.settings.phones.search_text(typed));
    let filter = TicketFilter { q, ..filter };
    let after = query.parse_cursor()?;
    let view = CrmReadView::open(&app, fresh, query.filter.as_of, &["tickets", "crm_users"]).await?;
    let (now, position) = (view.now, view.position);
    let reader = contact_view(&caller, request.language);
    match ExportFormat::negotiate(&headers, &[ExportFormat::Csv]) {
        ExportFormat::Csv => {
            let rows = stream_pages(after, query.limit_given.then_some(query.limit), move |after, limit| {
                let (view, filter) = (view.clone(), filter.clone());
                async move {
                    support::tickets(view.acquire().await?.db(), &filter, sort, reader, now, after, limit)
                        .await
                }
            });
            let line = move |row| csv_cells(TicketView::from_row(row, reader, now));
            let lines = rows.map_ok(move |rows| format_csv(rows.into_iter().map(line)));
            let file = respond_with_file(
                ExportFormat::Csv,
                "tickets",
                format_csv([CSV_HEADER.map(str::to_owned)]),
                lines,
            )
            .await?;
            Ok((position, file).into_response())
        }
        ExportFormat::Json | ExportFormat::NdJson => {
            let mut guard = view.acquire().await?;
            let page = support::tickets(guard.db(), &filter, sort, reader, now, after, query.limit).await?;
            let total = match query.with_total {
                true => Some(support::count_tickets(guard.db(), &filter, reader, now).await?),
                false => None,
            };
            let page = Page::from_read_model(page).with_total(total);
            Ok((position, Json(page.map(|row| TicketView::from_row(row, reader, now)))).into_response())
        }
    }
}

impl CrmTicketsQuery {
    /// Parses the filters and the order. `me` is the caller.
    ///
    /// # Errors
    /// `malformed_parameter` (400) for an invalid value.
    pub fn parse_query(&self, caller: &Caller) -> Result<(TicketFilter, TicketSort), Problem> {
        let assignee = |text: &str| match text {
            "none" => Some(Assignee::Nobody),
            "me" => Some(Assignee::Agent(caller.account_id)),
            id => id.parse().ok().map(Assignee::Agent),
        };
        let requester = self.requester.as_deref().map(str::parse::<AccountId>).transpose();
        let filter = TicketFilter {
            statuses: parse_codes::<Status>("status", self.status.as_deref())?,
            priorities: parse_codes::<Priority>("priority", self.priority.as_deref())?,
            category: self.category.clone(),
            assignee: parse_choice("assignee", self.assignee.as_deref(), assignee)?,
            requester: requester.map_err(|_| invalid_parameter("requester", "malformed"))?,
            tag: self.tag.as_deref().map(fold_label),
            q: self.q.as_deref().map(SearchText::from),
            sla: parse_code::<SlaState>("sla", self.sla.as_deref())?,
            channel: parse_code::<Channel>("channel", self.channel.as_deref())?,
            opened_from: self.opened_from.map(|moment| moment.0),
            opened_to: self.opened_to.map(|moment| moment.0),
        };
        let sort = parse_code::<TicketSort>("sort", self.sort.as_deref())?.unwrap_or_default();
        Ok((filter, sort))
    }
}

fn parse_codes<T: CodeEnum>(name: &str, text: Option<&str>) -> Result<Vec<T>, Problem> {
    let parts = text.into_iter().flat_map(|text| text.split(','));
    parts.filter_map(|part| parse_code(name, Some(part.trim())).transpose()).collect()
}
