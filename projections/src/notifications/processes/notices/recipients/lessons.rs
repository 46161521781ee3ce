//! Recipients for lesson and waitlist events.

use domain::notifications::{LessonFacts, NotificationContent, RescheduleStep};
use domain::scheduling::{BookedBy, Lesson, Party, Slot, SlotEvent, WaitlistEntry, WaitlistEvent};
use domain::{AccountId, Actor, RecordedEvent, SlotId};
use projection_runtime::{Task, TaskOutcome};

use super::{BeforeAfter, NoticeRecipients, is_actor, stream_id_of};
use crate::notifications::processes::notices::notify::NotifyHandler;
use crate::scheduling::PROPOSAL_EXPIRY_NAME;

impl NotifyHandler {
    pub(super) async fn recipients_of_lesson_event(
        &self,
        task: &Task,
        recorded: &RecordedEvent,
        event: &SlotEvent,
    ) -> Result<NoticeRecipients, TaskOutcome> {
        let Some(slot_id) = stream_id_of::<SlotId>(recorded) else { return Ok(Vec::new()) };
        let BeforeAfter { before, after, .. } = self.load_before_after::<Slot>(task, recorded).await?;
        let (Some(before), Some(lesson)) = (before.lesson(), after.lesson()) else { return Ok(Vec::new()) };
        let facts = lesson_facts(slot_id, lesson);
        if let SlotEvent::BookingMovedIn { booking_id, student, from_slot, .. } = event {
            let from = self.context.load_aggregate::<Slot>(task, from_slot).await?;
            let from = from.lesson().map_or(facts.starts_at, |lesson| lesson.period.starts_at);
            let (booking_id, student) = (Some(*booking_id), Some(*student));
            let notice = NotificationContent::LessonMoved { lesson: facts, from, booking_id, student };
            let people = [lesson.teacher].into_iter().chain(student);
            return Ok(except_actor(recorded, people, &notice));
        }
        Ok(recipients_of_change(recorded, event, facts, before, lesson))
    }

    pub(super) async fn recipients_of_waitlist_event(
        &self,
        task: &Task,
        recorded: &RecordedEvent,
        event: &WaitlistEvent,
    ) -> Result<NoticeRecipients, TaskOutcome> {
        let WaitlistEvent::SeatOffered { expires_at, .. } = event else { return Ok(Vec::new()) };
        let states = self.load_before_after::<WaitlistEntry>(task, recorded).await?;
        let (WaitlistEntry::Joined { slot_id, student, .. }, Some(entry_id)) =
            (states.after, stream_id_of(recorded))
        else {
            return Ok(Vec::new());
        };
        let slot = self.context.load_aggregate::<Slot>(task, slot_id).await?;
        let Some(lesson) = slot.lesson() else { return Ok(Vec::new()) };
        let lesson = lesson_facts(slot_id, lesson);
        Ok(vec![(student, NotificationContent::WaitlistOffer { lesson, entry_id, expires_at: *expires_at })])
    }
}

fn lesson_facts(slot_id: SlotId, lesson: &Lesson) -> LessonFacts {
    LessonFacts {
        slot_id,
        teacher: lesson.teacher,
        subject: lesson.terms.subject.clone(),
        starts_at: lesson.period.starts_at,
    }
}

/// Returns these people without the actor.
fn except_actor(
    recorded: &RecordedEvent,
    people: impl IntoIterator<Item = AccountId>,
    notice: &NotificationContent,
) -> NoticeRecipients {
    let recipients = people.into_iter().filter(|person| !is_actor(recorded, *person));
    recipients.map(|person| (person, notice.clone())).collect()
}

fn recipients_of_change(
    recorded: &RecordedEvent,
    event: &SlotEvent,
    facts: LessonFacts,
    before: &Lesson,
    lesson: &Lesson,
) -> NoticeRecipients {
    let teacher = lesson.teacher;
    match event {
        SlotEvent::SeatBooked { booking_id, student, booked_by, .. } => {
            let notice = NotificationContent::LessonBooked {
                lesson: facts,
                booking_id: *booking_id,
                student: *student,
                booked_by: *booked_by,
            };
            booking_recipients(teacher, *student, *booked_by, &notice)
        }
        SlotEvent::BookingCancelled { booking_id, student, by, .. } => {
            let (booking_id, student, by) = (*booking_id, *student, *by);
            let notice = NotificationContent::LessonCancelled { lesson: facts, booking_id, student, by };
            let people = match by {
                Party::Student => vec![teacher],
                Party::Teacher => vec![student],
                Party::System => vec![teacher, student],
            };
            except_actor(recorded, people, &notice)
        }
        SlotEvent::LessonMoved { from, people, .. } => {
            let (from, booking_id, student) = (from.starts_at, None, None);
            let notice = NotificationContent::LessonMoved { lesson: facts, from, booking_id, student };
            except_actor(recorded, people.iter().copied(), &notice)
        }
        SlotEvent::RescheduleProposed { proposal_id, by, proposer, starts_at, .. } => {
            let notice = NotificationContent::Reschedule {
                lesson: facts,
                proposal_id: *proposal_id,
                step: RescheduleStep::Proposed,
                by: Some(*proposer),
                to: *starts_at,
            };
            let people: Vec<_> = match by {
                Party::Student => vec![teacher],
                Party::Teacher | Party::System => lesson.seated().map(|booking| booking.student).collect(),
            };
            except_actor(recorded, people, &notice)
        }
        SlotEvent::RescheduleDeclined { by, .. } => {
            proposal_recipients(facts, before, RescheduleStep::Declined, Some(*by))
        }
        SlotEvent::RescheduleExpired { .. } if recorded.metadata.actor == Actor::system(PROPOSAL_EXPIRY_NAME) => {
            proposal_recipients(facts, before, RescheduleStep::Expired, None)
        }
        // The proposal ended with the lesson or with another proposal, which has its own notification.
        SlotEvent::RescheduleExpired { .. } => Vec::new(),
        SlotEvent::LessonReviewed { booking_id, student, rating, .. } => {
            let (booking_id, student, rating) = (*booking_id, *student, *rating);
            vec![(teacher, NotificationContent::Review { lesson: facts, booking_id, student, rating })]
        }
        SlotEvent::ReminderSent { person, lead, .. } => {
            vec![(*person, NotificationContent::LessonReminder { lesson: facts, lead: *lead })]
        }
        SlotEvent::SlotOpened { .. }
        | SlotEvent::SlotChanged { .. }
        | SlotEvent::SlotWithdrawn { .. }
        | SlotEvent::SeatHeld { .. }
        | SlotEvent::HoldReleased { .. }
        // Each cancelled booking has its own notification.
        | SlotEvent::LessonCancelled { .. }
        | SlotEvent::RescheduleAccepted { .. }
        | SlotEvent::BookingMovedOut { .. }
        | SlotEvent::BookingMovedIn { .. }
        | SlotEvent::LessonStarted { .. }
        | SlotEvent::LessonCompleted { .. }
        | SlotEvent::NoShowRecorded { .. }
        | SlotEvent::LessonReported { .. }
        | SlotEvent::WaitlistEntered { .. }
        | SlotEvent::WaitlistRemoved { .. } => Vec::new(),
    }
}

/// Returns a confirmation for the student, and a notification for the teacher unless the teacher acted.
fn booking_recipients(
    teacher: AccountId,
    student: AccountId,
    booked_by: BookedBy,
    notice: &NotificationContent,
) -> NoticeRecipients {
    let people = match booked_by {
        BookedBy::Student | BookedBy::Waitlist => vec![teacher, student],
        BookedBy::Teacher | BookedBy::Class => vec![student],
        // The student gets a notification of the accepted request instead.
        BookedBy::Request => vec![],
    };
    people.into_iter().map(|person| (person, notice.clone())).collect()
}

/// Returns the result of a proposal for the party that proposed.
fn proposal_recipients(
    lesson: LessonFacts,
    before: &Lesson,
    step: RescheduleStep,
    by: Option<AccountId>,
) -> NoticeRecipients {
    let Some(open) = &before.proposal else { return Vec::new() };
    let (proposal_id, to) = (open.proposal_id, open.to.starts_at);
    vec![(open.proposer, NotificationContent::Reschedule { lesson, proposal_id, step, by, to })]
}
