//! The facts of conversations: what was said, by kind of conversation.

use domain::messaging::{ConversationEvent, ConversationKind};
use serde::{Deserialize, Serialize};

use super::fact::{Fact, Measure};
use super::ledger::{Kept, Ledger, Standing};

pub(super) const ENTITY: &str = "conversation";

/// A conversation: of it only the kind is remembered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Conversation {
    kind: ConversationKind,
}

impl Standing for Conversation {
    fn standing(&self) -> Vec<Fact> {
        Vec::new()
    }
}

/// A conversation begins; `None` for every later event.
pub(super) fn start(event: &ConversationEvent, ledger: &mut Ledger) -> Option<Kept<Conversation>> {
    let ConversationEvent::ConversationStarted { kind, .. } = event else { return None };
    Some(Kept::begin(Conversation { kind: *kind }, ledger))
}

impl Kept<Conversation> {
    /// Goes on with a later event.
    pub fn take(&self, event: &ConversationEvent, ledger: &mut Ledger) {
        let ConversationEvent::MessageSent { message_id, .. } = event else { return };
        let class = match self.state.kind {
            ConversationKind::Direct => "direct",
            ConversationKind::Class => "class",
            ConversationKind::Lesson => "lesson",
        };
        ledger.make(Fact::one(Measure::Message, ledger.at(), class, ("message", message_id.uuid())));
    }
}
