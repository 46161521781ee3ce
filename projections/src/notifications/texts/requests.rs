//! Texts of notifications about lesson requests.

use domain::AccountId;
use domain::notifications::RequestFacts;
use jiff::Timestamp;

use super::{TextBuilder, TitleAndBody};

impl TextBuilder<'_> {
    pub(super) fn request_offered(&self, request: &RequestFacts, expires_at: Timestamp) -> TitleAndBody {
        let title = self.pick("Ученик ищет преподавателя", "A student is looking for a teacher");
        let (who, until) =
            (self.pick("ученик", "student"), self.pick("принять можно до", "can be accepted until"));
        let body = format!(
            "{}; {who}: {}; {until} {}",
            self.describe_request(request),
            self.name_of(request.student),
            self.format_time(expires_at)
        );
        (title.to_owned(), body)
    }

    pub(super) fn request_matched(&self, request: &RequestFacts, offered: u32) -> TitleAndBody {
        let about = self.describe_request(request);
        if offered == 0 {
            let title =
                self.pick("Подходящих преподавателей пока нет", "No teacher matches your request yet");
            return (title.to_owned(), about);
        }
        let asked = self.pick("преподавателей спрошено", "teachers asked");
        let title = self.pick("Заявка отправлена преподавателям", "Your request was sent to teachers");
        (title.to_owned(), format!("{about}; {asked}: {offered}"))
    }

    pub(super) fn request_declined(&self, request: &RequestFacts, teacher: AccountId) -> TitleAndBody {
        let title = self.pick("Преподаватель отказался от заявки", "A teacher declined your request");
        let who = self.pick("преподаватель", "teacher");
        (title.to_owned(), format!("{}; {who}: {}", self.describe_request(request), self.name_of(teacher)))
    }

    pub(super) fn request_accepted(&self, request: &RequestFacts, teacher: AccountId) -> TitleAndBody {
        let title = self.pick("Ваша заявка принята", "Your request was accepted");
        let who = self.pick("преподаватель", "teacher");
        (title.to_owned(), format!("{}; {who}: {}", self.describe_request(request), self.name_of(teacher)))
    }

    pub(super) fn request_expired(&self, request: &RequestFacts) -> TitleAndBody {
        let title = self.pick("Заявку никто не принял", "Nobody accepted your request");
        (title.to_owned(), self.describe_request(request))
    }
}
