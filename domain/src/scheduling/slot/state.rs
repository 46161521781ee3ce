//! A slot as it stands.

use std::collections::BTreeSet;
use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::policy::CancellationPolicy;
use super::super::terms::{Party, Period, Terms};
use super::commands::SlotCommand;
use super::error::SlotError;
use super::events::{BookedBy, ReminderLead, SlotEvent};
use super::opening::open;
use crate::accounts::TimeZoneName;
use crate::clock::Clock;
use crate::decider::Decider;
use crate::ids::{AccountId, BookingId, ClassId, HoldId, ProposalId, RequestId, SeriesId, WaitlistEntryId};
use crate::money::Money;
use crate::personal::Personal;

/// A slot: not there yet, or offered once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Slot {
    #[default]
    Unopened,
    Opened(Box<Lesson>),
}

/// An offered time with everything that became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lesson {
    pub teacher: AccountId,
    pub period: Period,
    pub zone: TimeZoneName,
    pub terms: Terms,
    pub series_id: Option<SeriesId>,
    pub class_id: Option<ClassId>,
    pub request_id: Option<RequestId>,
    pub stage: Stage,
    pub holds: Vec<Hold>,
    /// In the order of booking; those that were cancelled or moved out are kept.
    pub bookings: Vec<Booking>,
    /// Who stands in line, the first first.
    pub waitlist: Vec<Waiting>,
    pub proposal: Option<Proposal>,
    pub reported: bool,
    pub teacher_absent: bool,
    /// Reminders sent: to whom, how long before, of which start.
    pub reminders: BTreeSet<(AccountId, ReminderLead, Timestamp)>,
}

/// How far it has come.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Offered,
    Started,
    Completed,
    Withdrawn,
    Cancelled,
}

impl Stage {
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Offered => "offered",
            Stage::Started => "started",
            Stage::Completed => "completed",
            Stage::Withdrawn => "withdrawn",
            Stage::Cancelled => "cancelled",
        }
    }
}

/// What the API calls the status of a slot.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotStatus {
    Open,
    Full,
    Started,
    Completed,
    Withdrawn,
    Cancelled,
}

/// How the seats of a slot stand at an instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seats {
    pub capacity: u16,
    pub booked: u16,
    /// Kept for somebody, offers to the line included.
    pub held: u16,
    /// In line, without an offer.
    pub waiting: u16,
}

/// A seat that is kept for a while.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hold {
    pub hold_id: HoldId,
    pub student: AccountId,
    pub expires_at: Timestamp,
    pub offered_to: Option<WaitlistEntryId>,
}

/// A booking; keeps its id for life, also in another slot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Booking {
    pub booking_id: BookingId,
    pub student: AccountId,
    pub note: Option<Personal<String>>,
    pub price: Money,
    pub booked_by: BookedBy,
    pub policy: CancellationPolicy,
    pub stage: BookingStage,
    pub reviewed: bool,
}

/// What became of a booking.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BookingStage {
    Booked,
    Cancelled,
    MovedOut,
    NoShow,
}

/// Somebody in line.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Waiting {
    pub entry_id: WaitlistEntryId,
    pub student: AccountId,
}

/// A proposal to move the lesson, while it is open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    pub proposal_id: ProposalId,
    pub by: Party,
    pub proposer: AccountId,
    pub to: Period,
    pub expires_at: Timestamp,
    /// Who has agreed so far.
    pub accepted: BTreeSet<AccountId>,
}

impl Slot {
    /// The offer and what became of it; `None` before it was opened.
    pub fn lesson(&self) -> Option<&Lesson> {
        match self {
            Slot::Unopened => None,
            Slot::Opened(lesson) => Some(lesson),
        }
    }
}

impl Lesson {
    /// The bookings that hold a seat now (somebody who did not come had one).
    pub fn seated(&self) -> impl Iterator<Item = &Booking> {
        self.bookings
            .iter()
            .filter(|booking| matches!(booking.stage, BookingStage::Booked | BookingStage::NoShow))
    }

    /// Seats that are booked; holds are not counted.
    pub fn seats_taken(&self) -> u16 {
        u16::try_from(self.seated().count()).unwrap_or(u16::MAX)
    }

    /// Whether nobody is booked but by the class whose lesson it is.
    pub fn is_of_class_alone(&self) -> bool {
        self.class_id.is_some() && self.seated().all(|booking| booking.booked_by == BookedBy::Class)
    }

    /// What a person is in this lesson: its teacher, or somebody booked.
    pub fn part_of(&self, person: AccountId) -> Option<Party> {
        if person == self.teacher {
            return Some(Party::Teacher);
        }
        self.booking_of(person).map(|_| Party::Student)
    }

    /// The student's booking that holds a seat now.
    pub fn booking_of(&self, student: AccountId) -> Option<&Booking> {
        self.seated().find(|booking| booking.student == student)
    }

    pub fn status(&self) -> SlotStatus {
        match self.stage {
            Stage::Offered if self.seats_taken() >= self.terms.capacity => SlotStatus::Full,
            Stage::Offered => SlotStatus::Open,
            Stage::Started => SlotStatus::Started,
            Stage::Completed => SlotStatus::Completed,
            Stage::Withdrawn => SlotStatus::Withdrawn,
            Stage::Cancelled => SlotStatus::Cancelled,
        }
    }
}

/// What a rule comes to.
pub(super) type Decided = Result<Vec<SlotEvent>, SlotError>;

impl Decider for Slot {
    const SNAPSHOT_VERSION: i32 = 1;

    fn decide(&self, command: &SlotCommand, now: Timestamp) -> Decided {
        match (self, command) {
            (Slot::Unopened, SlotCommand::OpenSlot(new)) => open(new, now),
            (Slot::Opened(_), SlotCommand::OpenSlot(_)) => Err(SlotError::AlreadyOpened),
            (Slot::Unopened, _) => Err(SlotError::NotFound),
            (Slot::Opened(lesson), command) => lesson.decide(command, now),
        }
    }
}

impl Lesson {
    fn decide(&self, command: &SlotCommand, now: Timestamp) -> Decided {
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
                self.enter_line(*entry_id, *student, *position, now)
            }
            SlotCommand::LeaveWaitlist { entry_id, cause } => self.leave_line(*entry_id, *cause),
            SlotCommand::OfferSeat { entry_id, hold_id, expires_at } => {
                self.offer(*entry_id, *hold_id, *expires_at, now)
            }
            SlotCommand::EndOffer { hold_id, cause } => self.end_offer(*hold_id, *cause, now),
        }
    }

    pub(super) fn check_teacher(&self, by: AccountId) -> Result<(), SlotError> {
        if by == self.teacher { Ok(()) } else { Err(SlotError::NotFound) }
    }

    /// Offered, and its time has not come.
    pub(super) fn check_upcoming(&self, now: Timestamp) -> Result<(), SlotError> {
        if self.stage != Stage::Offered {
            return Err(self.closed());
        }
        if self.period.starts_at <= now { Err(SlotError::InPast) } else { Ok(()) }
    }

    pub(super) fn closed(&self) -> SlotError {
        SlotError::Closed { state: self.stage.as_str() }
    }
}

impl Aggregate for Slot {
    const TYPE: &'static str = "Slot";
    type Command = SlotCommand;
    type Event = SlotEvent;
    type Error = SlotError;
    type Services = Arc<dyn Clock>;

    async fn handle(
        &mut self,
        command: SlotCommand,
        clock: &Arc<dyn Clock>,
        sink: &EventSink<Self>,
    ) -> Result<(), SlotError> {
        for event in self.decide(&command, clock.now())? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: SlotEvent) {
        self.applied(event);
    }
}
