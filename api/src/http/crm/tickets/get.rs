//! `GET /crm/tickets/{id}`: a ticket with everything that was said in it, notes too.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::TicketId;

use super::view::TicketDetail;
use crate::app::{App, Shared};
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::crm::as_of::{AsOf, AsOfPosition};
use crate::http::crm::users::view::reader;
use crate::http::freshness::Version;
use crate::http::page::{Moment, Query};
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::support::tickets::history::Story;

/// A ticket with everything that was said in it, notes too. For analysts the contacts in its texts are masked.
/// Refusals: 404 `ticket_not_found`.
#[utoipa::path(
    get,
    path = "/crm/tickets/{id}",
    operation_id = "crm_ticket",
    tag = "desk",
    params(("id" = Uuid, Path), AsOf),
    responses((status = 200, body = TicketDetail)),
)]
pub async fn ticket(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(ticket_id): Path<TicketId>,
    Query(AsOf { as_of }): Query<AsOf>,
) -> Result<impl IntoResponse, Problem> {
    let Some(Moment(instant)) = as_of else {
        let (version, ticket) = detail(&app, &caller, &asking, ticket_id).await?;
        return Ok((AsOfPosition(None), version, ticket));
    };
    let position = app.bus.log().position_at(instant).await?;
    let story = Story::load_until(&app, ticket_id, position).await?;
    let (reader, now) = (reader(&caller, asking.request.language), app.clock.now().min(instant));
    let ticket = Answer(TicketDetail::of(&story, reader, now));
    Ok((AsOfPosition(Some(position)), Version(story.version), ticket))
}

/// The ticket as it is after what was done, for the answer.
pub(super) async fn detail(
    app: &App,
    caller: &Caller,
    asking: &Asking,
    ticket_id: TicketId,
) -> Result<(Version, Answer<TicketDetail>), Problem> {
    let story = Story::load(app, ticket_id).await?;
    let reader = reader(caller, asking.request.language);
    Ok((Version(story.version), Answer(TicketDetail::of(&story, reader, app.clock.now()))))
}
