//! Dispatches a command of an agent about a ticket, and answers with the ticket.

use axum::response::IntoResponse;
use domain::support::TicketCommand;
use domain::{Command, Dispatch, TicketId};

use super::get::detail;
use crate::app::App;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::freshness::LogPosition;
use crate::http::problem::Problem;

/// One command, and the ticket as it is then.
pub(super) async fn act(
    app: &App,
    caller: &Caller,
    asking: &Asking,
    ticket_id: TicketId,
    command: TicketCommand,
) -> Result<impl IntoResponse + use<>, Problem> {
    let receipt = app.bus.dispatch(Command::Ticket(ticket_id, command), asking.context()).await?;
    let (version, ticket) = detail(app, caller, asking, ticket_id).await?;
    Ok((LogPosition(receipt.position), version, ticket))
}
