//! `POST /crm/tickets/bulk`: one action on many tickets, with a result for each.

use std::collections::BTreeSet;

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::support::{Classification, TicketCommand};
use domain::{Command, Dispatch, Position, TicketId};
use serde::{Deserialize, Serialize};

use super::assign::{AssigneeParam, assignment_command};
use super::change_status::parse_status;
use super::merge_targets::merge_commands;
use crate::app::{App, AppState};
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::LogPosition;
use crate::http::problem::Problem;
use crate::http::support::tickets::create::parse_priority;

/// Maximum number of tickets in one request.
const MAX_TICKETS: usize = 100;

/// An action and the tickets that it applies to.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkTicketsRequest {
    /// At most 100.
    #[schema(value_type = Vec<Uuid>)]
    ids: Vec<TicketId>,
    /// `assign` (with `agent_id`), `unassign`, `status`, `priority`, `category`, `tags` (each with the field of
    /// its name) or `merge` (with `into`).
    action: String,
    agent_id: Option<String>,
    status: Option<String>,
    priority: Option<String>,
    category: Option<String>,
    tags: Option<Vec<String>>,
    #[schema(value_type = Option<Uuid>)]
    into: Option<TicketId>,
}

/// Results of the tickets, in the order of the request.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BulkResults {
    results: Vec<BulkResult>,
}

/// Result of one ticket.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BulkResult {
    #[schema(value_type = Uuid)]
    id: TicketId,
    ok: bool,
    /// Code of the refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
}

/// Parsed action with its arguments.
enum BulkAction {
    Assign(AssigneeParam),
    Command(TicketCommand),
    Merge(TicketId),
}

/// Applies one action to several tickets.
///
/// Each ticket gets its own command under a common correlation id. A refusal of one ticket does not stop the
/// others.
/// Refusals: 422 per field; refusals of single tickets are in their results.
#[utoipa::path(
    post,
    path = "/crm/tickets/bulk",
    tag = "desk",
    request_body = BulkTicketsRequest,
    params(Invocation),
    responses((status = 200, body = BulkResults)),
)]
pub async fn change_tickets_in_bulk(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Json(bulk): Json<BulkTicketsRequest>,
) -> Result<impl IntoResponse, Problem> {
    let action = bulk.action()?;
    let ids = bulk.ids;
    let distinct: BTreeSet<_> = ids.iter().collect();
    if ids.is_empty() || ids.len() > MAX_TICKETS || distinct.len() != ids.len() {
        let code = if ids.is_empty() {
            "empty"
        } else if ids.len() > MAX_TICKETS {
            "too_many"
        } else {
            "duplicate"
        };
        return Err(Problem::field("/ids", code));
    }
    let (mut results, mut position) = (Vec::with_capacity(ids.len()), Position::START);
    for id in ids {
        let result = apply_to_ticket(&app, &caller, &invocation, id, &action).await;
        let code = match result {
            Ok(at) => {
                position = position.max(at);
                None
            }
            Err(problem) => Some(problem.code),
        };
        results.push(BulkResult { id, ok: code.is_none(), code });
    }
    Ok((LogPosition(position), Answer(BulkResults { results })))
}

async fn apply_to_ticket(
    app: &App,
    caller: &Caller,
    invocation: &Invocation,
    id: TicketId,
    action: &BulkAction,
) -> Result<Position, Problem> {
    let commands = match action {
        BulkAction::Assign(assignee) => {
            vec![Command::Ticket(id, assignment_command(app, caller, assignee).await?)]
        }
        BulkAction::Command(command) => vec![Command::Ticket(id, command.clone())],
        BulkAction::Merge(into) => merge_commands(app, id, *into).await?,
    };
    let receipt = app.bus.dispatch_atomically(commands, invocation.context_for(&id.to_string())).await?;
    Ok(receipt.position)
}

impl BulkTicketsRequest {
    fn action(&self) -> Result<BulkAction, Problem> {
        fn needed<T: Clone>(value: &Option<T>, pointer: &str) -> Result<T, Problem> {
            value.clone().ok_or_else(|| Problem::field(pointer, "required"))
        }
        let classified = |classification| BulkAction::Command(TicketCommand::ClassifyTicket(classification));
        let none = Classification::default();
        Ok(match self.action.as_str() {
            "assign" => BulkAction::Assign(AssigneeParam::Text(needed(&self.agent_id, "/agent_id")?)),
            "unassign" => BulkAction::Command(TicketCommand::UnassignTicket),
            "status" => {
                let to = parse_status(&needed(&self.status, "/status")?)?;
                BulkAction::Command(TicketCommand::ChangeStatus { to })
            }
            "priority" => {
                let priority = Some(parse_priority(&needed(&self.priority, "/priority")?)?);
                classified(Classification { priority, ..none })
            }
            "category" => {
                let category = Some(needed(&self.category, "/category")?);
                classified(Classification { category, ..none })
            }
            "tags" => classified(Classification { tags: Some(needed(&self.tags, "/tags")?), ..none }),
            "merge" => BulkAction::Merge(needed(&self.into, "/into")?),
            _ => return Err(Problem::field("/action", "unknown")),
        })
    }
}
