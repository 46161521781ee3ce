//! Facts of slots: offered, booked and held time, no-shows, and waitlists.

use domain::scheduling::{
    Cancellation, LessonAttendance, LessonFormat, LessonType, NoShow, Period, SeatChange, SlotEffects,
    SlotEvent, SlotStatus, TimeChange, WaitlistChange,
};
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
            facts.extend(self.seats.iter().map(|seat| {
                let booking = ("booking", seat.booking_id);
                self.fact(Measure::LessonBooked, starts_at, kind, booking)
                    .with_detail(format)
                    .with_money(seat.price)
            }));
            facts.extend(self.unresolved_fact());
        }
        if let Some(at) = self.completed_at {
            let starts_at = self.period.starts_at;
            let held = |measure, at, entity| self.fact(measure, at, kind, entity).with_detail(format);
            for (index, seat) in self.attended_seats().enumerate() {
                if index == 0 {
                    facts.push(held(Measure::Held, at, lesson).with_value(minutes));
                    facts.push(held(Measure::LessonHeld, starts_at, lesson).with_value(minutes));
                }
                let booking = ("booking", seat.booking_id);
                facts.push(held(Measure::SeatHeld, at, booking).with_money(seat.price));
                facts.push(held(Measure::LessonSeatHeld, starts_at, booking).with_money(seat.price));
            }
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

    /// Returns the fact that the lesson is not completed, with the prices of its seats. It counts from the end of
    /// the lesson.
    fn unresolved_fact(&self) -> Option<Fact> {
        let first = self.seats.first().filter(|_| self.completed_at.is_none())?;
        let amount = self.seats.iter().map(|seat| seat.price.amount).sum();
        let price = Money { amount, currency: first.price.currency };
        let kind = self.lesson_type.as_str();
        let fact = self.fact(Measure::Unresolved, self.period.ends_at, kind, (ENTITY, self.id));
        Some(fact.with_detail(self.format.as_str()).with_money(price))
    }

    fn waitlist_fact(&self, entry: Uuid, since: Timestamp, class: &'static str) -> Fact {
        self.fact(Measure::Waitlist, since, class, ("waitlist_entry", entry))
    }

    /// Returns the seats of the students who came; none unless the lesson was held.
    fn attended_seats(&self) -> impl Iterator<Item = &TakenSeat> {
        let attendance = LessonAttendance {
            completed: self.completed_at.is_some(),
            teacher_absent: self.teacher_absent,
            absent: &self.absent,
        };
        self.seats.iter().filter(move |seat| attendance.has_attended(&seat.student))
    }

    fn attendees(&self) -> Vec<Uuid> {
        self.attended_seats().map(|seat| seat.student).collect()
    }

    /// Applies an event to the state, from which the current facts follow.
    fn apply(&mut self, effects: &SlotEffects<'_>, at: Timestamp) {
        if let Some(changes) = effects.terms {
            self.lesson_type = changes.lesson_type.unwrap_or(self.lesson_type);
            self.format = changes.format.unwrap_or(self.format);
            if let Some(subject) = &changes.subject {
                self.subject.clone_from(subject);
            }
        }
        self.period = effects.time.map_or(self.period, TimeChange::period);
        match effects.status {
            Some(SlotStatus::Withdrawn | SlotStatus::Cancelled) => self.offered = false,
            Some(SlotStatus::Completed) => self.completed_at = Some(at),
            Some(SlotStatus::Offered | SlotStatus::Started) | None => {}
        }
        match effects.seat {
            Some(SeatChange::Taken { booking_id, student, price, .. }) => {
                let (booking_id, student) = (booking_id.uuid(), student.uuid());
                self.seats.push(TakenSeat { booking_id, student, price });
            }
            Some(SeatChange::Freed { booking_id, .. }) => {
                self.seats.retain(|seat| seat.booking_id != booking_id.uuid());
            }
            None => {}
        }
        match effects.absence {
            Some(NoShow::Booking { student, .. }) => self.absent.push(student.uuid()),
            Some(NoShow::Teacher { .. }) => self.teacher_absent = true,
            None => {}
        }
        match effects.waitlist {
            Some(WaitlistChange::Entered { entry_id, .. }) => self.waitlist.push((entry_id.uuid(), at)),
            Some(WaitlistChange::Removed { entry_id, .. }) => {
                self.waitlist.retain(|(entry, _)| *entry != entry_id.uuid());
            }
            None => {}
        }
    }

    /// Returns the facts that an event adds and that never end.
    fn one_time_facts(&self, effects: &SlotEffects<'_>, at: Timestamp) -> Vec<Fact> {
        let lesson_type = self.lesson_type.as_str();
        let booking = |booking_id: BookingId| ("booking", booking_id.uuid());
        let mut facts = Vec::new();
        match effects.seat {
            Some(SeatChange::Taken { booking_id, price, booked_by, moved_from: None, .. }) => {
                let booked = self.fact(Measure::Booked, at, lesson_type, booking(booking_id));
                facts.push(booked.with_detail(booked_by.as_str()).with_money(price));
            }
            Some(SeatChange::Freed { booking_id, cancellation: Some(cancellation), .. }) => {
                let Cancellation { by, late, fee } = cancellation;
                let cancelled = self.fact(Measure::Cancelled, at, by.as_str(), booking(booking_id));
                facts.push(cancelled.with_detail(if late { "late" } else { "in_time" }).with_money(fee));
            }
            // A booking that moves is neither new nor cancelled.
            Some(SeatChange::Taken { .. } | SeatChange::Freed { .. }) | None => {}
        }
        if let Some(who) = effects.absence {
            let (class, entity) = match who {
                NoShow::Booking { booking_id, .. } => ("student", booking(booking_id)),
                NoShow::Teacher { .. } => ("teacher", (ENTITY, self.id)),
            };
            facts.push(self.fact(Measure::NoShow, at, class, entity).with_detail(lesson_type));
        }
        if let Some(WaitlistChange::Removed { entry_id, cause }) = effects.waitlist {
            let entry = entry_id.uuid();
            let since = self.waitlist.iter().find(|(waiting, _)| *waiting == entry).map(|(_, since)| *since);
            facts.extend(since.map(|since| self.waitlist_fact(entry, since, cause.as_str())));
        }
        facts
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

/// Returns whether an event can add or end a fact, and so needs the stored state of its slot.
pub(super) fn can_change_facts(event: &SlotEvent) -> bool {
    // No effect is left out, so that a new kind of effect must be decided here.
    let SlotEffects { status, time, terms, seat, waitlist, absence, involvement: _, hold: _, proposal: _ } =
        event.effects();
    status.is_some_and(|status| status != SlotStatus::Started)
        || time.is_some()
        || terms.is_some()
        || seat.is_some()
        || waitlist.is_some()
        || absence.is_some()
}

impl Tracked<SlotFacts> {
    /// Applies a later event. Returns for whom the lesson counts now, and for whom it no longer counts.
    pub fn apply(&mut self, event: &SlotEvent, recorder: &mut FactRecorder) -> Vec<(Uuid, i32)> {
        let at = recorder.recorded_at();
        let effects = event.effects();
        for fact in self.state.one_time_facts(&effects, at) {
            recorder.add_fact(fact);
        }
        let before = self.state.attendees();
        self.update(recorder, |slot| slot.apply(&effects, at));
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
