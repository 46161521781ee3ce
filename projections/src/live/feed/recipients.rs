//! Whom one event is told to, and what of it: ids and codes, never a person's words.

use std::collections::BTreeMap;

use domain::AccountId;
use serde_json::Value;

/// Each person once, whatever parts they play in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct FeedRecipients(pub(super) BTreeMap<AccountId, Value>);

impl FeedRecipients {
    pub(super) fn none() -> Self {
        Self::default()
    }

    pub(super) fn only(person: AccountId, data: Value) -> Self {
        Self(BTreeMap::from([(person, data)]))
    }

    /// The same to all of them.
    pub(super) fn all(people: impl IntoIterator<Item = AccountId>, data: &Value) -> Self {
        Self(people.into_iter().map(|person| (person, data.clone())).collect())
    }
}

/// `MessageSent` as `message_sent`: the type of a frame.
pub(super) fn snake_case(event_type: &str) -> String {
    let mut text = String::with_capacity(event_type.len() + 4);
    for (index, character) in event_type.chars().enumerate() {
        if character.is_ascii_uppercase() && index > 0 {
            text.push('_');
        }
        text.push(character.to_ascii_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::snake_case;

    #[test]
    fn a_frame_is_named_like_its_event() {
        assert_eq!(snake_case("MessageSent"), "message_sent");
        assert_eq!(snake_case("LessonMoved"), "lesson_moved");
    }
}
