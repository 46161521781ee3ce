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
    /// Where a ticket that it tells of is rated.
    pub rating: Option<String>,
    pub at: Timestamp,
}

impl Mailer {
    /// # Errors
    /// A header can not be written so.
    pub(super) fn compose(&self, letter: Letter) -> Result<Message, lettre::error::Error> {
        let Letter { id, to, locale, words, rating, at } = letter;
        let subject = subject(&words, locale);
        let (open, rate, _) = frame(locale);
        let inbox = (open, format!("{}/notifications", self.public_url));
        let links: Vec<Link> = rating.map(|address| (rate, address)).into_iter().chain([inbox]).collect();
        let parts = MultiPart::alternative_plain_html(
            plain(&words, &links, locale),
            html(&words, &subject, &links, locale),
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

/// What a link opens, and its address.
type Link = (&'static str, String);

/// The words of the frame: what the links open, and how to get less of this.
fn frame(locale: Locale) -> (&'static str, &'static str, &'static str) {
    match locale {
        Locale::Ru => (
            "Открыть в Кафедре",
            "Оценить ответ поддержки",
            "Какие письма приходят и когда, выбирается в настройках уведомлений.",
        ),
        Locale::En => (
            "Open in Kafedra",
            "Rate the answer of the support",
            "Which mails come, and when, is chosen in the notification settings.",
        ),
    }
}

fn plain(words: &[Words], links: &[Link], locale: Locale) -> String {
    let (_, _, less) = frame(locale);
    let told = words.iter().map(|words| format!("{}\n{}", words.title, words.body));
    let links = links.iter().map(|(what, address)| format!("{what}: {address}"));
    let parts: Vec<String> = told.chain(links).chain([less.to_owned()]).collect();
    format!("{}\n", parts.join("\n\n"))
}

fn html(words: &[Words], subject: &str, links: &[Link], locale: Locale) -> String {
    let (_, _, less) = frame(locale);
    let told: String = words
        .iter()
        .map(|words| format!("<h2>{}</h2><p>{}</p>", escaped(&words.title), escaped(&words.body)))
        .collect();
    let links: String = links
        .iter()
        .map(|(what, address)| format!("<p><a href=\"{}\">{what}</a></p>", escaped(address)))
        .collect();
    format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title></head>\
         <body>{told}{links}<p><small>{less}</small></p></body></html>",
        locale.as_str(),
        escaped(subject),
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
            rating: None,
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
