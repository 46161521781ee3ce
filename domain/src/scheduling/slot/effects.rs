//! Effects of an event on its slot, decided once for all read models and process managers.

use jiff::Timestamp;

use super::events::{BookedBy, NoShow, ReminderLead, SlotChanges, SlotEvent, WaitEnd};
use super::slot::SlotStatus;
use crate::ids::{AccountId, BookingId, HoldId, ProposalId, SlotId, WaitlistEntryId};
use crate::money::Money;
use crate::scheduling::terms::{Party, Period};

/// Effects of one event on its slot.
///
/// A read model or a process manager reads the effects that concern it. A new event is described here once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SlotEffects<'a> {
    pub involvement: Involvement,
    pub status: Option<SlotStatus>,
    pub time: Option<TimeChange<'a>>,
    pub terms: Option<&'a SlotChanges>,
    pub seat: Option<SeatChange>,
    pub hold: Option<HoldChange>,
    pub waitlist: Option<WaitlistChange>,
    pub proposal: Option<ProposalChange>,
    pub absence: Option<NoShow>,
}

/// Part of a slot that an event is about. It decides whom the event involves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Involvement {
    /// Only the teacher.
    Teacher,
    /// The teacher, the booked students, the students with a hold, and the waitlist.
    Everyone,
    /// The teacher and the booked students.
    Participants,
    /// The teacher and the booked students, who answer a proposal.
    Proposal(ProposalId),
    /// The teacher and the student of a booking.
    Booking { booking_id: BookingId, student: AccountId },
    /// The teacher and the student of a hold.
    Hold(HoldId),
    /// The teacher and the student of a waitlist entry.
    WaitlistEntry(WaitlistEntryId),
    /// The person who is reminded.
    Reminder { person: AccountId, lead: ReminderLead },
}

/// New time of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeChange<'a> {
    Opened(Period),
    /// The teacher changed a slot without bookings.
    Changed(Period),
    /// The lesson moved with its teacher and its booked students.
    Moved {
        from: Period,
        to: Period,
        people: &'a [AccountId],
    },
}

/// Seat that is taken or becomes free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeatChange {
    Taken {
        booking_id: BookingId,
        student: AccountId,
        price: Money,
        booked_by: BookedBy,
        starts_at: Timestamp,
        /// Slot from which the booking moved; `None` for a new booking.
        moved_from: Option<SlotId>,
    },
    Freed {
        booking_id: BookingId,
        student: AccountId,
        /// `None` if the booking moved to another slot.
        cancellation: Option<Cancellation>,
    },
}

/// Party that cancelled a booking, and the consequences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancellation {
    pub by: Party,
    pub late: bool,
    pub fee: Money,
}

/// Hold that begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldChange {
    Started {
        hold_id: HoldId,
        student: AccountId,
        expires_at: Timestamp,
        /// Waitlist entry to which the hold offers the seat.
        offered_to: Option<WaitlistEntryId>,
    },
    /// The hold ended without a booking.
    Released(HoldId),
    /// The hold became a booking.
    Booked(HoldId),
}

/// Waitlist entry that is added or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitlistChange {
    Entered { entry_id: WaitlistEntryId, student: AccountId },
    Removed { entry_id: WaitlistEntryId, cause: WaitEnd },
}

/// Proposal that is made, or that ends without a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProposalChange {
    Opened { proposal_id: ProposalId, expires_at: Timestamp },
    Ended(ProposalId),
}

impl TimeChange<'_> {
    /// Returns the new time.
    pub fn period(self) -> Period {
        match self {
            TimeChange::Opened(period) | TimeChange::Changed(period) => period,
            TimeChange::Moved { to, .. } => to,
        }
    }
}

impl HoldChange {
    /// Returns the hold that ended; `None` if the hold began.
    pub fn ended(self) -> Option<HoldId> {
        match self {
            HoldChange::Started { .. } => None,
            HoldChange::Released(hold_id) | HoldChange::Booked(hold_id) => Some(hold_id),
        }
    }
}

impl SlotEffects<'_> {
    /// Returns an event that involves these people and has no other effect.
    fn only(involvement: Involvement) -> Self {
        Self {
            involvement,
            status: None,
            time: None,
            terms: None,
            seat: None,
            hold: None,
            waitlist: None,
            proposal: None,
            absence: None,
        }
    }

    fn status(involvement: Involvement, status: SlotStatus) -> Self {
        Self { status: Some(status), ..Self::only(involvement) }
    }

    fn seat(seat: SeatChange) -> Self {
        let (SeatChange::Taken { booking_id, student, .. } | SeatChange::Freed { booking_id, student, .. }) =
            seat;
        Self { seat: Some(seat), ..Self::only(Involvement::Booking { booking_id, student }) }
    }

    fn ended_proposal(proposal_id: ProposalId) -> Self {
        let proposal = Some(ProposalChange::Ended(proposal_id));
        Self { proposal, ..Self::only(Involvement::Proposal(proposal_id)) }
    }
}

impl SlotEvent {
    /// Returns the effects of this event on its slot.
    pub fn effects(&self) -> SlotEffects<'_> {
        match self {
            SlotEvent::SlotOpened { starts_at, ends_at, .. } => SlotEffects {
                time: Some(TimeChange::Opened(Period { starts_at: *starts_at, ends_at: *ends_at })),
                ..SlotEffects::status(Involvement::Teacher, SlotStatus::Offered)
            },
            SlotEvent::SlotChanged { changes, .. } => SlotEffects {
                time: changes.period.map(TimeChange::Changed),
                terms: Some(changes),
                ..SlotEffects::only(Involvement::Everyone)
            },
            SlotEvent::SlotWithdrawn { .. } => {
                SlotEffects::status(Involvement::Everyone, SlotStatus::Withdrawn)
            }
            SlotEvent::SeatHeld { hold_id, student, expires_at, offered_to } => SlotEffects {
                hold: Some(HoldChange::Started {
                    hold_id: *hold_id,
                    student: *student,
                    expires_at: *expires_at,
                    offered_to: *offered_to,
                }),
                ..SlotEffects::only(Involvement::Hold(*hold_id))
            },
            SlotEvent::HoldReleased { hold_id, .. } => SlotEffects {
                hold: Some(HoldChange::Released(*hold_id)),
                ..SlotEffects::only(Involvement::Hold(*hold_id))
            },
            SlotEvent::SeatBooked { booking_id, student, price, booked_by, hold_id, starts_at, .. } => {
                SlotEffects {
                    hold: hold_id.map(HoldChange::Booked),
                    ..SlotEffects::seat(SeatChange::Taken {
                        booking_id: *booking_id,
                        student: *student,
                        price: *price,
                        booked_by: *booked_by,
                        starts_at: *starts_at,
                        moved_from: None,
                    })
                }
            }
            SlotEvent::BookingMovedIn {
                booking_id, student, price, booked_by, starts_at, from_slot, ..
            } => SlotEffects::seat(SeatChange::Taken {
                booking_id: *booking_id,
                student: *student,
                price: *price,
                booked_by: *booked_by,
                starts_at: *starts_at,
                moved_from: Some(*from_slot),
            }),
            SlotEvent::BookingCancelled { booking_id, student, by, late, fee, .. } => {
                SlotEffects::seat(SeatChange::Freed {
                    booking_id: *booking_id,
                    student: *student,
                    cancellation: Some(Cancellation { by: *by, late: *late, fee: *fee }),
                })
            }
            SlotEvent::BookingMovedOut { booking_id, student, .. } => SlotEffects::seat(SeatChange::Freed {
                booking_id: *booking_id,
                student: *student,
                cancellation: None,
            }),
            SlotEvent::LessonCancelled { .. } => {
                SlotEffects::status(Involvement::Everyone, SlotStatus::Cancelled)
            }
            SlotEvent::RescheduleProposed { proposal_id, expires_at, .. } => SlotEffects {
                proposal: Some(ProposalChange::Opened { proposal_id: *proposal_id, expires_at: *expires_at }),
                ..SlotEffects::only(Involvement::Proposal(*proposal_id))
            },
            SlotEvent::RescheduleAccepted { proposal_id, .. } => {
                SlotEffects::only(Involvement::Proposal(*proposal_id))
            }
            SlotEvent::RescheduleDeclined { proposal_id, .. }
            | SlotEvent::RescheduleExpired { proposal_id } => SlotEffects::ended_proposal(*proposal_id),
            SlotEvent::LessonMoved { from, to, people } => SlotEffects {
                time: Some(TimeChange::Moved { from: *from, to: *to, people }),
                ..SlotEffects::only(Involvement::Everyone)
            },
            SlotEvent::LessonStarted { .. } => {
                SlotEffects::status(Involvement::Participants, SlotStatus::Started)
            }
            SlotEvent::LessonCompleted { .. } => {
                SlotEffects::status(Involvement::Participants, SlotStatus::Completed)
            }
            SlotEvent::NoShowRecorded { who } => {
                SlotEffects { absence: Some(*who), ..SlotEffects::only(who.involvement()) }
            }
            SlotEvent::LessonReported { .. } => SlotEffects::only(Involvement::Participants),
            SlotEvent::LessonReviewed { booking_id, student, .. } => {
                SlotEffects::only(Involvement::Booking { booking_id: *booking_id, student: *student })
            }
            SlotEvent::ReminderSent { person, lead, .. } => {
                SlotEffects::only(Involvement::Reminder { person: *person, lead: *lead })
            }
            SlotEvent::WaitlistEntered { entry_id, student } => SlotEffects {
                waitlist: Some(WaitlistChange::Entered { entry_id: *entry_id, student: *student }),
                ..SlotEffects::only(Involvement::WaitlistEntry(*entry_id))
            },
            SlotEvent::WaitlistRemoved { entry_id, cause } => SlotEffects {
                waitlist: Some(WaitlistChange::Removed { entry_id: *entry_id, cause: *cause }),
                ..SlotEffects::only(Involvement::WaitlistEntry(*entry_id))
            },
        }
    }
}

impl NoShow {
    fn involvement(self) -> Involvement {
        match self {
            NoShow::Booking { booking_id, student } => Involvement::Booking { booking_id, student },
            NoShow::Teacher { .. } => Involvement::Participants,
        }
    }
}
