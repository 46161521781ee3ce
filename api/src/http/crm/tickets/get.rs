//! `GET /crm/tickets/{id}`: a ticket with its replies and notes.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::TicketId;

use super::view::TicketDetail;
use crate::app::{App, AppState};
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::crm::as_of::{AsOfPosition, AsOfQuery};
use crate::http::crm::users::view::contact_view;
use crate::http::freshness::ETag;
use crate::http::page::{Query, TimestampParam};
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::support::tickets::history::TicketHistory;

/// Returns a ticket with its replies and notes.
///
/// Contact data in its texts is masked for analysts.
/// Refusals: 404 `ticket_not_found`.
#[utoipa::path(
    get,
    path = "/crm/tickets/{id}",
    tag = "desk",
    params(Invocation, ("id" = Uuid, Path), AsOfQuery),
    responses((status = 200, body = TicketDetail)),
)]
pub async fn get_ticket(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(ticket_id): Path<TicketId>,
    Query(AsOfQuery { as_of }): Query<AsOfQuery>,
) -> Result<impl IntoResponse, Problem> {
    let Some(TimestampParam(instant)) = as_of else {
        let (version, ticket) = load_detail(&app, &caller, &invocation, ticket_id).await?;
        return Ok((AsOfPosition(None), version, ticket));
    };
    let position = app.bus.log().position_at(instant).await?;
    let story = TicketHistory::load_until(&app, ticket_id, position).await?;
    let (reader, now) = (contact_view(&caller, invocation.request.language), app.clock.now().min(instant));
    let ticket = Answer(TicketDetail::from_history(&story, reader, now));
    Ok((AsOfPosition(Some(position)), ETag(story.version), ticket))
}

/// Loads the ticket from the log for the response.
pub(super) async fn load_detail(
    app: &App,
    caller: &Caller,
    invocation: &Invocation,
    ticket_id: TicketId,
) -> Result<(ETag, Answer<TicketDetail>), Problem> {
    let story = TicketHistory::load(app, ticket_id).await?;
    let reader = contact_view(caller, invocation.request.language);
    Ok((ETag(story.version), Answer(TicketDetail::from_history(&story, reader, app.clock.now()))))
}
