//! `GET /crm/analytics/{report}/drilldown`: facts of a figure, as pages or as a CSV file.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::Position;
use futures::TryStreamExt;
use jiff::Timestamp;
use projections::crm::analytics::{self, AsOf, DrillRow, Report, ReportQuery};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::report_params::ReportParams;
use crate::app::AppState;
use crate::http::crm::as_of::AsOfPosition;
use crate::http::export_format::{ExportFormat, format_csv, respond_with_file, stream_pages};
use crate::http::freshness::MinPosition;
use crate::http::page::{ListQuery, Page, PageParams, TimestampParam};
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

/// Series of a report, and the parameters of the report.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DrilldownQuery {
    /// Key of the series.
    key: String,
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<TimestampParam>,
    /// Exclusive.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<TimestampParam>,
    interval: Option<String>,
    /// Ignored. It is accepted so that a client can send the parameters of the report unchanged.
    compare: Option<String>,
    by: Option<String>,
    currency: Option<String>,
    subject: Option<String>,
    teacher_id: Option<String>,
    agent_id: Option<String>,
    #[param(value_type = Option<u16>)]
    definition_version: Option<String>,
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<TimestampParam>,
}

/// A fact of a figure.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ReportFact)]
pub struct FactView {
    /// Position of the event that made the fact count.
    #[schema(value_type = i64)]
    position: Position,
    /// Instant at which the fact counts.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// `account`, `booking`, `lesson`, `lesson_request`, `waitlist_entry`, `ticket` or `message`.
    entity_type: String,
    entity_id: Uuid,
    /// Measure of the fact. The parts of a ratio differ in `measure` or in `class`.
    measure: &'static str,
    class: String,
    detail: Option<String>,
    value: i64,
    /// Currency of a money value.
    unit: Option<String>,
}

/// Lists the facts of a figure.
///
/// Their number or the sum of their values is the figure.
/// `text/csv` returns all rows, unless a limit is given.
#[utoipa::path(
    get,
    path = "/crm/analytics/{report}/drilldown",
    tag = "analytics",
    params(("report" = String, Path), DrilldownQuery, PageParams),
    responses((status = 200, content((Page<FactView> = "application/json"), (String = "text/csv")))),
)]
pub async fn list_report_facts(
    State(app): State<AppState>,
    request: RequestContext,
    fresh: MinPosition,
    Path(report): Path<Report>,
    headers: HeaderMap,
    query: ListQuery<DrilldownQuery>,
) -> Result<Response, Problem> {
    let (after, limit, limit_given) = (query.parse_cursor()?, query.limit, query.limit_given);
    let (key, params) = query.filter.split_key();
    let report_query = params.parse_query(&app, report, request.language).await?;
    let fresh = report_query.as_of.map_or(fresh, |as_of| fresh.at_least(as_of.position));
    fresh.wait_for(&app, &["analytics"]).await?;
    let first = analytics::load_drilldown(&app.pool, &report_query, &key, after.clone(), limit).await?;
    let position = AsOfPosition(Some(first.as_of_position));
    if ExportFormat::negotiate(&headers, &[ExportFormat::Csv]) != ExportFormat::Csv {
        let page = Page::from_read_model(first.page).map(FactView::from);
        return Ok((position, Json(page)).into_response());
    }
    // All pages show the same state.
    let as_of = Some(AsOf { instant: report_query.now, position: first.as_of_position });
    let report_query = ReportQuery { as_of, ..report_query };
    let rows = stream_pages(after, limit_given.then_some(limit), move |after, limit| {
        let (app, report_query, key) = (app.clone(), report_query.clone(), key.clone());
        async move {
            let drilldown = analytics::load_drilldown(&app.pool, &report_query, &key, after, limit).await;
            drilldown.map(|drilldown| drilldown.page)
        }
    });
    let lines = rows.map_ok(|rows| format_csv(rows.into_iter().map(|row| csv_cells(row.into()))));
    let file = respond_with_file(
        ExportFormat::Csv,
        report.as_str(),
        format_csv([CSV_HEADER.map(str::to_owned)]),
        lines,
    )
    .await?;
    Ok((position, file).into_response())
}

impl DrilldownQuery {
    fn split_key(self) -> (String, ReportParams) {
        let params = ReportParams {
            from: self.from,
            to: self.to,
            interval: self.interval,
            compare: self.compare,
            by: self.by,
            currency: self.currency,
            subject: self.subject,
            teacher_id: self.teacher_id,
            agent_id: self.agent_id,
            definition_version: self.definition_version,
            as_of: self.as_of,
        };
        (self.key, params)
    }
}

impl From<DrillRow> for FactView {
    fn from(row: DrillRow) -> Self {
        Self {
            position: row.position,
            at: row.at,
            entity_type: row.entity_type,
            entity_id: row.entity_id,
            measure: row.measure.as_str(),
            class: row.class,
            detail: row.detail,
            value: row.value,
            unit: row.unit,
        }
    }
}

const CSV_HEADER: [&str; 9] =
    ["position", "at", "entity_type", "entity_id", "measure", "class", "detail", "value", "unit"];

fn csv_cells(fact: FactView) -> [String; 9] {
    [
        fact.position.to_string(),
        fact.at.to_string(),
        fact.entity_type,
        fact.entity_id.to_string(),
        fact.measure.to_owned(),
        fact.class,
        fact.detail.unwrap_or_default(),
        fact.value.to_string(),
        fact.unit.unwrap_or_default(),
    ]
}
