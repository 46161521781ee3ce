//! Texts of notifications about lessons.

use domain::AccountId;
use domain::notifications::{LessonFacts, RescheduleStep};
use domain::scheduling::{BookedBy, Party, ReminderLead};
use jiff::Timestamp;

use super::{TextBuilder, TitleAndBody};

impl TextBuilder<'_> {
    pub(super) fn booked(
        &self,
        lesson: &LessonFacts,
        student: AccountId,
        booked_by: BookedBy,
    ) -> TitleAndBody {
        let about = self.describe_lesson(lesson);
        if student != self.recipient.person {
            let who = self.pick("ученик", "student");
            let body = format!("{about}; {who}: {}", self.name_of(student));
            return (self.pick("К вам записались на урок", "A lesson with you was booked").to_owned(), body);
        }
        let title = match booked_by {
            BookedBy::Student => self.pick("Вы записаны на урок", "Your lesson is booked"),
            BookedBy::Teacher => {
                self.pick("Преподаватель записал вас на урок", "Your teacher booked a lesson for you")
            }
            BookedBy::Request => self.pick("Урок по вашей заявке", "The lesson that you asked for"),
            BookedBy::Waitlist => {
                self.pick("Вы записаны на урок из очереди", "You have a seat from the waitlist")
            }
            BookedBy::Class => self.pick("Урок вашей группы", "A lesson of your class"),
        };
        (title.to_owned(), about)
    }

    pub(super) fn cancelled(&self, lesson: &LessonFacts, student: AccountId, by: Party) -> TitleAndBody {
        let title = self.pick("Урок отменён", "Lesson cancelled");
        let by = match by {
            Party::Student => self.pick("отменил ученик", "cancelled by the student"),
            Party::Teacher => self.pick("отменил преподаватель", "cancelled by the teacher"),
            Party::System => self.pick("отменено школой", "cancelled by the school"),
        };
        let mut body = format!("{}; {by}", self.describe_lesson(lesson));
        if student != self.recipient.person {
            body += &format!(": {}", self.name_of(student));
        }
        (title.to_owned(), body)
    }

    pub(super) fn moved(
        &self,
        lesson: &LessonFacts,
        from: Timestamp,
        student: Option<AccountId>,
    ) -> TitleAndBody {
        let (was, now) = (self.pick("был", "was"), self.pick("теперь", "now"));
        let mut body = format!("{was}: {}; {now}: {}", self.format_time(from), self.describe_lesson(lesson));
        if let Some(student) = student.filter(|student| *student != self.recipient.person) {
            body += &format!("; {}: {}", self.pick("ученик", "student"), self.name_of(student));
        }
        (self.pick("Урок перенесён", "Lesson moved").to_owned(), body)
    }

    pub(super) fn reminder(&self, lesson: &LessonFacts, lead: ReminderLead) -> TitleAndBody {
        let title = match lead {
            ReminderLead::Day => self.pick("Урок через сутки", "Your lesson is in a day"),
            ReminderLead::Hour => self.pick("Урок через час", "Your lesson is in an hour"),
        };
        (title.to_owned(), self.describe_lesson(lesson))
    }

    pub(super) fn reschedule(
        &self,
        lesson: &LessonFacts,
        step: RescheduleStep,
        by: Option<AccountId>,
        to: Timestamp,
    ) -> TitleAndBody {
        let title = match step {
            RescheduleStep::Proposed => {
                self.pick("Предложено другое время урока", "Another time is proposed")
            }
            RescheduleStep::Declined => self.pick("Перенос урока отклонён", "The other time was declined"),
            RescheduleStep::Expired => {
                self.pick("На перенос урока не ответили", "Nobody answered about the other time")
            }
        };
        let mut body = format!("{} → {}", self.describe_lesson(lesson), self.format_time(to));
        if let Some(by) = by {
            let who = match step {
                RescheduleStep::Proposed => self.pick("предлагает", "proposed by"),
                RescheduleStep::Declined | RescheduleStep::Expired => self.pick("отклонил(а)", "declined by"),
            };
            body += &format!("; {who}: {}", self.name_of(by));
        }
        (title.to_owned(), body)
    }

    pub(super) fn review(&self, lesson: &LessonFacts, student: AccountId, rating: u8) -> TitleAndBody {
        let title = match self.recipient.locale {
            domain::accounts::Locale::Ru => format!("Отзыв об уроке: {rating} из 5"),
            domain::accounts::Locale::En => format!("Your lesson was reviewed: {rating} of 5"),
        };
        let who = self.pick("ученик", "student");
        (title, format!("{}; {who}: {}", self.describe_lesson(lesson), self.name_of(student)))
    }

    pub(super) fn waitlist_offer(&self, lesson: &LessonFacts, expires_at: Timestamp) -> TitleAndBody {
        let title = self.pick("Для вас есть место", "There is a seat for you");
        let until = self.pick("место ждёт до", "kept for you until");
        (
            title.to_owned(),
            format!("{}; {until} {}", self.describe_lesson(lesson), self.format_time(expires_at)),
        )
    }
}
