//! Dispatches a command of an agent on a ticket, and responds with the ticket.

use axum::response::IntoResponse;
use domain::support::TicketCommand;
use domain::{Command, Dispatch, TicketId};

use super::get::load_detail;
use super::merge_targets::MergeTargets;
use crate::app::App;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::LogPosition;
use crate::http::problem::Problem;

/// Dispatches one command, and responds with the changed ticket.
pub(super) async fn dispatch_and_respond(
    app: &App,
    caller: &Caller,
    invocation: &Invocation,
    ticket_id: TicketId,
    command: TicketCommand,
) -> Result<impl IntoResponse + use<>, Problem> {
    let receipt = app.bus.dispatch(Command::Ticket(ticket_id, command), invocation.context()).await;
    let receipt = MergeTargets(app).name_last(receipt.map_err(Problem::from), None).await?;
    let (version, ticket) = load_detail(app, caller, invocation, ticket_id).await?;
    Ok((LogPosition(receipt.position), version, ticket))
}
