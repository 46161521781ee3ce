//! What a notification reads like, in the reader's language and on the clock of their zone.

mod lessons;
mod others;
mod requests;

use std::collections::BTreeMap;

use domain::accounts::Locale;
use domain::notifications::{LessonFacts, Notice, RequestFacts};
use domain::{AccountId, Vocabulary};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::accounts::pseudonym;

/// Who reads.
#[derive(Clone, Debug)]
pub struct Reader {
    pub person: AccountId,
    pub locale: Locale,
    pub zone: TimeZone,
}

/// A notification in words; plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    pub title: String,
    pub body: String,
}

/// The words for a notification; `names` are those of the people in it who are not erased.
pub fn words(notice: &Notice, names: &BTreeMap<AccountId, String>, reader: &Reader) -> Words {
    let telling = Telling { names, reader };
    let (title, body) = match notice {
        Notice::LessonBooked { lesson, student, booked_by, .. } => {
            telling.booked(lesson, *student, *booked_by)
        }
        Notice::LessonCancelled { lesson, student, by, .. } => telling.cancelled(lesson, *student, *by),
        Notice::LessonMoved { lesson, from, student, .. } => telling.moved(lesson, *from, *student),
        Notice::LessonReminder { lesson, lead } => telling.reminder(lesson, *lead),
        Notice::Reschedule { lesson, step, by, to, .. } => telling.reschedule(lesson, *step, *by, *to),
        Notice::Review { lesson, student, rating, .. } => telling.review(lesson, *student, *rating),
        Notice::WaitlistOffer { lesson, expires_at, .. } => telling.waitlist_offer(lesson, *expires_at),
        Notice::RequestOffered { request, expires_at } => telling.request_offered(request, *expires_at),
        Notice::RequestMatched { request, offered } => telling.request_matched(request, *offered),
        Notice::RequestDeclined { request, teacher } => telling.request_declined(request, *teacher),
        Notice::RequestAccepted { request, teacher, .. } => telling.request_accepted(request, *teacher),
        Notice::RequestExpired { request } => telling.request_expired(request),
        Notice::Message { sender, .. } => telling.message(*sender),
        Notice::TicketReply { author, .. } => telling.ticket_reply(*author),
        Notice::TicketStatus { status, .. } => telling.ticket_status(status),
        Notice::CrmSync { trouble, account_id, ticket_id } => {
            telling.crm_sync(*trouble, *account_id, ticket_id.is_some())
        }
        Notice::Security { step, role, .. } => telling.security(*step, *role),
    };
    Words { title, body }
}

/// To whom, and what people are called.
struct Telling<'a> {
    names: &'a BTreeMap<AccountId, String>,
    reader: &'a Reader,
}

/// Title and body.
type Told = (String, String);

impl Telling<'_> {
    /// The Russian or the English one.
    fn say<'t>(&self, ru: &'t str, en: &'t str) -> &'t str {
        match self.reader.locale {
            Locale::Ru => ru,
            Locale::En => en,
        }
    }

    fn name(&self, person: AccountId) -> String {
        self.names.get(&person).cloned().unwrap_or_else(|| pseudonym(person, self.reader.locale))
    }

    fn subject(&self, code: &str) -> String {
        let term = Vocabulary::Subjects.term(code);
        term.map_or(code, |term| term.label(self.reader.locale)).to_owned()
    }

    /// On the reader's clock, which is named.
    fn when(&self, at: Timestamp) -> String {
        let zone = self.reader.zone.iana_name().unwrap_or("UTC");
        let local = at.to_zoned(self.reader.zone.clone());
        format!("{} ({zone})", local.strftime(self.say("%d.%m.%Y %H:%M", "%-d %b %Y, %H:%M")))
    }

    /// Which lesson, when, and with which teacher unless that is the reader.
    fn lesson(&self, lesson: &LessonFacts) -> String {
        let mut text = format!("{}, {}", self.subject(&lesson.subject), self.when(lesson.starts_at));
        if lesson.teacher != self.reader.person {
            let teacher = self.say("преподаватель", "teacher");
            text += &format!("; {teacher}: {}", self.name(lesson.teacher));
        }
        text
    }

    fn request(&self, request: &RequestFacts) -> String {
        format!("{}, {}", self.subject(&request.subject), self.when(request.starts_at))
    }
}

#[cfg(test)]
mod tests;
