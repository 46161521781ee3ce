//! Texts of notifications, in the reader's language and time zone.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::accounts::Locale;
use domain::notifications::{LessonFacts, NotificationContent, RequestFacts};
use domain::{AccountId, Personal, Vocabulary};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use translations::{
    Catalogue, FluentArgs, TextFile, local_time, role_label, term_label, text_args, text_file,
};

use crate::accounts::pseudonym;

const FILES: &[TextFile] = &[text_file!("notifications")];

static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(FILES));

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
    let (id, args) = (builder.message_id(notice), builder.args(notice));
    let part = |name| TEXTS.attribute(recipient.locale, &id, name, &args);
    NotificationText { title: part("title"), body: part("body") }
}

/// Reader, and the names of people.
struct TextBuilder<'a> {
    names: &'a BTreeMap<AccountId, String>,
    recipient: &'a Recipient,
}

impl TextBuilder<'_> {
    /// Returns the id of the message: the kind, and the case if the kind has several.
    fn message_id(&self, notice: &NotificationContent) -> String {
        let kind = notice.kind();
        let case = match notice {
            NotificationContent::LessonBooked { student, booked_by, .. } => {
                (*student == self.recipient.person).then_some(booked_by.as_str())
            }
            NotificationContent::LessonReminder { lead, .. } => Some(lead.as_str()),
            NotificationContent::Reschedule { step, .. } => Some(step.as_str()),
            NotificationContent::CrmSync { trouble, .. } => Some(trouble.as_str()),
            NotificationContent::Security { step, .. } => Some(step.as_str()),
            NotificationContent::LessonCancelled { .. }
            | NotificationContent::LessonMoved { .. }
            | NotificationContent::LessonPlaceChanged { .. }
            | NotificationContent::Review { .. }
            | NotificationContent::NoShowProposed { .. }
            | NotificationContent::WaitlistOffer { .. }
            | NotificationContent::RequestOffered { .. }
            | NotificationContent::RequestMatched { .. }
            | NotificationContent::RequestDeclined { .. }
            | NotificationContent::RequestAccepted { .. }
            | NotificationContent::RequestExpired { .. }
            | NotificationContent::Message { .. }
            | NotificationContent::TicketReply { .. }
            | NotificationContent::TicketStatus { .. } => None,
        };
        case.map_or_else(|| kind.to_string(), |case| format!("{kind}-{case}"))
    }

    fn args(&self, notice: &NotificationContent) -> FluentArgs<'static> {
        let locale = self.recipient.locale;
        match notice {
            NotificationContent::LessonBooked { lesson, student, .. } => {
                self.lesson_args(lesson, Some(*student))
            }
            NotificationContent::LessonCancelled { lesson, student, by, .. } => {
                with(self.lesson_args(lesson, Some(*student)), "by", by.as_str())
            }
            NotificationContent::LessonMoved { lesson, from, student, .. } => {
                let student = student.filter(|student| *student != self.recipient.person);
                let args = with(self.lesson_args(lesson, student), "from", self.format_time(*from));
                with(args, "has_student", yes_or_no(student.is_some()))
            }
            NotificationContent::LessonPlaceChanged { lesson, place, former_place } => {
                let text = |place: Option<&Personal<String>>| {
                    place.and_then(Personal::known).cloned().unwrap_or_default()
                };
                let (place, former) = (text(Some(place.as_ref())), text(former_place.as_deref()));
                let args = with(self.lesson_args(lesson, None), "has_place", yes_or_no(!place.is_empty()));
                let args = with(args, "has_former_place", yes_or_no(!former.is_empty()));
                with(with(args, "place", place), "former_place", former)
            }
            NotificationContent::LessonReminder { lesson, .. } => self.lesson_args(lesson, None),
            NotificationContent::Reschedule { lesson, by, to, .. } => {
                self.with_author(with(self.lesson_args(lesson, None), "to", self.format_time(*to)), *by)
            }
            NotificationContent::Review { lesson, student, rating, .. } => {
                with_number(self.lesson_args(lesson, Some(*student)), "rating", u32::from(*rating))
            }
            NotificationContent::NoShowProposed { lesson, student, .. } => {
                self.lesson_args(lesson, Some(*student))
            }
            NotificationContent::WaitlistOffer { lesson, expires_at, .. } => {
                with(self.lesson_args(lesson, None), "expires_at", self.format_time(*expires_at))
            }
            NotificationContent::RequestOffered { request, expires_at } => {
                let args = with(self.request_args(request), "student", self.name_of(request.student));
                with(args, "expires_at", self.format_time(*expires_at))
            }
            NotificationContent::RequestMatched { request, offered } => {
                with_number(self.request_args(request), "offered", *offered)
            }
            NotificationContent::RequestDeclined { request, teacher }
            | NotificationContent::RequestAccepted { request, teacher, .. } => {
                with(self.request_args(request), "teacher", self.name_of(*teacher))
            }
            NotificationContent::RequestExpired { request } => self.request_args(request),
            NotificationContent::Message { sender, .. } => text_args!["by" => self.name_of(*sender)],
            NotificationContent::TicketReply { author, .. } => self.with_author(FluentArgs::new(), *author),
            NotificationContent::TicketStatus { status, .. } => {
                let label = TEXTS.label(locale, &format!("ticket_status-{status}"));
                text_args!["status" => label.unwrap_or_else(|| status.clone())]
            }
            NotificationContent::CrmSync { account_id, ticket_id, .. } => {
                let record = if ticket_id.is_some() { "ticket" } else { "user" };
                text_args!["record" => record, "person" => self.name_of(*account_id)]
            }
            NotificationContent::Security { role, .. } => {
                let code = role.map_or("unknown", |role| role.as_str());
                text_args!["role" => role_label(code, locale).unwrap_or_else(|| code.to_owned())]
            }
        }
    }

    fn lesson_args(&self, lesson: &LessonFacts, student: Option<AccountId>) -> FluentArgs<'static> {
        let reader = match self.recipient.person {
            person if person == lesson.teacher => "teacher",
            person if Some(person) == student => "student",
            _ => "other",
        };
        text_args![
            "reader" => reader,
            "subject" => term_label(Vocabulary::Subjects, &lesson.subject, self.recipient.locale),
            "starts_at" => self.format_time(lesson.starts_at),
            "teacher" => self.name_of(lesson.teacher),
            "student" => student.map_or(String::new(), |student| self.name_of(student)),
        ]
    }

    fn request_args(&self, request: &RequestFacts) -> FluentArgs<'static> {
        text_args![
            "subject" => term_label(Vocabulary::Subjects, &request.subject, self.recipient.locale),
            "starts_at" => self.format_time(request.starts_at),
        ]
    }

    fn with_author(&self, args: FluentArgs<'static>, author: Option<AccountId>) -> FluentArgs<'static> {
        let name = author.map_or(String::new(), |author| self.name_of(author));
        with(with(args, "by", name), "has_author", yes_or_no(author.is_some()))
    }

    fn name_of(&self, person: AccountId) -> String {
        self.names.get(&person).cloned().unwrap_or_else(|| pseudonym(person, self.recipient.locale))
    }

    /// Returns the local time of the reader, with the name of the zone.
    fn format_time(&self, at: Timestamp) -> String {
        let zone = self.recipient.zone.iana_name().unwrap_or("UTC");
        format!("{} ({zone})", local_time(at, &self.recipient.zone, self.recipient.locale))
    }
}

fn with(mut args: FluentArgs<'static>, name: &'static str, value: impl Into<String>) -> FluentArgs<'static> {
    args.set(name, value.into());
    args
}

fn with_number(mut args: FluentArgs<'static>, name: &'static str, value: u32) -> FluentArgs<'static> {
    args.set(name, value);
    args
}

fn yes_or_no(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}

#[cfg(test)]
mod tests;
