//! Message as the API shows it to participants.

use commands::LoadedAggregate;
use domain::messaging::{Conversation, ConversationError, Participant};
use domain::{AccountId, ConversationId, MessageId, ObjectId, RefusalError};
use jiff::Timestamp;
use projections::messaging::{AttachmentRow, MessageRow};
use serde::Serialize;
use uuid::Uuid;

use crate::app::App;
use crate::http::problem::Problem;

/// Message of a conversation.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Message)]
pub struct MessageView {
    #[schema(value_type = Uuid)]
    pub id: MessageId,
    #[schema(value_type = Uuid)]
    pub conversation_id: ConversationId,
    /// Number of the message in its conversation, from 1 without gaps.
    pub sequence: u64,
    #[schema(value_type = Uuid)]
    pub sender_id: AccountId,
    /// Text; null once the message is deleted or its sender erased.
    pub body: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub sent_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub edited_at: Option<Timestamp>,
    pub deleted: bool,
    /// Id that the sender's client chose.
    pub client_id: Uuid,
    pub attachments: Vec<AttachmentView>,
}

/// File of a message.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Attachment)]
pub struct AttachmentView {
    #[schema(value_type = Uuid)]
    pub id: ObjectId,
    pub name: String,
    pub media_type: String,
    pub bytes: u64,
    pub url: String,
}

/// Loads a conversation of a participant from the log.
///
/// # Errors
/// 404 `conversation_not_found` if there is none, or the person is not a participant.
pub(crate) async fn load_as_participant(
    app: &App,
    id: ConversationId,
    person: AccountId,
) -> Result<(LoadedAggregate<Conversation>, Participant), Problem> {
    let loaded = app.bus.load::<Conversation>(id).await?;
    match loaded.state.thread().and_then(|thread| thread.participant(person)).cloned() {
        Some(participant) => Ok((loaded, participant)),
        None => Err(ConversationError::NotFound.refusal().into()),
    }
}

impl From<MessageRow> for MessageView {
    fn from(row: MessageRow) -> Self {
        Self {
            id: row.message_id,
            conversation_id: row.conversation_id,
            sequence: row.sequence,
            sender_id: row.sender,
            body: row.body,
            sent_at: row.sent_at,
            edited_at: row.edited_at,
            deleted: row.deleted,
            client_id: row.client_id,
            attachments: row.attachments.into_iter().map(AttachmentView::from).collect(),
        }
    }
}

impl From<AttachmentRow> for AttachmentView {
    fn from(row: AttachmentRow) -> Self {
        let AttachmentRow { object_id, name, media_type, bytes } = row;
        Self { id: object_id, name, media_type, bytes, url: attachment_url(object_id) }
    }
}

/// Returns the address of a file.
pub(crate) fn attachment_url(object_id: ObjectId) -> String {
    format!("{}/attachments/{object_id}", crate::http::BASE)
}
