//! Decides reminders, start, completion, absence, report and review of a lesson.

use jiff::Timestamp;

use super::super::error::SlotError;
use super::super::events::{NoShow, ReminderLead, SlotEvent};
use super::super::slot::{Booking, BookingStatus, Lesson, Slot, SlotStatus};
use super::super::validate::{required, written};
use crate::decider::Decision;
use crate::field_problem::FieldProblem;
use crate::ids::AccountId;
use crate::scheduling::limits::{REPORT_LIMIT, REVIEW_LIMIT, START_EARLY};

impl Lesson {
    /// Records a reminder once for each person, lead and start. A day reminder is too late when an
    /// hour reminder is due.
    pub(super) fn remind(
        &self,
        person: AccountId,
        lead: ReminderLead,
        starts_at: Timestamp,
        now: Timestamp,
    ) -> Decision<Slot> {
        self.party_of(person).ok_or(SlotError::NotFound)?;
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

    /// Starts the lesson, from shortly before its start until its end.
    pub(super) fn start(&self, by: AccountId, now: Timestamp) -> Decision<Slot> {
        self.check_teacher(by)?;
        match self.status {
            SlotStatus::Offered => {}
            SlotStatus::Started => return Ok(vec![]),
            SlotStatus::Completed => return Err(SlotError::AlreadyCompleted),
            SlotStatus::Withdrawn | SlotStatus::Cancelled => return Err(self.closed()),
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

    /// Completes the lesson once, after its start; refused without students or without the teacher.
    pub(super) fn complete(&self, by: AccountId, now: Timestamp) -> Decision<Slot> {
        self.check_teacher(by)?;
        match self.status {
            SlotStatus::Offered | SlotStatus::Started => {}
            SlotStatus::Completed => return Err(SlotError::AlreadyCompleted),
            SlotStatus::Withdrawn | SlotStatus::Cancelled => return Err(self.closed()),
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

    /// Records an absence after the start: the teacher reports a student, a student reports the teacher.
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
                booking.status == BookingStatus::NoShow
            }
            NoShow::Teacher { teacher } => {
                let booking = self.booking_of(by).ok_or(SlotError::NotFound)?;
                if teacher != self.teacher {
                    return Err(SlotError::NotFound);
                }
                if booking.status == BookingStatus::NoShow {
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
        if matches!(who, NoShow::Teacher { .. }) && self.status == SlotStatus::Completed {
            return Err(SlotError::AlreadyCompleted);
        }
        Ok(vec![SlotEvent::NoShowRecorded { who }])
    }

    /// Records the teacher's report; a later report replaces the earlier one.
    pub(super) fn report(&self, by: AccountId, text: &str) -> Decision<Slot> {
        self.check_teacher(by)?;
        if !matches!(self.status, SlotStatus::Started | SlotStatus::Completed) {
            return Err(SlotError::NotHeld);
        }
        let text = required("text", text, REPORT_LIMIT, by)?;
        Ok(vec![SlotEvent::LessonReported { text }])
    }

    /// Records the review of a student who attended, once.
    pub(super) fn review(&self, by: AccountId, rating: u8, text: Option<&str>) -> Decision<Slot> {
        let booking = self.booking_of(by).ok_or(SlotError::NotFound)?;
        if self.status != SlotStatus::Completed {
            return Err(SlotError::NotHeld);
        }
        if booking.status == BookingStatus::NoShow {
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
