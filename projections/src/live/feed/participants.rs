//! Participants of the conversations of a batch, and recipients of conversation events.

use std::collections::{BTreeMap, BTreeSet};

use domain::messaging::ConversationEvent;
use domain::{AccountId, ConversationId};
use projection_runtime::ApplyError;
use sqlx::PgConnection;
use uuid::Uuid;

use super::data::{
    ChangedMessageData, ClearedConversationData, ConversationData, FrameData, ParticipantData,
    ReadPositionData, ReportedMessageData, SentMessageData, StartedConversationData,
};
use super::recipients::FeedRecipients;

/// Participants of the conversations of a batch; the events of the batch change them.
#[derive(Default)]
pub(super) struct FeedParticipants {
    /// Participants by conversation; the value says whether the participant is blocked.
    known: BTreeMap<ConversationId, BTreeMap<AccountId, bool>>,
    changed: BTreeSet<ConversationId>,
}

impl FeedParticipants {
    pub(super) async fn load(
        db: &mut PgConnection,
        conversations: &BTreeSet<ConversationId>,
    ) -> Result<Self, ApplyError> {
        if conversations.is_empty() {
            return Ok(Self::default());
        }
        let ids: Vec<Uuid> = conversations.iter().map(|id| id.uuid()).collect();
        let rows = sqlx::query!(
            "select conversation_id, account_id, blocked from live_talks where conversation_id = any($1)",
            &ids,
        )
        .fetch_all(db)
        .await?;
        let mut known: BTreeMap<ConversationId, BTreeMap<AccountId, bool>> = BTreeMap::new();
        for row in rows {
            let people = known.entry(row.conversation_id.into()).or_default();
            people.insert(row.account_id.into(), row.blocked);
        }
        Ok(Self { known, changed: BTreeSet::new() })
    }

    /// Returns the recipients of one event with their data, and applies the event to the participants.
    ///
    /// A change of a participant's own view has only that participant as recipient.
    /// The exception is the read position, which all participants get.
    pub(super) fn recipients_of(&mut self, id: ConversationId, event: &ConversationEvent) -> FeedRecipients {
        let conversation_id = id.uuid();
        let of_participant = |participant: &AccountId| {
            FrameData::from(ParticipantData { conversation_id, account_id: participant.uuid() })
        };
        match event {
            ConversationEvent::ConversationStarted { kind, participants, .. } => {
                self.changed.insert(id);
                self.known.insert(id, participants.iter().map(|person| (*person, false)).collect());
                self.participants(
                    id,
                    &StartedConversationData { conversation_id, kind: kind.as_str() }.into(),
                )
            }
            ConversationEvent::ParticipantJoined { participant } => {
                self.changed.insert(id);
                self.known.entry(id).or_default().insert(*participant, false);
                self.participants(id, &of_participant(participant))
            }
            ConversationEvent::ParticipantLeft { participant } => {
                let recipients = self.participants(id, &of_participant(participant));
                self.changed.insert(id);
                self.known.entry(id).or_default().remove(participant);
                recipients
            }
            ConversationEvent::MessageSent { message_id, sequence, sender, .. } => {
                let (message_id, sender_id) = (message_id.uuid(), sender.uuid());
                let data = SentMessageData { conversation_id, message_id, sequence: *sequence, sender_id };
                self.participants(id, &data.into())
            }
            ConversationEvent::MessageEdited { message_id, sequence, .. }
            | ConversationEvent::MessageDeleted { message_id, sequence, .. } => {
                let message_id = message_id.uuid();
                let data = ChangedMessageData { conversation_id, message_id, sequence: *sequence };
                self.participants(id, &data.into())
            }
            ConversationEvent::ConversationRead { participant, up_to } => {
                let account_id = participant.uuid();
                let data = ReadPositionData { conversation_id, account_id, up_to: *up_to };
                self.participants(id, &data.into())
            }
            ConversationEvent::ConversationCleared { participant, up_to } => {
                FeedRecipients::only(*participant, ClearedConversationData { conversation_id, up_to: *up_to })
            }
            ConversationEvent::ConversationArchived { participant }
            | ConversationEvent::ConversationUnarchived { participant }
            | ConversationEvent::ConversationHidden { participant } => {
                FeedRecipients::only(*participant, ConversationData { conversation_id })
            }
            // The blocked participant gets no frame. The first refused message tells them.
            ConversationEvent::ParticipantBlocked { participant, by } => {
                self.set_blocked(id, *participant, true);
                FeedRecipients::only(*by, of_participant(participant))
            }
            ConversationEvent::ParticipantUnblocked { participant, by } => {
                self.set_blocked(id, *participant, false);
                FeedRecipients::only(*by, of_participant(participant))
            }
            ConversationEvent::MessageReported { message_id, by, .. } => FeedRecipients::only(
                *by,
                ReportedMessageData { conversation_id, message_id: message_id.uuid() },
            ),
        }
    }

    fn set_blocked(&mut self, id: ConversationId, participant: AccountId, blocked: bool) {
        self.changed.insert(id);
        if let Some(now) = self.known.get_mut(&id).and_then(|people| people.get_mut(&participant)) {
            *now = blocked;
        }
    }

    fn participants(&self, id: ConversationId, data: &FrameData) -> FeedRecipients {
        FeedRecipients::all(self.known.get(&id).into_iter().flat_map(BTreeMap::keys).copied(), data)
    }

    pub(super) async fn save(self, db: &mut PgConnection) -> Result<(), ApplyError> {
        if self.changed.is_empty() {
            return Ok(());
        }
        let changed: Vec<Uuid> = self.changed.iter().map(|id| id.uuid()).collect();
        let (mut conversations, mut people, mut blocked) = (Vec::new(), Vec::new(), Vec::new());
        for id in &self.changed {
            for (person, is_blocked) in self.known.get(id).into_iter().flatten() {
                conversations.push(id.uuid());
                people.push(person.uuid());
                blocked.push(*is_blocked);
            }
        }
        sqlx::query!("delete from live_talks where conversation_id = any($1)", &changed)
            .execute(&mut *db)
            .await?;
        sqlx::query!(
            "insert into live_talks (conversation_id, account_id, blocked)
             select * from unnest($1::uuid[], $2::uuid[], $3::boolean[])",
            &conversations,
            &people,
            &blocked,
        )
        .execute(db)
        .await?;
        Ok(())
    }
}
