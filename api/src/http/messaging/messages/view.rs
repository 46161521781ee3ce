//! A message as the API shows it to who takes part.

use commands::LoadedAggregate;
use domain::messaging::{Conversation, ConversationError, Participant};
use domain::{AccountId, ConversationId, MessageId, ObjectId, RefusalError};
use jiff::Timestamp;
use projections::messaging::{AttachmentRow, MessageRow};
use serde::Serialize;
use uuid::Uuid;

use crate::app::App;
use crate::http::problem::Problem;

/// A message.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Message)]
pub struct MessageView {
    #[schema(value_type = Uuid)]
    pub id: MessageId,
    #[schema(value_type = Uuid)]
    pub conversation_id: ConversationId,
    /// From 1, without holes, in the order of the conversation.
    pub sequence: u64,
    #[schema(value_type = Uuid)]
    pub sender_id: AccountId,
    /// Null once it is deleted, or its sender erased.
    pub body: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub sent_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub edited_at: Option<Timestamp>,
    pub deleted: bool,
    /// What the sender's client calls it.
    pub client_id: Uuid,
    pub attachments: Vec<AttachmentView>,
}

/// A file beside a message.
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

/// The conversation as the log has it now.
///
/// # Errors
/// There is none, or the person takes no part in it: 404 either way.
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

/// Where a file is served, to those who may see it.
pub(crate) fn attachment_url(object_id: ObjectId) -> String {
    format!("{}/attachments/{object_id}", crate::http::BASE)
}
