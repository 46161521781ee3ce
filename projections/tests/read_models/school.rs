//! A history in which teachers offer slots and students book them, in events.

use domain::accounts::TimeZoneName;
use domain::scheduling::{
    BookedBy, CANCELLATION_POLICY, LessonFormat, LessonType, NoShow, Party, Period, Slot, SlotEvent,
    SlotTerms,
};
use domain::{AccountId, Actor, BookingId, Currency, Event, Money, Personal, Role, SlotId, StreamId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::history::History;

pub struct School {
    pub history: History,
    slots: u128,
    bookings: u128,
}

/// An offer; a test changes the fields that matter.
pub struct Offer {
    pub starts_at: &'static str,
    pub minutes: u16,
    pub zone: &'static str,
    pub amount: i64,
    pub currency: Currency,
    pub subject: &'static str,
    pub format: LessonFormat,
    pub lesson_type: LessonType,
    pub capacity: u16,
    pub grades: &'static [&'static str],
    pub goals: &'static [&'static str],
}

impl Offer {
    pub fn at(starts_at: &'static str) -> Self {
        Self {
            starts_at,
            minutes: 60,
            zone: "Europe/Moscow",
            amount: 150_000,
            currency: Currency::RUB,
            subject: "mathematics",
            format: LessonFormat::Online,
            lesson_type: LessonType::Regular,
            capacity: 1,
            grades: &[],
            goals: &[],
        }
    }

    fn period(&self) -> Period {
        Period::of_minutes(self.starts_at.parse().unwrap(), self.minutes).unwrap()
    }
}

impl School {
    pub fn new(seed: u64) -> Self {
        Self { history: History::new(seed), slots: 0, bookings: 0 }
    }

    pub fn teacher(&mut self, name: &str) -> AccountId {
        self.history.registers(Role::Teacher, name, name)
    }

    pub fn student(&mut self, name: &str) -> AccountId {
        self.history.registers(Role::Student, name, name)
    }

    pub fn offers(&mut self, teacher: AccountId, offer: &Offer) -> SlotId {
        self.slots += 1;
        let slot = SlotId(Uuid::from_u128(0x510700 + self.slots));
        let Period { starts_at, ends_at } = offer.period();
        let texts = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
        let terms = SlotTerms {
            subject: offer.subject.to_owned(),
            lesson_type: offer.lesson_type,
            format: offer.format,
            price: Money { amount: offer.amount, currency: offer.currency },
            capacity: offer.capacity,
            min_participants: None,
            goals: texts(offer.goals),
            grades: texts(offer.grades),
            place: None,
        };
        let event = SlotEvent::SlotOpened {
            teacher,
            starts_at,
            ends_at,
            zone: TimeZoneName::parse(offer.zone).unwrap(),
            tzdb: None,
            terms,
            series_id: None,
            class_id: None,
            request_id: None,
        };
        self.says(slot, event);
        slot
    }

    pub fn books(&mut self, slot: SlotId, student: AccountId) -> BookingId {
        let price = Money { amount: 150_000, currency: Currency::RUB };
        self.books_for(slot, student, price, BookedBy::Student)
    }

    pub fn books_for(
        &mut self,
        slot: SlotId,
        student: AccountId,
        price: Money,
        booked_by: BookedBy,
    ) -> BookingId {
        self.bookings += 1;
        let booking_id = BookingId(Uuid::from_u128(0xb00c00 + self.bookings));
        let starts_at: Timestamp = "2026-06-01T10:00:00Z".parse().unwrap();
        let event = SlotEvent::SeatBooked {
            booking_id,
            student,
            note: None,
            price,
            booked_by,
            hold_id: None,
            starts_at,
            ends_at: Period::of_minutes(starts_at, 60).unwrap().ends_at,
            policy: CANCELLATION_POLICY,
        };
        self.says(slot, event);
        booking_id
    }

    pub fn cancels(
        &mut self,
        slot: SlotId,
        booking_id: BookingId,
        student: AccountId,
        by: Party,
        reason: Option<Personal<String>>,
    ) {
        let fee = Money { amount: 0, currency: Currency::RUB };
        self.says(slot, SlotEvent::BookingCancelled { booking_id, student, by, reason, late: false, fee });
    }

    pub fn completes(&mut self, slot: SlotId, teacher: AccountId) {
        self.says(slot, SlotEvent::LessonStarted { by: teacher });
        self.says(slot, SlotEvent::LessonCompleted { by: teacher });
    }

    pub fn misses(&mut self, slot: SlotId, booking_id: BookingId, student: AccountId) {
        self.says(slot, SlotEvent::NoShowRecorded { who: NoShow::Booking { booking_id, student } });
    }

    pub fn reviews(
        &mut self,
        slot: SlotId,
        booking_id: BookingId,
        (student, teacher): (AccountId, AccountId),
        rating: u8,
    ) {
        let text = Some(Personal::new(student, self.history.mark(student)));
        self.says(slot, SlotEvent::LessonReviewed { booking_id, student, teacher, rating, text });
    }

    pub fn says(&mut self, slot: SlotId, event: SlotEvent) {
        self.history.record(StreamId::of::<Slot>(slot), Actor::system("test"), Event::Slot(event));
    }
}
