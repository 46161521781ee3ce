//! The facts of slots: what was offered and booked, what was held, who did not come, who waits.

use domain::scheduling::{LessonFormat, LessonType, NoShow, Period, SlotEvent};
use domain::{BookingId, Money};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::fact::{Fact, Measure};
use super::ledger::{Kept, Ledger, Standing};

pub(super) const ENTITY: &str = "lesson";

/// An offered time, and who has to do with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Slot {
    id: Uuid,
    teacher: Uuid,
    subject: String,
    lesson_type: LessonType,
    format: LessonFormat,
    period: Period,
    /// Neither withdrawn nor cancelled.
    offered: bool,
    seats: Vec<Seat>,
    /// Students who did not come.
    absent: Vec<Uuid>,
    teacher_absent: bool,
    completed_at: Option<Timestamp>,
    /// Who stands in line, and since when.
    line: Vec<(Uuid, Timestamp)>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Seat {
    booking_id: Uuid,
    student: Uuid,
    price: Money,
}

impl Standing for Slot {
    fn standing(&self) -> Vec<Fact> {
        let mut facts = Vec::new();
        let (kind, format) = (self.lesson_type.as_str(), self.format.as_str());
        let minutes = self.period.minutes();
        let lesson = (ENTITY, self.id);
        if self.offered {
            let starts_at = self.period.starts_at;
            facts.push(self.fact(Measure::Offered, starts_at, format, lesson).detail(kind).value(minutes));
            if !self.seats.is_empty() {
                facts.push(self.fact(Measure::Taken, starts_at, format, lesson).detail(kind).value(minutes));
            }
        }
        if let Some(at) = self.completed_at {
            let mut attended = self.attended().peekable();
            if attended.peek().is_some() {
                facts.push(self.fact(Measure::Held, at, kind, lesson).detail(format).value(minutes));
            }
            facts.extend(attended.map(|seat| {
                let booking = ("booking", seat.booking_id);
                self.fact(Measure::SeatHeld, at, kind, booking).detail(format).money(seat.price)
            }));
        }
        facts.extend(self.line.iter().map(|(entry, since)| self.waits(*entry, *since, "waiting")));
        facts
    }
}

impl Slot {
    fn fact(
        &self,
        measure: Measure,
        at: Timestamp,
        class: &'static str,
        entity: (&'static str, Uuid),
    ) -> Fact {
        let fact = Fact::one(measure, at, class, entity).owned_by(Some(self.teacher));
        Fact { subject: Some(self.subject.clone()), ..fact }
    }

    fn waits(&self, entry: Uuid, since: Timestamp, class: &'static str) -> Fact {
        self.fact(Measure::Waitlist, since, class, ("waitlist_entry", entry))
    }

    /// The seats of those who came, of a lesson that is held (`scheduling/attendance.rs`).
    fn attended(&self) -> impl Iterator<Item = &Seat> {
        let held = self.completed_at.is_some() && !self.teacher_absent;
        self.seats.iter().filter(move |seat| held && !self.absent.contains(&seat.student))
    }

    fn credited(&self) -> Vec<Uuid> {
        self.attended().map(|seat| seat.student).collect()
    }

    fn sit(&mut self, booking_id: BookingId, student: Uuid, price: Money) {
        self.seats.push(Seat { booking_id: booking_id.uuid(), student, price });
    }

    fn leave(&mut self, booking_id: BookingId) {
        self.seats.retain(|seat| seat.booking_id != booking_id.uuid());
    }

    /// What follows from an event for as long as nothing else happens.
    fn apply(&mut self, event: &SlotEvent, at: Timestamp) {
        match event {
            SlotEvent::SlotChanged { changes, .. } => {
                self.period = changes.period.unwrap_or(self.period);
                self.lesson_type = changes.lesson_type.unwrap_or(self.lesson_type);
                self.format = changes.format.unwrap_or(self.format);
                if let Some(subject) = &changes.subject {
                    self.subject.clone_from(subject);
                }
            }
            SlotEvent::SlotWithdrawn { .. } | SlotEvent::LessonCancelled { .. } => self.offered = false,
            SlotEvent::SeatBooked { booking_id, student, price, .. }
            | SlotEvent::BookingMovedIn { booking_id, student, price, .. } => {
                self.sit(*booking_id, student.uuid(), *price);
            }
            SlotEvent::BookingCancelled { booking_id, .. }
            | SlotEvent::BookingMovedOut { booking_id, .. } => self.leave(*booking_id),
            SlotEvent::LessonMoved { to, .. } => self.period = *to,
            SlotEvent::LessonCompleted { .. } => self.completed_at = Some(at),
            SlotEvent::NoShowRecorded { who: NoShow::Booking { student, .. } } => {
                self.absent.push(student.uuid());
            }
            SlotEvent::NoShowRecorded { who: NoShow::Teacher { .. } } => self.teacher_absent = true,
            SlotEvent::WaitlistEntered { entry_id, .. } => self.line.push((entry_id.uuid(), at)),
            SlotEvent::WaitlistRemoved { entry_id, .. } => {
                self.line.retain(|(entry, _)| *entry != entry_id.uuid());
            }
            SlotEvent::SlotOpened { .. }
            | SlotEvent::SeatHeld { .. }
            | SlotEvent::HoldReleased { .. }
            | SlotEvent::RescheduleProposed { .. }
            | SlotEvent::RescheduleAccepted { .. }
            | SlotEvent::RescheduleDeclined { .. }
            | SlotEvent::RescheduleExpired { .. }
            | SlotEvent::LessonStarted { .. }
            | SlotEvent::LessonReported { .. }
            | SlotEvent::LessonReviewed { .. }
            | SlotEvent::ReminderSent { .. } => {}
        }
    }

    /// What an event says once and for all.
    fn said(&self, event: &SlotEvent, at: Timestamp) -> Option<Fact> {
        let kind = self.lesson_type.as_str();
        match event {
            SlotEvent::SeatBooked { booking_id, price, booked_by, .. } => {
                let booking = ("booking", booking_id.uuid());
                let booked = self.fact(Measure::Booked, at, kind, booking);
                Some(booked.detail(booked_by.as_str()).money(*price))
            }
            SlotEvent::BookingCancelled { booking_id, by, late, fee, .. } => {
                let cancelled =
                    self.fact(Measure::Cancelled, at, by.as_str(), ("booking", booking_id.uuid()));
                Some(cancelled.detail(if *late { "late" } else { "in_time" }).money(*fee))
            }
            SlotEvent::NoShowRecorded { who } => {
                let (class, entity) = match who {
                    NoShow::Booking { booking_id, .. } => ("student", ("booking", booking_id.uuid())),
                    NoShow::Teacher { .. } => ("teacher", (ENTITY, self.id)),
                };
                Some(self.fact(Measure::NoShow, at, class, entity).detail(kind))
            }
            SlotEvent::WaitlistRemoved { entry_id, cause } => {
                let entry = entry_id.uuid();
                let (_, since) = self.line.iter().find(|(waiting, _)| *waiting == entry)?;
                Some(self.waits(entry, *since, cause.as_str()))
            }
            _ => None,
        }
    }
}

/// A slot is opened; `None` for every later event.
pub(super) fn open(id: Uuid, event: &SlotEvent, ledger: &mut Ledger) -> Option<Kept<Slot>> {
    let SlotEvent::SlotOpened { teacher, starts_at, ends_at, terms, .. } = event else { return None };
    let slot = Slot {
        id,
        teacher: teacher.uuid(),
        subject: terms.subject.clone(),
        lesson_type: terms.lesson_type,
        format: terms.format,
        period: Period { starts_at: *starts_at, ends_at: *ends_at },
        offered: true,
        seats: Vec::new(),
        absent: Vec::new(),
        teacher_absent: false,
        completed_at: None,
        line: Vec::new(),
    };
    Some(Kept::begin(slot, ledger))
}

/// Whether an event can change a fact.
pub(super) fn concerns(event: &SlotEvent) -> bool {
    !matches!(
        event,
        SlotEvent::SeatHeld { .. }
            | SlotEvent::HoldReleased { .. }
            | SlotEvent::RescheduleProposed { .. }
            | SlotEvent::RescheduleAccepted { .. }
            | SlotEvent::RescheduleDeclined { .. }
            | SlotEvent::RescheduleExpired { .. }
            | SlotEvent::LessonStarted { .. }
            | SlotEvent::LessonReported { .. }
            | SlotEvent::LessonReviewed { .. }
            | SlotEvent::ReminderSent { .. }
    )
}

impl Kept<Slot> {
    /// Goes on with a later event; tells for whom the lesson counts now, and for whom no more.
    pub fn take(&mut self, event: &SlotEvent, ledger: &mut Ledger) -> Vec<(Uuid, i32)> {
        let at = ledger.at();
        if let Some(fact) = self.state.said(event, at) {
            ledger.make(fact);
        }
        let before = self.state.credited();
        self.change(ledger, |slot| slot.apply(event, at));
        let after = self.state.credited();
        let gained = after.iter().filter(|student| !before.contains(student)).map(|student| (*student, 1));
        let lost = before.iter().filter(|student| !after.contains(student)).map(|student| (*student, -1));
        gained.chain(lost).collect()
    }

    /// Whose lessons its events may touch.
    pub fn students(&self) -> impl Iterator<Item = Uuid> {
        self.state.seats.iter().map(|seat| seat.student)
    }
}
