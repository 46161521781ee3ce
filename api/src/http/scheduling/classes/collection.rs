//! `POST /classes`, `GET`: a teacher makes a class; the classes that one leads or is in.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::scheduling::{ClassCommand, ClassTerms};
use domain::{ClassId, Command, Dispatch};
use projections::scheduling::{ClassFilter, ClassStatus, classes};
use serde::Deserialize;
use uuid::Uuid;

use super::view::{ClassView, Reader};
use crate::app::Shared;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::freshness::{LogPosition, MinPosition, Version};
use crate::http::page::{ListQuery, Page, PageParams, chosen};
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

/// A class as it is made.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewClass {
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// A code of the dictionary.
    subject: String,
    /// A code of the dictionary.
    grade: String,
    /// `#rrggbb`.
    #[schema(pattern = "^#[0-9a-fA-F]{6}$")]
    colour: String,
    /// Students at most.
    #[schema(minimum = 1, maximum = 100)]
    capacity: u16,
}

/// Makes a class.
/// Refusals: 422 per field.
#[utoipa::path(
    post,
    path = "/classes",
    operation_id = "create_class",
    tag = "classes",
    request_body = NewClass,
    responses((status = 201, body = ClassView)),
)]
pub async fn create(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Json(new): Json<NewClass>,
) -> Result<impl IntoResponse, Problem> {
    let class_id = ClassId(Uuid::new_v5(&asking.context().command_id.uuid(), b"class"));
    let NewClass { name, description, subject, grade, colour, capacity } = new;
    let terms = Box::new(ClassTerms { name, description, subject, grade, colour, capacity });
    let command = Command::Class(class_id, ClassCommand::CreateClass { teacher: caller.account_id, terms });
    let receipt = app.bus.dispatch(command, asking.context()).await?;
    let class = ClassView::load(&app, class_id, Reader::of(&caller, &asking)).await?;
    let version = Version(class.version());
    Ok((StatusCode::CREATED, LogPosition(receipt.position), version, Answer(class)))
}

/// Which classes.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// `open` (as without it), `closed` or `all`.
    status: Option<String>,
}

/// The classes that one leads or is in, the latest first.
#[utoipa::path(
    get,
    path = "/classes",
    operation_id = "classes",
    tag = "classes",
    params(Filter, PageParams),
    responses((status = 200, body = Page<ClassView>)),
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    query: ListQuery<Filter>,
) -> Result<impl IntoResponse, Problem> {
    let parse = |text: &str| if text == "all" { Some(None) } else { ClassStatus::parse(text).map(Some) };
    let status = chosen("status", query.filter.status.as_deref(), parse)?;
    fresh.reached(&app, &["classes", "directory"]).await?;
    let filter = ClassFilter { person: caller.account_id, status: status.unwrap_or(Some(ClassStatus::Open)) };
    let page = classes(&app.pool, filter, query.place()?, query.limit).await?;
    let reader = Reader { account_id: caller.account_id, locale: request.language };
    Ok(Answer(Page::read(page).map(|listed| ClassView::listed(listed, reader))))
}
