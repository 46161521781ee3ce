//! Events of a slot and of the bookings in it.

use cqrs_es::DomainEvent;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::accounts::TimeZoneName;
use crate::claims::Claim;
use crate::code_enum;
use crate::decider::EventEffects;
use crate::ids::{
    AccountId, BookingId, ClassId, HoldId, ProposalId, RequestId, SeriesId, SlotId, WaitlistEntryId,
};
use crate::money::Money;
use crate::personal::Personal;
use crate::scheduling::limits::{REMINDER_DAY, REMINDER_HOUR};
use crate::scheduling::policy::CancellationPolicy;
use crate::scheduling::terms::{LessonFormat, LessonType, Party, Period, SlotTerms};

/// Events of the aggregate `Slot`. A lesson has the id of its slot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SlotEvent {
    SlotOpened {
        teacher: AccountId,
        starts_at: Timestamp,
        ends_at: Timestamp,
        /// Zone of the teacher, and the release of the tz database that computed the instant.
        zone: TimeZoneName,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tzdb: Option<String>,
        #[serde(flatten)]
        terms: SlotTerms,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        series_id: Option<SeriesId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        class_id: Option<ClassId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request_id: Option<RequestId>,
    },
    /// Changed fields only. The time changes only without bookings.
    SlotChanged {
        teacher: AccountId,
        changes: Box<SlotChanges>,
    },
    /// Withdrawn without bookings.
    SlotWithdrawn {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal<String>>,
    },
    SeatHeld {
        hold_id: HoldId,
        student: AccountId,
        expires_at: Timestamp,
        /// Waitlist entry to which this hold offers the seat.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        offered_to: Option<WaitlistEntryId>,
    },
    HoldReleased {
        hold_id: HoldId,
        cause: HoldEnd,
    },
    SeatBooked {
        booking_id: BookingId,
        student: AccountId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Personal<String>>,
        price: Money,
        booked_by: BookedBy,
        /// Hold that became this booking.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hold_id: Option<HoldId>,
        starts_at: Timestamp,
        ends_at: Timestamp,
        policy: CancellationPolicy,
    },
    BookingCancelled {
        booking_id: BookingId,
        student: AccountId,
        by: Party,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal<String>>,
        late: bool,
        fee: Money,
    },
    /// The whole lesson is cancelled; its bookings were cancelled just before.
    LessonCancelled {
        by: Party,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal<String>>,
    },
    RescheduleProposed {
        proposal_id: ProposalId,
        by: Party,
        proposer: AccountId,
        starts_at: Timestamp,
        ends_at: Timestamp,
        expires_at: Timestamp,
    },
    /// A party accepts; after the last acceptance the lesson moves.
    RescheduleAccepted {
        proposal_id: ProposalId,
        by: AccountId,
    },
    RescheduleDeclined {
        proposal_id: ProposalId,
        by: AccountId,
    },
    /// No answer came in time, or the lesson ended or was cancelled.
    RescheduleExpired {
        proposal_id: ProposalId,
    },
    LessonMoved {
        from: Period,
        to: Period,
        /// Teacher and booked students, whose time claims move.
        people: Vec<AccountId>,
    },
    /// Moved to another slot, in one append with its [`SlotEvent::BookingMovedIn`]; their order in
    /// the log follows the slot ids.
    BookingMovedOut {
        booking_id: BookingId,
        student: AccountId,
        to_slot: SlotId,
    },
    BookingMovedIn {
        booking_id: BookingId,
        student: AccountId,
        from_slot: SlotId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Personal<String>>,
        price: Money,
        booked_by: BookedBy,
        starts_at: Timestamp,
        ends_at: Timestamp,
        policy: CancellationPolicy,
    },
    LessonStarted {
        by: AccountId,
    },
    LessonCompleted {
        by: AccountId,
    },
    NoShowRecorded {
        who: NoShow,
    },
    LessonReported {
        text: Personal<String>,
    },
    LessonReviewed {
        booking_id: BookingId,
        student: AccountId,
        teacher: AccountId,
        /// 1 to 5.
        rating: u8,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<Personal<String>>,
    },
    ReminderSent {
        person: AccountId,
        lead: ReminderLead,
        /// Start of the lesson at the time of the reminder.
        starts_at: Timestamp,
    },
    /// A student joined the waitlist; its order is the order of these events.
    WaitlistEntered {
        entry_id: WaitlistEntryId,
        student: AccountId,
    },
    WaitlistRemoved {
        entry_id: WaitlistEntryId,
        cause: WaitEnd,
    },
}

/// Changes of a slot by the teacher.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SlotChanges {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lesson_type: Option<LessonType>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<LessonFormat>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_participants: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goals: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grades: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Personal<String>>,
}

impl SlotChanges {
    /// Returns the terms with these changes.
    pub fn applied_to(&self, terms: &SlotTerms) -> SlotTerms {
        SlotTerms {
            subject: self.subject.clone().unwrap_or_else(|| terms.subject.clone()),
            lesson_type: self.lesson_type.unwrap_or(terms.lesson_type),
            format: self.format.unwrap_or(terms.format),
            price: self.price.unwrap_or(terms.price),
            capacity: self.capacity.unwrap_or(terms.capacity),
            min_participants: self.min_participants.or(terms.min_participants),
            goals: self.goals.clone().unwrap_or_else(|| terms.goals.clone()),
            grades: self.grades.clone().unwrap_or_else(|| terms.grades.clone()),
            place: self.place.clone().or_else(|| terms.place.clone()),
        }
    }
}

code_enum!(
    /// Cause of the end of a hold without a booking.
    HoldEnd { Cancelled = "cancelled", Expired = "expired" }
);

code_enum!(
    /// Way in which a seat was booked.
    BookedBy {
        Student = "student",
        Teacher = "teacher",
        Request = "request",
        Waitlist = "waitlist",
        Class = "class",
    }
);

code_enum!(
    /// Lead of a reminder: a day or an hour before the lesson.
    ReminderLead { Day = "day", Hour = "hour" }
);

code_enum!(
    /// Cause of the removal from the waitlist.
    WaitEnd {
        Booked = "booked",
        Left = "left",
        Declined = "declined",
        Expired = "expired",
        Closed = "closed",
    }
);

impl ReminderLead {
    /// Returns the time before the start.
    pub fn before(self) -> SignedDuration {
        match self {
            ReminderLead::Day => REMINDER_DAY,
            ReminderLead::Hour => REMINDER_HOUR,
        }
    }
}

/// Absent person.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoShow {
    Booking { booking_id: BookingId, student: AccountId },
    Teacher { teacher: AccountId },
}

impl DomainEvent for SlotEvent {
    fn event_type(&self) -> String {
        match self {
            SlotEvent::SlotOpened { .. } => "SlotOpened",
            SlotEvent::SlotChanged { .. } => "SlotChanged",
            SlotEvent::SlotWithdrawn { .. } => "SlotWithdrawn",
            SlotEvent::SeatHeld { .. } => "SeatHeld",
            SlotEvent::HoldReleased { .. } => "HoldReleased",
            SlotEvent::SeatBooked { .. } => "SeatBooked",
            SlotEvent::BookingCancelled { .. } => "BookingCancelled",
            SlotEvent::LessonCancelled { .. } => "LessonCancelled",
            SlotEvent::RescheduleProposed { .. } => "RescheduleProposed",
            SlotEvent::RescheduleAccepted { .. } => "RescheduleAccepted",
            SlotEvent::RescheduleDeclined { .. } => "RescheduleDeclined",
            SlotEvent::RescheduleExpired { .. } => "RescheduleExpired",
            SlotEvent::LessonMoved { .. } => "LessonMoved",
            SlotEvent::BookingMovedOut { .. } => "BookingMovedOut",
            SlotEvent::BookingMovedIn { .. } => "BookingMovedIn",
            SlotEvent::LessonStarted { .. } => "LessonStarted",
            SlotEvent::LessonCompleted { .. } => "LessonCompleted",
            SlotEvent::NoShowRecorded { .. } => "NoShowRecorded",
            SlotEvent::LessonReported { .. } => "LessonReported",
            SlotEvent::LessonReviewed { .. } => "LessonReviewed",
            SlotEvent::ReminderSent { .. } => "ReminderSent",
            SlotEvent::WaitlistEntered { .. } => "WaitlistEntered",
            SlotEvent::WaitlistRemoved { .. } => "WaitlistRemoved",
        }
        .to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

/// The slot claims the teacher's time, a booking claims the student's.
impl EventEffects for SlotEvent {
    fn claims(&self) -> Vec<Claim> {
        let time = |person: &AccountId, from: &Timestamp, to: &Timestamp| Claim::Time {
            person: *person,
            from: *from,
            to: *to,
        };
        match self {
            SlotEvent::SlotOpened { teacher, starts_at, ends_at, .. } => {
                vec![time(teacher, starts_at, ends_at)]
            }
            SlotEvent::SlotChanged { teacher, changes } => match &changes.period {
                Some(to) => vec![Claim::ReleaseAllTime, time(teacher, &to.starts_at, &to.ends_at)],
                None => Vec::new(),
            },
            SlotEvent::SeatBooked { student, starts_at, ends_at, .. }
            | SlotEvent::BookingMovedIn { student, starts_at, ends_at, .. } => {
                vec![time(student, starts_at, ends_at)]
            }
            SlotEvent::BookingCancelled { student, .. } | SlotEvent::BookingMovedOut { student, .. } => {
                vec![Claim::ReleaseTime { person: *student }]
            }
            SlotEvent::LessonMoved { to, people, .. } => std::iter::once(Claim::ReleaseAllTime)
                .chain(people.iter().map(|person| time(person, &to.starts_at, &to.ends_at)))
                .collect(),
            SlotEvent::SlotWithdrawn { .. } | SlotEvent::LessonCancelled { .. } => {
                vec![Claim::ReleaseAllTime]
            }
            SlotEvent::SeatHeld { .. }
            | SlotEvent::HoldReleased { .. }
            | SlotEvent::RescheduleProposed { .. }
            | SlotEvent::RescheduleAccepted { .. }
            | SlotEvent::RescheduleDeclined { .. }
            | SlotEvent::RescheduleExpired { .. }
            | SlotEvent::LessonStarted { .. }
            | SlotEvent::LessonCompleted { .. }
            | SlotEvent::NoShowRecorded { .. }
            | SlotEvent::LessonReported { .. }
            | SlotEvent::LessonReviewed { .. }
            | SlotEvent::ReminderSent { .. }
            | SlotEvent::WaitlistEntered { .. }
            | SlotEvent::WaitlistRemoved { .. } => Vec::new(),
        }
    }
}
