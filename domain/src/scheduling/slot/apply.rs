//! Applies events to a slot; cannot fail and holds no rule.

use std::collections::BTreeSet;
use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;

use super::commands::SlotCommand;
use super::error::SlotError;
use super::events::{NoShow, SlotChanges, SlotEvent};
use super::slot::{Booking, BookingStatus, Hold, Lesson, Proposal, Slot, SlotStatus, WaitlistedStudent};
use crate::clock::Clock;
use crate::decider::Decider;
use crate::ids::BookingId;
use crate::scheduling::terms::Period;

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

impl Slot {
    pub(super) fn applied(&mut self, event: SlotEvent) {
        if let SlotEvent::SlotOpened {
            teacher,
            starts_at,
            ends_at,
            zone,
            terms,
            series_id,
            class_id,
            request_id,
            ..
        } = event
        {
            *self = Slot::Opened(Box::new(Lesson {
                teacher,
                period: Period { starts_at, ends_at },
                zone,
                terms,
                series_id,
                class_id,
                request_id,
                status: SlotStatus::Offered,
                holds: Vec::new(),
                bookings: Vec::new(),
                waitlist: Vec::new(),
                proposal: None,
                reported: false,
                teacher_absent: false,
                reminders: BTreeSet::new(),
            }));
        } else if let Slot::Opened(lesson) = self {
            lesson.applied(event);
        }
    }
}

impl Lesson {
    fn applied(&mut self, event: SlotEvent) {
        match event {
            SlotEvent::SlotOpened { .. } => {}
            SlotEvent::SlotChanged { changes, .. } => self.changed(&changes),
            SlotEvent::SlotWithdrawn { .. } => self.status = SlotStatus::Withdrawn,
            SlotEvent::SeatHeld { hold_id, student, expires_at, offered_to } => {
                self.holds.push(Hold { hold_id, student, expires_at, offered_to });
            }
            SlotEvent::HoldReleased { hold_id, .. } => self.holds.retain(|hold| hold.hold_id != hold_id),
            SlotEvent::SeatBooked {
                booking_id, student, note, price, booked_by, hold_id, policy, ..
            } => {
                self.holds.retain(|hold| Some(hold.hold_id) != hold_id);
                let (status, reviewed) = (BookingStatus::Booked, false);
                self.seat(Booking { booking_id, student, note, price, booked_by, policy, status, reviewed });
            }
            SlotEvent::BookingMovedIn { booking_id, student, note, price, booked_by, policy, .. } => {
                let (status, reviewed) = (BookingStatus::Booked, false);
                self.seat(Booking { booking_id, student, note, price, booked_by, policy, status, reviewed });
            }
            SlotEvent::BookingCancelled { booking_id, .. } => {
                self.booking_mut(booking_id, |booking| booking.status = BookingStatus::Cancelled);
            }
            SlotEvent::BookingMovedOut { booking_id, .. } => {
                self.booking_mut(booking_id, |booking| booking.status = BookingStatus::MovedOut);
            }
            SlotEvent::LessonCancelled { .. } => self.status = SlotStatus::Cancelled,
            SlotEvent::RescheduleProposed { proposal_id, by, proposer, starts_at, ends_at, expires_at } => {
                let to = Period { starts_at, ends_at };
                let accepted = BTreeSet::new();
                self.proposal = Some(Proposal { proposal_id, by, proposer, to, expires_at, accepted });
            }
            SlotEvent::RescheduleAccepted { by, .. } => {
                if let Some(proposal) = &mut self.proposal {
                    proposal.accepted.insert(by);
                }
            }
            SlotEvent::RescheduleDeclined { .. } | SlotEvent::RescheduleExpired { .. } => {
                self.proposal = None
            }
            SlotEvent::LessonMoved { to, .. } => {
                self.period = to;
                self.proposal = None;
            }
            SlotEvent::LessonStarted { .. } => self.status = SlotStatus::Started,
            SlotEvent::LessonCompleted { .. } => self.status = SlotStatus::Completed,
            SlotEvent::NoShowRecorded { who: NoShow::Booking { booking_id, .. } } => {
                self.booking_mut(booking_id, |booking| booking.status = BookingStatus::NoShow);
            }
            SlotEvent::NoShowRecorded { who: NoShow::Teacher { .. } } => self.teacher_absent = true,
            SlotEvent::LessonReported { .. } => self.reported = true,
            SlotEvent::LessonReviewed { booking_id, .. } => {
                self.booking_mut(booking_id, |booking| booking.reviewed = true);
            }
            SlotEvent::ReminderSent { person, lead, starts_at } => {
                self.reminders.insert((person, lead, starts_at));
            }
            SlotEvent::WaitlistEntered { entry_id, student } => {
                self.waitlist.push(WaitlistedStudent { entry_id, student });
            }
            SlotEvent::WaitlistRemoved { entry_id, .. } => {
                self.waitlist.retain(|waiting| waiting.entry_id != entry_id);
            }
        }
    }

    /// A booking that moves back keeps its id and replaces its earlier entry here.
    fn seat(&mut self, booking: Booking) {
        self.bookings.retain(|known| known.booking_id != booking.booking_id);
        self.bookings.push(booking);
    }

    fn booking_mut(&mut self, booking_id: BookingId, change: impl FnOnce(&mut Booking)) {
        if let Some(booking) = self.bookings.iter_mut().find(|booking| booking.booking_id == booking_id) {
            change(booking);
        }
    }

    fn changed(&mut self, changes: &SlotChanges) {
        self.terms = changes.applied_to(&self.terms);
        self.period = changes.period.unwrap_or(self.period);
    }
}
