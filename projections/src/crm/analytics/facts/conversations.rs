//! The facts of conversations: what was said, by kind of conversation.

use domain::messaging::{ConversationEvent, ConversationKind};
use serde::{Deserialize, Serialize};

use super::fact::{Fact, Measure};
use super::fact_recorder::{CurrentFacts, FactRecorder, Tracked};

pub(super) const ENTITY: &str = "conversation";

/// A conversation: of it only the kind is remembered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct ConversationFacts {
    kind: ConversationKind,
}

impl CurrentFacts for ConversationFacts {
    fn current_facts(&self) -> Vec<Fact> {
        Vec::new()
    }
}

/// A conversation begins; `None` for every later event.
pub(super) fn start_tracking(
    event: &ConversationEvent,
    recorder: &mut FactRecorder,
) -> Option<Tracked<ConversationFacts>> {
    let ConversationEvent::ConversationStarted { kind, .. } = event else { return None };
    Some(Tracked::new(ConversationFacts { kind: *kind }, recorder))
}

impl Tracked<ConversationFacts> {
    /// Goes on with a later event.
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
