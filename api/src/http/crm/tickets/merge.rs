//! `POST /crm/tickets/{id}/merge`: merges a ticket into another.

use axum::extract::State;
use axum::response::IntoResponse;
use domain::{Dispatch, TicketId};
use serde::Deserialize;

use super::get::load_detail;
use super::merge_targets::{MergeTargets, merge_commands};
use super::view::TicketDetail;
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::LogPosition;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Target of the merge.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeTicketRequest {
    #[schema(value_type = Uuid)]
    into: TicketId,
}

/// Merges a ticket into another.
///
/// A merged ticket is shown as closed, keeps its texts, and can be unmerged. Both tickets have one requester.
/// Refusals: 404 `ticket_not_found` of either; 409 `ticket_merged` with the ticket where it goes on,
/// `merge_into_itself`, `different_requesters`; 412 `stale_version`.
#[utoipa::path(
    post,
    path = "/crm/tickets/{id}/merge",
    tag = "desk",
    params(Invocation, ("id" = Uuid, Path)),
    request_body = MergeTicketRequest,
    responses((status = 200, body = TicketDetail)),
)]
pub async fn merge_ticket(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(ticket_id): Path<TicketId>,
    Json(MergeTicketRequest { into }): Json<MergeTicketRequest>,
) -> Result<impl IntoResponse, Problem> {
    let commands = merge_commands(&app, ticket_id, into).await?;
    let receipt = app.bus.dispatch_atomically(commands, invocation.context()).await;
    let receipt = MergeTargets(&app).name_last(receipt.map_err(Problem::from), None).await?;
    let (version, ticket) = load_detail(&app, &caller, &invocation, ticket_id).await?;
    Ok((LogPosition(receipt.position), version, ticket))
}
