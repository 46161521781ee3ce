//! The way out of the school for a mail: a folder, an SMTP server, or nowhere but the log.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use projection_runtime::error_chain;
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

/// Refusals that are about us and not about the mail: it may go once they are put right.
const OWN_FAULT_CODES: [u16; 5] = [421, 530, 534, 535, 538];

/// Where mails go.
pub enum Transport {
    /// Each becomes a file `<notification id>.eml` in this folder.
    File(PathBuf),
    Smtp(Smtp),
    /// That there is one, is logged; nothing goes anywhere.
    Log,
}

/// A server that takes mails.
pub struct Smtp {
    /// `smtp://user:password@host:port`, `smtps://…`; `?tls=required` for STARTTLS.
    pub url: SecretString,
    /// How long the server may take for one answer.
    pub timeout: Duration,
}

/// Sends mails in the name of the school.
pub struct Mailer {
    pub(super) from: Mailbox,
    /// Where people find the school; no slash at the end.
    pub(super) public_url: String,
    backend: Backend,
}

enum Backend {
    File(PathBuf),
    Smtp { server: AsyncSmtpTransport<Tokio1Executor>, longest: Duration },
    Log,
}

/// A setting that can not be meant.
#[derive(Debug, thiserror::Error)]
pub enum MailerError {
    #[error("mail.from is not an address")]
    From,
    /// The URL itself is not told: it may hold a password.
    #[error("mail.smtp_url is not smtp://… or smtps://…")]
    Url,
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SendResult {
    Accepted,
    /// For good.
    Refused,
    /// Not now, or nobody can tell.
    Later,
}

impl Mailer {
    /// Makes no connection yet.
    ///
    /// # Errors
    /// A setting can not be meant.
    pub fn new(from: &str, public_url: &str, transport: Transport) -> Result<Arc<Self>, MailerError> {
        let backend = match transport {
            Transport::File(folder) => Backend::File(folder),
            Transport::Log => Backend::Log,
            Transport::Smtp(Smtp { url, timeout }) => {
                let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret());
                let builder = builder.map_err(|_| MailerError::Url)?;
                // A conversation has some ten answers.
                Backend::Smtp { server: builder.timeout(Some(timeout)).build(), longest: timeout * 10 }
            }
        };
        let from = from.parse().map_err(|_| MailerError::From)?;
        let public_url = public_url.trim_end_matches('/').to_owned();
        Ok(Arc::new(Self { from, public_url, backend }))
    }

    /// The Message-ID of the mail about a notification: the same in every attempt, so that a mailbox that
    /// gets it twice can tell.
    pub(super) fn message_id(&self, id: Uuid) -> String {
        format!("<{id}@{}>", self.from.email.domain())
    }

    pub(super) async fn send(&self, message: Message, id: Uuid) -> SendResult {
        let result = match &self.backend {
            Backend::File(folder) => match write_file(folder, message, id).await {
                Ok(()) => SendResult::Accepted,
                Err(error) => {
                    tracing::error!(%error, "a mail could not be written");
                    SendResult::Later
                }
            },
            Backend::Smtp { server, longest } => {
                match tokio::time::timeout(*longest, server.send(message)).await {
                    Ok(answer) => classify(answer.map(|_| ())),
                    Err(_) => SendResult::Later,
                }
            }
            Backend::Log => {
                tracing::info!(notification = %id, "a mail would have gone out");
                SendResult::Accepted
            }
        };
        let outcome = match result {
            SendResult::Accepted => "accepted",
            SendResult::Refused => "refused",
            SendResult::Later => "later",
        };
        metrics::counter!("kafedra_mails_total", "outcome" => outcome).increment(1);
        result
    }
}

/// Written whole or not at all.
async fn write_file(folder: &std::path::Path, message: Message, id: Uuid) -> std::io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    let unfinished = folder.join(format!(".{id}.tmp"));
    tokio::fs::write(&unfinished, message.formatted()).await?;
    tokio::fs::rename(&unfinished, folder.join(format!("{id}.eml"))).await
}

fn classify(answer: Result<(), smtp::Error>) -> SendResult {
    let Err(error) = answer else { return SendResult::Accepted };
    let status = error.status().map(u16::from);
    // What the server says may quote an address: only the number is told.
    if error.is_permanent() && !status.is_some_and(|status| OWN_FAULT_CODES.contains(&status)) {
        tracing::warn!(status, "the mail server refused a mail");
        return SendResult::Refused;
    }
    match status {
        Some(_) => tracing::warn!(status, "the mail server does not take a mail now"),
        None => tracing::warn!(error = error_chain(&error), "the mail server can not be reached"),
    }
    SendResult::Later
}
