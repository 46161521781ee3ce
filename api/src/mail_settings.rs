//! Settings of notifications from the configuration.

use std::sync::Arc;
use std::time::Duration;

use commands::MasterKey;
use jiff::SignedDuration;
use projections::notifications::{Mailer, MailerError, NotificationSettings, Smtp, Transport};
use sqlx::PgPool;

use crate::auth::DerivedKeys;
use crate::auth::account_links::AccountLinkStore;
use crate::auth::rating_link::RatingPages;
use crate::config::{Config, MailTransport};

/// Returns the settings of notifications.
///
/// # Errors
/// [`MailerError`] if a setting is invalid.
pub(crate) fn notification_settings(
    config: &Config,
    master: &MasterKey,
    pool: &PgPool,
) -> Result<NotificationSettings, MailerError> {
    let mail = &config.mail;
    let transport = match (mail.transport, &mail.smtp_url) {
        (MailTransport::File, _) => Transport::File(config.data_dir.join("mail")),
        (MailTransport::Log, _) => Transport::Log,
        (MailTransport::Smtp, None) => return Err(MailerError::Url),
        (MailTransport::Smtp, Some(url)) => {
            let timeout = Duration::from_millis(mail.timeout_ms);
            Transport::Smtp(Smtp { url: url.clone(), timeout })
        }
    };
    Ok(NotificationSettings {
        mailer: Mailer::new(&mail.from, &mail.public_url, transport)?,
        rating_links: Arc::new(RatingPages {
            keys: DerivedKeys::derived_from(master),
            public_url: mail.public_url.trim_end_matches('/').to_owned(),
        }),
        account_links: Arc::new(AccountLinkStore {
            pool: pool.clone(),
            keys: DerivedKeys::derived_from(master),
            public_url: mail.public_url.trim_end_matches('/').to_owned(),
        }),
        digest: signed_millis(mail.digest_ms),
        max_attempts: mail.max_attempts,
        pause: signed_millis(mail.backoff_base_ms),
        longest_pause: signed_millis(mail.backoff_cap_ms),
    })
}

fn signed_millis(ms: u64) -> SignedDuration {
    SignedDuration::from_millis(ms.try_into().unwrap_or(i64::MAX))
}
