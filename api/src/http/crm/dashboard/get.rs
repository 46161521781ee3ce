//! `GET /crm/dashboard`: figures, latest tickets, people and events.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::{AccountId, Position};
use futures::stream;
use jiff::Timestamp;
use projections::accounts::pseudonym;
use projections::crm::analytics::{self, Dashboard, LessonFigures, TicketFigures, UserFigures};
use projections::crm::{self, TimelineActivity, UserFilter, UserSort};
use projections::support::{self, TicketFilter, TicketSort};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::crm::analytics::report_params::resolve_as_of;
use crate::http::crm::as_of::{AsOfPosition, CrmReadView};
use crate::http::crm::tickets::view::TicketView;
use crate::http::crm::users::view::{UserView, contact_view};
use crate::http::export_format::{ExportFormat, FormatParam, format_csv, respond_with_file};
use crate::http::freshness::MinPosition;
use crate::http::page::{Query, TimestampParam, parse_choice};
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

const LATEST_ROWS: u32 = 5;
const ACTIVITY_ROWS: u32 = 20;

/// Agent and instant of the dashboard.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DashboardQuery {
    /// Id of an agent, or `me`. Counts only the tickets of this agent.
    agent_id: Option<String>,
    /// Shows the state at this instant. `X-As-Of-Position` of the response is its position in the log.
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<TimestampParam>,
}

/// Dashboard of the CRM views. Days and months are in the time zone of the school.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = CrmDashboard)]
pub struct DashboardView {
    #[schema(value_type = u64)]
    as_of_position: Position,
    users: UserFiguresView,
    tickets: TicketFiguresView,
    lessons: LessonFiguresView,
    latest_tickets: Vec<TicketView>,
    latest_users: Vec<UserView>,
    recent_activity: Vec<ActivityView>,
}

/// Figures of accounts that are not erased.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = CrmUserFigures)]
struct UserFiguresView {
    total: i64,
    active: i64,
    students: i64,
    teachers: i64,
    new_today: i64,
    new_this_month: i64,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = CrmTicketFigures)]
struct TicketFiguresView {
    total: i64,
    open: i64,
    in_progress: i64,
    waiting: i64,
    /// Urgent tickets that are not resolved or closed.
    urgent_open: i64,
    resolved_today: i64,
    /// Business time of the last 30 days, in seconds. Null without a response.
    first_response_median_seconds: Option<i64>,
}

/// Figures of lessons with at least one booking.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = CrmLessonFigures)]
struct LessonFiguresView {
    today: i64,
    upcoming_7d: i64,
    completed_30d: i64,
}

/// An event of a person.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = CrmActivity)]
struct ActivityView {
    #[schema(value_type = u64)]
    position: Position,
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
    r#type: String,
    text: String,
    #[schema(value_type = uuid::Uuid)]
    user_id: AccountId,
    /// A pseudonym after erasure of the person.
    user_name: String,
}

/// Returns figures, and the latest tickets, people and events.
///
/// Figures of people, tickets and lessons are counted like those of the reports.
/// `text/csv` returns only the figures, one per line.
#[utoipa::path(
    get,
    path = "/crm/dashboard",
    tag = "crm",
    params(MinPosition, DashboardQuery, FormatParam),
    responses((status = 200, content((DashboardView = "application/json"), (String = "text/csv")))),
)]
pub async fn get_dashboard(
    State(app): State<AppState>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    headers: HeaderMap,
    Query(query): Query<DashboardQuery>,
) -> Result<Response, Problem> {
    let agent = |text: &str| if text == "me" { Some(caller.account_id) } else { text.parse().ok() };
    let agent_id = parse_choice("agent_id", query.agent_id.as_deref(), agent)?;
    let as_of = resolve_as_of(&app, query.as_of).await?;
    let fresh = as_of.map_or(fresh, |as_of| fresh.at_least(as_of.position));
    fresh.wait_for(&app, &["analytics"]).await?;
    let figures = analytics::load_dashboard(&app.pool, app.clock.now(), as_of, agent_id).await?;
    let position = AsOfPosition(Some(figures.as_of_position));
    if ExportFormat::negotiate(&headers, &[ExportFormat::Csv]) == ExportFormat::Csv {
        let lines = stream::iter([Ok(format_csv(csv_cells(figures)))]);
        let file = respond_with_file(
            ExportFormat::Csv,
            "dashboard",
            format_csv([CSV_HEADER.map(str::to_owned)]),
            lines,
        )
        .await?;
        return Ok((position, file).into_response());
    }
    let view = CrmReadView::open(&app, fresh, query.as_of, &["crm_users", "crm_timeline", "tickets"]).await?;
    let (reader, now, mut guard) = (contact_view(&caller, request.language), view.now, view.acquire().await?);
    let newest = TicketSort::Newest;
    let tickets =
        support::tickets(guard.db(), &TicketFilter::default(), newest, reader, now, None, LATEST_ROWS)
            .await?;
    let users =
        crm::users(guard.db(), &UserFilter::default(), UserSort::Newest, reader, None, LATEST_ROWS).await?;
    let activity = crm::recent_activity(guard.db(), reader, ACTIVITY_ROWS).await?;
    let Dashboard { as_of_position, users: people, tickets: desk, lessons } = figures;
    let answer = DashboardView {
        as_of_position,
        users: people.into(),
        tickets: desk.into(),
        lessons: lessons.into(),
        latest_tickets: tickets.rows.into_iter().map(|row| TicketView::from_row(row, reader, now)).collect(),
        latest_users: users.rows.into_iter().map(UserView::from).collect(),
        recent_activity: activity
            .into_iter()
            .map(|line| ActivityView::from_activity(line, &request))
            .collect(),
    };
    Ok((position, Json(answer)).into_response())
}

const CSV_HEADER: [&str; 2] = ["figure", "value"];

/// Returns rows with names as in the JSON (`tickets.open`). A null figure is empty.
fn csv_cells(figures: Dashboard) -> Vec<[String; 2]> {
    let groups = json!({
        "users": UserFiguresView::from(figures.users),
        "tickets": TicketFiguresView::from(figures.tickets),
        "lessons": LessonFiguresView::from(figures.lessons),
    });
    let groups = groups.as_object().into_iter().flatten();
    let figures = groups.flat_map(|(group, figures)| {
        let figures = figures.as_object().into_iter().flatten();
        figures.map(move |(name, value)| [format!("{group}.{name}"), csv_value(value)])
    });
    figures.collect()
}

fn csv_value(value: &Value) -> String {
    if value.is_null() { String::new() } else { value.to_string() }
}

impl ActivityView {
    fn from_activity(line: TimelineActivity, request: &RequestContext) -> Self {
        Self {
            position: line.row.position,
            recorded_at: line.row.recorded_at,
            r#type: line.row.event_type,
            text: line.row.text,
            user_name: line.name.unwrap_or_else(|| pseudonym(line.account_id, request.language)),
            user_id: line.account_id,
        }
    }
}

impl From<UserFigures> for UserFiguresView {
    fn from(figures: UserFigures) -> Self {
        let UserFigures { total, active, students, teachers, new_today, new_this_month } = figures;
        Self { total, active, students, teachers, new_today, new_this_month }
    }
}

impl From<TicketFigures> for TicketFiguresView {
    fn from(figures: TicketFigures) -> Self {
        Self {
            total: figures.total,
            open: figures.open,
            in_progress: figures.in_progress,
            waiting: figures.waiting,
            urgent_open: figures.urgent_open,
            resolved_today: figures.resolved_today,
            first_response_median_seconds: figures.first_response_median_seconds,
        }
    }
}

impl From<LessonFigures> for LessonFiguresView {
    fn from(figures: LessonFigures) -> Self {
        let LessonFigures { today, upcoming_7d, completed_30d } = figures;
        Self { today, upcoming_7d, completed_30d }
    }
}
