//! The words for what happens to lessons.

use domain::AccountId;
use domain::notifications::{LessonFacts, RescheduleStep};
use domain::scheduling::{BookedBy, Party, ReminderLead};
use jiff::Timestamp;

use super::{Telling, Told};

impl Telling<'_> {
    pub(super) fn booked(&self, lesson: &LessonFacts, student: AccountId, booked_by: BookedBy) -> Told {
        let about = self.lesson(lesson);
        if student != self.reader.person {
            let who = self.say("ученик", "student");
            let body = format!("{about}; {who}: {}", self.name(student));
            return (self.say("К вам записались на урок", "A lesson with you was booked").to_owned(), body);
        }
        let title = match booked_by {
            BookedBy::Student => self.say("Вы записаны на урок", "Your lesson is booked"),
            BookedBy::Teacher => {
                self.say("Преподаватель записал вас на урок", "Your teacher booked a lesson for you")
            }
            BookedBy::Request => self.say("Урок по вашей заявке", "The lesson that you asked for"),
            BookedBy::Waitlist => {
                self.say("Вы записаны на урок из очереди", "You have a seat from the waitlist")
            }
            BookedBy::Class => self.say("Урок вашей группы", "A lesson of your class"),
        };
        (title.to_owned(), about)
    }

    pub(super) fn cancelled(&self, lesson: &LessonFacts, student: AccountId, by: Party) -> Told {
        let title = self.say("Урок отменён", "Lesson cancelled");
        let by = match by {
            Party::Student => self.say("отменил ученик", "cancelled by the student"),
            Party::Teacher => self.say("отменил преподаватель", "cancelled by the teacher"),
            Party::System => self.say("отменено школой", "cancelled by the school"),
        };
        let mut body = format!("{}; {by}", self.lesson(lesson));
        if student != self.reader.person {
            body += &format!(": {}", self.name(student));
        }
        (title.to_owned(), body)
    }

    pub(super) fn moved(&self, lesson: &LessonFacts, from: Timestamp, student: Option<AccountId>) -> Told {
        let (was, now) = (self.say("был", "was"), self.say("теперь", "now"));
        let mut body = format!("{was}: {}; {now}: {}", self.when(from), self.lesson(lesson));
        if let Some(student) = student.filter(|student| *student != self.reader.person) {
            body += &format!("; {}: {}", self.say("ученик", "student"), self.name(student));
        }
        (self.say("Урок перенесён", "Lesson moved").to_owned(), body)
    }

    pub(super) fn reminder(&self, lesson: &LessonFacts, lead: ReminderLead) -> Told {
        let title = match lead {
            ReminderLead::Day => self.say("Урок через сутки", "Your lesson is in a day"),
            ReminderLead::Hour => self.say("Урок через час", "Your lesson is in an hour"),
        };
        (title.to_owned(), self.lesson(lesson))
    }

    pub(super) fn reschedule(
        &self,
        lesson: &LessonFacts,
        step: RescheduleStep,
        by: Option<AccountId>,
        to: Timestamp,
    ) -> Told {
        let title = match step {
            RescheduleStep::Proposed => self.say("Предложено другое время урока", "Another time is proposed"),
            RescheduleStep::Declined => self.say("Перенос урока отклонён", "The other time was declined"),
            RescheduleStep::Expired => {
                self.say("На перенос урока не ответили", "Nobody answered about the other time")
            }
        };
        let mut body = format!("{} → {}", self.lesson(lesson), self.when(to));
        if let Some(by) = by {
            let who = match step {
                RescheduleStep::Proposed => self.say("предлагает", "proposed by"),
                RescheduleStep::Declined | RescheduleStep::Expired => self.say("отклонил(а)", "declined by"),
            };
            body += &format!("; {who}: {}", self.name(by));
        }
        (title.to_owned(), body)
    }

    pub(super) fn review(&self, lesson: &LessonFacts, student: AccountId, rating: u8) -> Told {
        let title = match self.reader.locale {
            domain::accounts::Locale::Ru => format!("Отзыв об уроке: {rating} из 5"),
            domain::accounts::Locale::En => format!("Your lesson was reviewed: {rating} of 5"),
        };
        let who = self.say("ученик", "student");
        (title, format!("{}; {who}: {}", self.lesson(lesson), self.name(student)))
    }

    pub(super) fn waitlist_offer(&self, lesson: &LessonFacts, expires_at: Timestamp) -> Told {
        let title = self.say("Для вас есть место", "There is a seat for you");
        let until = self.say("место ждёт до", "kept for you until");
        (title.to_owned(), format!("{}; {until} {}", self.lesson(lesson), self.when(expires_at)))
    }
}
