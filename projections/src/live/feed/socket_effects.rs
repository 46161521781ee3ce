//! Effects of feed rows on live sockets, besides the frame that a socket gets.

use std::collections::HashMap;
use std::sync::LazyLock;

use domain::accounts::AccountEventType;
use domain::messaging::ConversationEventType;

use super::queries::FeedRow;
use super::recipients::snake_case;

/// Effect of a feed row on the sockets of an OS process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SocketEffect {
    /// The session that the row names has ended.
    EndsSession,
    /// All sessions of the account have ended.
    EndsAllSessions,
    /// The account has new contacts.
    AddsContacts,
    /// The account has blocked the account that the row names.
    BlocksContact,
    /// The account has unblocked the account that the row names.
    UnblocksContact,
}

/// Effects by the event name of a row.
static EFFECTS: LazyLock<HashMap<String, SocketEffect>> = LazyLock::new(|| {
    let accounts = AccountEventType::ALL.iter().map(|kind| (kind.as_str(), account_effect(*kind)));
    let conversations =
        ConversationEventType::ALL.iter().map(|kind| (kind.as_str(), conversation_effect(*kind)));
    accounts.chain(conversations).filter_map(|(name, effect)| Some((snake_case(name), effect?))).collect()
});

impl FeedRow {
    /// Returns the effect of the row on sockets; `None` if it is only a frame.
    pub fn socket_effect(&self) -> Option<SocketEffect> {
        EFFECTS.get(&self.kind).copied()
    }
}

fn account_effect(kind: AccountEventType) -> Option<SocketEffect> {
    match kind {
        AccountEventType::SignedOut | AccountEventType::SessionRevoked => Some(SocketEffect::EndsSession),
        AccountEventType::AccountSuspended | AccountEventType::AccountErased => {
            Some(SocketEffect::EndsAllSessions)
        }
        AccountEventType::AccountRegistered
        | AccountEventType::EmailVerified
        | AccountEventType::EmailChanged
        | AccountEventType::PhoneChanged
        | AccountEventType::LinkRequested
        | AccountEventType::DataCorrected
        | AccountEventType::ContactsRevealed
        | AccountEventType::PasswordChanged
        | AccountEventType::ProfileUpdated
        | AccountEventType::AvatarChanged
        | AccountEventType::RoleGranted
        | AccountEventType::RoleRevoked
        | AccountEventType::AccountReinstated
        | AccountEventType::SignedIn
        | AccountEventType::SignInFailed => None,
    }
}

fn conversation_effect(kind: ConversationEventType) -> Option<SocketEffect> {
    match kind {
        ConversationEventType::ConversationStarted | ConversationEventType::ParticipantJoined => {
            Some(SocketEffect::AddsContacts)
        }
        ConversationEventType::ParticipantBlocked => Some(SocketEffect::BlocksContact),
        ConversationEventType::ParticipantUnblocked => Some(SocketEffect::UnblocksContact),
        ConversationEventType::ParticipantLeft
        | ConversationEventType::MessageSent
        | ConversationEventType::MessageEdited
        | ConversationEventType::MessageDeleted
        | ConversationEventType::ConversationRead
        | ConversationEventType::ConversationArchived
        | ConversationEventType::ConversationUnarchived
        | ConversationEventType::ConversationCleared
        | ConversationEventType::ConversationHidden
        | ConversationEventType::MessageReported => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_the_effect_of_its_event() {
        assert_eq!(EFFECTS.get("session_revoked"), Some(&SocketEffect::EndsSession));
        assert_eq!(EFFECTS.get("account_suspended"), Some(&SocketEffect::EndsAllSessions));
        assert_eq!(EFFECTS.get("participant_joined"), Some(&SocketEffect::AddsContacts));
        assert_eq!(EFFECTS.get("signed_in"), None);
    }
}
