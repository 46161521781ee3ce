//! Commands to a slot.

use std::fmt;

use jiff::Timestamp;

use super::events::{BookedBy, HoldEnd, NoShow, ReminderLead, SlotChanges, WaitEnd};
use crate::accounts::TimeZoneName;
use crate::ids::{
    AccountId, BookingId, ClassId, HoldId, ProposalId, RequestId, SeriesId, SlotId, WaitlistEntryId,
};
use crate::scheduling::policy::CancellationPolicy;
use crate::scheduling::terms::{Initiator, Period, SlotTerms};

/// Commands to the aggregate `Slot`. `by` is the initiator; for outsiders the slot does not exist.
#[derive(Clone)]
pub enum SlotCommand {
    OpenSlot(Box<NewSlot>),
    ChangeSlot {
        by: AccountId,
        changes: Box<SlotChanges>,
    },
    /// Withdraws a slot without bookings.
    WithdrawSlot {
        by: Initiator,
        reason: Option<String>,
    },
    /// Holds a seat for ten minutes.
    HoldSeat {
        hold_id: HoldId,
        student: AccountId,
    },
    ReleaseHold {
        hold_id: HoldId,
        by: AccountId,
    },
    /// Fired timer of a hold: refused before its time, no event if the hold is gone.
    ExpireHold {
        hold_id: HoldId,
    },
    /// Books a seat for a student; the hold that it uses ends.
    BookSeat(Box<NewBooking>),
    /// Cancels a booking: a student their own, the teacher any.
    CancelBooking {
        booking_id: BookingId,
        by: Initiator,
        reason: Option<String>,
    },
    /// Cancels the whole lesson; the teacher or the system does it.
    CancelLesson {
        by: Initiator,
        reason: Option<String>,
    },
    ProposeReschedule {
        proposal_id: ProposalId,
        by: AccountId,
        starts_at: Timestamp,
    },
    AcceptReschedule {
        by: AccountId,
    },
    DeclineReschedule {
        by: AccountId,
    },
    ExpireReschedule {
        proposal_id: ProposalId,
    },
    /// Moves a booking out, in one append with [`SlotCommand::MoveIn`] on the other slot.
    MoveOut {
        booking_id: BookingId,
        by: AccountId,
        to_slot: SlotId,
    },
    MoveIn {
        from_slot: SlotId,
        /// Teacher of the other slot: a booking stays with its teacher.
        teacher: AccountId,
        booking: Box<MovedBooking>,
        policy: CancellationPolicy,
    },
    StartLesson {
        by: AccountId,
    },
    CompleteLesson {
        by: AccountId,
    },
    RecordNoShow {
        by: AccountId,
        who: NoShow,
    },
    ReportLesson {
        by: AccountId,
        text: String,
    },
    ReviewLesson {
        by: AccountId,
        rating: u8,
        text: Option<String>,
    },
    RecordReminder {
        person: AccountId,
        lead: ReminderLead,
        starts_at: Timestamp,
    },
    /// Joins the waitlist. `position` is the number that the student saw, from 1; refused if it has
    /// changed.
    EnterWaitlist {
        entry_id: WaitlistEntryId,
        student: AccountId,
        position: u32,
    },
    LeaveWaitlist {
        entry_id: WaitlistEntryId,
        cause: WaitEnd,
    },
    /// Holds a free seat for the first waitlisted student.
    OfferSeat {
        entry_id: WaitlistEntryId,
        hold_id: HoldId,
        expires_at: Timestamp,
    },
    /// Ends a seat offer: the hold ends, and the entry leaves the waitlist.
    EndOffer {
        hold_id: HoldId,
        cause: HoldEnd,
    },
}

/// Fields of a new slot.
#[derive(Clone, Debug, PartialEq)]
pub struct NewSlot {
    pub teacher: AccountId,
    pub period: Period,
    pub zone: TimeZoneName,
    /// Release of the tz database, if the time was computed by the rules of a zone.
    pub tzdb: Option<String>,
    pub terms: SlotTerms,
    pub series_id: Option<SeriesId>,
    pub class_id: Option<ClassId>,
    pub request_id: Option<RequestId>,
    /// Members of the class, who have a seat from the start.
    pub members: Vec<(BookingId, AccountId)>,
}

/// Seat to be booked.
#[derive(Clone, PartialEq)]
pub struct NewBooking {
    pub booking_id: BookingId,
    pub booker: Booker,
    pub note: Option<String>,
    pub hold_id: Option<HoldId>,
}

/// Initiator of a booking, with the people that it needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Booker {
    /// The student books for themselves.
    Student(AccountId),
    /// The teacher of the slot books for a student whom they teach.
    Teacher { teacher: AccountId, student: AccountId },
    /// The student accepts a seat that was offered from the waitlist.
    Waitlist(AccountId),
    /// The teacher of the slot accepted the student's request.
    Request { teacher: AccountId, student: AccountId },
    /// The system seats a member of the class whose lesson it is.
    Class(AccountId),
}

impl Booker {
    /// The student who gets the seat.
    pub fn student(self) -> AccountId {
        match self {
            Booker::Student(student)
            | Booker::Teacher { student, .. }
            | Booker::Waitlist(student)
            | Booker::Request { student, .. }
            | Booker::Class(student) => student,
        }
    }

    /// The teacher who books; `None` if the student or the system does.
    pub fn teacher(self) -> Option<AccountId> {
        match self {
            Booker::Teacher { teacher, .. } | Booker::Request { teacher, .. } => Some(teacher),
            Booker::Student(_) | Booker::Waitlist(_) | Booker::Class(_) => None,
        }
    }

    /// Returns the initiator in the words of the events.
    pub fn booked_by(self) -> BookedBy {
        match self {
            Booker::Student(_) => BookedBy::Student,
            Booker::Teacher { .. } => BookedBy::Teacher,
            Booker::Waitlist(_) => BookedBy::Waitlist,
            Booker::Request { .. } => BookedBy::Request,
            Booker::Class(_) => BookedBy::Class,
        }
    }
}

/// Booking that its student moves here from another slot.
#[derive(Clone, PartialEq)]
pub struct MovedBooking {
    pub booking_id: BookingId,
    pub student: AccountId,
    pub note: Option<String>,
    /// Initiator of the booking in its first slot.
    pub booked_by: BookedBy,
}

impl SlotCommand {
    /// Returns the name of the command for logs and metrics.
    pub fn name(&self) -> &'static str {
        match self {
            SlotCommand::OpenSlot(_) => "OpenSlot",
            SlotCommand::ChangeSlot { .. } => "ChangeSlot",
            SlotCommand::WithdrawSlot { .. } => "WithdrawSlot",
            SlotCommand::HoldSeat { .. } => "HoldSeat",
            SlotCommand::ReleaseHold { .. } => "ReleaseHold",
            SlotCommand::ExpireHold { .. } => "ExpireHold",
            SlotCommand::BookSeat(_) => "BookSeat",
            SlotCommand::CancelBooking { .. } => "CancelBooking",
            SlotCommand::CancelLesson { .. } => "CancelLesson",
            SlotCommand::ProposeReschedule { .. } => "ProposeReschedule",
            SlotCommand::AcceptReschedule { .. } => "AcceptReschedule",
            SlotCommand::DeclineReschedule { .. } => "DeclineReschedule",
            SlotCommand::ExpireReschedule { .. } => "ExpireReschedule",
            SlotCommand::MoveOut { .. } => "MoveOut",
            SlotCommand::MoveIn { .. } => "MoveIn",
            SlotCommand::StartLesson { .. } => "StartLesson",
            SlotCommand::CompleteLesson { .. } => "CompleteLesson",
            SlotCommand::RecordNoShow { .. } => "RecordNoShow",
            SlotCommand::ReportLesson { .. } => "ReportLesson",
            SlotCommand::ReviewLesson { .. } => "ReviewLesson",
            SlotCommand::RecordReminder { .. } => "RecordReminder",
            SlotCommand::EnterWaitlist { .. } => "EnterWaitlist",
            SlotCommand::LeaveWaitlist { .. } => "LeaveWaitlist",
            SlotCommand::OfferSeat { .. } => "OfferSeat",
            SlotCommand::EndOffer { .. } => "EndOffer",
        }
    }
}

/// Prints the name of the command only: its content is personal.
impl fmt::Debug for SlotCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Prints the student's id, never the note.
impl fmt::Debug for NewBooking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewBooking")
            .field("booking_id", &self.booking_id)
            .field("booker", &self.booker)
            .finish_non_exhaustive()
    }
}

/// Prints the student's id, never the note.
impl fmt::Debug for MovedBooking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MovedBooking")
            .field("booking_id", &self.booking_id)
            .field("student", &self.student)
            .field("booked_by", &self.booked_by)
            .finish_non_exhaustive()
    }
}
