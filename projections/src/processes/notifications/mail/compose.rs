//! What a mail says: plain text, and the same as simple HTML.

use std::time::SystemTime;

use domain::accounts::Locale;
use jiff::Timestamp;
use lettre::Message;
use lettre::message::{Mailbox, MultiPart};
use uuid::Uuid;

use super::mailer::Mailer;
use crate::notifications::Words;

/// A mail before it is one.
pub(super) struct Letter {
    /// Of the first notification in it.
    pub id: Uuid,
    pub to: Mailbox,
    pub locale: Locale,
    /// At least one.
    pub words: Vec<Words>,
    pub at: Timestamp,
}

impl Mailer {
    /// # Errors
    /// A header can not be written so.
    pub(super) fn compose(&self, letter: Letter) -> Result<Message, lettre::error::Error> {
        let Letter { id, to, locale, words, at } = letter;
        let subject = subject(&words, locale);
        let link = format!("{}/notifications", self.public_url);
        let parts = MultiPart::alternative_plain_html(
            plain(&words, &link, locale),
            html(&words, &subject, &link, locale),
        );
        Message::builder()
            .message_id(Some(self.message_id(id)))
            .date(SystemTime::from(at))
            .from(self.from.clone())
            .to(to)
            .subject(subject)
            .multipart(parts)
    }
}

fn subject(words: &[Words], locale: Locale) -> String {
    match (words, locale) {
        ([one], _) => one.title.clone(),
        (_, Locale::Ru) => format!("Новые сообщения: {}", words.len()),
        (_, Locale::En) => format!("New messages: {}", words.len()),
    }
}

/// The words of the frame: what the link opens, and how to get less of this.
fn frame(locale: Locale) -> (&'static str, &'static str) {
    match locale {
        Locale::Ru => {
            ("Открыть в Кафедре", "Какие письма приходят и когда, выбирается в настройках уведомлений.")
        }
        Locale::En => {
            ("Open in Kafedra", "Which mails come, and when, is chosen in the notification settings.")
        }
    }
}

fn plain(words: &[Words], link: &str, locale: Locale) -> String {
    let (open, less) = frame(locale);
    let told: Vec<_> = words.iter().map(|words| format!("{}\n{}", words.title, words.body)).collect();
    format!("{}\n\n{open}: {link}\n\n{less}\n", told.join("\n\n"))
}

fn html(words: &[Words], subject: &str, link: &str, locale: Locale) -> String {
    let (open, less) = frame(locale);
    let told: String = words
        .iter()
        .map(|words| format!("<h2>{}</h2><p>{}</p>", escaped(&words.title), escaped(&words.body)))
        .collect();
    format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title></head>\
         <body>{told}<p><a href=\"{}\">{open}</a></p><p><small>{less}</small></p></body></html>",
        locale.as_str(),
        escaped(subject),
        escaped(link),
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::super::mailer::Transport;
    use super::*;

    fn words(title: &str, body: &str) -> Words {
        Words { title: title.to_owned(), body: body.to_owned() }
    }

    /// The mail, its long lines put together again.
    fn letter(words: Vec<Words>) -> String {
        let mailer =
            Mailer::new("Kafedra <no-reply@school.example>", "https://school.example/", Transport::Log);
        let message = mailer.unwrap().compose(Letter {
            id: Uuid::nil(),
            to: "Anna <anna@person.example>".parse().unwrap(),
            locale: Locale::En,
            words,
            at: "2026-11-25T12:00:00Z".parse().unwrap(),
        });
        String::from_utf8(message.unwrap().formatted()).unwrap().replace("=\r\n", "")
    }

    #[test]
    fn a_mail_says_who_it_is_from_and_where_to_look() {
        let text = letter(vec![words("Lesson moved", "Physics")]);
        assert!(text.contains("Message-ID: <00000000-0000-0000-0000-000000000000@school.example>"), "{text}");
        assert!(text.contains("Subject: Lesson moved"), "{text}");
        assert!(text.contains("https://school.example/notifications"), "{text}");
        assert!(text.contains("multipart/alternative"), "{text}");
    }

    #[test]
    fn what_people_are_called_is_no_markup() {
        let text = letter(vec![words("New message", "From: <b>Eve</b> & \"co\"")]);
        assert!(text.contains("&lt;b&gt;Eve&lt;/b&gt; &amp; &quot;co&quot;"), "{text}");
    }

    #[test]
    fn several_conversations_are_one_mail() {
        let text = letter(vec![words("New message", "From: Anna"), words("New message", "From: Boris")]);
        assert!(text.contains("Subject: New messages: 2"), "{text}");
        assert!(text.contains("Anna") && text.contains("Boris"), "{text}");
    }
}
