//! Lesson as the API shows it to its teacher or a student in it.

use std::collections::{BTreeSet, HashMap};

use domain::accounts::Locale;
use domain::scheduling::{BookingStatus, LessonFormat, Party, Slot, SlotError};
use domain::{
    AccountId, BookingId, EventLog, Money, Personal, ProposalId, Receipt, RecordedEvent, RefusalError,
    SlotId, StreamId, StreamVersion,
};
use jiff::{SignedDuration, Timestamp};
use projections::accounts::pseudonym;
use projections::scheduling::{BookingRow, LessonRow, LessonStatus, build_lesson};
use serde::Serialize;

use crate::app::App;
use crate::http::caller::Caller;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::problem::Problem;
use crate::http::request::RequestContext;
use crate::http::scheduling::cancellation_terms::CancellationTerms;
use crate::http::scheduling::slots::view::SlotDetails;

/// Time before the start from which the lesson room is open.
pub(super) const VIDEO_LEAD_TIME: SignedDuration = SignedDuration::from_mins(15);

/// Lesson: a slot with a present or cancelled booking.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Lesson)]
pub struct LessonView {
    #[serde(flatten)]
    slot: SlotDetails,
    /// `scheduled`, `started`, `completed` or `cancelled`; `cancelled` for a student whose booking is
    /// cancelled.
    #[schema(value_type = String)]
    status: &'static str,
    /// `teacher` or `student`.
    #[schema(value_type = String)]
    my_role: Party,
    teacher_name: Option<String>,
    /// `true` if the lesson room is open now and the video service has a node for it.
    video_available: bool,
    /// All bookings for the teacher; for a student their own bookings and the seats of fellow students.
    bookings: Vec<BookingView>,
    /// Open proposal of another time.
    proposal: Option<ProposalView>,
    /// Terms of the caller's own booking, as of the booking. Only in responses with one lesson, and only for a
    /// student with a seat.
    cancellation: Option<CancellationTerms>,
    /// Report of the teacher.
    report: Option<String>,
    teacher_absent: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    started_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    completed_at: Option<Timestamp>,
}

/// Booking of a seat. A student sees only the first names of fellow students.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Booking)]
pub struct BookingView {
    #[schema(value_type = uuid::Uuid)]
    booking_id: BookingId,
    #[schema(value_type = Option<uuid::Uuid>)]
    student_id: Option<AccountId>,
    student_name: Option<String>,
    /// `booked`, `cancelled` or `no_show`.
    #[schema(value_type = String)]
    status: BookingStatus,
    note: Option<String>,
    /// Price at the time of booking.
    #[schema(value_type = Option<Object>)]
    price: Option<Money>,
    /// `student`, `teacher` or `system`.
    #[schema(value_type = Option<String>)]
    cancelled_by: Option<Party>,
    cancel_reason: Option<String>,
    late: Option<bool>,
    #[schema(value_type = Option<Object>)]
    fee: Option<Money>,
    /// 1 to 5.
    rating: Option<i16>,
    review: Option<String>,
}

/// Proposal of another time by one party.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Proposal)]
pub struct ProposalView {
    #[schema(value_type = uuid::Uuid)]
    id: ProposalId,
    /// `student` or `teacher`.
    #[schema(value_type = String)]
    by: Party,
    #[schema(value_type = String, format = DateTime)]
    starts_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    ends_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Person to whom a lesson is shown, with the language and the present time.
#[derive(Clone, Copy, Debug)]
pub struct Viewer {
    pub person: AccountId,
    pub language: Locale,
    pub now: Timestamp,
    /// `true` if a node of the video service takes lessons.
    pub has_video: bool,
}

/// Names of people: `None` for an erased person; an unknown person has no entry.
pub type Names = HashMap<AccountId, Option<String>>;

/// Headers and body of a response with a lesson.
pub type LessonResponse<T> = (LogPosition, ETag, axum::Json<T>);

/// Loads a lesson from the log.
///
/// # Errors
/// [`Problem`] if the log is unavailable.
pub async fn load_lesson(app: &App, id: SlotId) -> Result<Option<LessonRow>, Problem> {
    Ok(build_lesson(id, &load_events(app, id).await?))
}

async fn load_events(app: &App, id: SlotId) -> Result<Vec<RecordedEvent>, Problem> {
    let sealed = app.bus.log().read_stream(&StreamId::of::<Slot>(id), StreamVersion::START).await?;
    Ok(app.bus.log().decode(&sealed).await?)
}

/// Loads the view of a lesson for a person in it.
///
/// # Errors
/// 404 `slot_not_found` if there is no lesson, or the person is not in it.
pub async fn load_view(app: &App, id: SlotId, viewer: Viewer) -> Result<LessonView, Problem> {
    load_row_and_view(app, id, viewer).await.map(|(_, view)| view)
}

/// Loads a lesson and its view for a person in it.
///
/// # Errors
/// 404 `slot_not_found` if there is no lesson, or the person is not in it.
pub async fn load_row_and_view(
    app: &App,
    id: SlotId,
    viewer: Viewer,
) -> Result<(LessonRow, LessonView), Problem> {
    let events = load_events(app, id).await?;
    let row = build_lesson(id, &events).ok_or_else(lesson_not_found)?;
    let names = load_names(app, &row).await?;
    let mut view = LessonView::for_viewer(&row, viewer, &names).ok_or_else(lesson_not_found)?;
    view.cancellation = row
        .bookings
        .iter()
        .find(|seat| seat.student == viewer.person && seat.is_seated())
        .and_then(|seat| CancellationTerms::from_booking(&events, seat, row.slot.starts_at));
    Ok((row, view))
}

/// Builds the response after a change of a lesson.
///
/// # Errors
/// [`Problem`] if the log is unavailable.
pub async fn respond_with_lesson(
    app: &App,
    id: SlotId,
    viewer: Viewer,
    receipt: &Receipt,
) -> Result<LessonResponse<LessonView>, Problem> {
    let view = load_view(app, id, viewer).await?;
    let version = view.version();
    Ok((LogPosition(receipt.position), ETag(version), axum::Json(view)))
}

pub fn lesson_not_found() -> Problem {
    SlotError::NotFound.refusal().into()
}

/// Loads the present names of all people in a lesson.
async fn load_names(app: &App, row: &LessonRow) -> Result<Names, Problem> {
    let students = row.bookings.iter().map(|booking| booking.student);
    load_names_of(app, students.chain([row.slot.teacher])).await
}

/// Loads the present names of people.
///
/// # Errors
/// [`Problem`] if the log is unavailable.
pub(super) async fn load_names_of(
    app: &App,
    people: impl Iterator<Item = AccountId>,
) -> Result<Names, Problem> {
    let people: BTreeSet<AccountId> = people.collect();
    let loads = people.into_iter().map(async |id| {
        let account = app.account(id).await?;
        let name = account.state.person().and_then(|person| person.profile.name.clone());
        Ok::<_, Problem>((id, name.and_then(Personal::into_known).map(String::from)))
    });
    futures::future::try_join_all(loads).await.map(Names::from_iter)
}

impl LessonView {
    /// Builds the view for a person; `None` if the person is not in the lesson.
    pub fn for_viewer(row: &LessonRow, viewer: Viewer, names: &Names) -> Option<Self> {
        let Viewer { person, language, now, has_video } = viewer;
        let status = row.status_for(person)?;
        let slot = &row.slot;
        let is_teacher = slot.teacher == person;
        let is_inside =
            is_teacher || row.bookings.iter().any(|seat| seat.student == person && seat.is_seated());
        let named = |id: AccountId| -> Option<String> {
            names.get(&id).map(|name| name.clone().unwrap_or_else(|| pseudonym(id, language)))
        };
        let seat = |booking: &BookingRow| {
            if is_teacher || booking.student == person {
                Some(BookingView::in_full(booking, named(booking.student)))
            } else if is_inside && booking.is_seated() {
                Some(BookingView::as_fellow_student(booking, names.get(&booking.student).cloned().flatten()))
            } else {
                None
            }
        };
        let is_on = matches!(status, LessonStatus::Scheduled | LessonStatus::Started);
        let mut details =
            if is_inside { SlotDetails::for_participant(slot) } else { SlotDetails::for_public(slot) };
        // A student sees the price of the booking; the slot may have another price for later bookings.
        let own = row.bookings.iter().rfind(|booking| booking.student == person);
        details.price = own.map_or(details.price, BookingRow::money);
        Some(Self {
            slot: details,
            status: status.as_str(),
            my_role: if is_teacher { Party::Teacher } else { Party::Student },
            teacher_name: named(slot.teacher),
            video_available: has_video
                && is_on
                && slot.format != LessonFormat::Offline
                && now >= slot.starts_at - VIDEO_LEAD_TIME
                && now < slot.ends_at,
            bookings: row.bookings.iter().filter_map(seat).collect(),
            proposal: if is_inside { ProposalView::from_row(row) } else { None },
            cancellation: None,
            report: slot.report.clone().filter(|_| is_inside),
            teacher_absent: slot.teacher_absent,
            started_at: slot.started_at,
            completed_at: slot.completed_at,
        })
    }

    pub fn version(&self) -> StreamVersion {
        self.slot.version
    }
}

impl BookingView {
    fn in_full(row: &BookingRow, student_name: Option<String>) -> Self {
        Self {
            booking_id: row.booking_id,
            student_id: Some(row.student),
            student_name,
            status: row.status,
            note: row.note.clone(),
            price: Some(row.money()),
            cancelled_by: row.cancelled_by,
            cancel_reason: row.cancel_reason.clone(),
            late: row.late,
            fee: row.fee(),
            rating: row.rating,
            review: row.review.clone(),
        }
    }

    /// Builds the view for a fellow student: the first name and the status only.
    fn as_fellow_student(row: &BookingRow, student_name: Option<String>) -> Self {
        Self {
            student_id: None,
            note: None,
            price: None,
            cancelled_by: None,
            cancel_reason: None,
            late: None,
            fee: None,
            rating: None,
            review: None,
            ..Self::in_full(row, student_name.as_deref().map(first_name))
        }
    }
}

impl ProposalView {
    fn from_row(row: &LessonRow) -> Option<Self> {
        let slot = &row.slot;
        Some(Self {
            id: slot.proposal_id?,
            by: slot.proposal_by?,
            starts_at: slot.proposal_starts_at?,
            ends_at: slot.proposal_ends_at?,
            expires_at: slot.proposal_expires_at?,
        })
    }
}

/// Returns the first word of a name.
pub fn first_name(name: &str) -> String {
    name.split_whitespace().next().unwrap_or_default().to_owned()
}

/// Builds the viewer from the caller and the present time.
pub fn build_viewer(app: &App, caller: &Caller, request: &RequestContext) -> Viewer {
    Viewer {
        person: caller.account_id,
        language: request.language,
        now: app.clock.now(),
        has_video: app.video.is_available(),
    }
}
