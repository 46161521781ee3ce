//! Decides the lesson itself: reminders, start, completion, absence, report, review.

use jiff::Timestamp;

use super::super::error::SlotError;
use super::super::events::{NoShow, ReminderLead, SlotEvent};
use super::super::slot::{Booking, BookingStage, Lesson, Slot, Stage};
use super::super::validate::{required, written};
use crate::decider::Decision;
use crate::field_problem::FieldProblem;
use crate::ids::AccountId;
use crate::scheduling::limits::{REPORT_LIMIT, REVIEW_LIMIT, START_EARLY};

impl Lesson {
    /// Once for each person and lead, of the start as it is now; a day's reminder comes too late when an
    /// hour's is due.
    pub(super) fn remind(
        &self,
        person: AccountId,
        lead: ReminderLead,
        starts_at: Timestamp,
        now: Timestamp,
    ) -> Decision<Slot> {
        self.part_of(person).ok_or(SlotError::NotFound)?;
        if self.reminders.contains(&(person, lead, starts_at)) {
            return Ok(vec![]);
        }
        if self.period.starts_at != starts_at {
            return Err(SlotError::Closed { state: "moved" });
        }
        self.check_upcoming(now)?;
        if self.seats_taken() == 0 {
            return Err(SlotError::BookingNotFound);
        }
        if now < starts_at - lead.before() {
            return Err(SlotError::TooEarly);
        }
        if lead == ReminderLead::Day && now >= starts_at - ReminderLead::Hour.before() {
            return Err(SlotError::InPast);
        }
        Ok(vec![SlotEvent::ReminderSent { person, lead, starts_at }])
    }

    /// From a little before its time, until its end.
    pub(super) fn start(&self, by: AccountId, now: Timestamp) -> Decision<Slot> {
        self.check_teacher(by)?;
        match self.stage {
            Stage::Offered => {}
            Stage::Started => return Ok(vec![]),
            Stage::Completed => return Err(SlotError::AlreadyCompleted),
            Stage::Withdrawn | Stage::Cancelled => return Err(self.closed()),
        }
        if self.seats_taken() == 0 {
            return Err(SlotError::BookingNotFound);
        }
        if now < self.period.starts_at - START_EARLY {
            return Err(SlotError::TooEarly);
        }
        if now >= self.period.ends_at {
            return Err(SlotError::Over);
        }
        let mut events: Vec<_> = self.proposal_ended().into_iter().collect();
        events.push(SlotEvent::LessonStarted { by });
        Ok(events)
    }

    /// After the start, once; a lesson without students, or without its teacher, was not held.
    pub(super) fn complete(&self, by: AccountId, now: Timestamp) -> Decision<Slot> {
        self.check_teacher(by)?;
        match self.stage {
            Stage::Offered | Stage::Started => {}
            Stage::Completed => return Err(SlotError::AlreadyCompleted),
            Stage::Withdrawn | Stage::Cancelled => return Err(self.closed()),
        }
        if self.seats_taken() == 0 {
            return Err(SlotError::BookingNotFound);
        }
        if now < self.period.starts_at {
            return Err(SlotError::TooEarly);
        }
        if self.teacher_absent {
            return Err(SlotError::NotHeld);
        }
        let mut events: Vec<_> = self.proposal_ended().into_iter().collect();
        events.push(SlotEvent::LessonCompleted { by });
        Ok(events)
    }

    /// After the start; said by the teacher of a student, and by a student of the teacher.
    pub(super) fn record_no_show(&self, by: AccountId, who: NoShow, now: Timestamp) -> Decision<Slot> {
        let is_known = match who {
            NoShow::Booking { booking_id, student } => {
                self.check_teacher(by)?;
                let of_this =
                    |booking: &&Booking| booking.booking_id == booking_id && booking.student == student;
                let booking = self.seated().find(of_this).ok_or(SlotError::BookingNotFound)?;
                if booking.reviewed {
                    return Err(SlotError::AlreadyReviewed);
                }
                booking.stage == BookingStage::NoShow
            }
            NoShow::Teacher { teacher } => {
                let booking = self.booking_of(by).ok_or(SlotError::NotFound)?;
                if teacher != self.teacher {
                    return Err(SlotError::NotFound);
                }
                if booking.stage == BookingStage::NoShow {
                    return Err(SlotError::NotAttended);
                }
                self.teacher_absent
            }
        };
        if is_known {
            return Ok(vec![]);
        }
        if now < self.period.starts_at {
            return Err(SlotError::TooEarly);
        }
        if matches!(who, NoShow::Teacher { .. }) && self.stage == Stage::Completed {
            return Err(SlotError::AlreadyCompleted);
        }
        Ok(vec![SlotEvent::NoShowRecorded { who }])
    }

    /// What was done, by the teacher; a later report stands in place of the earlier one.
    pub(super) fn report(&self, by: AccountId, text: &str) -> Decision<Slot> {
        self.check_teacher(by)?;
        if !matches!(self.stage, Stage::Started | Stage::Completed) {
            return Err(SlotError::NotHeld);
        }
        let text = required("text", text, REPORT_LIMIT, by)?;
        Ok(vec![SlotEvent::LessonReported { text }])
    }

    /// By a student who was there, once.
    pub(super) fn review(&self, by: AccountId, rating: u8, text: Option<&str>) -> Decision<Slot> {
        let booking = self.booking_of(by).ok_or(SlotError::NotFound)?;
        if self.stage != Stage::Completed {
            return Err(SlotError::NotHeld);
        }
        if booking.stage == BookingStage::NoShow {
            return Err(SlotError::NotAttended);
        }
        if booking.reviewed {
            return Err(SlotError::AlreadyReviewed);
        }
        if !(1..=5).contains(&rating) {
            return Err(SlotError::InvalidFields(vec![FieldProblem::of("rating", "out_of_range")]));
        }
        let text = written("text", text, REVIEW_LIMIT, by)?;
        let Booking { booking_id, student, .. } = *booking;
        Ok(vec![SlotEvent::LessonReviewed { booking_id, student, teacher: self.teacher, rating, text }])
    }
}
