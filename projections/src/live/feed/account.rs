//! Recipients of account events.

use domain::AccountId;
use domain::accounts::AccountEvent;
use serde_json::json;

use super::recipients::FeedRecipients;

/// Returns the account itself as the only recipient, for every event.
pub(super) fn recipients_of(account_id: AccountId, event: &AccountEvent) -> FeedRecipients {
    let data = match event {
        AccountEvent::SignedIn { session_id, .. }
        | AccountEvent::SignedOut { session_id }
        | AccountEvent::SessionRevoked { session_id } => json!({ "session_id": session_id }),
        AccountEvent::RoleGranted { role, .. } | AccountEvent::RoleRevoked { role, .. } => {
            json!({ "role": role })
        }
        AccountEvent::AccountRegistered { .. }
        | AccountEvent::EmailVerified {}
        | AccountEvent::EmailChanged { .. }
        | AccountEvent::PhoneChanged { .. }
        | AccountEvent::LinkRequested { .. }
        | AccountEvent::DataCorrected { .. }
        | AccountEvent::PasswordChanged {}
        | AccountEvent::ProfileUpdated { .. }
        | AccountEvent::AvatarChanged { .. }
        | AccountEvent::AccountSuspended { .. }
        | AccountEvent::AccountReinstated { .. }
        | AccountEvent::AccountErased { .. }
        | AccountEvent::SignInFailed { .. } => json!({}),
    };
    FeedRecipients::only(account_id, data)
}
