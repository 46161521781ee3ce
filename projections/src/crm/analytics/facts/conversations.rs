//! Facts of conversations: messages by kind of conversation.

use domain::messaging::{ConversationEvent, ConversationKind};
use serde::{Deserialize, Serialize};

use super::fact::{Fact, Measure};
use super::fact_recorder::{CurrentFacts, FactRecorder, Tracked};

pub(super) const ENTITY: &str = "conversation";

/// Conversation, of which only the kind is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct ConversationFacts {
    kind: ConversationKind,
}

impl CurrentFacts for ConversationFacts {
    fn current_facts(&self) -> Vec<Fact> {
        Vec::new()
    }
}

/// Returns the conversation that an event starts, or `None` for every later event.
pub(super) fn start_tracking(
    event: &ConversationEvent,
    recorder: &mut FactRecorder,
) -> Option<Tracked<ConversationFacts>> {
    let ConversationEvent::ConversationStarted { kind, .. } = event else { return None };
    Some(Tracked::new(ConversationFacts { kind: *kind }, recorder))
}

impl Tracked<ConversationFacts> {
    /// Applies a later event.
    pub fn apply(&self, event: &ConversationEvent, recorder: &mut FactRecorder) {
        let ConversationEvent::MessageSent { message_id, .. } = event else { return };
        let class = match self.state.kind {
            ConversationKind::Direct => "direct",
            ConversationKind::Class => "class",
            ConversationKind::Lesson => "lesson",
        };
        recorder.add_fact(Fact::new(
            Measure::Message,
            recorder.recorded_at(),
            class,
            ("message", message_id.uuid()),
        ));
    }
}
