//! `POST /lesson-requests/{id}/accept`: accepts a lesson request; the first teacher who accepts has the
//! lesson.

use axum::extract::State;
use domain::accounts::Person;
use domain::scheduling::{
    Booker, LessonRequest, LessonRequestCommand, LessonRequestError, LessonType, NewBooking, NewSlot,
    OpenRequest, Period, RequestStatus, SlotCommand, SlotTerms, lesson_price,
};
use domain::{
    AccountId, BookingId, Command, Dispatch, DispatchError, Money, Personal, Receipt, RefusalError,
    RequestId, SlotId,
};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::{App, AppState};
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::scheduling::lessons::view::build_viewer;
use crate::http::scheduling::lessons::view::{LessonResponse, LessonView, respond_with_lesson};

/// Acceptance of a lesson request.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptLessonRequest {
    /// Price of the lesson as `{amount, currency}`.
    ///
    /// Without it the price follows from the teacher's hourly rate, limited by the student's maximum.
    #[schema(value_type = Option<Object>)]
    price: Option<Money>,
}

/// Accepts a lesson request and books the lesson.
///
/// The first teacher who accepts has the lesson. The acceptance, the lesson and its booking are stored
/// together or not at all.
///
/// Refusals: 404 `request_not_found` if the request was not offered to the caller; 409 `request_taken`,
/// `request_expired`, `request_cancelled`, `request_declined`, `price_above_maximum`; 409 `time_conflict` if
/// the teacher or the student has another lesson at that time; 422 `required` at `/price` if there is no
/// price.
#[utoipa::path(
    post,
    path = "/lesson-requests/{id}/accept",
    tag = "lesson requests",
    params(Invocation, ("id" = uuid::Uuid, Path)),
    request_body = AcceptLessonRequest,
    responses((status = 200, body = LessonView)),
)]
pub async fn accept_lesson_request(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<RequestId>,
    Json(acceptance): Json<AcceptLessonRequest>,
) -> Result<LessonResponse<LessonView>, Problem> {
    let viewer = build_viewer(&app, &caller, &invocation.request);
    let lesson = derive_lesson_id(id, caller.account_id);
    if let Some(receipt) = find_own_acceptance(&app, id, caller.account_id).await? {
        return respond_with_lesson(&app, lesson, viewer, &receipt).await;
    }
    let commands = build_commands(&app, id, &caller, acceptance.price).await?;
    let receipt = match app.bus.dispatch_atomically(commands, invocation.context()).await {
        Ok(receipt) => receipt,
        // A concurrent request of the same teacher may have accepted it.
        Err(DispatchError::Refused(refusal)) => match find_own_acceptance(&app, id, caller.account_id).await?
        {
            Some(receipt) => receipt,
            None => return Err(refusal.into()),
        },
        Err(error) => return Err(error.into()),
    };
    respond_with_lesson(&app, lesson, viewer, &receipt).await
}

/// Derives the id of the lesson; each teacher has one possible lesson of a request.
fn derive_lesson_id(request: RequestId, teacher: AccountId) -> SlotId {
    SlotId(Uuid::new_v5(&request.uuid(), teacher.uuid().as_bytes()))
}

/// Returns the receipt of the acceptance if this teacher has the lesson already.
async fn find_own_acceptance(
    app: &App,
    id: RequestId,
    teacher: AccountId,
) -> Result<Option<Receipt>, Problem> {
    let loaded = app.bus.load::<LessonRequest>(id).await?;
    let status = loaded.state.made().map(|request| request.status);
    let is_theirs =
        matches!(status, Some(RequestStatus::Accepted { teacher: winner, .. }) if winner == teacher);
    Ok(is_theirs.then(|| Receipt { position: loaded.position, streams: Vec::new(), replayed: true }))
}

/// Builds the three commands of one append. The request is first, so that its refusal comes before the
/// others.
async fn build_commands(
    app: &App,
    id: RequestId,
    caller: &Caller,
    price: Option<Money>,
) -> Result<Vec<Command>, Problem> {
    let loaded = app.bus.load::<LessonRequest>(id).await?;
    let not_found = || Problem::from(LessonRequestError::NotFound.refusal());
    let request = loaded.state.made().ok_or_else(not_found)?;
    let teacher = caller.account_id;
    if !request.offers.contains_key(&teacher) {
        return Err(not_found());
    }
    require_active_student(app, request.student).await?;
    let price = price.or_else(|| default_price(&caller.person, request));
    let price = price.ok_or_else(|| Problem::field("/price", "required"))?;
    let slot_id = derive_lesson_id(id, teacher);
    let period = Period::of_minutes(request.terms.starts_at, request.terms.duration_minutes);
    let period = period.ok_or_else(not_found)?;
    let slot = build_slot(id, request, &caller.person, period, price);
    let booking = NewBooking {
        booking_id: BookingId(Uuid::new_v5(&slot_id.uuid(), b"booking")),
        booker: Booker::Request { teacher, student: request.student },
        note: request.comment.clone().and_then(Personal::into_known),
        hold_id: None,
    };
    Ok(vec![
        Command::Request(id, LessonRequestCommand::AcceptRequest { teacher, slot_id, price }),
        Command::Slot(slot_id, SlotCommand::OpenSlot(Box::new(slot))),
        Command::Slot(slot_id, SlotCommand::BookSeat(Box::new(booking))),
    ])
}

fn build_slot(
    id: RequestId,
    request: &OpenRequest,
    teacher: &Person,
    period: Period,
    price: Money,
) -> NewSlot {
    let requested = &request.terms;
    NewSlot {
        teacher: teacher.account_id,
        period,
        zone: teacher.profile.time_zone.clone().unwrap_or_default(),
        tzdb: None,
        terms: SlotTerms {
            subject: requested.subject.clone(),
            lesson_type: LessonType::Regular,
            format: requested.format,
            price,
            capacity: 1,
            min_participants: None,
            goals: requested.goals.clone(),
            grades: vec![requested.grade.clone()],
            place: None,
        },
        series_id: None,
        class_id: None,
        request_id: Some(id),
        members: Vec::new(),
    }
}

/// Computes the price from the teacher's hourly rate, limited by the student's maximum. Without a rate in the
/// student's currency the price is the maximum.
fn default_price(teacher: &Person, request: &OpenRequest) -> Option<Money> {
    let rate = teacher.profile.hourly_rate;
    let price = rate.map(|rate| lesson_price(rate, request.terms.duration_minutes));
    match (price, request.terms.max_price) {
        (Some(price), Some(limit)) if price.currency == limit.currency => {
            Some(Money { amount: price.amount.min(limit.amount), ..limit })
        }
        (Some(price), None) => Some(price),
        (_, limit) => limit,
    }
}

/// Checks that the student is active; the request of a suspended or erased student counts as cancelled.
async fn require_active_student(app: &App, student: AccountId) -> Result<(), Problem> {
    let account = app.account(student).await?;
    match account.state.person() {
        Some(person) if !person.suspended => Ok(()),
        Some(_) | None => Err(LessonRequestError::Cancelled.refusal().into()),
    }
}
