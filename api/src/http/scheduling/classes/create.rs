//! `POST /classes`: creates a class.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::scheduling::{ClassCommand, ClassTerms};
use domain::{ClassId, Command, Dispatch};
use serde::Deserialize;
use uuid::Uuid;

use super::view::{ClassView, ClassViewer};
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::problem::Problem;

/// Class to create.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateClassRequest {
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// Code from `GET /dictionaries`.
    subject: String,
    /// Code from `GET /dictionaries`.
    grade: String,
    /// `#rrggbb`.
    #[schema(pattern = "^#[0-9a-fA-F]{6}$")]
    colour: String,
    /// Largest number of students.
    #[schema(minimum = 1, maximum = 100)]
    capacity: u16,
}

/// Creates a class of the caller.
///
/// Refusals: 422 per field.
#[utoipa::path(
    post,
    path = "/classes",
    tag = "classes",
    request_body = CreateClassRequest,
    params(Invocation),
    responses((status = 201, body = ClassView)),
)]
pub async fn create_class(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Json(new): Json<CreateClassRequest>,
) -> Result<impl IntoResponse, Problem> {
    let class_id = ClassId(Uuid::new_v5(&invocation.context().command_id.uuid(), b"class"));
    let CreateClassRequest { name, description, subject, grade, colour, capacity } = new;
    let terms = Box::new(ClassTerms { name, description, subject, grade, colour, capacity });
    let command = Command::Class(class_id, ClassCommand::CreateClass { teacher: caller.account_id, terms });
    let receipt = app.bus.dispatch(command, invocation.context()).await?;
    let class = ClassView::load(&app, class_id, ClassViewer::from_caller(&caller, &invocation)).await?;
    let version = ETag(class.version());
    Ok((StatusCode::CREATED, LogPosition(receipt.position), version, Answer(class)))
}
