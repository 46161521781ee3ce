//! Tells people what concerns them: from an event to their inboxes, from an inbox to their mail.

mod mail;
mod notices;

use std::sync::Arc;

use domain::{AccountId, TicketId};
use jiff::{SignedDuration, Timestamp};
use projection_runtime::{ProcessManager, TaskHandler};
use sqlx::PgPool;

pub use mail::{Mailer, MailerError, Smtp, Transport};

use self::mail::{DigestHandler, MailDelivery, MailHandler, NotificationMail};
use self::notices::{NotificationSelector, NotifyHandler};
use crate::handler_context::HandlerContext;

const NAME: &str = "notices";

/// Makes the links by which a requester rates a ticket without signing in.
pub trait RatingLinks: Send + Sync {
    /// The address, for a ticket that was resolved at an instant.
    fn address(&self, ticket_id: TicketId, requester: AccountId, resolved_at: Timestamp) -> String;
}

/// How notifications go out.
#[derive(Clone)]
pub struct NotificationSettings {
    pub mailer: Arc<Mailer>,
    pub rating_links: Arc<dyn RatingLinks>,
    /// From the first unread message to the mail about it and all others.
    pub digest: SignedDuration,
    /// Attempts of one mail before it is given up.
    pub max_attempts: u32,
    /// After the first failed attempt; doubles with each, up to the longest.
    pub pause: SignedDuration,
    pub longest_pause: SignedDuration,
}

/// What listens.
pub fn notification_process_managers() -> Vec<Arc<dyn ProcessManager>> {
    vec![Arc::new(NotificationSelector), Arc::new(NotificationMail)]
}

/// What does their tasks.
pub fn notification_handlers(
    context: &HandlerContext,
    pool: &PgPool,
    settings: &NotificationSettings,
) -> Vec<Arc<dyn TaskHandler>> {
    let delivery = MailDelivery { context: context.clone(), pool: pool.clone(), settings: settings.clone() };
    let notify = NotifyHandler { context: context.clone(), pool: pool.clone(), digest: settings.digest };
    vec![Arc::new(notify), Arc::new(MailHandler(delivery.clone())), Arc::new(DigestHandler(delivery))]
}
