//! Read model `conversations`, tables `app.conversations`, `app.messages` and their details.

use std::collections::BTreeSet;

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::accounts::{Account, AccountEvent};
use domain::messaging::{Conversation, ConversationEvent};
use domain::{AccountId, ConversationId, Event, RecordedEvent};
use projection_runtime::text_search::normalize;
use projection_runtime::{ApplyError, ReadModel};
use serde::Serialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::apply::ConversationRows;
use super::rows::{ConversationRow, MessageRow, ParticipantRow};

/// Maintains conversations, participants and messages.
#[derive(Clone, Copy, Debug, Default)]
pub struct ConversationsReadModel;

#[async_trait]
impl ReadModel for ConversationsReadModel {
    fn name(&self) -> &'static str {
        "conversations"
    }

    fn version(&self) -> i32 {
        2
    }

    fn tables(&self) -> &'static [&'static str] {
        &[
            "app.conversations",
            "app.conversation_participants",
            "app.messages",
            "app.message_edits",
            "app.message_reports",
        ]
    }

    fn read_indexes(&self) -> &'static [&'static str] {
        &["messages (search)"]
    }

    /// Handles accounts too, because an erasure removes the person's texts.
    fn handles(&self, aggregate_type: &str) -> bool {
        [Conversation::TYPE, Account::TYPE].contains(&aggregate_type)
    }

    async fn apply(&self, db: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError> {
        let mut rows = AffectedConversationRows::from_events(events)?.load(db).await?;
        let mut erased = Vec::new();
        for recorded in events {
            match &recorded.event {
                Event::Conversation(event) => rows.apply(conversation_id(recorded)?, event, recorded),
                Event::Account(AccountEvent::AccountErased { account_id, .. }) => {
                    rows.erase_personal_data(*account_id);
                    erased.push(account_id.uuid());
                }
                _ => {}
            }
        }
        erase_stored_texts(db, &erased).await?;
        save(db, rows).await
    }
}

fn conversation_id(recorded: &RecordedEvent) -> Result<ConversationId, ApplyError> {
    recorded.stream.aggregate_id.parse().map_err(|_| ApplyError::Poison {
        position: recorded.position,
        reason: "the stream's id is not a conversation's".to_owned(),
    })
}

/// Rows of earlier batches that this batch changes or reads.
#[derive(Default)]
struct AffectedConversationRows {
    conversations: BTreeSet<Uuid>,
    participants: BTreeSet<(Uuid, Uuid)>,
    messages: BTreeSet<Uuid>,
}

impl AffectedConversationRows {
    fn from_events(events: &[RecordedEvent]) -> Result<Self, ApplyError> {
        let mut affected = Self::default();
        for recorded in events {
            if let Event::Conversation(event) = &recorded.event {
                affected.add_event(conversation_id(recorded)?, event);
            }
        }
        Ok(affected)
    }

    fn add_event(&mut self, id: ConversationId, event: &ConversationEvent) {
        let mut person = |who: &AccountId| self.participants.insert((id.uuid(), who.uuid()));
        match event {
            ConversationEvent::ConversationStarted { .. } => return,
            ConversationEvent::ParticipantJoined { participant }
            | ConversationEvent::ParticipantLeft { participant }
            | ConversationEvent::ConversationRead { participant, .. }
            | ConversationEvent::ConversationArchived { participant }
            | ConversationEvent::ConversationUnarchived { participant }
            | ConversationEvent::ConversationCleared { participant, .. }
            | ConversationEvent::ConversationHidden { participant }
            | ConversationEvent::ParticipantBlocked { participant, .. }
            | ConversationEvent::ParticipantUnblocked { participant, .. } => {
                person(participant);
            }
            ConversationEvent::MessageSent { sender, .. } => {
                person(sender);
            }
            ConversationEvent::MessageEdited { message_id, .. }
            | ConversationEvent::MessageDeleted { message_id, .. }
            | ConversationEvent::MessageReported { message_id, .. } => {
                self.messages.insert(message_id.uuid());
            }
        }
        self.conversations.insert(id.uuid());
    }

    async fn load(self, db: &mut PgConnection) -> Result<ConversationRows, ApplyError> {
        let mut rows = ConversationRows::default();
        if !self.conversations.is_empty() {
            let ids: Vec<Uuid> = self.conversations.into_iter().collect();
            let found = sqlx::query_scalar!(
                r#"select to_jsonb(conversation) as "row!: Json<ConversationRow>"
                   from conversations as conversation
                   where conversation_id = any($1)"#,
                &ids,
            );
            let found = found.fetch_all(&mut *db).await?;
            rows.conversations = found.into_iter().map(|Json(row)| (row.conversation_id, row)).collect();
        }
        if !self.participants.is_empty() {
            let (ids, people): (Vec<Uuid>, Vec<Uuid>) = self.participants.into_iter().unzip();
            let found = sqlx::query_scalar!(
                r#"select to_jsonb(participant) as "row!: Json<ParticipantRow>"
                   from conversation_participants as participant
                   where (conversation_id, account_id) in (select * from unnest($1::uuid[], $2::uuid[]))"#,
                &ids,
                &people,
            );
            let found = found.fetch_all(&mut *db).await?;
            let key = |row: &ParticipantRow| (row.conversation_id, row.account_id);
            rows.participants = found.into_iter().map(|Json(row)| (key(&row), row)).collect();
        }
        if !self.messages.is_empty() {
            let ids: Vec<Uuid> = self.messages.into_iter().collect();
            let found = sqlx::query_scalar!(
                r#"select to_jsonb(message) - 'search' as "row!: Json<MessageRow>"
                   from messages as message
                   where message_id = any($1)"#,
                &ids,
            );
            let found = found.fetch_all(&mut *db).await?;
            rows.messages = found.into_iter().map(|Json(row)| (row.message_id, row)).collect();
        }
        Ok(rows)
    }
}

async fn erase_stored_texts(db: &mut PgConnection, people: &[Uuid]) -> Result<(), ApplyError> {
    if people.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "update messages
         set body = null, attachments = '[]', search = ''
         where sender = any($1)",
        people,
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("delete from message_edits where sender = any($1)", people).execute(&mut *db).await?;
    sqlx::query!(
        "update message_reports
         set body = case when sender = any($1) then null else body end,
             reason = case when reporter = any($1) then null else reason end
         where sender = any($1)
            or reporter = any($1)",
        people,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Message with its search words, as it is written.
#[derive(Serialize)]
struct MessageRecord<'a> {
    #[serde(flatten)]
    row: &'a MessageRow,
    words: String,
}

async fn save(db: &mut PgConnection, rows: ConversationRows) -> Result<(), ApplyError> {
    let ConversationRows { conversations, participants, messages, edits, reports, deleted } = rows;
    if !conversations.is_empty() {
        let rows: Vec<_> = conversations.into_values().collect();
        sqlx::query_file!("src/messaging/conversations/save_conversations.sql", Json(rows) as _)
            .execute(&mut *db)
            .await?;
    }
    if !participants.is_empty() {
        let rows: Vec<_> = participants.into_values().collect();
        sqlx::query_file!("src/messaging/conversations/save_participants.sql", Json(rows) as _)
            .execute(&mut *db)
            .await?;
    }
    if !messages.is_empty() {
        let rows: Vec<_> =
            messages.values().map(|row| MessageRecord { row, words: search_text(row) }).collect();
        sqlx::query_file!("src/messaging/conversations/save_messages.sql", Json(rows) as _)
            .execute(&mut *db)
            .await?;
    }
    if !edits.is_empty() {
        sqlx::query!(
            "insert into message_edits (message_id, position, sender, body, written_at)
             select message_id, position, sender, body, written_at
             from jsonb_to_recordset($1) as new (
               message_id uuid, position bigint, sender uuid, body text, written_at timestamptz)",
            Json(edits) as _,
        )
        .execute(&mut *db)
        .await?;
    }
    if !deleted.is_empty() {
        let ids: Vec<Uuid> = deleted.into_iter().collect();
        sqlx::query!("delete from message_edits where message_id = any($1)", &ids).execute(&mut *db).await?;
    }
    if !reports.is_empty() {
        let rows: Vec<_> = reports.into_values().collect();
        sqlx::query_file!("src/messaging/conversations/save_reports.sql", Json(rows) as _)
            .execute(db)
            .await?;
    }
    Ok(())
}

fn search_text(row: &MessageRow) -> String {
    let names = row.attachments.iter().map(|attachment| attachment.name.as_str());
    normalize(row.body.as_deref().into_iter().chain(names))
}
