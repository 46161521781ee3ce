//! Read model `members`, table `app.members`: the recipients of a message, without loading the conversation.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::messaging::{Conversation, ConversationEvent};
use domain::{AccountId, ConversationId, Event, RecordedEvent};
use projection_runtime::{ApplyError, ReadModel};
use serde::Serialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

/// Maintains `app.members`.
#[derive(Clone, Copy, Debug, Default)]
pub struct ConversationMembersReadModel;

/// Conversation with the data that notifications need.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ConversationMembers {
    /// Present participants.
    pub participants: BTreeSet<AccountId>,
    /// Number of the last message.
    pub head: u64,
}

#[async_trait]
impl ReadModel for ConversationMembersReadModel {
    fn name(&self) -> &'static str {
        "talks"
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> &'static [&'static str] {
        &["app.talks"]
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        aggregate_type == Conversation::TYPE
    }

    async fn apply(&self, db: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError> {
        let mut ids = BTreeSet::new();
        for recorded in events {
            ids.insert(conversation_id(recorded)?.uuid());
        }
        let mut members = load(db, &ids.into_iter().collect::<Vec<_>>()).await?;
        let mut changed = BTreeSet::new();
        for recorded in events {
            if let Event::Conversation(event) = &recorded.event {
                let id = conversation_id(recorded)?.uuid();
                if apply_event(members.entry(id).or_default(), event) {
                    changed.insert(id);
                }
            }
        }
        members.retain(|id, _| changed.contains(id));
        save(db, members).await
    }
}

fn conversation_id(recorded: &RecordedEvent) -> Result<ConversationId, ApplyError> {
    recorded.stream.aggregate_id.parse().map_err(|_| ApplyError::Poison {
        position: recorded.position,
        reason: "the stream's id is not a conversation's".to_owned(),
    })
}

/// Applies an event and returns whether it changed the conversation.
fn apply_event(conversation: &mut ConversationMembers, event: &ConversationEvent) -> bool {
    match event {
        ConversationEvent::ConversationStarted { participants, .. } => {
            conversation.participants.extend(participants);
            true
        }
        ConversationEvent::ParticipantJoined { participant } => {
            conversation.participants.insert(*participant)
        }
        ConversationEvent::ParticipantLeft { participant } => conversation.participants.remove(participant),
        ConversationEvent::MessageSent { sequence, .. } => {
            conversation.head = *sequence;
            true
        }
        ConversationEvent::MessageEdited { .. }
        | ConversationEvent::MessageDeleted { .. }
        | ConversationEvent::ConversationRead { .. }
        | ConversationEvent::ConversationArchived { .. }
        | ConversationEvent::ConversationUnarchived { .. }
        | ConversationEvent::ConversationCleared { .. }
        | ConversationEvent::ConversationHidden { .. }
        | ConversationEvent::ParticipantBlocked { .. }
        | ConversationEvent::ParticipantUnblocked { .. }
        | ConversationEvent::MessageReported { .. } => false,
    }
}

async fn load(
    db: &mut PgConnection,
    ids: &[Uuid],
) -> Result<BTreeMap<Uuid, ConversationMembers>, ApplyError> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = sqlx::query!(
        "select conversation_id, participants, head from talks where conversation_id = any($1)",
        ids,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.conversation_id, to_members(row.participants, row.head))).collect())
}

pub(super) fn to_members(participants: Vec<Uuid>, head: i64) -> ConversationMembers {
    ConversationMembers {
        participants: participants.into_iter().map(AccountId).collect(),
        head: head.cast_unsigned(),
    }
}

async fn save(db: &mut PgConnection, members: BTreeMap<Uuid, ConversationMembers>) -> Result<(), ApplyError> {
    if members.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = members
        .into_iter()
        .map(|(id, conversation)| MembersRecord {
            conversation_id: id,
            participants: conversation.participants,
            head: conversation.head,
        })
        .collect();
    sqlx::query!(
        "insert into talks (conversation_id, participants, head)
         select conversation_id, participants, head
         from jsonb_to_recordset($1) as new (conversation_id uuid, participants uuid[], head bigint)
         on conflict (conversation_id) do update
         set participants = excluded.participants, head = excluded.head",
        Json(&rows) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Row as it is written.
#[derive(Serialize)]
struct MembersRecord {
    conversation_id: Uuid,
    participants: BTreeSet<AccountId>,
    head: u64,
}
