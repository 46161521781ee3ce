//! Waitlist of full lessons.

use commands::BackfillError;
use domain::scheduling::{
    Booker, HoldEnd, Initiator, SlotCommand, WAITLIST_OFFER, WaitEnd, WaitlistCommand, WaitlistEntry,
};
use domain::{BookingId, Command, HoldId, WaitlistEntryId};
use jiff::{SignedDuration, Timestamp};

use super::lessons::{Offer, Seat};
use super::{CommandActor, HistoryGenerator, Member};

const NEXT_STEP: SignedDuration = SignedDuration::from_mins(2);

/// A waitlist entry.
#[derive(Clone, Copy)]
pub(super) struct WaitlistedStudent {
    id: WaitlistEntryId,
    student: Member,
}

impl HistoryGenerator {
    /// Adds the first waitlist entry of a full lesson.
    pub(super) fn join_waitlist(
        &mut self,
        offer: &Offer,
        after: Timestamp,
    ) -> Result<Option<WaitlistedStudent>, BackfillError> {
        let Some(student) = self.free_student(offer.starts_at) else { return Ok(None) };
        let at = after + NEXT_STEP;
        let (entry_id, position) = (WaitlistEntryId(self.id(at)), 1);
        let (slot_id, id) = (offer.id, student.id);
        let commands = vec![
            Command::Slot(slot_id, SlotCommand::EnterWaitlist { entry_id, student: id, position }),
            Command::Waitlist(entry_id, WaitlistCommand::JoinWaitlist { slot_id, student: id, position }),
        ];
        Ok(self.record(at, student, commands)?.then_some(WaitlistedStudent { id: entry_id, student }))
    }

    /// Offers a free seat; most students accept it.
    pub(super) fn offer_seat(
        &mut self,
        offer: &Offer,
        waits: &WaitlistedStudent,
        at: Timestamp,
    ) -> Result<Option<Seat>, BackfillError> {
        let (entry_id, hold_id) = (waits.id, HoldId(self.id(at)));
        let expires_at = at + WAITLIST_OFFER;
        let offered = vec![
            Command::Slot(offer.id, SlotCommand::OfferSeat { entry_id, hold_id, expires_at }),
            Command::Waitlist(entry_id, WaitlistCommand::ReceiveOffer { hold_id, expires_at }),
        ];
        if !self.record(at, CommandActor::System("waitlist"), offered)? {
            return Ok(None);
        }
        let since = self.between(at + NEXT_STEP, expires_at - NEXT_STEP);
        let (student, booking_id) = (waits.student.id, BookingId(self.id(since)));
        let seat = Seat { booking_id, student: waits.student, since };
        let takes = !self.chance_of_one_in(4);
        let answered = if takes {
            let booking = self.booking(&seat, Booker::Waitlist(student), Some(hold_id));
            vec![
                Command::Waitlist(entry_id, WaitlistCommand::AcceptOffer { student, booking_id }),
                Command::Slot(offer.id, booking),
            ]
        } else {
            vec![
                Command::Waitlist(entry_id, WaitlistCommand::DeclineOffer { student }),
                Command::Slot(offer.id, SlotCommand::EndOffer { hold_id, cause: HoldEnd::Cancelled }),
            ]
        };
        let answered = self.record(since, waits.student, answered)?;
        self.past.drop_stream::<WaitlistEntry>(entry_id);
        Ok((takes && answered).then_some(seat))
    }

    pub(super) fn leave_waitlist(
        &mut self,
        offer: &Offer,
        waits: &WaitlistedStudent,
        at: Timestamp,
    ) -> Result<(), BackfillError> {
        let (entry_id, by) = (waits.id, Initiator::Person(waits.student.id));
        let commands = vec![
            Command::Waitlist(entry_id, WaitlistCommand::LeaveWaitlist { by }),
            Command::Slot(offer.id, SlotCommand::LeaveWaitlist { entry_id, cause: WaitEnd::Left }),
        ];
        self.record(at, waits.student, commands)?;
        self.past.drop_stream::<WaitlistEntry>(entry_id);
        Ok(())
    }
}
