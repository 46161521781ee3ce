//! Process managers of notifications: from an event to the inboxes, from an inbox to the mail.

mod links;
mod mail;
mod notices;

use std::sync::Arc;

use domain::{AccountId, TicketId};
use jiff::{SignedDuration, Timestamp};
use projection_runtime::{ProcessManager, TaskHandler};
use sqlx::PgPool;

pub use links::{AccountLinkIssuer, NewAccountLink};
pub use mail::{Mailer, MailerError, Smtp, Transport};

use self::links::{AccountLinks, AccountLinksHandler};
use self::mail::{DigestHandler, MailDelivery, MailErasureHandler, MailHandler, NotificationMail};
use self::notices::{NotificationSelector, NotifyHandler};
use crate::handler_context::HandlerContext;

const NAME: &str = "notices";

/// Creates links by which a requester rates a ticket without signing in.
pub trait RatingLinks: Send + Sync {
    /// Returns the address for a ticket that was resolved at an instant.
    fn address(&self, ticket_id: TicketId, requester: AccountId, resolved_at: Timestamp) -> String;
}

/// Settings of the delivery of notifications.
#[derive(Clone)]
pub struct NotificationSettings {
    pub mailer: Arc<Mailer>,
    pub rating_links: Arc<dyn RatingLinks>,
    pub account_links: Arc<dyn AccountLinkIssuer>,
    /// Delay from the first unread message to the mail about it and all later ones.
    pub digest: SignedDuration,
    /// Maximum of attempts for one mail.
    pub max_attempts: u32,
    /// Delay after the first failed attempt. It doubles with each attempt, up to `longest_pause`.
    pub pause: SignedDuration,
    pub longest_pause: SignedDuration,
}

/// Returns the process managers of notifications.
pub fn notification_process_managers() -> Vec<Arc<dyn ProcessManager>> {
    vec![Arc::new(NotificationSelector), Arc::new(NotificationMail), Arc::new(AccountLinks)]
}

/// Returns the handlers of their tasks.
pub fn notification_handlers(
    context: &HandlerContext,
    pool: &PgPool,
    settings: &NotificationSettings,
) -> Vec<Arc<dyn TaskHandler>> {
    let delivery = MailDelivery { context: context.clone(), pool: pool.clone(), settings: settings.clone() };
    let notify = NotifyHandler { context: context.clone(), pool: pool.clone(), digest: settings.digest };
    vec![
        Arc::new(notify),
        Arc::new(MailHandler(delivery.clone())),
        Arc::new(AccountLinksHandler(delivery.clone())),
        Arc::new(MailErasureHandler(delivery.clone())),
        Arc::new(DigestHandler(delivery)),
    ]
}
