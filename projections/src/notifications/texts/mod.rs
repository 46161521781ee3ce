//! Texts of notifications, in the reader's language and time zone.

mod lessons;
mod others;
mod requests;

use std::collections::BTreeMap;

use domain::accounts::Locale;
use domain::notifications::{LessonFacts, NotificationContent, RequestFacts};
use domain::{AccountId, Vocabulary};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use translations::term_label;

use crate::accounts::pseudonym;

/// Reader of a notification.
#[derive(Clone, Debug)]
pub struct Recipient {
    pub person: AccountId,
    pub locale: Locale,
    pub zone: TimeZone,
}

/// Text of a notification; plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotificationText {
    pub title: String,
    pub body: String,
}

/// Returns the text of a notification. `names` has the people of it who are not erased.
pub fn notification_text(
    notice: &NotificationContent,
    names: &BTreeMap<AccountId, String>,
    recipient: &Recipient,
) -> NotificationText {
    let builder = TextBuilder { names, recipient };
    let (title, body) = match notice {
        NotificationContent::LessonBooked { lesson, student, booked_by, .. } => {
            builder.booked(lesson, *student, *booked_by)
        }
        NotificationContent::LessonCancelled { lesson, student, by, .. } => {
            builder.cancelled(lesson, *student, *by)
        }
        NotificationContent::LessonMoved { lesson, from, student, .. } => {
            builder.moved(lesson, *from, *student)
        }
        NotificationContent::LessonReminder { lesson, lead } => builder.reminder(lesson, *lead),
        NotificationContent::Reschedule { lesson, step, by, to, .. } => {
            builder.reschedule(lesson, *step, *by, *to)
        }
        NotificationContent::Review { lesson, student, rating, .. } => {
            builder.review(lesson, *student, *rating)
        }
        NotificationContent::WaitlistOffer { lesson, expires_at, .. } => {
            builder.waitlist_offer(lesson, *expires_at)
        }
        NotificationContent::RequestOffered { request, expires_at } => {
            builder.request_offered(request, *expires_at)
        }
        NotificationContent::RequestMatched { request, offered } => {
            builder.request_matched(request, *offered)
        }
        NotificationContent::RequestDeclined { request, teacher } => {
            builder.request_declined(request, *teacher)
        }
        NotificationContent::RequestAccepted { request, teacher, .. } => {
            builder.request_accepted(request, *teacher)
        }
        NotificationContent::RequestExpired { request } => builder.request_expired(request),
        NotificationContent::Message { sender, .. } => builder.message(*sender),
        NotificationContent::TicketReply { author, .. } => builder.ticket_reply(*author),
        NotificationContent::TicketStatus { status, .. } => builder.ticket_status(status),
        NotificationContent::CrmSync { trouble, account_id, ticket_id } => {
            builder.crm_sync(*trouble, *account_id, ticket_id.is_some())
        }
        NotificationContent::Security { step, role, .. } => builder.security(*step, *role),
    };
    NotificationText { title, body }
}

/// Reader, and the names of people.
struct TextBuilder<'a> {
    names: &'a BTreeMap<AccountId, String>,
    recipient: &'a Recipient,
}

/// Title and body.
type TitleAndBody = (String, String);

impl TextBuilder<'_> {
    /// Returns the Russian or the English text.
    fn pick<'t>(&self, ru: &'t str, en: &'t str) -> &'t str {
        match self.recipient.locale {
            Locale::Ru => ru,
            Locale::En => en,
        }
    }

    fn name_of(&self, person: AccountId) -> String {
        self.names.get(&person).cloned().unwrap_or_else(|| pseudonym(person, self.recipient.locale))
    }

    fn subject_label(&self, code: &str) -> String {
        term_label(Vocabulary::Subjects, code, self.recipient.locale)
    }

    /// Returns the local time of the reader, with the name of the zone.
    fn format_time(&self, at: Timestamp) -> String {
        let zone = self.recipient.zone.iana_name().unwrap_or("UTC");
        let local = at.to_zoned(self.recipient.zone.clone());
        format!("{} ({zone})", local.strftime(self.pick("%d.%m.%Y %H:%M", "%-d %b %Y, %H:%M")))
    }

    /// Returns the subject and the time of a lesson. The teacher is named unless the teacher is the reader.
    fn describe_lesson(&self, lesson: &LessonFacts) -> String {
        let mut text =
            format!("{}, {}", self.subject_label(&lesson.subject), self.format_time(lesson.starts_at));
        if lesson.teacher != self.recipient.person {
            let teacher = self.pick("преподаватель", "teacher");
            text += &format!("; {teacher}: {}", self.name_of(lesson.teacher));
        }
        text
    }

    fn describe_request(&self, request: &RequestFacts) -> String {
        format!("{}, {}", self.subject_label(&request.subject), self.format_time(request.starts_at))
    }
}

#[cfg(test)]
mod tests;
