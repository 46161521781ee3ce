//! `POST /crm/tickets/{id}/assign`: to somebody, to oneself, or to whoever's turn it is.

use axum::extract::State;
use axum::response::IntoResponse;
use domain::support::TicketCommand;
use domain::{AccountId, Role, TicketId};
use projections::support::find_assignment_candidates;
use serde::Deserialize;

use super::action::act;
use super::view::TicketDetail;
use crate::app::{App, Shared};
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Who shall have it.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// An agent's id, `me`, or `auto`: whoever of support has the fewest open tickets. Null takes the ticket
    /// away from whoever has it.
    #[schema(value_type = Option<String>)]
    agent_id: Wanted,
}

/// As it is asked for.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Wanted {
    Text(String),
    Nobody(()),
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
    request_body = Assignment,
    responses((status = 200, body = TicketDetail)),
)]
pub async fn assign(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(ticket_id): Path<TicketId>,
    Json(Assignment { agent_id }): Json<Assignment>,
) -> Result<impl IntoResponse, Problem> {
    let command = wanted(&app, &caller, &agent_id).await?;
    act(&app, &caller, &asking, ticket_id, command).await
}

/// The command that a wish means at this moment.
///
/// # Errors
/// It names nobody who could have the ticket.
pub(super) async fn wanted(app: &App, caller: &Caller, wanted: &Wanted) -> Result<TicketCommand, Problem> {
    let text = match wanted {
        Wanted::Nobody(()) => return Ok(TicketCommand::UnassignTicket),
        Wanted::Text(text) => text.as_str(),
    };
    match text {
        "auto" => {
            // A turn is only fair to those whose load is known as it is.
            let committed = *app.bus.committed().borrow();
            let within = app.settings.min_position_wait;
            for model in ["tickets", "crm_users"] {
                if !app.freshness.reached(model, committed, within).await {
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
