//! What a person is told of the events of their own account.

use domain::AccountId;
use domain::accounts::AccountEvent;
use serde_json::json;

use super::told::Told;

/// Everything, and nobody else anything.
pub(super) fn tell(account_id: AccountId, event: &AccountEvent) -> Told {
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
        | AccountEvent::PasswordChanged {}
        | AccountEvent::ProfileUpdated { .. }
        | AccountEvent::AvatarChanged { .. }
        | AccountEvent::AccountSuspended { .. }
        | AccountEvent::AccountReinstated { .. }
        | AccountEvent::AccountErased { .. }
        | AccountEvent::SignInFailed { .. } => json!({}),
    };
    Told::only(account_id, data)
}
