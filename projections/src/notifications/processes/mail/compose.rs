//! Composes mails: plain text, and the same text as simple HTML.

use std::sync::LazyLock;
use std::time::SystemTime;

use domain::accounts::{LinkPurpose, Locale};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use lettre::Message;
use lettre::message::{Mailbox, MultiPart};
use translations::{Catalogue, FluentArgs, TextFile, local_time, text_args, text_file};
use uuid::Uuid;

use super::mailer::Mailer;
use crate::notifications::NotificationText;

const FILES: &[TextFile] = &[text_file!("mail")];

static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(FILES));

/// Data of a mail.
pub(super) struct MailDraft {
    /// Id of the first notification in the mail.
    pub id: Uuid,
    pub to: Mailbox,
    pub locale: Locale,
    /// Texts of the notifications, at least one.
    pub texts: Vec<NotificationText>,
    /// Link to rate the ticket of the notification.
    pub rating: Option<String>,
    pub at: Timestamp,
}

/// Data of a mail with a link for its person.
pub(in crate::notifications::processes) struct LinkDraft {
    pub id: Uuid,
    pub to: Mailbox,
    pub locale: Locale,
    pub zone: TimeZone,
    pub purpose: LinkPurpose,
    pub link: String,
    pub expires_at: Timestamp,
    pub at: Timestamp,
}

impl Mailer {
    /// Composes the mail of a link. It has no link to the settings, because it cannot be switched off.
    ///
    /// # Errors
    /// [`lettre::error::Error`] if a header cannot be written.
    pub(in crate::notifications::processes) fn compose_link(
        &self,
        draft: LinkDraft,
    ) -> Result<Message, lettre::error::Error> {
        let LinkDraft { id, to, locale, zone, purpose, link, expires_at, at } = draft;
        let args = text_args!["expires_at" => local_time(expires_at, &zone, locale)];
        let part = |name| TEXTS.attribute(locale, purpose.as_str(), name, &args);
        let text = NotificationText { title: part("title"), body: part("body") };
        let (label, ignore) = (part("link"), frame_text("ignore", locale));
        let plain = format!("{}\n\n{}\n\n{label}: {link}\n\n{ignore}\n", text.title, text.body);
        let html = html_page(
            &format!(
                "<h2>{}</h2><p>{}</p><p><a href=\"{}\">{label}</a></p>",
                escape_html(&text.title),
                escape_html(&text.body),
                escape_html(&link),
            ),
            &text.title,
            &ignore,
            locale,
        );
        Message::builder()
            .message_id(Some(self.message_id(id)))
            .date(SystemTime::from(at))
            .from(self.from.clone())
            .to(to)
            .subject(text.title)
            .multipart(MultiPart::alternative_plain_html(plain, html))
    }

    /// # Errors
    /// [`lettre::error::Error`] if a header cannot be written.
    pub(super) fn compose(&self, draft: MailDraft) -> Result<Message, lettre::error::Error> {
        let MailDraft { id, to, locale, texts, rating, at } = draft;
        let subject = subject_line(&texts, locale);
        let inbox = (frame_text("open", locale), format!("{}/notifications", self.public_url));
        let rating = rating.map(|address| (frame_text("rate", locale), address));
        let links: Vec<MailLink> = rating.into_iter().chain([inbox]).collect();
        let parts = MultiPart::alternative_plain_html(
            plain_body(&texts, &links, locale),
            html_body(&texts, &subject, &links, locale),
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

fn subject_line(texts: &[NotificationText], locale: Locale) -> String {
    match texts {
        [one] => one.title.clone(),
        _ => TEXTS.text(locale, "subject", &text_args!["count" => texts.len()]),
    }
}

/// Label and address of a link.
type MailLink = (String, String);

/// Returns a text of the frame: the label of a link, or how to get fewer mails.
fn frame_text(id: &str, locale: Locale) -> String {
    TEXTS.text(locale, id, &FluentArgs::new())
}

fn plain_body(texts: &[NotificationText], links: &[MailLink], locale: Locale) -> String {
    let less = frame_text("settings", locale);
    let bodies = texts.iter().map(|texts| format!("{}\n{}", texts.title, texts.body));
    let links = links.iter().map(|(what, address)| format!("{what}: {address}"));
    let parts: Vec<String> = bodies.chain(links).chain([less]).collect();
    format!("{}\n", parts.join("\n\n"))
}

fn html_body(texts: &[NotificationText], subject: &str, links: &[MailLink], locale: Locale) -> String {
    let less = frame_text("settings", locale);
    let bodies: String = texts
        .iter()
        .map(|texts| format!("<h2>{}</h2><p>{}</p>", escape_html(&texts.title), escape_html(&texts.body)))
        .collect();
    let links: String = links
        .iter()
        .map(|(what, address)| format!("<p><a href=\"{}\">{what}</a></p>", escape_html(address)))
        .collect();
    html_page(&format!("{bodies}{links}"), subject, &less, locale)
}

fn html_page(content: &str, title: &str, footer: &str, locale: Locale) -> String {
    format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title></head>\
         <body>{content}<p><small>{footer}</small></p></body></html>",
        locale.as_str(),
        escape_html(title),
    )
}

fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::super::mailer::Transport;
    use super::*;

    #[test]
    fn no_text_of_a_mail_is_missing_or_unused() {
        let used = ["subject", "open", "rate", "settings", "ignore"].into_iter();
        let purposes = LinkPurpose::ALL.iter().map(|purpose| purpose.as_str());
        let used = used.chain(purposes).map(str::to_owned).collect();
        assert_eq!(TEXTS.compare_ids(&used), Vec::<String>::new());
    }

    fn texts(title: &str, body: &str) -> NotificationText {
        NotificationText { title: title.to_owned(), body: body.to_owned() }
    }

    /// Returns the mail with its folded lines joined.
    fn draft(texts: Vec<NotificationText>) -> String {
        let mailer =
            Mailer::new("Kafedra <no-reply@school.example>", "https://school.example/", Transport::Log);
        let message = mailer.unwrap().compose(MailDraft {
            id: Uuid::nil(),
            to: "Anna <anna@person.example>".parse().unwrap(),
            locale: Locale::En,
            texts,
            rating: None,
            at: "2026-11-25T12:00:00Z".parse().unwrap(),
        });
        String::from_utf8(message.unwrap().formatted()).unwrap().replace("=\r\n", "")
    }

    #[test]
    fn a_mail_says_who_it_is_from_and_where_to_look() {
        let text = draft(vec![texts("Lesson moved", "Physics")]);
        assert!(text.contains("Message-ID: <00000000-0000-0000-0000-000000000000@school.example>"), "{text}");
        assert!(text.contains("Subject: Lesson moved"), "{text}");
        assert!(text.contains("https://school.example/notifications"), "{text}");
        assert!(text.contains("multipart/alternative"), "{text}");
    }

    #[test]
    fn what_people_are_called_is_no_markup() {
        let text = draft(vec![texts("New message", "From: <b>Eve</b> & \"co\"")]);
        assert!(text.contains("&lt;b&gt;Eve&lt;/b&gt; &amp; &quot;co&quot;"), "{text}");
    }

    #[test]
    fn several_conversations_are_one_mail() {
        let text = draft(vec![texts("New message", "From: Anna"), texts("New message", "From: Boris")]);
        assert!(text.contains("Subject: New messages: 2"), "{text}");
        assert!(text.contains("Anna") && text.contains("Boris"), "{text}");
    }
}
