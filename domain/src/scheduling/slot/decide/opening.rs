//! Decides the opening of a slot and its changes.

use jiff::Timestamp;

use super::super::commands::NewSlot;
use super::super::error::SlotError;
use super::super::events::{BookedBy, SlotChanges, SlotEvent};
use super::super::slot::{Lesson, Slot, SlotStatus};
use super::super::validate::{place_of, refuse_invalid, time_problems};
use crate::decider::Decision;
use crate::ids::AccountId;
use crate::scheduling::policy::CANCELLATION_POLICY;
use crate::scheduling::terms::SlotTerms;

/// Opens a slot; members of a class, or the student of a request, are booked from the start.
pub(super) fn open(new: &NewSlot, now: Timestamp) -> Decision<Slot> {
    let terms = SlotTerms {
        place: new.terms.place.as_ref().map(|place| place_of(new.teacher, place)),
        ..new.terms.clone()
    };
    let mut problems = terms.problems();
    problems.extend(time_problems(new.period, now));
    refuse_invalid(problems)?;
    if new.period.starts_at <= now {
        return Err(SlotError::InPast);
    }
    let members = u16::try_from(new.members.len()).unwrap_or(u16::MAX);
    if members > terms.capacity {
        return Err(SlotError::SeatsTaken { taken: members });
    }
    for (i, (booking_id, student)) in new.members.iter().enumerate() {
        if *student == new.teacher {
            return Err(SlotError::OwnSlot);
        }
        if new.members[..i].iter().any(|(other, who)| other == booking_id || who == student) {
            return Err(SlotError::AlreadyBooked);
        }
    }
    let booked_by = if new.request_id.is_some() { BookedBy::Request } else { BookedBy::Class };
    let seats = new.members.iter().map(|(booking_id, student)| SlotEvent::SeatBooked {
        booking_id: *booking_id,
        student: *student,
        note: None,
        price: terms.price,
        booked_by,
        hold_id: None,
        starts_at: new.period.starts_at,
        ends_at: new.period.ends_at,
        policy: CANCELLATION_POLICY,
    });
    let opened = SlotEvent::SlotOpened {
        teacher: new.teacher,
        starts_at: new.period.starts_at,
        ends_at: new.period.ends_at,
        zone: new.zone.clone(),
        tzdb: new.tzdb.clone(),
        terms: terms.clone(),
        series_id: new.series_id,
        class_id: new.class_id,
        request_id: new.request_id,
    };
    Ok(std::iter::once(opened).chain(seats).collect())
}

impl Lesson {
    /// Changes the fields that differ. Time, subject, lesson type and format change only without bookings.
    /// Existing holds end with a new time, because they are for the earlier one.
    pub(super) fn change(&self, by: AccountId, changes: &SlotChanges, now: Timestamp) -> Decision<Slot> {
        self.check_teacher(by)?;
        if self.status != SlotStatus::Offered {
            return Err(self.closed());
        }
        let changes = self.differing(changes);
        if changes == SlotChanges::default() {
            return Ok(vec![]);
        }
        self.check_upcoming(now)?;
        let mut problems = changes.applied_to(&self.terms).problems();
        problems.extend(changes.period.into_iter().flat_map(|period| time_problems(period, now)));
        refuse_invalid(problems)?;
        let seats = self.seats(now);
        let mut taken = seats.booked + seats.held;
        let mut events = self.expired_hold_events(now);
        // What a student has booked changes only by a proposal that the student accepts. The price of a booking
        // is its own, so a new price is for later bookings.
        let changes_lesson = changes.period.is_some()
            || changes.subject.is_some()
            || changes.lesson_type.is_some()
            || changes.format.is_some();
        if changes_lesson && self.seats_taken() > 0 {
            return Err(SlotError::Booked);
        }
        if let Some(period) = changes.period {
            if period.starts_at <= now {
                return Err(SlotError::InPast);
            }
            let ended = self.end_own_holds(now);
            taken -= u16::try_from(ended.len()).unwrap_or(taken);
            events.extend(ended);
        }
        if changes.capacity.is_some_and(|capacity| capacity < taken) {
            return Err(SlotError::SeatsTaken { taken });
        }
        events.push(SlotEvent::SlotChanged { teacher: self.teacher, changes: Box::new(changes) });
        Ok(events)
    }

    /// Keeps only the changes that differ from the present terms.
    fn differing(&self, changes: &SlotChanges) -> SlotChanges {
        fn differs<T: Clone + PartialEq>(new: &Option<T>, present: &T) -> Option<T> {
            new.as_ref().filter(|new| *new != present).cloned()
        }
        let terms = &self.terms;
        let place = changes.place.as_ref().map(|place| place_of(self.teacher, place));
        SlotChanges {
            period: differs(&changes.period, &self.period),
            subject: differs(&changes.subject, &terms.subject),
            lesson_type: differs(&changes.lesson_type, &terms.lesson_type),
            format: differs(&changes.format, &terms.format),
            price: differs(&changes.price, &terms.price),
            capacity: differs(&changes.capacity, &terms.capacity),
            min_participants: changes.min_participants.filter(|least| terms.min_participants != Some(*least)),
            goals: differs(&changes.goals, &terms.goals),
            grades: differs(&changes.grades, &terms.grades),
            place: place.filter(|place| terms.place.as_ref() != Some(place)),
        }
    }
}
