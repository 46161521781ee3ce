//! Mails a requested link, at least once; each attempt mails the same link.

use async_trait::async_trait;
use domain::accounts::{Account, LinkPurpose, Person, TimeZoneName};
use jiff::tz::TimeZone;
use lettre::Address;
use lettre::message::Mailbox;
use projection_runtime::{Task, TaskHandler, TaskOutcome, error_chain};

use super::{LinkTask, MAIL_LINK, NewAccountLink};
use crate::handler_context::{into_outcome, parse_payload};
use crate::notifications::processes::mail::{LinkDraft, MailDelivery, SendResult};

/// Handles the tasks of mailed links.
#[derive(Clone)]
pub(in crate::notifications::processes) struct AccountLinksHandler(pub MailDelivery);

#[async_trait]
impl TaskHandler for AccountLinksHandler {
    fn kind(&self) -> &'static str {
        MAIL_LINK
    }

    async fn run(&self, task: &Task) -> TaskOutcome {
        into_outcome(self.mail_link(task).await)
    }
}

impl AccountLinksHandler {
    async fn mail_link(&self, task: &Task) -> Result<(), TaskOutcome> {
        let LinkTask { account_id, purpose, requested_at } = parse_payload(task)?;
        let MailDelivery { context, settings, .. } = &self.0;
        let account: Account = context.load_aggregate(task, account_id).await?;
        let now = context.clock.now();
        let expires_at = requested_at + purpose.valid_for();
        let Some(person) = account.person().filter(|person| is_needed(person, purpose)) else {
            return Ok(());
        };
        let Some(email) = person.email.known().filter(|_| now < expires_at) else { return Ok(()) };
        let Ok(address) = email.as_str().parse::<Address>() else { return Ok(()) };
        let link = NewAccountLink { id: task.id, account_id, purpose, email, expires_at };
        let link = settings.account_links.issue(link).await.map_err(|error| {
            tracing::error!(task = %task.id, cause = error_chain(&error), "cannot store a mailed link");
            context.retry_later(task, "cannot store the link")
        })?;
        let name = person.profile.name.as_ref().and_then(|name| name.known());
        let draft = LinkDraft {
            id: task.id,
            to: Mailbox::new(name.map(|name| name.as_str().to_owned()), address),
            locale: person.profile.locale.unwrap_or_default(),
            zone: person.profile.time_zone.as_ref().map_or(TimeZone::UTC, TimeZoneName::zone),
            purpose,
            link,
            expires_at,
            at: now,
        };
        let Ok(message) = settings.mailer.compose_link(draft) else {
            return Err(TaskOutcome::Abandon { error: "the mail cannot be composed".to_owned() });
        };
        match settings.mailer.send(message, account_id, task.id).await {
            SendResult::Accepted => Ok(()),
            SendResult::Refused => {
                Err(TaskOutcome::Abandon { error: "the mail server refused it".to_owned() })
            }
            SendResult::Later => Err(context.retry_later(task, "the mail server did not take it")),
        }
    }
}

/// Returns whether the link still has a use. A suspended person gets no mail.
fn is_needed(person: &Person, purpose: LinkPurpose) -> bool {
    let is_done = purpose == LinkPurpose::EmailVerification && person.email_verified;
    !person.suspended && !is_done
}
