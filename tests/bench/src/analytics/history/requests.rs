//! Lesson requests: made, offered to a teacher, and then accepted, withdrawn or expired.

use commands::BackfillError;
use domain::scheduling::{
    Booker, LessonFormat, LessonRequest, LessonRequestCommand, NewRequest, Offer as Asked, REQUEST_BEFORE,
    RULES_VERSION, RequestTerms, Slot, SlotCommand,
};
use domain::{BookingId, Command, Currency, Money, Reason, RequestId, SlotId};
use jiff::{SignedDuration, Timestamp};

use super::lessons::{Offer, Seat};
use super::{CommandActor, HOUR, HistoryGenerator, Member};
use crate::teachers::SUBJECTS;

impl HistoryGenerator {
    pub(super) fn add_lesson_request(&mut self, day: usize) -> Result<(), BackfillError> {
        let Some((teacher, starts_at)) = self.free_hour(day + 1) else { return Ok(()) };
        let Some(student) = self.free_student(starts_at) else { return Ok(()) };
        // A student has one place for open requests; here it is used once.
        if !self.asked.insert(student.number) {
            return Ok(());
        }
        let at = self.instant_in(day);
        let id = RequestId(self.id(at));
        let request = LessonRequestCommand::RequestLesson(Box::new(request(student, teacher, starts_at)));
        if !self.request(at, student.into(), id, request)? {
            return Ok(());
        }
        let offers = vec![Asked { teacher: teacher.id, reasons: vec![Reason::rule("subject")] }];
        let (rules_version, considered, excluded) = (RULES_VERSION, 12, Vec::new());
        let next_wave_at = None;
        let found =
            LessonRequestCommand::OfferRequest { rules_version, considered, offers, excluded, next_wave_at };
        let found_at = at + SignedDuration::from_secs(4);
        if !self.request(found_at, CommandActor::System("requests"), id, found)? {
            return Ok(());
        }
        let expires_at = starts_at - REQUEST_BEFORE;
        let answered = self.between(found_at + HOUR / 2, expires_at - HOUR / 2);
        match self.rng.below(10) {
            0 => {
                let cancel = LessonRequestCommand::CancelRequest { student: student.id };
                self.request(answered, student.into(), id, cancel)?;
            }
            1..=3 => {
                let expire = LessonRequestCommand::ExpireRequest;
                self.request(expires_at, CommandActor::System("requests"), id, expire)?;
            }
            _ => self.is_taken(id, (student, teacher), starts_at, answered)?,
        }
        self.past.drop_stream::<LessonRequest>(id);
        Ok(())
    }

    fn is_taken(
        &mut self,
        id: RequestId,
        (student, teacher): (Member, Member),
        starts_at: Timestamp,
        at: Timestamp,
    ) -> Result<(), BackfillError> {
        let offer = Offer { id: SlotId(self.id(at)), teacher, opened: at, starts_at };
        let slot = self.slot(&offer, 1, Some(id));
        let price = slot.terms.price;
        let seat = Seat { booking_id: BookingId(self.id(at)), student, since: at };
        let accept = LessonRequestCommand::AcceptRequest { teacher: teacher.id, slot_id: offer.id, price };
        let booker = Booker::Request { teacher: teacher.id, student: student.id };
        let commands = vec![
            Command::Request(id, accept),
            Command::Slot(offer.id, SlotCommand::OpenSlot(Box::new(slot))),
            Command::Slot(offer.id, self.booking(&seat, booker, None)),
        ];
        if self.record(at, teacher, commands)? {
            self.end_lesson(&offer, &[seat])?;
        }
        self.past.drop_stream::<Slot>(offer.id);
        Ok(())
    }

    fn request(
        &mut self,
        at: Timestamp,
        who: CommandActor,
        id: RequestId,
        command: LessonRequestCommand,
    ) -> Result<bool, BackfillError> {
        self.record(at, who, vec![Command::Request(id, command)])
    }
}

fn request(student: Member, teacher: Member, starts_at: Timestamp) -> NewRequest {
    NewRequest {
        student: student.id,
        terms: RequestTerms {
            grade: "9".to_owned(),
            subject: SUBJECTS[teacher.number as usize % SUBJECTS.len()].to_owned(),
            goals: vec!["oge".to_owned()],
            experience: None,
            duration_minutes: 60,
            format: LessonFormat::Online,
            city: None,
            starts_at,
            max_price: Some(Money { amount: 500_000, currency: Currency::RUB }),
        },
        comment: Some("Лучше вечером, до экзамена остался месяц.".to_owned()),
        place: 0,
    }
}
