//! Conversations that a test writes directly into the log, without an HTTP process.

use std::sync::Arc;

use commands::{Bus, LogSettings, MasterKey};
use domain::messaging::{
    ConversationCommand, ConversationKind, NewConversation, NewMessage, direct_conversation_id, message_id,
    send_command_id,
};
use domain::{
    AccountId, Actor, Command, CommandContext, CommandId, ConversationId, Dispatch, DispatchError, Ids,
    RandomIds, Receipt, Role, Source, SystemClock,
};
use uuid::Uuid;

use crate::{Person, World};

/// Writer of conversations into the log of a world; cheap to clone.
#[derive(Clone)]
pub struct ConversationWriter(Arc<Bus>);

impl ConversationWriter {
    /// # Panics
    /// If the database is unavailable.
    pub async fn start(world: &World) -> Self {
        let database = world.pool.connect_options().as_ref().clone();
        let master = MasterKey::new(world.master_key);
        let bus = Bus::start(database, &master, Arc::new(SystemClock), LogSettings::default()).await;
        Self(bus.expect("the log can be opened"))
    }

    /// The direct conversation of two people.
    ///
    /// # Panics
    /// If it is refused.
    pub async fn between(&self, one: &Person, other: &Person) -> ConversationId {
        let (one, other) = (id(one), id(other));
        let conversation = direct_conversation_id(one, other);
        let participants = vec![one, other];
        let new = NewConversation { kind: ConversationKind::Direct, participants, context: None };
        let start = ConversationCommand::StartConversation(new);
        self.does(conversation, one, start).await;
        conversation
    }

    /// Carries out a conversation command on behalf of `who`.
    ///
    /// # Panics
    /// If it is refused.
    pub async fn does(
        &self,
        conversation: ConversationId,
        who: AccountId,
        command: ConversationCommand,
    ) -> Receipt {
        let context = context(who, CommandId(RandomIds.next()));
        let done = self.0.dispatch(Command::Conversation(conversation, command), context).await;
        done.expect("the conversation accepts it")
    }

    /// # Panics
    /// If it is refused.
    pub async fn sends(&self, conversation: ConversationId, who: &Person, body: &str) -> Receipt {
        self.tries_to_send(conversation, who, body, RandomIds.next()).await.expect("the message is sent")
    }

    /// # Errors
    /// If the log is unavailable or refuses; the caller may retry under the same `client_id`.
    pub async fn tries_to_send(
        &self,
        conversation: ConversationId,
        who: &Person,
        body: &str,
        client_id: Uuid,
    ) -> Result<Receipt, DispatchError> {
        let sender = id(who);
        let draft = NewMessage {
            message_id: message_id(conversation, sender, client_id),
            sender,
            body: body.to_owned(),
            attachments: vec![],
            client_id,
        };
        let command = ConversationCommand::SendMessage(Box::new(draft));
        let context = context(sender, send_command_id(conversation, sender, client_id));
        self.0.dispatch(Command::Conversation(conversation, command), context).await
    }
}

fn id(person: &Person) -> AccountId {
    person.id.parse().expect("a person's id")
}

fn context(who: AccountId, command_id: CommandId) -> CommandContext {
    CommandContext {
        actor: Actor::Account(who),
        role: Some(Role::Student),
        source: Source::Api,
        correlation_id: command_id.uuid(),
        causation_id: None,
        command_id,
        traceparent: None,
        request_id: None,
        expected_versions: Vec::new(),
    }
}
