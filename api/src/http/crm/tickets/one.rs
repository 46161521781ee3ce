//! `GET /crm/tickets/{id}`, `POST /crm/tickets`: one ticket, and one opened for somebody.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::support::{Channel, TicketCommand};
use domain::{AccountId, Command, Dispatch, TicketId};
use serde::Deserialize;

use super::view::TicketDetail;
use crate::app::{App, Shared};
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::crm::as_of::{AsOf, AsOfPosition};
use crate::http::crm::view::reader;
use crate::http::freshness::{LogPosition, Version};
use crate::http::page::{Moment, Query};
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::support::own::{Opening, new_ticket_id};
use crate::http::support::story::Story;

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

/// A ticket that an agent opens for somebody.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewTicketForUser)]
pub struct OpeningFor {
    /// Whose ticket it is.
    #[schema(value_type = Uuid)]
    requester_id: AccountId,
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    #[schema(min_length = 1, max_length = 10_000)]
    description: String,
    /// `low`, `medium` (as without it), `high` or `urgent`.
    priority: Option<String>,
    #[schema(min_length = 1, max_length = 100)]
    category: String,
    /// At most 20, of at most 50 characters.
    #[serde(default)]
    tags: Vec<String>,
}

/// Opens a ticket for somebody: who called, or has to be asked something.
/// Refusals: 422 `title_missing`, and per field; `/requester_id` for an account that is not there.
#[utoipa::path(
    post,
    path = "/crm/tickets",
    operation_id = "crm_open_ticket",
    tag = "desk",
    request_body = OpeningFor,
    responses((status = 201, body = TicketDetail)),
)]
pub async fn open(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Json(opening): Json<OpeningFor>,
) -> Result<impl IntoResponse, Problem> {
    let OpeningFor { requester_id, title, description, priority, category, tags } = opening;
    if app.account(requester_id).await?.state.person().is_none() {
        return Err(Problem::field("/requester_id", "unknown"));
    }
    let ticket_id = new_ticket_id(&asking);
    let opening = Opening { title, description, priority, category, tags };
    let ticket = opening.ticket(requester_id, Channel::Agent)?;
    let command = Command::Ticket(ticket_id, TicketCommand::OpenTicket(ticket));
    let receipt = app.bus.dispatch(command, asking.context()).await?;
    let (version, ticket) = detail(&app, &caller, &asking, ticket_id).await?;
    Ok((StatusCode::CREATED, LogPosition(receipt.position), version, ticket))
}
