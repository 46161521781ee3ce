//! `POST /lesson-requests`: opens a lesson request.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::scheduling::{LessonFormat, LessonRequestCommand, NewRequest, REQUESTS_OPEN_MAX, RequestTerms};
use domain::{
    AccountId, Command, CommandContext, Dispatch, DispatchError, Money, Personal, Receipt, RequestId,
};
use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use super::view::{LessonRequestView, RequestViewer};
use crate::app::{App, AppState};
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::problem::Problem;

/// Lesson request to open; codes are those of `GET /dictionaries`.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateLessonRequest {
    grade: String,
    subject: String,
    /// At least one; a teacher matches if they offer one of them.
    goals: Vec<String>,
    /// Experience of the teacher: `beginner`, `experienced` or `professional`.
    experience: Option<String>,
    /// 30, 45, 60, 90 or 120.
    duration_minutes: u16,
    /// `online`, `offline` or `mini_group`.
    format: String,
    /// City of an offline lesson.
    #[schema(max_length = 200)]
    city: Option<String>,
    /// Start of the lesson, more than five hours ahead; the request expires five hours before it.
    #[schema(value_type = String, format = DateTime)]
    #[serde(deserialize_with = "crate::http::instant::deserialize")]
    starts_at: Timestamp,
    /// Highest price of the lesson as `{amount, currency}`.
    #[schema(value_type = Option<Object>)]
    max_price: Option<Money>,
    #[schema(max_length = 1000)]
    comment: Option<String>,
}

/// Opens a lesson request of the caller.
///
/// Matching teachers get an offer at once. The first teacher who accepts has the lesson; the request expires
/// five hours before its start.
///
/// Refusals: 409 `request_too_late`; 409 `request_overlaps` if another open request has an overlapping time;
/// 409 `too_many_requests_open`, with the limit in the reasons; 422 per field.
#[utoipa::path(
    post,
    path = "/lesson-requests",
    tag = "lesson requests",
    request_body = CreateLessonRequest,
    params(Invocation),
    responses((status = 201, body = LessonRequestView)),
)]
pub async fn open_lesson_request(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Json(request): Json<CreateLessonRequest>,
) -> Result<impl IntoResponse, Problem> {
    let context = invocation.context();
    // A repetition after a crash has the same id.
    let id = RequestId(Uuid::new_v5(&context.command_id.uuid(), b"lesson request"));
    let new = request.into_new_request(caller.account_id)?;
    let receipt = dispatch_at_free_index(&app, id, new, &context).await?;
    let view = LessonRequestView::load(&app, id, RequestViewer::Student(&caller)).await?;
    Ok((StatusCode::CREATED, LogPosition(receipt.position), ETag(receipt.version()), Answer(view)))
}

/// Dispatches the request at the first free index of the student's open requests. Only the append knows which
/// indexes are free, so they are tried in order; the last refusal is returned.
async fn dispatch_at_free_index(
    app: &App,
    id: RequestId,
    new: NewRequest,
    context: &CommandContext,
) -> Result<Receipt, DispatchError> {
    let mut place = 0;
    loop {
        let new = Box::new(NewRequest { place, ..new.clone() });
        let command = Command::Request(id, LessonRequestCommand::RequestLesson(new));
        match app.bus.dispatch(command, context.clone()).await {
            Err(DispatchError::Refused(refusal))
                if refusal.code == "too_many_requests_open" && place + 1 < REQUESTS_OPEN_MAX =>
            {
                place += 1;
            }
            done => return done,
        }
    }
}

impl CreateLessonRequest {
    /// Builds the request for the domain, which validates the other fields.
    ///
    /// # Errors
    /// 422 `unknown_value` at `/format` if the format is invalid.
    fn into_new_request(self, student: AccountId) -> Result<NewRequest, Problem> {
        let format = LessonFormat::parse(&self.format);
        let format = format.ok_or_else(|| Problem::field("/format", "unknown_value"))?;
        Ok(NewRequest {
            student,
            terms: RequestTerms {
                grade: self.grade,
                subject: self.subject,
                goals: self.goals,
                experience: self.experience,
                duration_minutes: self.duration_minutes,
                format,
                city: drop_blank(self.city).map(|city| Personal::new(student, city)),
                starts_at: self.starts_at,
                max_price: self.max_price,
            },
            comment: drop_blank(self.comment),
            place: 0,
        })
    }
}

/// Drops a blank text: forms send empty fields.
fn drop_blank(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}
