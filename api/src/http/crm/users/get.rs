//! `GET /crm/users/{id}`: one person.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::AccountId;
use projections::crm;

use super::view::{UserView, reader};
use crate::app::Shared;
use crate::http::caller::Caller;
use crate::http::crm::as_of::{AsOf, View};
use crate::http::freshness::{MinPosition, Version};
use crate::http::page::Query;
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

/// One person.
#[utoipa::path(
    get,
    path = "/crm/users/{id}",
    operation_id = "crm_user",
    tag = "crm",
    params(("id" = uuid::Uuid, Path), AsOf),
    responses((status = 200, body = UserView)),
)]
pub async fn user(
    State(app): State<Shared>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    Path(id): Path<AccountId>,
    Query(AsOf { as_of }): Query<AsOf>,
) -> Result<impl IntoResponse, Problem> {
    let view = View::of(&app, fresh, as_of, &["crm_users"]).await?;
    let user = crm::user(view.lend().await?.db(), id, reader(&caller, request.language)).await?;
    let user = user.ok_or_else(Problem::not_found)?;
    Ok((view.position, Version(user.version.cast_unsigned()), Json(UserView::from(user))))
}

/// A list of somebody who is not there is no empty list.
pub(super) async fn expect_user(
    view: &View,
    id: AccountId,
    caller: &Caller,
    request: &RequestContext,
) -> Result<(), Problem> {
    let user = crm::user(view.lend().await?.db(), id, reader(caller, request.language)).await?;
    user.map(drop).ok_or_else(Problem::not_found)
}
