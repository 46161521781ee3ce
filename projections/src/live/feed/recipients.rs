//! Recipients of one event with their data: ids and codes, never texts of a person.

use std::collections::BTreeMap;

use domain::AccountId;

use super::data::FrameData;

/// Recipients of one event; each person occurs once, also with several parts in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct FeedRecipients(pub(super) BTreeMap<AccountId, FrameData>);

impl FeedRecipients {
    pub(super) fn none() -> Self {
        Self::default()
    }

    pub(super) fn only(person: AccountId, data: impl Into<FrameData>) -> Self {
        Self(BTreeMap::from([(person, data.into())]))
    }

    /// Returns these people as recipients of the same data.
    pub(super) fn all(people: impl IntoIterator<Item = AccountId>, data: &FrameData) -> Self {
        Self(people.into_iter().map(|person| (person, data.clone())).collect())
    }
}

/// Returns the type of a frame: `MessageSent` becomes `message_sent`.
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
