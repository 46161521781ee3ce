//! `GET /crm/agents`: lists the agents who take tickets.

use axum::Json;
use axum::extract::State;
use domain::AccountId;
use projections::accounts::pseudonym;
use projections::support::{AgentRow, agents};
use serde::Serialize;

use crate::app::AppState;
use crate::http::freshness::MinPosition;
use crate::http::page::{NoFilter, Query};
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

/// Agents, in order of their names.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Agents {
    data: Vec<AgentView>,
}

/// Agent who takes tickets.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Agent)]
pub struct AgentView {
    #[schema(value_type = uuid::Uuid)]
    id: AccountId,
    name: String,
    /// Number of assigned tickets that are open, in progress or waiting.
    open_tickets: u64,
    /// `true` while the agent has the web client open.
    on_duty: bool,
}

/// Lists the agents who take tickets.
///
/// These are the active agents of support, and admins with open tickets of their own.
#[utoipa::path(get, path = "/crm/agents", tag = "desk", params(MinPosition),
    responses((status = 200, body = Agents)))]
pub async fn list_agents(
    State(app): State<AppState>,
    request: RequestContext,
    fresh: MinPosition,
    _: Query<NoFilter>,
) -> Result<Json<Agents>, Problem> {
    fresh.wait_for(&app, &["crm_users", "tickets"]).await?;
    let view = |row: AgentRow| {
        let id = AccountId(row.account_id);
        AgentView {
            id,
            name: row.name.unwrap_or_else(|| pseudonym(id, request.language)),
            open_tickets: row.open_tickets.cast_unsigned(),
            on_duty: app.live.is_online(id),
        }
    };
    Ok(Json(Agents { data: agents(&app.pool).await?.into_iter().map(view).collect() }))
}
