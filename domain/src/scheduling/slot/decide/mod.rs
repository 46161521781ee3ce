//! Decides commands to a slot.

mod booking;
mod cancellation;
mod conduct;
mod opening;
mod rescheduling;
mod waitlist;

use jiff::Timestamp;

use self::opening::open;
use super::commands::SlotCommand;
use super::error::SlotError;
use super::slot::{Lesson, Slot, SlotStatus};
use crate::decider::{Decider, Decision};
use crate::ids::AccountId;

impl Decider for Slot {
    const SNAPSHOT_VERSION: i32 = 2;

    fn decide(&self, command: &SlotCommand, now: Timestamp) -> Decision<Slot> {
        match (self, command) {
            (Slot::Unopened, SlotCommand::OpenSlot(new)) => open(new, now),
            (Slot::Opened(_), SlotCommand::OpenSlot(_)) => Err(SlotError::AlreadyOpened),
            (Slot::Unopened, _) => Err(SlotError::NotFound),
            (Slot::Opened(lesson), command) => lesson.decide(command, now),
        }
    }
}

impl Lesson {
    fn decide(&self, command: &SlotCommand, now: Timestamp) -> Decision<Slot> {
        match command {
            SlotCommand::OpenSlot(_) => Err(SlotError::AlreadyOpened),
            SlotCommand::ChangeSlot { by, changes } => self.change(*by, changes, now),
            SlotCommand::WithdrawSlot { by, reason } => self.withdraw(*by, reason.as_deref(), now),
            SlotCommand::HoldSeat { hold_id, student } => self.hold(*hold_id, *student, now),
            SlotCommand::ReleaseHold { hold_id, by } => self.release_hold(*hold_id, *by),
            SlotCommand::ExpireHold { hold_id } => self.expire_hold(*hold_id, now),
            SlotCommand::BookSeat(new) => self.book(new, now),
            SlotCommand::CancelBooking { booking_id, by, reason } => {
                self.cancel_booking(*booking_id, *by, reason.as_deref(), now)
            }
            SlotCommand::CancelLesson { by, reason } => self.cancel_lesson(*by, reason.as_deref(), now),
            SlotCommand::ProposeReschedule { proposal_id, by, starts_at } => {
                self.propose(*proposal_id, *by, *starts_at, now)
            }
            SlotCommand::AcceptReschedule { by } => self.accept(*by, now),
            SlotCommand::DeclineReschedule { by } => self.decline(*by, now),
            SlotCommand::ExpireReschedule { proposal_id } => self.expire_proposal(*proposal_id, now),
            SlotCommand::MoveOut { booking_id, by, to_slot } => {
                self.move_out(*booking_id, *by, *to_slot, now)
            }
            SlotCommand::MoveIn { from_slot, teacher, booking, policy } => {
                self.move_in(*from_slot, *teacher, booking, *policy, now)
            }
            SlotCommand::StartLesson { by } => self.start(*by, now),
            SlotCommand::CompleteLesson { by } => self.complete(*by, now),
            SlotCommand::RecordNoShow { by, who } => self.record_no_show(*by, *who, now),
            SlotCommand::ReportLesson { by, text } => self.report(*by, text),
            SlotCommand::ReviewLesson { by, rating, text } => self.review(*by, *rating, text.as_deref()),
            SlotCommand::RecordReminder { person, lead, starts_at } => {
                self.remind(*person, *lead, *starts_at, now)
            }
            SlotCommand::EnterWaitlist { entry_id, student, position } => {
                self.join_waitlist(*entry_id, *student, *position, now)
            }
            SlotCommand::LeaveWaitlist { entry_id, cause } => self.leave_waitlist(*entry_id, *cause),
            SlotCommand::OfferSeat { entry_id, hold_id, expires_at } => {
                self.offer(*entry_id, *hold_id, *expires_at, now)
            }
            SlotCommand::EndOffer { hold_id, cause } => self.end_offer(*hold_id, *cause, now),
        }
    }

    pub(super) fn check_teacher(&self, by: AccountId) -> Result<(), SlotError> {
        if by == self.teacher { Ok(()) } else { Err(SlotError::NotFound) }
    }

    /// Returns the lesson if it is offered and has not started.
    pub(super) fn check_upcoming(&self, now: Timestamp) -> Result<(), SlotError> {
        if self.status != SlotStatus::Offered {
            return Err(self.closed());
        }
        if self.period.starts_at <= now { Err(SlotError::InPast) } else { Ok(()) }
    }

    pub(super) fn closed(&self) -> SlotError {
        SlotError::Closed { state: self.status.as_str() }
    }
}
