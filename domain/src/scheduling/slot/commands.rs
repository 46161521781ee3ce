//! What can be asked of a slot.

use std::fmt;

use jiff::Timestamp;

use super::events::{BookedBy, HoldEnd, NoShow, ReminderLead, SlotChanges, WaitEnd};
use crate::accounts::TimeZoneName;
use crate::ids::{
    AccountId, BookingId, ClassId, HoldId, ProposalId, RequestId, SeriesId, SlotId, WaitlistEntryId,
};
use crate::scheduling::policy::CancellationPolicy;
use crate::scheduling::terms::{Agent, Period, Terms};

/// Commands to the aggregate `Slot`. `by` is who asks: outsiders are told that there is no such slot.
#[derive(Clone)]
pub enum SlotCommand {
    OpenSlot(Box<NewSlot>),
    ChangeSlot {
        by: AccountId,
        changes: Box<SlotChanges>,
    },
    /// Of a slot that nobody has booked.
    WithdrawSlot {
        by: Agent,
        reason: Option<String>,
    },
    /// Keeps a seat for ten minutes.
    HoldSeat {
        hold_id: HoldId,
        student: AccountId,
    },
    ReleaseHold {
        hold_id: HoldId,
        by: AccountId,
    },
    /// The timer of a hold; refused before its time, nothing when it is gone.
    ExpireHold {
        hold_id: HoldId,
    },
    /// A seat for a student; the hold that it uses ends with it.
    BookSeat(Box<NewBooking>),
    /// A student's own booking, or any of the teacher's.
    CancelBooking {
        booking_id: BookingId,
        by: Agent,
        reason: Option<String>,
    },
    /// The whole lesson, by the teacher (or the system in their place).
    CancelLesson {
        by: Agent,
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
    /// Goes together with [`SlotCommand::MoveIn`] on the other slot, in one append.
    MoveOut {
        booking_id: BookingId,
        by: AccountId,
        to_slot: SlotId,
    },
    MoveIn {
        from_slot: SlotId,
        /// The teacher of the other slot: a booking stays with its teacher.
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
    /// `position` is the place in line that was told to the student, from 1: refused when it is another
    /// by now.
    EnterWaitlist {
        entry_id: WaitlistEntryId,
        student: AccountId,
        position: u32,
    },
    LeaveWaitlist {
        entry_id: WaitlistEntryId,
        cause: WaitEnd,
    },
    /// Holds a free seat for the first in line.
    OfferSeat {
        entry_id: WaitlistEntryId,
        hold_id: HoldId,
        expires_at: Timestamp,
    },
    /// Ends an offer: the hold goes, and the entry leaves the line.
    EndOffer {
        hold_id: HoldId,
        cause: HoldEnd,
    },
}

/// An offered time.
#[derive(Clone, Debug, PartialEq)]
pub struct NewSlot {
    pub teacher: AccountId,
    pub period: Period,
    pub zone: TimeZoneName,
    /// The release of the tz database, where the time was computed by the rules of a zone.
    pub tzdb: Option<String>,
    pub terms: Terms,
    pub series_id: Option<SeriesId>,
    pub class_id: Option<ClassId>,
    pub request_id: Option<RequestId>,
    /// Who has a seat from the start: the members of the class.
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

/// Way in which a seat is booked, with the people whom that way needs.
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

    /// The way as events name it.
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
    /// How it came to be, in the slot where it began.
    pub booked_by: BookedBy,
}

impl SlotCommand {
    /// The name of the command, as logs and metrics show it.
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

/// Shows which command it is, never what is in it: that belongs to people.
impl fmt::Debug for SlotCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Shows whose seat it is, never the note.
impl fmt::Debug for NewBooking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewBooking")
            .field("booking_id", &self.booking_id)
            .field("booker", &self.booker)
            .finish_non_exhaustive()
    }
}

/// Shows whose booking it is, never the note.
impl fmt::Debug for MovedBooking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MovedBooking")
            .field("booking_id", &self.booking_id)
            .field("student", &self.student)
            .field("booked_by", &self.booked_by)
            .finish_non_exhaustive()
    }
}
