//! `GET /crm/analytics/{report}/drilldown`: facts of a figure, as pages or as a CSV file.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::accounts::Locale;
use domain::{AccountId, Position};
use futures::TryStreamExt;
use jiff::Timestamp;
use projections::accounts::pseudonym;
use projections::crm::analytics::{self, AsOf, DrillRow, FactPerson, Report, ReportQuery};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::report_params::{BoundaryParam, ReportParams};
use crate::app::{App, AppState};
use crate::http::caller::Caller;
use crate::http::crm::as_of::AsOfPosition;
use crate::http::export_format::{
    ExportFormat, FormatParam, format_csv, format_json_lines, respond_with_file, stream_pages,
};
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
    #[param(value_type = Option<String>)]
    from: Option<BoundaryParam>,
    /// Exclusive.
    #[param(value_type = Option<String>)]
    to: Option<BoundaryParam>,
    interval: Option<String>,
    time_zone: Option<String>,
    /// Ignored. It is accepted so that a client can send the parameters of the report unchanged.
    compare: Option<String>,
    by: Option<String>,
    currency: Option<String>,
    subject: Option<String>,
    teacher_id: Option<String>,
    agent_id: Option<String>,
    channel: Option<String>,
    role: Option<String>,
    date_of: Option<String>,
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
    /// Person whom the fact concerns: the student of a booking, request or waitlist entry, the teacher of a
    /// lesson, the requester of a ticket, the sender of a message. Null if the entity is not known yet.
    #[schema(value_type = Option<Uuid>)]
    account_id: Option<AccountId>,
    /// Name of the person; a pseudonym after erasure.
    name: Option<String>,
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
/// `text/csv` and `application/x-ndjson` return all rows, unless a limit is given.
#[utoipa::path(
    get,
    path = "/crm/analytics/{report}/drilldown",
    tag = "analytics",
    params(MinPosition, ("report" = String, Path), DrilldownQuery, PageParams, FormatParam),
    responses((status = 200, content(
        (Page<FactView> = "application/json"),
        (String = "text/csv"),
        (String = "application/x-ndjson"),
    ))),
)]
pub async fn list_report_facts(
    State(app): State<AppState>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    Path(report): Path<Report>,
    headers: HeaderMap,
    query: ListQuery<DrilldownQuery>,
) -> Result<Response, Problem> {
    let (after, limit, limit_given) = (query.parse_cursor()?, query.limit, query.limit_given);
    let (key, params) = query.filter.split_key();
    let report_query = params.parse_query(&app, report, &caller, request.language).await?;
    let fresh = report_query.as_of.map_or(fresh, |as_of| fresh.at_least(as_of.position));
    fresh.wait_for(&app, &["analytics"]).await?;
    let first = analytics::load_drilldown(&app.pool, &report_query, &key, after.clone(), limit).await?;
    let position = AsOfPosition(Some(first.as_of_position));
    let format = ExportFormat::negotiate(&headers, &[ExportFormat::Csv, ExportFormat::NdJson]);
    let locale = request.language;
    if format == ExportFormat::Json {
        let page = Page::from_read_model(first.page);
        let data = view_facts(&app, page.data, locale).await?;
        return Ok((position, Json(Page { data, page: page.page })).into_response());
    }
    // All pages show the same state.
    let as_of = Some(AsOf { instant: report_query.now, position: first.as_of_position });
    let report_query = ReportQuery { as_of, ..report_query };
    let reader = app.clone();
    let rows = stream_pages(after, limit_given.then_some(limit), move |after, limit| {
        let (app, report_query, key) = (reader.clone(), report_query.clone(), key.clone());
        async move {
            let drilldown = analytics::load_drilldown(&app.pool, &report_query, &key, after, limit).await;
            drilldown.map(|drilldown| drilldown.page)
        }
    });
    let lines = rows.and_then(move |rows| {
        let app = app.clone();
        async move {
            let facts = view_facts(&app, rows, locale).await?;
            Ok(match format {
                ExportFormat::Csv => format_csv(facts.into_iter().map(csv_cells)),
                ExportFormat::Json | ExportFormat::NdJson => format_json_lines(&facts),
            })
        }
    });
    let head = match format {
        ExportFormat::Csv => format_csv([CSV_HEADER.map(str::to_owned)]),
        ExportFormat::Json | ExportFormat::NdJson => Vec::new(),
    };
    let name = format!("{}-facts", report.as_str());
    let file = respond_with_file(format, &name, head, lines).await?;
    Ok((position, file).into_response())
}

/// Builds the views of facts, with the people whom they concern.
async fn view_facts(app: &App, rows: Vec<DrillRow>, locale: Locale) -> Result<Vec<FactView>, Problem> {
    let people = analytics::load_fact_people(&app.pool, &rows).await?;
    let view = |row: DrillRow| {
        let person = people.get(&(row.entity_type.clone(), row.entity_id));
        FactView::new(row, person, locale)
    };
    Ok(rows.into_iter().map(view).collect())
}

impl DrilldownQuery {
    fn split_key(self) -> (String, ReportParams) {
        let params = ReportParams {
            from: self.from,
            to: self.to,
            interval: self.interval,
            time_zone: self.time_zone,
            compare: self.compare,
            by: self.by,
            currency: self.currency,
            subject: self.subject,
            teacher_id: self.teacher_id,
            agent_id: self.agent_id,
            channel: self.channel,
            role: self.role,
            date_of: self.date_of,
            definition_version: self.definition_version,
            as_of: self.as_of,
        };
        (self.key, params)
    }
}

impl FactView {
    fn new(row: DrillRow, person: Option<&FactPerson>, locale: Locale) -> Self {
        let name =
            |person: &FactPerson| person.name.clone().unwrap_or_else(|| pseudonym(person.account_id, locale));
        Self {
            account_id: person.map(|person| person.account_id),
            name: person.map(name),
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

const CSV_HEADER: [&str; 11] = [
    "position",
    "at",
    "entity_type",
    "entity_id",
    "measure",
    "class",
    "detail",
    "value",
    "unit",
    "account_id",
    "name",
];

fn csv_cells(fact: FactView) -> [String; 11] {
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
        fact.account_id.map(|id| id.to_string()).unwrap_or_default(),
        fact.name.unwrap_or_default(),
    ]
}
