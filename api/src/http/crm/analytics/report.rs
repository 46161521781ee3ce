//! `GET /crm/analytics/{report}`: series of a report, or a CSV file of them.

use domain::Position;
use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use futures::stream;
use jiff::Timestamp;
use jiff::civil::Date;
use projections::crm::analytics::{self, Figure, Point, Report, ReportResult, Series, Value};
use serde::Serialize;

use super::report_params::ReportParams;
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::crm::as_of::AsOfPosition;
use crate::http::export_format::{
    ExportFormat, FormatParam, format_csv, format_json_lines, respond_with_file,
};
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
    /// IANA name of the time zone of the local dates.
    time_zone: String,
    series: Vec<ReportSeriesView>,
    /// Totals of the whole time by key of the series.
    totals: BTreeMap<String, FigureView>,
    /// Figures of the other time, with `compare`.
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
    /// Id or code of the group, `none` or `other`, with `by` a dimension; absent in the series of all groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<String>,
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
    /// First local day of the point within the time.
    #[schema(value_type = String, format = Date)]
    local_date: Date,
    /// `true` if the time or the present cuts the day, week or month.
    partial: bool,
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
    /// Currency of a money figure, whose value is in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
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
    params(MinPosition, ("report" = String, Path), ReportParams, FormatParam),
    responses((status = 200, content(
        (ReportView = "application/json"),
        (String = "text/csv"),
        (String = "application/x-ndjson"),
    ))),
)]
pub async fn get_report(
    State(app): State<AppState>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    Path(report): Path<Report>,
    headers: HeaderMap,
    Query(params): Query<ReportParams>,
) -> Result<Response, Problem> {
    let report_query = params.parse_query(&app, report, &caller, request.language).await?;
    let fresh = report_query.as_of.map_or(fresh, |as_of| fresh.at_least(as_of.position));
    fresh.wait_for(&app, &["analytics"]).await?;
    let answer = analytics::compute_report(&app.pool, &report_query).await?;
    let position = AsOfPosition(Some(answer.as_of_position));
    let format = ExportFormat::negotiate(&headers, &[ExportFormat::Csv, ExportFormat::NdJson]);
    if format == ExportFormat::Json {
        return Ok((position, Json(ReportView::from(answer))).into_response());
    }
    let current = answer.series.into_iter().map(|series| (series, "current"));
    let previous = answer.previous.into_iter().flat_map(|previous| previous.series);
    let all = current.chain(previous.map(|series| (series, "previous")));
    let chunks = stream::iter(all.map(move |(series, period)| {
        let lines = report_lines(&series, period);
        Ok(match format {
            ExportFormat::Csv => format_csv(lines.into_iter().map(csv_cells)),
            ExportFormat::Json | ExportFormat::NdJson => format_json_lines(&lines),
        })
    }));
    let head = match format {
        ExportFormat::Csv => format_csv([CSV_HEADER.map(str::to_owned)]),
        ExportFormat::Json | ExportFormat::NdJson => Vec::new(),
    };
    let file = respond_with_file(format, report.as_str(), head, chunks).await?;
    Ok((position, file).into_response())
}

/// Point in a file.
#[derive(Serialize)]
struct ReportLine<'a> {
    t: Timestamp,
    key: &'a str,
    label: &'a str,
    unit: &'static str,
    value: Value,
    sample: i64,
    /// `current`, or `previous` for the time that it is compared with.
    period: &'a str,
    local_date: Date,
    partial: bool,
    currency: Option<String>,
    /// Number of the point in its series, from 0: the points of both times with one number are compared.
    point: usize,
}

const CSV_HEADER: [&str; 11] =
    ["t", "key", "label", "unit", "value", "sample", "period", "local_date", "partial", "currency", "point"];

fn report_lines<'a>(series: &'a Series, period: &'a str) -> Vec<ReportLine<'a>> {
    let line = |(number, point): (usize, &Point)| ReportLine {
        t: point.t,
        key: &series.key,
        label: &series.label,
        unit: series.unit.as_str(),
        value: point.value,
        sample: point.sample,
        period,
        local_date: point.local_date,
        partial: point.partial,
        currency: series.currency.map(|currency| currency.to_string()),
        point: number,
    };
    series.points.iter().enumerate().map(line).collect()
}

fn csv_cells(line: ReportLine<'_>) -> [String; 11] {
    [
        line.t.to_string(),
        line.key.to_owned(),
        line.label.to_owned(),
        line.unit.to_owned(),
        line.value.to_string(),
        line.sample.to_string(),
        line.period.to_owned(),
        line.local_date.to_string(),
        line.partial.to_string(),
        line.currency.unwrap_or_default(),
        line.point.to_string(),
    ]
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
            time_zone: answer.time_zone,
            totals: figure_views(answer.totals, &answer.series),
            series: answer.series.into_iter().map(ReportSeriesView::from).collect(),
            previous: answer.previous.map(|previous| PreviousView {
                from: previous.from,
                to: previous.to,
                totals: figure_views(previous.totals, &previous.series),
                series: previous.series.into_iter().map(ReportSeriesView::from).collect(),
            }),
        }
    }
}

impl From<Series> for ReportSeriesView {
    fn from(series: Series) -> Self {
        let point = |Point { t, local_date, partial, value, sample }| PointView {
            t,
            local_date,
            partial,
            value,
            sample,
        };
        Self {
            unit: series.unit.as_str(),
            currency: series.currency.map(|currency| currency.to_string()),
            points: series.points.into_iter().map(point).collect(),
            key: series.key,
            label: series.label,
            group: series.group,
        }
    }
}

fn figure_views(totals: BTreeMap<String, Figure>, series: &[Series]) -> BTreeMap<String, FigureView> {
    let currencies: BTreeMap<&str, String> = series
        .iter()
        .filter_map(|series| Some((series.key.as_str(), series.currency?.to_string())))
        .collect();
    let view = |key: &str, Figure { value, sample }| FigureView {
        value,
        sample,
        currency: currencies.get(key).cloned(),
    };
    totals
        .into_iter()
        .map(|(key, figure)| {
            let figure = view(&key, figure);
            (key, figure)
        })
        .collect()
}
