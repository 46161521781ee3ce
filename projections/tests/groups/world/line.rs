//! Waitlist actions of students.

use super::*;

impl World {
    pub async fn joins(&self, slot_id: SlotId, student: AccountId) -> WaitlistEntryId {
        let entry_id = WaitlistEntryId(RandomIds.next());
        let position = u32::try_from(self.lesson(slot_id).await.waitlist.len()).unwrap() + 1;
        let commands = vec![
            Command::Slot(slot_id, SlotCommand::EnterWaitlist { entry_id, student, position }),
            Command::Waitlist(entry_id, WaitlistCommand::JoinWaitlist { slot_id, student, position }),
        ];
        self.answers(commands).await.unwrap();
        entry_id
    }

    /// Waits until a seat is offered; returns its hold and deadline.
    pub async fn is_offered(&self, entry_id: WaitlistEntryId) -> (HoldId, Timestamp) {
        eventually_some("a seat is offered", async || match self.status(entry_id).await {
            WaitlistStatus::Offered { hold_id, expires_at } => Some((hold_id, expires_at)),
            _ => None,
        })
        .await
    }

    pub async fn becomes(&self, entry_id: WaitlistEntryId, status: WaitlistStatus) {
        eventually(&format!("a place in the line becomes {status:?}"), async || {
            self.status(entry_id).await == status
        })
        .await;
    }

    pub async fn accepts(&self, slot_id: SlotId, entry_id: WaitlistEntryId, student: AccountId) -> Answer {
        let booking_id = BookingId(RandomIds.next());
        let hold_id = match self.status(entry_id).await {
            WaitlistStatus::Offered { hold_id, .. } => Some(hold_id),
            _ => None,
        };
        self.answers(vec![
            Command::Waitlist(entry_id, WaitlistCommand::AcceptOffer { student, booking_id }),
            booking(slot_id, booking_id, Booker::Waitlist(student), hold_id),
        ])
        .await
    }

    pub async fn declines(&self, slot_id: SlotId, entry_id: WaitlistEntryId, student: AccountId) {
        let (hold_id, _) = self.is_offered(entry_id).await;
        let commands = vec![
            Command::Waitlist(entry_id, WaitlistCommand::DeclineOffer { student }),
            Command::Slot(slot_id, SlotCommand::EndOffer { hold_id, cause: HoldEnd::Cancelled }),
        ];
        self.answers(commands).await.unwrap();
    }

    pub async fn status(&self, entry_id: WaitlistEntryId) -> WaitlistStatus {
        match *self.bus.load::<WaitlistEntry>(entry_id).await.unwrap().state {
            WaitlistEntry::Joined { status, .. } => status,
            WaitlistEntry::Unjoined => panic!("no student joined as {entry_id}"),
        }
    }
}
