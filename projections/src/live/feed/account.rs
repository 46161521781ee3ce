//! Recipients of account events.

use super::data::{FrameData, NoData, RoleData, SessionData};
use super::recipients::FeedRecipients;
use domain::AccountId;
use domain::accounts::AccountEvent;

/// Returns the account itself as the only recipient, for every event.
pub(super) fn recipients_of(account_id: AccountId, event: &AccountEvent) -> FeedRecipients {
    let data: FrameData = match event {
        AccountEvent::SignedIn { session_id, .. }
        | AccountEvent::SignedOut { session_id }
        | AccountEvent::SessionRevoked { session_id } => SessionData { session_id: session_id.uuid() }.into(),
        AccountEvent::RoleGranted { role, .. } | AccountEvent::RoleRevoked { role, .. } => {
            RoleData { role: role.as_str() }.into()
        }
        AccountEvent::AccountRegistered { .. }
        | AccountEvent::EmailVerified {}
        | AccountEvent::EmailChanged { .. }
        | AccountEvent::PhoneChanged { .. }
        | AccountEvent::LinkRequested { .. }
        | AccountEvent::DataCorrected { .. }
        | AccountEvent::ContactsRevealed { .. }
        | AccountEvent::PasswordChanged {}
        | AccountEvent::ProfileUpdated { .. }
        | AccountEvent::AvatarChanged { .. }
        | AccountEvent::AccountSuspended { .. }
        | AccountEvent::AccountReinstated { .. }
        | AccountEvent::AccountErased { .. }
        | AccountEvent::SignInFailed { .. } => NoData {}.into(),
    };
    FeedRecipients::only(account_id, data)
}
