//! `POST /slots`: opens a slot.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::accounts::TimeZoneName;
use domain::scheduling::{
    Class, ClassError, LessonFormat, LessonType, NewSlot, Period, SlotCommand, SlotTerms,
};
use domain::{
    AccountId, BookingId, ClassId, Command, CommandId, Dispatch, Money, Personal, RefusalError, SlotId,
};
use jiff::Timestamp;
use serde::Deserialize;

use super::own_slot::{load_own_slot, version_of};
use super::view::SlotView;
use crate::app::{App, AppState};
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::LogPosition;
use crate::http::problem::Problem;

/// Slot to open. Codes are those of `GET /dictionaries`.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenSlotRequest {
    #[schema(value_type = String, format = DateTime)]
    #[serde(deserialize_with = "crate::http::instant::deserialize")]
    starts_at: Timestamp,
    duration_minutes: u16,
    subject: String,
    /// `regular` or `trial`.
    #[schema(value_type = String)]
    lesson_type: LessonType,
    /// `online`, `offline` or `mini_group`.
    #[schema(value_type = String)]
    format: LessonFormat,
    /// Price of one seat as `{amount, currency}`.
    #[schema(value_type = Object)]
    price: Money,
    /// Number of seats; default is 1, or the capacity of the class.
    capacity: Option<u16>,
    min_participants: Option<u16>,
    #[serde(default)]
    goals: Vec<String>,
    #[serde(default)]
    grades: Vec<String>,
    /// Meeting place; shown only to students with a seat.
    place: Option<String>,
    /// Class whose members get the seats; they are booked at once.
    #[schema(value_type = Option<uuid::Uuid>)]
    class_id: Option<ClassId>,
    /// IANA name of the slot's zone; default is the zone of the teacher.
    #[schema(value_type = Option<String>)]
    time_zone: Option<String>,
}

/// Opens a slot of the caller.
///
/// Refusals: 404 `class_not_found`; 409 `time_conflict`, `slot_in_past`, `class_closed`; 422 per field.
#[utoipa::path(
    post,
    path = "/slots",
    tag = "scheduling",
    request_body = OpenSlotRequest,
    params(Invocation),
    responses((status = 201, body = SlotView)),
)]
pub async fn open_slot(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Json(new): Json<OpenSlotRequest>,
) -> Result<impl IntoResponse, Problem> {
    let context = invocation.context();
    let id = SlotId(CommandId::derived(context.command_id.uuid(), "slot").uuid());
    let new = build_slot(&app, &caller, id, new).await?;
    let receipt = app.bus.dispatch(Command::Slot(id, SlotCommand::OpenSlot(Box::new(new))), context).await?;
    let view = load_own_slot(&app, id).await?;
    Ok((StatusCode::CREATED, LogPosition(receipt.position), version_of(&view), Answer(view)))
}

async fn build_slot(
    app: &App,
    caller: &Caller,
    id: SlotId,
    new: OpenSlotRequest,
) -> Result<NewSlot, Problem> {
    let teacher = caller.account_id;
    let zone = match new.time_zone.as_deref() {
        Some(name) => {
            TimeZoneName::parse(name).map_err(|error| Problem::field("/time_zone", error.code()))?
        }
        None => caller.person.profile.time_zone.clone().unwrap_or_default(),
    };
    let period = Period::of_minutes(new.starts_at, new.duration_minutes)
        .ok_or_else(|| Problem::field("/starts_at", "too_far"))?;
    let (members, seats) = match new.class_id {
        Some(class) => load_members(app, teacher, class, id).await?,
        None => (Vec::new(), 1),
    };
    let terms = SlotTerms {
        subject: new.subject,
        lesson_type: new.lesson_type,
        format: new.format,
        price: new.price,
        capacity: new.capacity.unwrap_or(seats),
        min_participants: new.min_participants,
        goals: new.goals,
        grades: new.grades,
        place: new.place.map(|place| Personal::new(teacher, place)),
    };
    Ok(NewSlot {
        teacher,
        period,
        zone,
        tzdb: None,
        terms,
        series_id: None,
        class_id: new.class_id,
        request_id: None,
        members,
    })
}

/// Loads the active members of a class of this teacher, each with the id of their booking, and the capacity
/// of the class.
async fn load_members(
    app: &App,
    teacher: AccountId,
    class: ClassId,
    slot: SlotId,
) -> Result<(Vec<(BookingId, AccountId)>, u16), Problem> {
    let loaded = app.bus.load::<Class>(class).await?;
    let class = loaded.state.created().filter(|class| class.teacher == teacher);
    let class = class.ok_or_else(|| ClassError::NotFound.refusal())?;
    if class.closed {
        return Err(ClassError::Closed.refusal().into());
    }
    let booking = |student: &AccountId| {
        let id = CommandId::derived(slot.uuid(), &format!("booking:{student}"));
        (BookingId(id.uuid()), *student)
    };
    let mut members = Vec::new();
    for student in &class.students {
        // A suspended student gets a seat after the suspension.
        let account = app.account(*student).await?;
        if account.state.person().is_none_or(|person| !person.suspended) {
            members.push(booking(student));
        }
    }
    Ok((members, class.capacity))
}
