//! `GET /audit/events`: events of the log, as pages or as a file.

use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::{Actor, Position};
use futures::stream::try_unfold;
use projections::audit::EventFilter;
use serde::Deserialize;
use uuid::Uuid;

use super::access_log;
use super::log_query::{LogQuery, needs_index};
use super::view::EventEnvelope;
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::export_format::{
    ExportFormat, FormatParam, format_csv, format_json_lines, respond_with_file,
};
use crate::http::freshness::MinPosition;
use crate::http::page::{
    DEFAULT_LIMIT, MAX_LIMIT, Page, PageInfo, Query, TimestampParam, invalid_parameter, parse_choice,
};
use crate::http::problem::Problem;
use crate::http::request::{RequestContext, correlation_of};

/// Number of events of a file that are read at once.
const CHUNK: u32 = 500;

/// Filters and page of the events.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EventsQuery {
    stream_type: Option<String>,
    stream_id: Option<String>,
    r#type: Option<String>,
    /// An account id, or `system:<process>`.
    actor: Option<String>,
    /// A correlation id, or the `X-Request-Id` of a request.
    correlation_id: Option<String>,
    /// Id of an event.
    id: Option<Uuid>,
    /// Id of the event or command that caused the events.
    causation_id: Option<Uuid>,
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<TimestampParam>,
    /// Exclusive.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<TimestampParam>,
    /// Position after which the first page begins.
    #[param(value_type = Option<u64>)]
    after: Option<Position>,
    /// 1 to 100; 25 when absent. For a file at least 1, by default all events.
    limit: Option<u64>,
    /// `next_cursor` of the previous page, with the same filters. It takes precedence over `after`.
    cursor: Option<String>,
}

/// Lists events of the log in order of position.
///
/// Each read is recorded. `text/csv` and `application/x-ndjson` return a file.
#[utoipa::path(
    get,
    path = "/audit/events",
    tag = "audit",
    params(MinPosition, EventsQuery, FormatParam),
    responses((status = 200, content(
        (Page<EventEnvelope> = "application/json"),
        (String = "text/csv"),
        (String = "application/x-ndjson"),
    ))),
)]
pub async fn list_events(
    State(app): State<AppState>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    headers: HeaderMap,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<EventsQuery>,
) -> Result<Response, Problem> {
    let format = ExportFormat::negotiate(&headers, &[ExportFormat::Csv, ExportFormat::NdJson]);
    let (filter, after) = (query.parse_filter()?, query.first_position()?);
    let limit = query.limit_for(format)?;
    if needs_index(&filter) {
        fresh.wait_for(&app, &["event_index"]).await?;
    }
    access_log::record_access(&app, &caller, &request, &uri, format).await?;
    // One event more than the page, to know if another page follows.
    let read = if format == ExportFormat::Json { limit.map(|limit| limit + 1) } else { limit };
    let mut log_query = LogQuery::begin(&app, filter, after, read).await?;
    let write: fn(Vec<EventEnvelope>) -> Vec<u8> = match format {
        ExportFormat::Json => {
            let rows = log_query.next_events(&app, CHUNK).await?;
            return Ok(Json(page(rows, limit)).into_response());
        }
        ExportFormat::Csv => |events| format_csv(events.into_iter().map(csv_cells)),
        ExportFormat::NdJson => |events| format_json_lines(&events),
    };
    let head =
        if format == ExportFormat::Csv { format_csv([CSV_HEADER.map(str::to_owned)]) } else { Vec::new() };
    let chunks = try_unfold((app, log_query), move |(app, mut log_query)| async move {
        let events = log_query.next_events(&app, CHUNK).await?;
        let lines = (!events.is_empty()).then(|| write(events));
        Ok(lines.map(|lines| (lines, (app, log_query))))
    });
    respond_with_file(format, "events", head, chunks).await
}

impl EventsQuery {
    /// Returns the position after which the page begins.
    fn first_position(&self) -> Result<Position, Problem> {
        // Positions are bigint.
        if self.after.is_some_and(|after| after > Position::MAX) {
            return Err(invalid_parameter("after", "out_of_range"));
        }
        let Some(cursor) = &self.cursor else { return Ok(self.after.unwrap_or_default()) };
        let position = cursor.parse::<Position>().ok().filter(|position| *position <= Position::MAX);
        position.ok_or_else(|| invalid_parameter("cursor", "malformed"))
    }

    fn parse_filter(&self) -> Result<EventFilter, Problem> {
        Ok(EventFilter {
            stream_type: self.stream_type.clone(),
            stream_id: self.stream_id.clone(),
            event_type: self.r#type.clone(),
            actor: parse_choice("actor", self.actor.as_deref(), |text| text.parse::<Actor>().ok())?,
            correlation_id: parse_choice("correlation_id", self.correlation_id.as_deref(), correlation_of)?,
            event_id: self.id,
            causation_id: self.causation_id,
            from: self.from.map(|moment| moment.0),
            to: self.to.map(|moment| moment.0),
        })
    }

    /// Returns the maximum number of events; `None` means all.
    fn limit_for(&self, format: ExportFormat) -> Result<Option<u64>, Problem> {
        let paged = format == ExportFormat::Json;
        match self.limit {
            None if paged => Ok(Some(DEFAULT_LIMIT.into())),
            None => Ok(None),
            Some(0) => Err(invalid_parameter("limit", "out_of_range")),
            Some(limit) if paged && limit > MAX_LIMIT.into() => {
                Err(invalid_parameter("limit", "out_of_range"))
            }
            Some(limit) => Ok(Some(limit)),
        }
    }
}

fn page(mut events: Vec<EventEnvelope>, limit: Option<u64>) -> Page<EventEnvelope> {
    let limit = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
    let has_more = events.len() > limit;
    events.truncate(limit);
    let next_cursor = events.last().filter(|_| has_more).map(|last| last.position.to_string());
    Page { data: events, page: PageInfo { next_cursor, has_more, total: None } }
}

const CSV_HEADER: [&str; 11] = [
    "position",
    "stream_type",
    "stream_id",
    "sequence",
    "type",
    "schema_version",
    "recorded_at",
    "metadata",
    "payload",
    "leaf_hash",
    "id",
];

fn csv_cells(event: EventEnvelope) -> [String; 11] {
    [
        event.position.to_string(),
        event.stream_type,
        event.stream_id,
        event.sequence.to_string(),
        event.r#type,
        event.schema_version,
        event.recorded_at.to_string(),
        event.metadata.to_string(),
        event.payload.to_string(),
        event.leaf_hash,
        event.id.to_string(),
    ]
}
