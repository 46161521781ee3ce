//! `POST /crm/tickets/{id}/assign`: assigns a ticket to an agent, or removes its assignee.

use axum::extract::State;
use axum::response::IntoResponse;
use domain::support::TicketCommand;
use domain::{AccountId, Role, TicketId};
use projections::support::find_assignment_candidates;
use serde::Deserialize;

use super::action::dispatch_and_respond;
use super::view::TicketDetail;
use crate::app::{App, AppState};
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// New assignee of a ticket.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignTicketRequest {
    /// Id of an agent, `me`, or `auto` for the agent of support with the fewest open tickets.
    /// Null removes the assignee.
    #[schema(value_type = Option<String>)]
    agent_id: AssigneeParam,
}

/// The assignee as given by the client.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum AssigneeParam {
    Text(String),
    Null(()),
}

/// Assigns a ticket to an agent.
///
/// With `auto`, the event records all candidates with their load.
/// Refusals: 404 `ticket_not_found`; 409 `ticket_closed`, `ticket_merged`, `no_agent_available`;
/// 412 `stale_version`; 422 `/agent_id` for an account that is no agent; 503 `projection_behind`.
#[utoipa::path(
    post,
    path = "/crm/tickets/{id}/assign",
    tag = "desk",
    params(Invocation, ("id" = Uuid, Path)),
    request_body = AssignTicketRequest,
    responses((status = 200, body = TicketDetail)),
)]
pub async fn assign_ticket(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(ticket_id): Path<TicketId>,
    Json(AssignTicketRequest { agent_id }): Json<AssignTicketRequest>,
) -> Result<impl IntoResponse, Problem> {
    let command = assignment_command(&app, &caller, &agent_id).await?;
    dispatch_and_respond(&app, &caller, &invocation, ticket_id, command).await
}

/// Returns the command for an assignee as given by the client.
///
/// # Errors
/// `invalid_fields` at `/agent_id` for an account that is no agent.
/// `projection_behind` if a read model is late.
pub(super) async fn assignment_command(
    app: &App,
    caller: &Caller,
    assignee: &AssigneeParam,
) -> Result<TicketCommand, Problem> {
    let text = match assignee {
        AssigneeParam::Null(()) => return Ok(TicketCommand::UnassignTicket),
        AssigneeParam::Text(text) => text.as_str(),
    };
    match text {
        "auto" => {
            // The choice is fair only if the load of all candidates is up to date.
            let committed = *app.bus.committed().borrow();
            let within = app.settings.min_position_wait;
            for model in ["tickets", "crm_users"] {
                if !app.freshness.wait_for(model, committed, within).await {
                    return Err(Problem::new("projection_behind"));
                }
            }
            Ok(TicketCommand::AssignByTurn { candidates: find_assignment_candidates(&app.pool).await? })
        }
        "me" => Ok(TicketCommand::AssignTicket { agent: caller.account_id }),
        id => {
            let agent: AccountId = id.parse().map_err(|_| Problem::field("/agent_id", "malformed"))?;
            let account = app.account(agent).await?;
            let is_agent = account.state.person().is_some_and(|person| {
                let works = |role: Role| person.roles.contains(&role);
                !person.suspended && (works(Role::Support) || works(Role::Admin))
            });
            if !is_agent {
                return Err(Problem::field("/agent_id", "unknown"));
            }
            Ok(TicketCommand::AssignTicket { agent })
        }
    }
}
