//! `POST /classes/{id}/students`: adds a student to a class.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::scheduling::{Class, ClassCommand, ClassError};
use domain::{AccountId, ClassId, Command, Dispatch, Reason, RefusalError};
use projections::scheduling::teaches;
use serde::Deserialize;

use super::view::{ClassView, ClassViewer};
use crate::app::{App, AppState};
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Student to add to a class.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddStudentRequest {
    #[schema(value_type = Uuid)]
    student_id: AccountId,
}

/// Adds a student to a class.
///
/// The student gets a seat in every future lesson of the class that has a free one. `GET /classes/{id}` lists
/// the lessons without a seat for the student.
///
/// Refusals: 403 `not_your_student` if the student has no lesson with the teacher and is in none of their
/// classes; 404 `class_not_found`; 409 `class_full`, `class_closed`, `own_class`.
#[utoipa::path(
    post,
    path = "/classes/{id}/students",
    tag = "classes",
    params(Invocation, ("id" = Uuid, Path)),
    request_body = AddStudentRequest,
    responses((status = 200, body = ClassView)),
)]
pub async fn add_student_to_class(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(class_id): Path<ClassId>,
    Json(new): Json<AddStudentRequest>,
) -> Result<impl IntoResponse, Problem> {
    let (teacher, student) = (caller.account_id, new.student_id);
    require_own_student(&app, class_id, teacher, student).await?;
    let command = Command::Class(class_id, ClassCommand::AddStudent { by: teacher, student });
    let receipt = app.bus.dispatch(command, invocation.context()).await?;
    let class = ClassView::load(&app, class_id, ClassViewer::from_caller(&caller, &invocation)).await?;
    Ok((LogPosition(receipt.position), ETag(class.version()), Answer(class)))
}

/// Checks that the class is the teacher's and the student is one of the teacher's active students.
async fn require_own_student(
    app: &App,
    class_id: ClassId,
    teacher: AccountId,
    student: AccountId,
) -> Result<(), Problem> {
    let class = app.bus.load::<Class>(class_id).await?.state;
    let Some(class) = class.created().filter(|class| class.teacher == teacher) else {
        return Err(ClassError::NotFound.refusal().into());
    };
    if class.students.contains(&student) || student == teacher {
        return Ok(());
    }
    let account = app.account(student).await?;
    let is_there = account.state.person().is_some_and(|person| !person.suspended);
    if is_there && teaches(&app.pool, teacher, student).await? {
        return Ok(());
    }
    let reason = Reason::rule("no_lesson_together").with("student_id", student);
    Err(Problem::new("not_your_student").with_reason(reason))
}
