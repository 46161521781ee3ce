//! `POST /crm/tickets/bulk`: one action on many tickets, with a result for each.

use std::collections::BTreeSet;

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::support::{self, Classification, TicketCommand};
use domain::{Command, Dispatch, TicketId};
use serde::{Deserialize, Serialize};

use super::assign::{Wanted, wanted};
use super::change_status::status_of;
use crate::app::{App, Shared};
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::freshness::LogPosition;
use crate::http::problem::Problem;
use crate::http::support::tickets::create::priority;

/// Tickets of one request.
const MOST: usize = 100;

/// What shall be done with which tickets.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Bulk {
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

/// What became of each, in the order of the request.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BulkResults {
    results: Vec<BulkResult>,
}

/// What became of one.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BulkResult {
    #[schema(value_type = Uuid)]
    id: TicketId,
    ok: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
}

/// The action with what it needs.
enum Action {
    Assign(Wanted),
    Do(TicketCommand),
    Merge(TicketId),
}

/// Does the same with many tickets: one command for each, all under one correlation id; what is refused of one
/// stops no other.
/// Refusals: 422 per field; of single tickets, in their results.
#[utoipa::path(
    post,
    path = "/crm/tickets/bulk",
    operation_id = "crm_bulk_tickets",
    tag = "desk",
    request_body = Bulk,
    responses((status = 200, body = BulkResults)),
)]
pub async fn bulk(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Json(bulk): Json<Bulk>,
) -> Result<impl IntoResponse, Problem> {
    let action = bulk.action()?;
    let ids = bulk.ids;
    let distinct: BTreeSet<_> = ids.iter().collect();
    if ids.is_empty() || ids.len() > MOST || distinct.len() != ids.len() {
        let code = if ids.is_empty() {
            "empty"
        } else if ids.len() > MOST {
            "too_many"
        } else {
            "duplicate"
        };
        return Err(Problem::field("/ids", code));
    }
    let (mut results, mut position) = (Vec::with_capacity(ids.len()), 0);
    for id in ids {
        let done = one(&app, &caller, &asking, id, &action).await;
        let code = match done {
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

async fn one(
    app: &App,
    caller: &Caller,
    asking: &Asking,
    id: TicketId,
    action: &Action,
) -> Result<u64, Problem> {
    let commands = match action {
        Action::Assign(wish) => vec![Command::Ticket(id, wanted(app, caller, wish).await?)],
        Action::Do(command) => vec![Command::Ticket(id, command.clone())],
        Action::Merge(into) => support::merge(id, *into).map_err(|error| domain::Refuses::refusal(&error))?,
    };
    let receipt = app.bus.dispatch_together(commands, asking.context_for(&id.to_string())).await?;
    Ok(receipt.position)
}

impl Bulk {
    fn action(&self) -> Result<Action, Problem> {
        fn needed<T: Clone>(value: &Option<T>, pointer: &str) -> Result<T, Problem> {
            value.clone().ok_or_else(|| Problem::field(pointer, "required"))
        }
        let classified = |classification| Action::Do(TicketCommand::ClassifyTicket(classification));
        let none = Classification::default();
        Ok(match self.action.as_str() {
            "assign" => Action::Assign(Wanted::Text(needed(&self.agent_id, "/agent_id")?)),
            "unassign" => Action::Do(TicketCommand::UnassignTicket),
            "status" => {
                let to = status_of(&needed(&self.status, "/status")?)?;
                Action::Do(TicketCommand::ChangeStatus { to })
            }
            "priority" => {
                let priority = Some(priority(&needed(&self.priority, "/priority")?)?);
                classified(Classification { priority, ..none })
            }
            "category" => {
                let category = Some(needed(&self.category, "/category")?);
                classified(Classification { category, ..none })
            }
            "tags" => classified(Classification { tags: Some(needed(&self.tags, "/tags")?), ..none }),
            "merge" => Action::Merge(needed(&self.into, "/into")?),
            _ => return Err(Problem::field("/action", "unknown")),
        })
    }
}
