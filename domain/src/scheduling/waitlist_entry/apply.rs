//! Applies events to a waitlist entry; cannot fail and holds no rule.

use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;

use super::commands::WaitlistCommand;
use super::error::WaitlistError;
use super::events::WaitlistEvent;
use super::waitlist_entry::{WaitlistEntry, WaitlistStatus};
use crate::clock::Clock;
use crate::decider::Decider;

impl Aggregate for WaitlistEntry {
    const TYPE: &'static str = "WaitlistEntry";
    type Command = WaitlistCommand;
    type Event = WaitlistEvent;
    type Error = WaitlistError;
    type Services = Arc<dyn Clock>;

    async fn handle(
        &mut self,
        command: WaitlistCommand,
        clock: &Arc<dyn Clock>,
        sink: &EventSink<Self>,
    ) -> Result<(), WaitlistError> {
        for event in self.decide(&command, clock.now())? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: WaitlistEvent) {
        let next = match event {
            WaitlistEvent::WaitlistJoined { slot_id, student, position: _ } => {
                *self = WaitlistEntry::Joined { slot_id, student, status: WaitlistStatus::Waiting };
                return;
            }
            WaitlistEvent::SeatOffered { hold_id, expires_at } => {
                WaitlistStatus::Offered { hold_id, expires_at }
            }
            WaitlistEvent::OfferAccepted { booking_id: _ } => WaitlistStatus::Accepted,
            WaitlistEvent::OfferDeclined {} => WaitlistStatus::Declined,
            WaitlistEvent::OfferExpired {} => WaitlistStatus::Expired,
            WaitlistEvent::WaitlistLeft { closed: _ } => WaitlistStatus::Left,
        };
        if let WaitlistEntry::Joined { status, .. } = self {
            *status = next;
        }
    }
}
