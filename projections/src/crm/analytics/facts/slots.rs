//! Facts of slots: offered, booked and held time, no-shows, and waitlists.

use domain::scheduling::{LessonFormat, LessonType, NoShow, Period, SlotEvent};
use domain::{BookingId, Money};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::fact::{Fact, Measure};
use super::fact_recorder::{CurrentFacts, FactRecorder, Tracked};

pub(super) const ENTITY: &str = "lesson";

/// Slot with its teacher, students and waitlist.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct SlotFacts {
    id: Uuid,
    teacher: Uuid,
    subject: String,
    lesson_type: LessonType,
    format: LessonFormat,
    period: Period,
    /// `true` if the slot is neither withdrawn nor cancelled.
    offered: bool,
    seats: Vec<TakenSeat>,
    /// Students with a recorded no-show.
    absent: Vec<Uuid>,
    teacher_absent: bool,
    completed_at: Option<Timestamp>,
    /// Waitlist, with the time of joining.
    #[serde(rename = "line")]
    waitlist: Vec<(Uuid, Timestamp)>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct TakenSeat {
    booking_id: Uuid,
    student: Uuid,
    price: Money,
}

impl CurrentFacts for SlotFacts {
    fn current_facts(&self) -> Vec<Fact> {
        let mut facts = Vec::new();
        let (kind, format) = (self.lesson_type.as_str(), self.format.as_str());
        let minutes = self.period.minutes();
        let lesson = (ENTITY, self.id);
        if self.offered {
            let starts_at = self.period.starts_at;
            facts.push(
                self.fact(Measure::Offered, starts_at, format, lesson).with_detail(kind).with_value(minutes),
            );
            if !self.seats.is_empty() {
                facts.push(
                    self.fact(Measure::Taken, starts_at, format, lesson)
                        .with_detail(kind)
                        .with_value(minutes),
                );
            }
        }
        if let Some(at) = self.completed_at {
            let mut attended = self.attended_seats().peekable();
            if attended.peek().is_some() {
                facts
                    .push(self.fact(Measure::Held, at, kind, lesson).with_detail(format).with_value(minutes));
            }
            facts.extend(attended.map(|seat| {
                let booking = ("booking", seat.booking_id);
                self.fact(Measure::SeatHeld, at, kind, booking).with_detail(format).with_money(seat.price)
            }));
        }
        facts
            .extend(self.waitlist.iter().map(|(entry, since)| self.waitlist_fact(*entry, *since, "waiting")));
        facts
    }
}

impl SlotFacts {
    fn fact(
        &self,
        measure: Measure,
        at: Timestamp,
        class: &'static str,
        entity: (&'static str, Uuid),
    ) -> Fact {
        let fact = Fact::new(measure, at, class, entity).with_owner(Some(self.teacher));
        Fact { subject: Some(self.subject.clone()), ..fact }
    }

    fn waitlist_fact(&self, entry: Uuid, since: Timestamp, class: &'static str) -> Fact {
        self.fact(Measure::Waitlist, since, class, ("waitlist_entry", entry))
    }

    /// Returns the seats of present students if the lesson is held (`scheduling/attendance.rs`).
    fn attended_seats(&self) -> impl Iterator<Item = &TakenSeat> {
        let held = self.completed_at.is_some() && !self.teacher_absent;
        self.seats.iter().filter(move |seat| held && !self.absent.contains(&seat.student))
    }

    fn attendees(&self) -> Vec<Uuid> {
        self.attended_seats().map(|seat| seat.student).collect()
    }

    fn add_seat(&mut self, booking_id: BookingId, student: Uuid, price: Money) {
        self.seats.push(TakenSeat { booking_id: booking_id.uuid(), student, price });
    }

    fn remove_seat(&mut self, booking_id: BookingId) {
        self.seats.retain(|seat| seat.booking_id != booking_id.uuid());
    }

    /// Applies an event to the state, from which the current facts follow.
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
                self.add_seat(*booking_id, student.uuid(), *price);
            }
            SlotEvent::BookingCancelled { booking_id, .. }
            | SlotEvent::BookingMovedOut { booking_id, .. } => self.remove_seat(*booking_id),
            SlotEvent::LessonMoved { to, .. } => self.period = *to,
            SlotEvent::LessonCompleted { .. } => self.completed_at = Some(at),
            SlotEvent::NoShowRecorded { who: NoShow::Booking { student, .. } } => {
                self.absent.push(student.uuid());
            }
            SlotEvent::NoShowRecorded { who: NoShow::Teacher { .. } } => self.teacher_absent = true,
            SlotEvent::WaitlistEntered { entry_id, .. } => self.waitlist.push((entry_id.uuid(), at)),
            SlotEvent::WaitlistRemoved { entry_id, .. } => {
                self.waitlist.retain(|(entry, _)| *entry != entry_id.uuid());
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

    /// Returns the fact that an event adds and that never ends.
    fn one_time_fact(&self, event: &SlotEvent, at: Timestamp) -> Option<Fact> {
        let kind = self.lesson_type.as_str();
        match event {
            SlotEvent::SeatBooked { booking_id, price, booked_by, .. } => {
                let booking = ("booking", booking_id.uuid());
                let booked = self.fact(Measure::Booked, at, kind, booking);
                Some(booked.with_detail(booked_by.as_str()).with_money(*price))
            }
            SlotEvent::BookingCancelled { booking_id, by, late, fee, .. } => {
                let cancelled =
                    self.fact(Measure::Cancelled, at, by.as_str(), ("booking", booking_id.uuid()));
                Some(cancelled.with_detail(if *late { "late" } else { "in_time" }).with_money(*fee))
            }
            SlotEvent::NoShowRecorded { who } => {
                let (class, entity) = match who {
                    NoShow::Booking { booking_id, .. } => ("student", ("booking", booking_id.uuid())),
                    NoShow::Teacher { .. } => ("teacher", (ENTITY, self.id)),
                };
                Some(self.fact(Measure::NoShow, at, class, entity).with_detail(kind))
            }
            SlotEvent::WaitlistRemoved { entry_id, cause } => {
                let entry = entry_id.uuid();
                let (_, since) = self.waitlist.iter().find(|(waiting, _)| *waiting == entry)?;
                Some(self.waitlist_fact(entry, *since, cause.as_str()))
            }
            _ => None,
        }
    }
}

/// Returns the slot that an event opens, or `None` for every later event.
pub(super) fn start_tracking(
    id: Uuid,
    event: &SlotEvent,
    recorder: &mut FactRecorder,
) -> Option<Tracked<SlotFacts>> {
    let SlotEvent::SlotOpened { teacher, starts_at, ends_at, terms, .. } = event else { return None };
    let slot = SlotFacts {
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
        waitlist: Vec::new(),
    };
    Some(Tracked::new(slot, recorder))
}

/// Returns whether an event can change a fact.
pub(super) fn can_change_facts(event: &SlotEvent) -> bool {
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

impl Tracked<SlotFacts> {
    /// Applies a later event. Returns for whom the lesson counts now, and for whom it no longer counts.
    pub fn apply(&mut self, event: &SlotEvent, recorder: &mut FactRecorder) -> Vec<(Uuid, i32)> {
        let at = recorder.recorded_at();
        if let Some(fact) = self.state.one_time_fact(event, at) {
            recorder.add_fact(fact);
        }
        let before = self.state.attendees();
        self.update(recorder, |slot| slot.apply(event, at));
        let after = self.state.attendees();
        let gained = after.iter().filter(|student| !before.contains(student)).map(|student| (*student, 1));
        let lost = before.iter().filter(|student| !after.contains(student)).map(|student| (*student, -1));
        gained.chain(lost).collect()
    }

    /// Returns the students whose counted lessons the events of the slot may change.
    pub fn students(&self) -> impl Iterator<Item = Uuid> {
        self.state.seats.iter().map(|seat| seat.student)
    }
}
