//! Mailed links: recovery of a password, verification of an address, invitation.

mod handler;

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::accounts::{Account, AccountEvent, Email, LinkPurpose};
use domain::{AccountId, Actor, Event, RecordedEvent, Source};
use jiff::Timestamp;
use projection_runtime::{NewTask, ProcessManager, Reaction};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub(super) use handler::AccountLinksHandler;

const NAME: &str = "account_links";
const MAIL_LINK: &str = "mail_account_link";

/// Link to be mailed to a person.
#[derive(Clone, Debug)]
pub struct NewAccountLink<'a> {
    /// The same in every attempt to mail the link, which then has the same token.
    pub id: Uuid,
    pub account_id: AccountId,
    pub purpose: LinkPurpose,
    /// Address to which the link is mailed. The link is invalid after a change of the address.
    pub email: &'a Email,
    pub expires_at: Timestamp,
}

/// Stores links and returns their addresses.
#[async_trait]
pub trait AccountLinkIssuer: Send + Sync {
    /// Stores a link, unless it is stored, and returns its address.
    ///
    /// # Errors
    /// [`sqlx::Error`] if the database is unavailable.
    async fn issue(&self, link: NewAccountLink<'_>) -> Result<String, sqlx::Error>;
}

/// Schedules the mail of each requested link. A registration and a new address request a verification.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct AccountLinks;

#[derive(Serialize, Deserialize)]
struct LinkTask {
    account_id: AccountId,
    purpose: LinkPurpose,
    requested_at: Timestamp,
}

impl ProcessManager for AccountLinks {
    fn name(&self) -> &'static str {
        NAME
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        aggregate_type == Account::TYPE
    }

    fn starts_at_beginning(&self) -> bool {
        false
    }

    fn react(&self, recorded: &RecordedEvent) -> Vec<Reaction> {
        let Event::Account(event) = &recorded.event else { return Vec::new() };
        let Ok(account_id) = recorded.stream.aggregate_id.parse::<AccountId>() else { return Vec::new() };
        let Some(purpose) = requested_link(event, account_id, recorded) else { return Vec::new() };
        let payload = LinkTask { account_id, purpose, requested_at: recorded.recorded_at };
        vec![Reaction::Schedule(NewTask {
            kind: MAIL_LINK,
            key: recorded.event_id().to_string(),
            queue: None,
            due_at: None,
            payload: serde_json::to_value(payload).expect("ids and codes serialize to JSON"),
        })]
    }
}

fn requested_link(
    event: &AccountEvent,
    account_id: AccountId,
    recorded: &RecordedEvent,
) -> Option<LinkPurpose> {
    let by_api = recorded.metadata.source == Source::Api;
    match event {
        AccountEvent::LinkRequested { purpose } => Some(*purpose),
        // A person whom staff registers gets an invitation.
        AccountEvent::AccountRegistered { .. } => (by_api
            && recorded.metadata.actor == Actor::Account(account_id))
        .then_some(LinkPurpose::EmailVerification),
        AccountEvent::EmailChanged { .. } => by_api.then_some(LinkPurpose::EmailVerification),
        AccountEvent::EmailVerified {}
        | AccountEvent::PhoneChanged { .. }
        | AccountEvent::DataCorrected { .. }
        | AccountEvent::ContactsRevealed { .. }
        | AccountEvent::PasswordChanged {}
        | AccountEvent::ProfileUpdated { .. }
        | AccountEvent::AvatarChanged { .. }
        | AccountEvent::RoleGranted { .. }
        | AccountEvent::RoleRevoked { .. }
        | AccountEvent::AccountSuspended { .. }
        | AccountEvent::AccountReinstated { .. }
        | AccountEvent::AccountErased { .. }
        | AccountEvent::SignedIn { .. }
        | AccountEvent::SignedOut { .. }
        | AccountEvent::SessionRevoked { .. }
        | AccountEvent::SignInFailed { .. } => None,
    }
}
