//! The words for what becomes of lesson requests.

use domain::AccountId;
use domain::notifications::RequestFacts;
use jiff::Timestamp;

use super::{Telling, Told};

impl Telling<'_> {
    pub(super) fn request_offered(&self, request: &RequestFacts, expires_at: Timestamp) -> Told {
        let title = self.say("Ученик ищет преподавателя", "A student is looking for a teacher");
        let (who, until) =
            (self.say("ученик", "student"), self.say("принять можно до", "can be accepted until"));
        let body = format!(
            "{}; {who}: {}; {until} {}",
            self.request(request),
            self.name(request.student),
            self.when(expires_at)
        );
        (title.to_owned(), body)
    }

    pub(super) fn request_matched(&self, request: &RequestFacts, offered: u32) -> Told {
        let about = self.request(request);
        if offered == 0 {
            let title = self.say("Подходящих преподавателей пока нет", "No teacher matches your request yet");
            return (title.to_owned(), about);
        }
        let asked = self.say("преподавателей спрошено", "teachers asked");
        let title = self.say("Заявка отправлена преподавателям", "Your request was sent to teachers");
        (title.to_owned(), format!("{about}; {asked}: {offered}"))
    }

    pub(super) fn request_declined(&self, request: &RequestFacts, teacher: AccountId) -> Told {
        let title = self.say("Преподаватель отказался от заявки", "A teacher declined your request");
        let who = self.say("преподаватель", "teacher");
        (title.to_owned(), format!("{}; {who}: {}", self.request(request), self.name(teacher)))
    }

    pub(super) fn request_accepted(&self, request: &RequestFacts, teacher: AccountId) -> Told {
        let title = self.say("Ваша заявка принята", "Your request was accepted");
        let who = self.say("преподаватель", "teacher");
        (title.to_owned(), format!("{}; {who}: {}", self.request(request), self.name(teacher)))
    }

    pub(super) fn request_expired(&self, request: &RequestFacts) -> Told {
        let title = self.say("Заявку никто не принял", "Nobody accepted your request");
        (title.to_owned(), self.request(request))
    }
}
