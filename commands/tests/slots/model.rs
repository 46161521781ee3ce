//! A simple model of all slots, from the log alone.
//! It finds seats that are sold twice, people in two lessons at once, and bookings without a slot.

use std::collections::BTreeMap;

use commands::Bus;
use domain::scheduling::{SlotEvent, WaitlistEvent};
use domain::{AccountId, BookingId, Event, EventLog, HoldId, Position, RecordedEvent, WaitlistEntryId};
use jiff::Timestamp;

#[derive(Default)]
pub struct Model {
    slots: BTreeMap<String, Seats>,
    /// Slot of each booking; a booking is in one slot at most.
    pub bookings: BTreeMap<BookingId, (String, AccountId)>,
    pub entries: BTreeMap<WaitlistEntryId, bool>,
    /// Out of one slot (-1) or into another (+1), in the order of the streams; zero at the end of an append.
    in_the_air: BTreeMap<BookingId, i32>,
    pub events: BTreeMap<String, usize>,
}

#[derive(Default)]
struct Seats {
    teacher: Option<AccountId>,
    time: Option<(Timestamp, Timestamp)>,
    capacity: usize,
    held: BTreeMap<HoldId, AccountId>,
    booked: BTreeMap<BookingId, AccountId>,
    line: Vec<WaitlistEntryId>,
    off: bool,
}

impl Model {
    /// Reads the whole log in order and checks after every commit.
    pub async fn of(bus: &Bus) -> Self {
        let (log, mut model, mut position) = (bus.log(), Self::default(), Position::START);
        let mut commit = None;
        loop {
            let sealed = log.read(position, 1_000).await.unwrap();
            let Some(last) = sealed.last() else { break };
            position = last.position;
            for recorded in log.decode(&sealed).await.unwrap() {
                // Events of one commit share an instant: no reader sees a state between them.
                if commit.replace(recorded.recorded_at) != Some(recorded.recorded_at) {
                    model.check();
                }
                model.note(&recorded);
            }
        }
        model.check();
        model
    }

    fn note(&mut self, recorded: &RecordedEvent) {
        *self.events.entry(recorded.event.event_type()).or_default() += 1;
        match &recorded.event {
            Event::Slot(event) => self.note_slot(&recorded.stream.aggregate_id, event),
            Event::Waitlist(event) => {
                let entry = WaitlistEntryId(recorded.stream.aggregate_id.parse().unwrap());
                match event {
                    WaitlistEvent::SeatOffered { .. } => {}
                    WaitlistEvent::WaitlistJoined { .. } => {
                        self.entries.insert(entry, true);
                    }
                    _ => {
                        self.entries.insert(entry, false);
                    }
                }
            }
            _ => {}
        }
    }

    fn note_slot(&mut self, slot: &str, event: &SlotEvent) {
        let seats = self.slots.entry(slot.to_owned()).or_default();
        match event {
            SlotEvent::SlotOpened { teacher, starts_at, ends_at, terms, .. } => {
                assert!(seats.teacher.replace(*teacher).is_none(), "a slot is opened once");
                seats.time = Some((*starts_at, *ends_at));
                seats.capacity = terms.capacity.into();
            }
            SlotEvent::SeatHeld { hold_id, student, .. } => {
                seats.held.insert(*hold_id, *student);
            }
            SlotEvent::HoldReleased { hold_id, .. } => {
                seats.held.remove(hold_id);
            }
            SlotEvent::SeatBooked { booking_id, student, hold_id, .. } => {
                if let Some(hold_id) = hold_id {
                    seats.held.remove(hold_id);
                }
                seats.booked.insert(*booking_id, *student);
                let at = (slot.to_owned(), *student);
                assert!(self.bookings.insert(*booking_id, at).is_none(), "a booking is made once");
            }
            SlotEvent::BookingMovedIn { booking_id, student, .. } => {
                *self.in_the_air.entry(*booking_id).or_default() += 1;
                seats.booked.insert(*booking_id, *student);
                self.bookings.insert(*booking_id, (slot.to_owned(), *student));
            }
            SlotEvent::BookingMovedOut { booking_id, student, .. } => {
                assert!(seats.booked.remove(booking_id).is_some());
                *self.in_the_air.entry(*booking_id).or_default() -= 1;
                let at = (slot.to_owned(), *student);
                if self.bookings.get(booking_id) == Some(&at) {
                    self.bookings.remove(booking_id);
                }
            }
            SlotEvent::BookingCancelled { booking_id, .. } => {
                assert!(seats.booked.remove(booking_id).is_some(), "who cancels was booked");
                self.bookings.remove(booking_id);
            }
            SlotEvent::LessonMoved { to, .. } => seats.time = Some((to.starts_at, to.ends_at)),
            SlotEvent::WaitlistEntered { entry_id, .. } => seats.line.push(*entry_id),
            SlotEvent::WaitlistRemoved { entry_id, .. } => seats.line.retain(|entry| entry != entry_id),
            SlotEvent::SlotWithdrawn { .. } | SlotEvent::LessonCancelled { .. } => seats.off = true,
            _ => {}
        }
    }

    fn check(&self) {
        assert!(self.in_the_air.values().all(|balance| *balance == 0), "a booking left for nowhere");
        let mut times: BTreeMap<AccountId, Vec<(Timestamp, Timestamp)>> = BTreeMap::new();
        for seats in self.slots.values() {
            assert!(seats.held.len() + seats.booked.len() <= seats.capacity, "a seat is sold twice");
            assert!(!seats.off || seats.booked.is_empty() && seats.line.is_empty(), "people are left");
            if let (Some(time), false) = (seats.time, seats.off) {
                for person in seats.teacher.iter().chain(seats.booked.values()) {
                    times.entry(*person).or_default().push(time);
                }
            }
        }
        for (person, mut times) in times {
            times.sort();
            let apart = times.windows(2).all(|pair| pair[0].1 <= pair[1].0);
            assert!(apart, "{person} is in two places at once: {times:?}");
        }
    }

    /// Asserts that the waitlists of the slots agree with the entries.
    pub fn lines_agree(&self) {
        let mut waiting: Vec<_> =
            self.entries.iter().filter(|(_, waits)| **waits).map(|(id, _)| *id).collect();
        let mut in_line: Vec<_> = self.slots.values().flat_map(|seats| seats.line.clone()).collect();
        waiting.sort();
        in_line.sort();
        assert_eq!(waiting, in_line);
    }
}
