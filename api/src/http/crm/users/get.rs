//! `GET /crm/users/{id}`: a person in the CRM views.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::AccountId;
use projections::crm;

use super::view::{UserView, contact_view};
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::crm::as_of::{AsOfQuery, CrmReadView};
use crate::http::freshness::{ETag, MinPosition};
use crate::http::page::Query;
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

/// Returns a person.
#[utoipa::path(
    get,
    path = "/crm/users/{id}",
    tag = "crm",
    params(MinPosition, ("id" = uuid::Uuid, Path), AsOfQuery),
    responses((status = 200, body = UserView)),
)]
pub async fn get_user(
    State(app): State<AppState>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    Path(id): Path<AccountId>,
    Query(AsOfQuery { as_of }): Query<AsOfQuery>,
) -> Result<impl IntoResponse, Problem> {
    let view = CrmReadView::open(&app, fresh, as_of, &["crm_users"]).await?;
    let user = crm::user(view.acquire().await?.db(), id, contact_view(&caller, request.language)).await?;
    let user = user.ok_or_else(Problem::not_found)?;
    Ok((view.position, ETag(user.version), Json(UserView::from(user))))
}

/// Checks that the person exists, so that a list of an unknown person is 404 and not empty.
pub(super) async fn require_user(
    view: &CrmReadView,
    id: AccountId,
    caller: &Caller,
    request: &RequestContext,
) -> Result<(), Problem> {
    let user = crm::user(view.acquire().await?.db(), id, contact_view(caller, request.language)).await?;
    user.map(drop).ok_or_else(Problem::not_found)
}
