//! `PATCH /classes/{id}`: changes a class.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::scheduling::{ClassChanges, ClassCommand};
use domain::{ClassId, Command, Dispatch};
use serde::Deserialize;

use super::view::{ClassView, ClassViewer};
use crate::app::AppState;
use crate::http::body::{Json, double_option};
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::{ETag, IfMatch, LogPosition};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Changes of a class; absent fields stay unchanged.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeClassRequest {
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
    /// `null` removes it.
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<String>, max_length = 2000)]
    description: Option<Option<String>>,
    subject: Option<String>,
    grade: Option<String>,
    #[schema(pattern = "^#[0-9a-fA-F]{6}$")]
    colour: Option<String>,
    /// At least the number of present students.
    #[schema(minimum = 1, maximum = 100)]
    capacity: Option<u16>,
}

/// Changes a class.
///
/// `If-Match` is required.
///
/// Refusals: 404 `class_not_found`; 409 `class_closed`, `class_too_small`; 412 `stale_version`;
/// 422 per field; 428 `if_match_required`.
#[utoipa::path(
    patch,
    path = "/classes/{id}",
    tag = "classes",
    params(IfMatch, ("id" = Uuid, Path)),
    request_body = ChangeClassRequest,
    responses((status = 200, body = ClassView)),
)]
pub async fn change_class(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    if_match: IfMatch,
    Path(class_id): Path<ClassId>,
    Json(patch): Json<ChangeClassRequest>,
) -> Result<impl IntoResponse, Problem> {
    if_match.require()?;
    let ChangeClassRequest { name, description, subject, grade, colour, capacity } = patch;
    // An empty description removes it.
    let description = description.map(Option::unwrap_or_default);
    let changes = Box::new(ClassChanges { name, description, subject, grade, colour, capacity });
    let command = Command::Class(class_id, ClassCommand::ChangeClass { by: caller.account_id, changes });
    let receipt = app.bus.dispatch(command, invocation.context()).await?;
    let class = ClassView::load(&app, class_id, ClassViewer::from_caller(&caller, &invocation)).await?;
    Ok((LogPosition(receipt.position), ETag(class.version()), Answer(class)))
}
