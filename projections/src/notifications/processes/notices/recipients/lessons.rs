//! Recipients for lesson and waitlist events.

use domain::notifications::{LessonFacts, NotificationContent, RescheduleStep};
use domain::scheduling::{BookedBy, Lesson, Party, Proposal, Slot, SlotEvent, WaitlistEntry};
use domain::{AccountId, BookingId, Personal, RecordedEvent, SlotId};
use jiff::Timestamp;
use projection_runtime::{Task, TaskOutcome};

use super::{BeforeAfter, NoticeRecipients, is_actor, stream_id_of};
use crate::notifications::processes::notices::notify::NotifyHandler;
use crate::notifications::processes::notices::triggers::LessonTrigger;
use crate::scheduling::{Involved, LessonAudience};

impl NotifyHandler {
    pub(super) async fn recipients_of_lesson_event(
        &self,
        task: &Task,
        recorded: &RecordedEvent,
        event: &SlotEvent,
        trigger: LessonTrigger,
    ) -> Result<NoticeRecipients, TaskOutcome> {
        let Some(change) = self.load_change(task, recorded, event).await? else { return Ok(Vec::new()) };
        Ok(recipients_of_change(recorded, trigger, change))
    }

    pub(super) async fn recipients_of_moved_booking(
        &self,
        task: &Task,
        recorded: &RecordedEvent,
        event: &SlotEvent,
        (booking_id, student, from_slot): (BookingId, AccountId, SlotId),
    ) -> Result<NoticeRecipients, TaskOutcome> {
        let Some(change) = self.load_change(task, recorded, event).await? else { return Ok(Vec::new()) };
        let LessonChange { facts: lesson, involved, .. } = change;
        let from = self.context.load_aggregate::<Slot>(task, from_slot).await?;
        let from = from.lesson().map_or(lesson.starts_at, |lesson| lesson.period.starts_at);
        let (booking_id, student) = (Some(booking_id), Some(student));
        let notice = NotificationContent::LessonMoved { lesson, from, booking_id, student };
        Ok(except_actor(recorded, involved.participants(), &notice))
    }

    /// Loads the lesson of an event; `None` if the slot was not opened before it.
    async fn load_change(
        &self,
        task: &Task,
        recorded: &RecordedEvent,
        event: &SlotEvent,
    ) -> Result<Option<LessonChange>, TaskOutcome> {
        let Some(slot_id) = stream_id_of::<SlotId>(recorded) else { return Ok(None) };
        let BeforeAfter { before, after, .. } = self.load_before_after::<Slot>(task, recorded).await?;
        let (Some(before), Some(after)) = (before.lesson(), after.lesson()) else { return Ok(None) };
        let Some(involved) = LessonAudience::from(before).apply(event) else { return Ok(None) };
        let facts = lesson_facts(slot_id, after);
        Ok(Some(LessonChange {
            facts,
            involved,
            former_proposal: before.proposal.clone(),
            former_place: before.terms.place.clone(),
        }))
    }

    pub(super) async fn recipients_of_waitlist_offer(
        &self,
        task: &Task,
        recorded: &RecordedEvent,
        expires_at: Timestamp,
    ) -> Result<NoticeRecipients, TaskOutcome> {
        let states = self.load_before_after::<WaitlistEntry>(task, recorded).await?;
        let (WaitlistEntry::Joined { slot_id, student, .. }, Some(entry_id)) =
            (states.after, stream_id_of(recorded))
        else {
            return Ok(Vec::new());
        };
        let slot = self.context.load_aggregate::<Slot>(task, slot_id).await?;
        let Some(lesson) = slot.lesson() else { return Ok(Vec::new()) };
        let lesson = lesson_facts(slot_id, lesson);
        Ok(vec![(student, NotificationContent::WaitlistOffer { lesson, entry_id, expires_at })])
    }

    /// Returns the teacher, who decides whether the student was absent.
    pub(super) async fn recipients_of_proposed_no_show(
        &self,
        task: &Task,
        recorded: &RecordedEvent,
        booking_id: BookingId,
        student: AccountId,
    ) -> Result<NoticeRecipients, TaskOutcome> {
        let Some(slot_id) = stream_id_of::<SlotId>(recorded) else { return Ok(Vec::new()) };
        let slot = self.context.load_aggregate::<Slot>(task, slot_id).await?;
        let Some(lesson) = slot.lesson() else { return Ok(Vec::new()) };
        let notice = NotificationContent::NoShowProposed {
            lesson: lesson_facts(slot_id, lesson),
            booking_id,
            student,
        };
        Ok(vec![(lesson.teacher, notice)])
    }
}

/// Lesson after an event, with the people whom the event involves.
struct LessonChange {
    facts: LessonFacts,
    involved: Involved,
    /// Proposal that was open before the event.
    former_proposal: Option<Proposal>,
    /// Place before the event.
    former_place: Option<Personal<String>>,
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
    recipients(people.into_iter().filter(|person| !is_actor(recorded, *person)), notice)
}

/// Selects the recipients of a change among the people whom it involves.
fn recipients_of_change(
    recorded: &RecordedEvent,
    trigger: LessonTrigger,
    change: LessonChange,
) -> NoticeRecipients {
    let LessonChange { facts: lesson, involved, former_proposal, former_place } = change;
    match trigger {
        LessonTrigger::Booked { booking_id, student, booked_by } => {
            let notice = NotificationContent::LessonBooked { lesson, booking_id, student, booked_by };
            booking_recipients(&involved, booked_by, &notice)
        }
        LessonTrigger::Cancelled { booking_id, student, by } => {
            let notice = NotificationContent::LessonCancelled { lesson, booking_id, student, by };
            match by {
                Party::Student => except_actor(recorded, involved.teacher, &notice),
                Party::Teacher => except_actor(recorded, involved.students.iter().copied(), &notice),
                Party::System => except_actor(recorded, involved.participants(), &notice),
            }
        }
        LessonTrigger::Moved { from } => {
            let (booking_id, student) = (None, None);
            let notice = NotificationContent::LessonMoved { lesson, from, booking_id, student };
            except_actor(recorded, involved.participants(), &notice)
        }
        LessonTrigger::PlaceChanged { place } => {
            let (place, former_place) = (Box::new(place), former_place.map(Box::new));
            let notice = NotificationContent::LessonPlaceChanged { lesson, place, former_place };
            except_actor(recorded, involved.students.iter().copied(), &notice)
        }
        LessonTrigger::Proposed { proposal_id, by, proposer, to } => {
            let (step, proposer) = (RescheduleStep::Proposed, Some(proposer));
            let notice = NotificationContent::Reschedule { lesson, proposal_id, step, by: proposer, to };
            match by {
                Party::Student => except_actor(recorded, involved.teacher, &notice),
                Party::Teacher | Party::System => {
                    except_actor(recorded, involved.students.iter().copied(), &notice)
                }
            }
        }
        LessonTrigger::ProposalDeclined { by } => {
            proposal_recipients(lesson, former_proposal, RescheduleStep::Declined, Some(by))
        }
        LessonTrigger::ProposalExpired => {
            proposal_recipients(lesson, former_proposal, RescheduleStep::Expired, None)
        }
        LessonTrigger::Reviewed { booking_id, student, rating } => {
            let notice = NotificationContent::Review { lesson, booking_id, student, rating };
            recipients(involved.teacher, &notice)
        }
        LessonTrigger::Reminder { lead } => {
            let notice = NotificationContent::LessonReminder { lesson, lead };
            recipients(involved.participants(), &notice)
        }
    }
}

fn recipients(people: impl IntoIterator<Item = AccountId>, notice: &NotificationContent) -> NoticeRecipients {
    people.into_iter().map(|person| (person, notice.clone())).collect()
}

/// Returns a confirmation for the student, and a notification for the teacher unless the teacher acted.
fn booking_recipients(
    involved: &Involved,
    booked_by: BookedBy,
    notice: &NotificationContent,
) -> NoticeRecipients {
    match booked_by {
        BookedBy::Student | BookedBy::Waitlist => recipients(involved.participants(), notice),
        BookedBy::Teacher | BookedBy::Class => recipients(involved.students.iter().copied(), notice),
        // The student gets a notification of the accepted request instead.
        BookedBy::Request => Vec::new(),
    }
}

/// Returns the result of a proposal for the party that proposed.
fn proposal_recipients(
    lesson: LessonFacts,
    proposal: Option<Proposal>,
    step: RescheduleStep,
    by: Option<AccountId>,
) -> NoticeRecipients {
    let Some(Proposal { proposal_id, proposer, to, .. }) = proposal else { return Vec::new() };
    let to = to.starts_at;
    vec![(proposer, NotificationContent::Reschedule { lesson, proposal_id, step, by, to })]
}
