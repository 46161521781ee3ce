//! `POST /crm/tickets/{id}/assign`: to somebody, to oneself, or to whoever's turn it is.

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

/// Who shall have it.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignTicketRequest {
    /// An agent's id, `me`, or `auto`: whoever of support has the fewest open tickets. Null takes the ticket
    /// away from whoever has it.
    #[schema(value_type = Option<String>)]
    agent_id: AssigneeParam,
}

/// As it is asked for.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum AssigneeParam {
    Text(String),
    Null(()),
}

/// Assigns a ticket. By turn, the answer's event keeps everybody who could have had it, with their load.
/// Refusals: 404 `ticket_not_found`; 409 `ticket_closed`, `ticket_merged`, `no_agent_available`;
/// 412 `stale_version`; 422 `/agent_id` for somebody who is no agent.
#[utoipa::path(
    post,
    path = "/crm/tickets/{id}/assign",
    operation_id = "crm_assign_ticket",
    tag = "desk",
    params(("id" = Uuid, Path)),
    request_body = AssignTicketRequest,
    responses((status = 200, body = TicketDetail)),
)]
pub async fn assign(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(ticket_id): Path<TicketId>,
    Json(AssignTicketRequest { agent_id }): Json<AssignTicketRequest>,
) -> Result<impl IntoResponse, Problem> {
    let command = assignment_command(&app, &caller, &agent_id).await?;
    dispatch_and_respond(&app, &caller, &invocation, ticket_id, command).await
}

/// The command that a assignee means at this moment.
///
/// # Errors
/// It names nobody who could have the ticket.
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
            // A turn is only fair to those whose load is known as it is.
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
