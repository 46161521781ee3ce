//! The read model `talks`, table `app.talks`: whom a message concerns, without folding the conversation.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::messaging::{Conversation, ConversationEvent};
use domain::{AccountId, ConversationId, Event, Recorded};
use projection_runtime::{ApplyError, ReadModel};
use serde::Serialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

/// Keeps `app.talks`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Talks;

/// A conversation, as far as it matters who is told of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Talk {
    /// Who takes part now.
    pub participants: BTreeSet<AccountId>,
    /// The number of the last message.
    pub head: u64,
}

#[async_trait]
impl ReadModel for Talks {
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

    async fn apply(&self, db: &mut PgConnection, events: &[Recorded]) -> Result<(), ApplyError> {
        let mut ids = BTreeSet::new();
        for recorded in events {
            ids.insert(conversation_id(recorded)?.uuid());
        }
        let mut talks = load(db, &ids.into_iter().collect::<Vec<_>>()).await?;
        let mut changed = BTreeSet::new();
        for recorded in events {
            if let Event::Conversation(event) = &recorded.event {
                let id = conversation_id(recorded)?.uuid();
                if fold(talks.entry(id).or_default(), event) {
                    changed.insert(id);
                }
            }
        }
        talks.retain(|id, _| changed.contains(id));
        save(db, talks).await
    }
}

fn conversation_id(recorded: &Recorded) -> Result<ConversationId, ApplyError> {
    recorded.stream.aggregate_id.parse().map_err(|_| ApplyError::Poison {
        position: recorded.position,
        reason: "the stream's id is not a conversation's".to_owned(),
    })
}

/// Whether anything has changed.
fn fold(talk: &mut Talk, event: &ConversationEvent) -> bool {
    match event {
        ConversationEvent::ConversationStarted { participants, .. } => {
            talk.participants.extend(participants);
            true
        }
        ConversationEvent::ParticipantJoined { participant } => talk.participants.insert(*participant),
        ConversationEvent::ParticipantLeft { participant } => talk.participants.remove(participant),
        ConversationEvent::MessageSent { sequence, .. } => {
            talk.head = *sequence;
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

async fn load(db: &mut PgConnection, ids: &[Uuid]) -> Result<BTreeMap<Uuid, Talk>, ApplyError> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = sqlx::query!(
        "select conversation_id, participants, head from talks where conversation_id = any($1)",
        ids,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.conversation_id, talk_of(row.participants, row.head))).collect())
}

pub(super) fn talk_of(participants: Vec<Uuid>, head: i64) -> Talk {
    Talk { participants: participants.into_iter().map(AccountId).collect(), head: head.cast_unsigned() }
}

async fn save(db: &mut PgConnection, talks: BTreeMap<Uuid, Talk>) -> Result<(), ApplyError> {
    if talks.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = talks
        .into_iter()
        .map(|(id, talk)| Row { conversation_id: id, participants: talk.participants, head: talk.head })
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

/// A row as it is written.
#[derive(Serialize)]
struct Row {
    conversation_id: Uuid,
    participants: BTreeSet<AccountId>,
    head: u64,
}
