//! `GET /crm/analytics/{report}`: series of a report, or a CSV file of them.

use domain::Position;
use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use futures::stream;
use jiff::Timestamp;
use projections::crm::analytics::{self, Figure, Point, Report, ReportResult, Series, Unit, Value};
use serde::Serialize;

use super::report_params::ReportParams;
use crate::app::AppState;
use crate::http::crm::as_of::AsOfPosition;
use crate::http::export_format::{ExportFormat, format_csv, respond_with_file};
use crate::http::freshness::MinPosition;
use crate::http::page::Query;
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

/// A report.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = AnalyticsReport)]
pub struct ReportView {
    report: &'static str,
    /// Version of the definition. See the parameter.
    definition_version: u16,
    /// Position of the last counted event.
    #[schema(value_type = u64)]
    as_of_position: Position,
    /// Begin of the counted time. Some reports count whole days.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    to: Timestamp,
    /// `day`, `week` or `month`.
    interval: &'static str,
    series: Vec<ReportSeriesView>,
    /// Totals of the whole time by key of the series.
    totals: BTreeMap<String, FigureView>,
    /// Figures of the time before, with `compare=previous`.
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<PreviousView>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ReportPrevious)]
struct PreviousView {
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    to: Timestamp,
    series: Vec<ReportSeriesView>,
    totals: BTreeMap<String, FigureView>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ReportSeries)]
struct ReportSeriesView {
    key: String,
    /// Label in the language of the request.
    label: String,
    /// `count`, `minutes`, `seconds`, `ratio` (0 to 1), `points` (1 to 5) or `money` (in minor units).
    unit: &'static str,
    /// Currency of a money series.
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    points: Vec<PointView>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ReportPoint)]
struct PointView {
    /// Begin of the interval.
    #[schema(value_type = String, format = DateTime)]
    t: Timestamp,
    #[schema(value_type = f64)]
    value: Value,
    /// Number of facts of the value.
    sample: i64,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ReportFigure)]
struct FigureView {
    #[schema(value_type = f64)]
    value: Value,
    sample: i64,
}

/// Returns a report.
///
/// Reports: `registrations`, `active_users`, `bookings`, `lessons_held`, `cancellations`, `no_shows`,
/// `utilisation`, `revenue`, `funnel`, `retention`, `requests`, `tickets`, `ticket_categories`,
/// `response_times`, `resolution_times`, `sla`, `csat` and `messages`.
/// `Accept-Language` (ru, en) selects the language of labels. An interval without facts has the value 0.
#[utoipa::path(
    get,
    path = "/crm/analytics/{report}",
    tag = "analytics",
    params(("report" = String, Path), ReportParams),
    responses((status = 200, content((ReportView = "application/json"), (String = "text/csv")))),
)]
pub async fn get_report(
    State(app): State<AppState>,
    request: RequestContext,
    fresh: MinPosition,
    Path(report): Path<Report>,
    headers: HeaderMap,
    Query(params): Query<ReportParams>,
) -> Result<Response, Problem> {
    let report_query = params.parse_query(&app, report, request.language).await?;
    let fresh = report_query.as_of.map_or(fresh, |as_of| fresh.at_least(as_of.position));
    fresh.wait_for(&app, &["analytics"]).await?;
    let answer = analytics::compute_report(&app.pool, &report_query).await?;
    let position = AsOfPosition(Some(answer.as_of_position));
    if ExportFormat::negotiate(&headers, &[ExportFormat::Csv]) != ExportFormat::Csv {
        return Ok((position, Json(ReportView::from(answer))).into_response());
    }
    let current = answer.series.into_iter().map(|series| (series, "current"));
    let previous = answer.previous.into_iter().flat_map(|previous| previous.series);
    let all = current.chain(previous.map(|series| (series, "previous")));
    let chunks = stream::iter(all.map(|(series, period)| Ok(format_csv(csv_cells(&series, period)))));
    let file = respond_with_file(
        ExportFormat::Csv,
        report.as_str(),
        format_csv([CSV_HEADER.map(str::to_owned)]),
        chunks,
    )
    .await?;
    Ok((position, file).into_response())
}

/// Header of the CSV file. `period` is `current`, or `previous` for the time before.
const CSV_HEADER: [&str; 7] = ["t", "key", "label", "unit", "value", "sample", "period"];

fn csv_cells(series: &Series, period: &str) -> Vec<[String; 7]> {
    let unit = csv_unit(series);
    let line = |point: &Point| {
        [
            point.t.to_string(),
            series.key.clone(),
            series.label.clone(),
            unit.clone(),
            point.value.to_string(),
            point.sample.to_string(),
            period.to_owned(),
        ]
    };
    series.points.iter().map(line).collect()
}

/// Returns the unit of a row. For money it is the currency, because a row has no other context.
fn csv_unit(series: &Series) -> String {
    match (series.unit, series.currency) {
        (Unit::Money, Some(currency)) => currency.to_string(),
        (unit, _) => unit.as_str().to_owned(),
    }
}

impl From<ReportResult> for ReportView {
    fn from(answer: ReportResult) -> Self {
        Self {
            report: answer.report.as_str(),
            definition_version: answer.definition_version,
            as_of_position: answer.as_of_position,
            from: answer.from,
            to: answer.to,
            interval: answer.interval.as_str(),
            series: answer.series.into_iter().map(ReportSeriesView::from).collect(),
            totals: figure_views(answer.totals),
            previous: answer.previous.map(|previous| PreviousView {
                from: previous.from,
                to: previous.to,
                series: previous.series.into_iter().map(ReportSeriesView::from).collect(),
                totals: figure_views(previous.totals),
            }),
        }
    }
}

impl From<Series> for ReportSeriesView {
    fn from(series: Series) -> Self {
        let point = |Point { t, value, sample }| PointView { t, value, sample };
        Self {
            unit: series.unit.as_str(),
            currency: series.currency.map(|currency| currency.to_string()),
            points: series.points.into_iter().map(point).collect(),
            key: series.key,
            label: series.label,
        }
    }
}

fn figure_views(totals: BTreeMap<String, Figure>) -> BTreeMap<String, FigureView> {
    let view = |Figure { value, sample }| FigureView { value, sample };
    totals.into_iter().map(|(key, figure)| (key, view(figure))).collect()
}
