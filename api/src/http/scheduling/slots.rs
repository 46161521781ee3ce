//! `POST /slots`, `GET /slots`, `GET`, `PATCH`, `DELETE /slots/{id}`: a teacher's calendar.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::accounts::TimeZoneName;
use domain::scheduling::{
    Agent, Class, ClassError, LessonFormat, LessonType, NewSlot, Period, SlotChanges, SlotCommand,
    SlotStatus, Terms,
};
use domain::{AccountId, BookingId, ClassId, Command, CommandId, Dispatch, Money, Personal, Refuses, SlotId};
use jiff::Timestamp;
use projections::scheduling::{self, TimeFilter};
use serde::Deserialize;

use super::lesson::{no_lesson, read};
use super::slot::SlotView;
use crate::app::{App, Shared};
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::freshness::{IfMatch, LogPosition, MinPosition, Version};
use crate::http::page::{ListQuery, Moment, NoFilter, Page, PageParams, Query, chosen};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// What `status` may name.
const STATUSES: [&str; 6] = ["open", "full", "started", "completed", "withdrawn", "cancelled"];

/// A time to offer. Codes are those of `GET /dictionaries`.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SlotToOpen {
    #[schema(value_type = String, format = DateTime)]
    starts_at: Timestamp,
    duration_minutes: u16,
    subject: String,
    /// `regular` or `trial`.
    #[schema(value_type = String)]
    lesson_type: LessonType,
    /// `online`, `offline` or `mini_group`.
    #[schema(value_type = String)]
    format: LessonFormat,
    /// `{amount, currency}`, of one seat.
    #[schema(value_type = Object)]
    price: Money,
    /// Seats; 1 when absent, for a class those of the class.
    capacity: Option<u16>,
    min_participants: Option<u16>,
    #[serde(default)]
    goals: Vec<String>,
    #[serde(default)]
    grades: Vec<String>,
    /// Where people meet; shown to who has a seat.
    place: Option<String>,
    /// The seats are for the members of this class, who are booked at once.
    #[schema(value_type = Option<uuid::Uuid>)]
    class_id: Option<ClassId>,
    /// IANA name of the zone in which it is meant; the teacher's own when absent.
    #[schema(value_type = Option<String>)]
    time_zone: Option<String>,
}

/// New values of some fields.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SlotPatch {
    #[schema(value_type = Option<String>, format = DateTime)]
    starts_at: Option<Timestamp>,
    duration_minutes: Option<u16>,
    subject: Option<String>,
    #[schema(value_type = Option<String>)]
    lesson_type: Option<LessonType>,
    #[schema(value_type = Option<String>)]
    format: Option<LessonFormat>,
    #[schema(value_type = Option<Object>)]
    price: Option<Money>,
    capacity: Option<u16>,
    min_participants: Option<u16>,
    goals: Option<Vec<String>>,
    grades: Option<Vec<String>>,
    place: Option<String>,
}

/// Which slots: those that start in `[from, to)`, in this status.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Moment>,
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Moment>,
    /// `open`, `full`, `started`, `completed`, `withdrawn` or `cancelled`.
    status: Option<String>,
}

/// Offers a time.
/// Refusals: 404 `class_not_found`; 409 `time_conflict`, `slot_in_past`, `class_closed`; 422 per field.
#[utoipa::path(
    post,
    path = "/slots",
    tag = "scheduling",
    request_body = SlotToOpen,
    responses((status = 201, body = SlotView)),
)]
pub async fn open(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Json(new): Json<SlotToOpen>,
) -> Result<impl IntoResponse, Problem> {
    let context = asking.context();
    let id = SlotId(CommandId::derived(context.command_id.uuid(), "slot").uuid());
    let new = meant(&app, &caller, id, new).await?;
    let receipt = app.bus.dispatch(Command::Slot(id, SlotCommand::OpenSlot(Box::new(new))), context).await?;
    let view = own(&app, id).await?;
    Ok((StatusCode::CREATED, LogPosition(receipt.position), version(&view), Answer(view)))
}

/// One's own slots in order of time.
#[utoipa::path(
    get,
    path = "/slots",
    tag = "scheduling",
    params(Filter, PageParams),
    responses((status = 200, body = Page<SlotView>)),
)]
pub async fn slots(
    State(app): State<Shared>,
    caller: Caller,
    fresh: MinPosition,
    query: ListQuery<Filter>,
) -> Result<impl IntoResponse, Problem> {
    let known = |text: &str| STATUSES.into_iter().find(|status| *status == text);
    let status = chosen("status", query.filter.status.as_deref(), known)?;
    let filter = TimeFilter {
        from: query.filter.from.map(|moment| moment.0),
        to: query.filter.to.map(|moment| moment.0),
        status,
    };
    let after = query.place()?;
    fresh.reached(&app, &["slots"]).await?;
    let page = scheduling::slots_of(&app.pool, caller.account_id, &filter, after, query.limit).await?;
    Ok(Answer(Page::read(page).map(|row| SlotView::of_own(&row))))
}

/// One slot: one's own, one in which one has a seat, or one that can be booked or waited for.
#[utoipa::path(
    get,
    path = "/slots/{id}",
    tag = "scheduling",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = SlotView)),
)]
pub async fn slot(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SlotId>,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    let row = read(&app, id).await?.ok_or_else(no_lesson)?;
    let person = caller.account_id;
    let has_seat = row.bookings.iter().any(|booking| booking.student == person && booking.is_seated());
    let is_offered = matches!(row.slot.status(), SlotStatus::Open | SlotStatus::Full)
        && row.slot.class_id.is_none()
        && row.slot.starts_at > app.clock.now();
    let view = if row.slot.teacher == person || has_seat {
        SlotView::of_own(&row.slot)
    } else if is_offered {
        SlotView::of_others(&row.slot)
    } else {
        return Err(no_lesson());
    };
    Ok((version(&view), Answer(view)))
}

/// Changes some fields; the time only while nobody is booked. `If-Match` is required.
/// Refusals: 404 `slot_not_found`; 409 `slot_booked`, `seats_taken`, `time_conflict`, `slot_in_past`,
/// `slot_closed`; 412 `stale_version`; 422 per field; 428 `if_match_required`.
#[utoipa::path(
    patch,
    path = "/slots/{id}",
    tag = "scheduling",
    params(("id" = uuid::Uuid, Path)),
    request_body = SlotPatch,
    responses((status = 200, body = SlotView)),
)]
pub async fn change(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    if_match: IfMatch,
    Path(id): Path<SlotId>,
    Json(patch): Json<SlotPatch>,
) -> Result<impl IntoResponse, Problem> {
    let row = read(&app, id).await?.filter(|row| row.slot.teacher == caller.account_id);
    let present = row.ok_or_else(no_lesson)?.slot.period();
    if_match.required()?;
    let changes = Box::new(patch.changes(caller.account_id, present)?);
    let command = SlotCommand::ChangeSlot { by: caller.account_id, changes };
    let receipt = app.bus.dispatch(Command::Slot(id, command), asking.context()).await?;
    let view = own(&app, id).await?;
    Ok((LogPosition(receipt.position), version(&view), Answer(view)))
}

/// Withdraws a slot that nobody has booked.
/// Refusals: 404 `slot_not_found`; 409 `slot_booked` (cancel the lesson instead), `slot_in_past`,
/// `slot_closed`.
#[utoipa::path(
    delete,
    path = "/slots/{id}",
    tag = "scheduling",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 204)),
)]
pub async fn withdraw(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(id): Path<SlotId>,
) -> Result<impl IntoResponse, Problem> {
    let command = SlotCommand::WithdrawSlot { by: Agent::Person(caller.account_id), reason: None };
    let receipt = app.bus.dispatch(Command::Slot(id, command), asking.context()).await?;
    Ok((StatusCode::NO_CONTENT, LogPosition(receipt.position), ()))
}

/// The slot as its teacher sees it after a change.
async fn own(app: &App, id: SlotId) -> Result<SlotView, Problem> {
    let row = read(app, id).await?.ok_or_else(no_lesson)?;
    Ok(SlotView::of_own(&row.slot))
}

fn version(view: &SlotView) -> Version {
    Version(view.offer.version.cast_unsigned())
}

async fn meant(app: &App, caller: &Caller, id: SlotId, new: SlotToOpen) -> Result<NewSlot, Problem> {
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
        Some(class) => members(app, teacher, class, id).await?,
        None => (Vec::new(), 1),
    };
    let terms = Terms {
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

/// The members of a class of this teacher, each with the booking they get in the slot, and how many
/// seats the class has.
async fn members(
    app: &App,
    teacher: AccountId,
    class: ClassId,
    slot: SlotId,
) -> Result<(Vec<(BookingId, AccountId)>, u16), Problem> {
    let loaded = app.bus.load::<Class>(class).await?;
    let group = loaded.state.group().filter(|group| group.teacher == teacher);
    let group = group.ok_or_else(|| ClassError::NotFound.refusal())?;
    if group.closed {
        return Err(ClassError::Closed.refusal().into());
    }
    let booking = |student: &AccountId| {
        let id = CommandId::derived(slot.uuid(), &format!("booking:{student}"));
        (BookingId(id.uuid()), *student)
    };
    let mut members = Vec::new();
    for student in &group.students {
        // Who is suspended is seated when they are back.
        let account = app.account(*student).await?;
        if account.state.person().is_none_or(|person| !person.suspended) {
            members.push(booking(student));
        }
    }
    Ok((members, group.capacity))
}

impl SlotPatch {
    fn changes(self, teacher: AccountId, present: Period) -> Result<SlotChanges, Problem> {
        let period = if self.starts_at.is_some() || self.duration_minutes.is_some() {
            let starts_at = self.starts_at.unwrap_or(present.starts_at);
            let minutes = self.duration_minutes.or_else(|| u16::try_from(present.minutes()).ok());
            let period = minutes.and_then(|minutes| Period::of_minutes(starts_at, minutes));
            Some(period.ok_or_else(|| Problem::field("/starts_at", "too_far"))?)
        } else {
            None
        };
        Ok(SlotChanges {
            period,
            subject: self.subject,
            lesson_type: self.lesson_type,
            format: self.format,
            price: self.price,
            capacity: self.capacity,
            min_participants: self.min_participants,
            goals: self.goals,
            grades: self.grades,
            place: self.place.map(|place| Personal::new(teacher, place)),
        })
    }
}
