//! Slots that are offered, booked, and then cancelled, missed or held and reviewed.

use commands::BackfillError;
use domain::accounts::TimeZoneName;
use domain::scheduling::{
    Booker, Initiator, LessonFormat, LessonType, NewBooking, NewSlot, NoShow, Period, Slot, SlotCommand,
    SlotTerms,
};
use domain::{BookingId, Command, Currency, HoldId, Money, RequestId, SlotId};
use jiff::{SignedDuration, Timestamp};

use super::{HOUR, HistoryGenerator, Member};
use crate::teachers::SUBJECTS;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// An offered slot.
#[derive(Clone, Copy)]
pub(super) struct Offer {
    pub id: SlotId,
    pub teacher: Member,
    pub opened: Timestamp,
    pub starts_at: Timestamp,
}

/// A booked seat.
#[derive(Clone, Copy)]
pub(super) struct Seat {
    pub booking_id: BookingId,
    pub student: Member,
    pub since: Timestamp,
}

impl HistoryGenerator {
    pub(super) fn add_lesson(&mut self, day: usize) -> Result<(), BackfillError> {
        let Some((teacher, starts_at)) = self.free_hour(day) else { return Ok(()) };
        let opened = self.instant_in(day);
        let offer = Offer { id: SlotId(self.id(opened)), teacher, opened, starts_at };
        let seats = if self.chance_of_one_in(8) { 4 } else { 1 };
        let slot = self.slot(&offer, seats, None);
        if self.slot_is(opened, teacher, &offer, SlotCommand::OpenSlot(Box::new(slot)))? {
            self.add_bookings(&offer, seats)?;
        }
        self.past.drop_stream::<Slot>(offer.id);
        Ok(())
    }

    fn add_bookings(&mut self, offer: &Offer, seats: u16) -> Result<(), BackfillError> {
        let wanted = match self.rng.below(100) {
            0..22 => 0,
            _ => 1 + self.rng.below(usize::from(seats)),
        };
        let (by, mut since) = (Initiator::Person(offer.teacher.id), offer.opened);
        let latest = offer.opened + offer.starts_at.duration_since(offer.opened) / 2;
        let mut taken = Vec::new();
        for _ in 0..wanted {
            since = self.between(since + MINUTE * 3, latest);
            let Some(student) = self.free_student(offer.starts_at) else { break };
            let Some(seat) = self.books(offer, student, since)? else { break };
            taken.push(seat);
            since = seat.since;
        }
        let Some(first) = taken.first().copied() else {
            if self.chance_of_one_in(4) {
                let at = self.between(latest, offer.starts_at - HOUR);
                self.slot_is(at, offer.teacher, offer, SlotCommand::WithdrawSlot { by, reason: None })?;
            }
            return Ok(());
        };
        let waits = if seats == 1 && self.chance_of_one_in(25) {
            self.join_waitlist(offer, first.since)?
        } else {
            None
        };
        match self.rng.below(100) {
            0..12 => {
                let until = offer.starts_at - if waits.is_some() { HOUR * 4 } else { MINUTE * 10 };
                let at = self.between(since.max(latest) + MINUTE * 5, until);
                self.cancels(offer, &first, at)?;
                taken.remove(0);
                if let Some(entry) = waits {
                    taken.extend(self.offer_seat(offer, &entry, at + MINUTE)?);
                }
            }
            12..14 => {
                let at = self.between(latest + MINUTE * 30, offer.starts_at - MINUTE * 10);
                let cancel = SlotCommand::CancelLesson { by, reason: None };
                self.slot_is(at, offer.teacher, offer, cancel)?;
                return Ok(());
            }
            _ => {
                if let Some(entry) = waits {
                    self.leave_waitlist(offer, &entry, offer.starts_at - HOUR)?;
                }
            }
        }
        self.end_lesson(offer, &taken)
    }

    /// Ends a lesson with these seats.
    pub(super) fn end_lesson(&mut self, offer: &Offer, seats: &[Seat]) -> Result<(), BackfillError> {
        let Some(first) = seats.first() else { return Ok(()) };
        let teacher = offer.teacher;
        if self.chance_of_one_in(100) {
            let who = NoShow::Teacher { teacher: teacher.id };
            let missed = SlotCommand::RecordNoShow { by: first.student.id, who };
            self.slot_is(offer.starts_at + MINUTE * 20, first.student, offer, missed)?;
            return Ok(());
        }
        let over = offer.starts_at + HOUR + SignedDuration::from_secs(self.rng.below(900) as i64);
        let by = teacher.id;
        if !self.slot_is(over, teacher, offer, SlotCommand::CompleteLesson { by })? {
            return Ok(());
        }
        let mut at = over;
        for seat in seats {
            at += MINUTE;
            if self.chance_of_one_in(20) {
                let who = NoShow::Booking { booking_id: seat.booking_id, student: seat.student.id };
                self.slot_is(at, teacher, offer, SlotCommand::RecordNoShow { by, who })?;
            } else if self.chance_of_one_in(3) {
                at = self.between(at, at + HOUR * 20);
                let rating = [5, 5, 5, 5, 4, 4, 4, 3, 2, 1][self.rng.below(10)];
                let text =
                    self.chance_of_one_in(3).then(|| "Всё понятно и спокойно объясняет, спасибо!".to_owned());
                let review = SlotCommand::ReviewLesson { by: seat.student.id, rating, text };
                self.slot_is(at, seat.student, offer, review)?;
            }
        }
        if self.chance_of_one_in(6) {
            let text = "Прошли новую тему, домашнее задание — номера 12 и 15.".to_owned();
            self.slot_is(at + MINUTE, teacher, offer, SlotCommand::ReportLesson { by, text })?;
        }
        Ok(())
    }

    /// Books a seat, with or without a hold, sometimes on behalf of the teacher. `None` after the end.
    fn books(
        &mut self,
        offer: &Offer,
        student: Member,
        at: Timestamp,
    ) -> Result<Option<Seat>, BackfillError> {
        let hold_id = self.chance_of_one_in(12).then(|| HoldId(self.id(at)));
        let mut since = at;
        if let Some(hold_id) = hold_id {
            let hold = SlotCommand::HoldSeat { hold_id, student: student.id };
            if !self.slot_is(at, student, offer, hold)? {
                return Ok(None);
            }
            since += MINUTE;
        }
        let by_teacher = hold_id.is_none() && self.chance_of_one_in(10);
        let (booker, by) = match by_teacher {
            true => (Booker::Teacher { teacher: offer.teacher.id, student: student.id }, offer.teacher),
            false => (Booker::Student(student.id), student),
        };
        let seat = Seat { booking_id: BookingId(self.id(since)), student, since };
        let booking = self.booking(&seat, booker, hold_id);
        if !self.slot_is(since, by, offer, booking)? {
            return Ok(None);
        }
        if self.chance_of_one_in(9) {
            self.add_conversation(offer.teacher, student, since + MINUTE)?;
        }
        Ok(Some(seat))
    }

    pub(super) fn booking(&mut self, seat: &Seat, booker: Booker, hold_id: Option<HoldId>) -> SlotCommand {
        SlotCommand::BookSeat(Box::new(NewBooking {
            booking_id: seat.booking_id,
            booker,
            note: self.chance_of_one_in(6).then(|| "Хочу разобрать последнюю контрольную.".to_owned()),
            hold_id,
        }))
    }

    fn cancels(&mut self, offer: &Offer, seat: &Seat, at: Timestamp) -> Result<bool, BackfillError> {
        let by = if self.chance_of_one_in(6) { offer.teacher } else { seat.student };
        let (booking_id, reason) = (seat.booking_id, None);
        let cancel = SlotCommand::CancelBooking { booking_id, by: Initiator::Person(by.id), reason };
        self.slot_is(at, by, offer, cancel)
    }

    pub(super) fn slot(&mut self, offer: &Offer, capacity: u16, request_id: Option<RequestId>) -> NewSlot {
        let amount = 80_000 + 10_000 * self.rng.below(18) as i64;
        let is_trial = request_id.is_none() && self.chance_of_one_in(6);
        NewSlot {
            teacher: offer.teacher.id,
            period: Period { starts_at: offer.starts_at, ends_at: offer.starts_at + HOUR },
            zone: TimeZoneName::default(),
            tzdb: None,
            terms: SlotTerms {
                // Each teacher has one subject.
                subject: SUBJECTS[offer.teacher.number as usize % SUBJECTS.len()].to_owned(),
                lesson_type: if is_trial { LessonType::Trial } else { LessonType::Regular },
                format: if capacity > 1 { LessonFormat::MiniGroup } else { LessonFormat::Online },
                price: Money { amount, currency: Currency::RUB },
                capacity,
                min_participants: None,
                goals: Vec::new(),
                grades: Vec::new(),
                place: None,
            },
            series_id: None,
            class_id: None,
            request_id,
            members: Vec::new(),
        }
    }

    pub(super) fn slot_is(
        &mut self,
        at: Timestamp,
        who: Member,
        offer: &Offer,
        command: SlotCommand,
    ) -> Result<bool, BackfillError> {
        self.record(at, who, vec![Command::Slot(offer.id, command)])
    }

    /// A teacher and a full hour of the next two weeks in which they are free.
    pub(super) fn free_hour(&mut self, day: usize) -> Option<(Member, Timestamp)> {
        for _ in 0..8 {
            let number = self.rng.below(self.teachers.len().max(1));
            let teacher = *self.teachers.get(number)?;
            let later = 1 + self.rng.below(13);
            let starts_at = self.midnight(day + later) + HOUR * (8 + self.rng.below(13) as i32);
            if self.is_free(teacher, starts_at) {
                return Some((teacher, starts_at));
            }
        }
        None
    }

    pub(super) fn free_student(&mut self, starts_at: Timestamp) -> Option<Member> {
        for _ in 0..8 {
            let number = self.rng.below(self.students.len().max(1));
            let student = *self.students.get(number)?;
            if self.is_free(student, starts_at) {
                return Some(student);
            }
        }
        None
    }
}
