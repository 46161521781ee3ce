//! Transport of mails: a folder, an SMTP server, or only the log.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use domain::AccountId;
use lettre::message::Mailbox;
use lettre::transport::smtp;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use projection_runtime::error_chain;
use secrecy::{ExposeSecret, SecretString};
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

/// SMTP codes that report a fault of the installation and not of the mail. A later attempt may succeed.
const OWN_FAULT_CODES: [u16; 5] = [421, 530, 534, 535, 538];

/// Destination of mails.
pub enum Transport {
    /// Writes each mail to a file `<account id of the recipient>.<mail id>.eml` in this folder.
    File(PathBuf),
    Smtp(Smtp),
    /// Logs each mail and sends nothing.
    Log,
}

/// SMTP server.
pub struct Smtp {
    /// `smtp://user:password@host:port`, `smtps://…`; `?tls=required` for STARTTLS.
    pub url: SecretString,
    /// Maximum duration of one answer of the server.
    pub timeout: Duration,
}

/// Sends the mails of an installation.
pub struct Mailer {
    pub(super) from: Mailbox,
    /// Public address of the installation, without a slash at the end.
    pub(super) public_url: String,
    backend: Backend,
}

enum Backend {
    File(PathBuf),
    Smtp { server: AsyncSmtpTransport<Tokio1Executor>, longest: Duration },
    Log,
}

/// Invalid mail setting.
#[derive(Debug, thiserror::Error)]
pub enum MailerError {
    #[error("mail.from is not an address")]
    From,
    /// The text does not contain the URL, because it may contain a password.
    #[error("mail.smtp_url is not smtp://… or smtps://…")]
    Url,
}

/// Result of sending a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::notifications::processes) enum SendResult {
    Accepted,
    /// Permanent refusal.
    Refused,
    /// Temporary refusal, or an unknown result.
    Later,
}

impl Mailer {
    /// Creates a mailer without a connection.
    ///
    /// # Errors
    /// [`MailerError`] if a setting is invalid.
    pub fn new(from: &str, public_url: &str, transport: Transport) -> Result<Arc<Self>, MailerError> {
        let backend = match transport {
            Transport::File(folder) => Backend::File(folder),
            Transport::Log => Backend::Log,
            Transport::Smtp(Smtp { url, timeout }) => {
                let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret());
                let builder = builder.map_err(|_| MailerError::Url)?;
                // An SMTP conversation has about ten answers.
                Backend::Smtp { server: builder.timeout(Some(timeout)).build(), longest: timeout * 10 }
            }
        };
        let from = from.parse().map_err(|_| MailerError::From)?;
        let public_url = public_url.trim_end_matches('/').to_owned();
        Ok(Arc::new(Self { from, public_url, backend }))
    }

    /// Returns the Message-ID of the mail about a notification. Every attempt has the same id, so that a
    /// mailbox can detect a duplicate.
    pub(super) fn message_id(&self, id: Uuid) -> String {
        format!("<{id}@{}>", self.from.email.domain())
    }

    /// Deletes the files of mails to a person. Mails that a server has taken, or that were only logged, have none.
    ///
    /// # Errors
    /// [`std::io::Error`] if the folder cannot be read or a file cannot be deleted.
    pub(super) async fn delete_mails_to(&self, recipient: AccountId) -> std::io::Result<()> {
        let Backend::File(folder) = &self.backend else { return Ok(()) };
        let mut files = match tokio::fs::read_dir(folder).await {
            Ok(files) => files,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        let of_recipient = format!("{recipient}.");
        while let Some(file) = files.next_entry().await? {
            let name = file.file_name();
            if name.to_string_lossy().trim_start_matches('.').starts_with(&of_recipient) {
                tokio::fs::remove_file(file.path()).await?;
            }
        }
        Ok(())
    }

    pub(in crate::notifications::processes) async fn send(
        &self,
        message: Message,
        recipient: AccountId,
        id: Uuid,
    ) -> SendResult {
        let result = match &self.backend {
            Backend::File(folder) => match write_file(folder, message, &format!("{recipient}.{id}")).await {
                Ok(()) => SendResult::Accepted,
                Err(error) => {
                    tracing::error!(%error, "cannot write mail file");
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
                tracing::info!(notification = %id, "mail logged, not sent");
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

/// Writes a file completely or not at all. Only its owner may read it and list the folder.
async fn write_file(folder: &std::path::Path, message: Message, name: &str) -> std::io::Result<()> {
    tokio::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).await?;
    tokio::fs::set_permissions(folder, Permissions::from_mode(0o700)).await?;
    let unfinished = folder.join(format!(".{name}.tmp"));
    let mut options = tokio::fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&unfinished).await?;
    file.write_all(&message.formatted()).await?;
    file.flush().await?;
    tokio::fs::rename(&unfinished, folder.join(format!("{name}.eml"))).await
}

fn classify(answer: Result<(), smtp::Error>) -> SendResult {
    let Err(error) = answer else { return SendResult::Accepted };
    let status = error.status().map(u16::from);
    // The answer of the server may contain an address, so only its code is logged.
    if error.is_permanent() && !status.is_some_and(|status| OWN_FAULT_CODES.contains(&status)) {
        tracing::warn!(status, "mail server refused a mail");
        return SendResult::Refused;
    }
    match status {
        Some(_) => tracing::warn!(status, "mail server refused a mail temporarily"),
        None => tracing::warn!(error = error_chain(&error), "mail server unavailable"),
    }
    SendResult::Later
}
