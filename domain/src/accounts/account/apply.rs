//! Applies events to an account; cannot fail and holds no rule.

use std::collections::BTreeSet;
use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;

use super::account::{Account, Person};
use super::commands::AccountCommand;
use super::error::AccountError;
use super::events::AccountEvent;
use crate::accounts::profile::ProfileChanges;
use crate::clock::Clock;
use crate::decider::Decider;

impl Aggregate for Account {
    const TYPE: &'static str = "Account";
    type Command = AccountCommand;
    type Event = AccountEvent;
    type Error = AccountError;
    type Services = Arc<dyn Clock>;

    async fn handle(
        &mut self,
        command: AccountCommand,
        clock: &Arc<dyn Clock>,
        sink: &EventSink<Self>,
    ) -> Result<(), AccountError> {
        for event in self.decide(&command, clock.now())? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: AccountEvent) {
        match (&mut *self, event) {
            (
                Account::Unregistered,
                AccountEvent::AccountRegistered {
                    role, email, name, nickname, phone, locale, time_zone, ..
                },
            ) => {
                *self = Account::Registered(Box::new(Person {
                    account_id: email.subject(),
                    email,
                    email_verified: false,
                    phone,
                    roles: BTreeSet::from([role]),
                    suspended: false,
                    avatar: None,
                    profile: ProfileChanges {
                        name: Some(name),
                        nickname: Some(nickname),
                        locale: Some(locale),
                        time_zone: Some(time_zone),
                        ..ProfileChanges::default()
                    },
                }));
            }
            (Account::Registered(_), AccountEvent::AccountErased { account_id, .. }) => {
                *self = Account::Erased { account_id };
            }
            (Account::Registered(person), event) => person.apply(event),
            // No other event can be committed before registration or after erasure.
            (Account::Erased { .. } | Account::Unregistered, _) => {}
        }
    }
}

impl Person {
    fn apply(&mut self, event: AccountEvent) {
        match event {
            AccountEvent::EmailVerified {} => self.email_verified = true,
            AccountEvent::EmailChanged { email } => {
                self.email = email;
                self.email_verified = false;
            }
            AccountEvent::PhoneChanged { phone } => self.phone = phone,
            AccountEvent::ProfileUpdated { changes, cleared } => self.profile.absorb(*changes, &cleared),
            AccountEvent::AvatarChanged { object_id } => self.avatar = Some(object_id),
            AccountEvent::RoleGranted { role, .. } => {
                self.roles.insert(role);
            }
            AccountEvent::RoleRevoked { role, .. } => {
                self.roles.remove(&role);
            }
            AccountEvent::AccountSuspended { .. } => self.suspended = true,
            AccountEvent::AccountReinstated { .. } => self.suspended = false,
            AccountEvent::AccountRegistered { .. }
            | AccountEvent::AccountErased { .. }
            | AccountEvent::LinkRequested { .. }
            | AccountEvent::DataCorrected { .. }
            | AccountEvent::ContactsRevealed { .. }
            | AccountEvent::PasswordChanged {}
            | AccountEvent::SignedIn { .. }
            | AccountEvent::SignedOut { .. }
            | AccountEvent::SessionRevoked { .. }
            | AccountEvent::SignInFailed { .. } => {}
        }
    }
}
