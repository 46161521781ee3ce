//! Starts conversations and adds or removes participants, as classes and lessons require.

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::messaging::{
    Conversation, ConversationCommand, ConversationContext, ConversationKind, NewConversation,
    class_conversation_id, direct_conversation_id, lesson_conversation_id,
};
use domain::scheduling::{Class, Lesson, Slot, SlotStatus};
use domain::{AccountId, ClassId, Command, ConversationId, SlotId};
use projection_runtime::{Task, TaskHandler, TaskOutcome};

use super::{ConversationTask, KIND, NAME};
use crate::handler_context::{DispatchResult, HandlerContext, parse_payload};

/// Handles the tasks of [`ConversationMembership`](super::ConversationMembership).
#[derive(Clone)]
pub struct ConversationMembershipHandler {
    pub context: HandlerContext,
}

/// Required state of a conversation of several.
struct DesiredParticipants {
    id: ConversationId,
    kind: ConversationKind,
    context: ConversationContext,
    teacher: AccountId,
    students: BTreeSet<AccountId>,
}

#[async_trait]
impl TaskHandler for ConversationMembershipHandler {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, task: &Task) -> TaskOutcome {
        match self.run_task(task).await {
            Ok(()) => TaskOutcome::Done,
            Err(outcome) => outcome,
        }
    }
}

impl ConversationMembershipHandler {
    async fn run_task(&self, task: &Task) -> Result<(), TaskOutcome> {
        match parse_payload(task)? {
            ConversationTask::Lesson { slot_id, booked } => self.sync_lesson(task, slot_id, booked).await,
            ConversationTask::Class { class_id } => self.sync_class(task, class_id).await,
        }
    }

    async fn sync_lesson(
        &self,
        task: &Task,
        slot_id: SlotId,
        booked: Option<AccountId>,
    ) -> Result<(), TaskOutcome> {
        let slot: Slot = self.context.load_aggregate(task, slot_id).await?;
        let Some(lesson) = slot.lesson() else { return Ok(()) };
        if let Some(student) = booked {
            self.open_direct(task, lesson.teacher, student).await?;
        }
        // Participants of a cancelled lesson stay in its conversation.
        if lesson.status == SlotStatus::Cancelled || lesson.class_id.is_some() || !is_for_several(lesson) {
            return Ok(());
        }
        let desired = DesiredParticipants {
            id: lesson_conversation_id(slot_id),
            kind: ConversationKind::Lesson,
            context: ConversationContext::Lesson(slot_id),
            teacher: lesson.teacher,
            students: lesson.seated().map(|booking| booking.student).collect(),
        };
        self.sync_participants(task, desired).await
    }

    async fn sync_class(&self, task: &Task, class_id: ClassId) -> Result<(), TaskOutcome> {
        let class: Class = self.context.load_aggregate(task, class_id).await?;
        let Some(class) = class.created() else { return Ok(()) };
        let desired = DesiredParticipants {
            id: class_conversation_id(class_id),
            kind: ConversationKind::Class,
            context: ConversationContext::Class(class_id),
            teacher: class.teacher,
            students: class.students.clone(),
        };
        self.sync_participants(task, desired).await
    }

    /// Starts the direct conversation of two people. Nothing happens if it exists.
    async fn open_direct(
        &self,
        task: &Task,
        teacher: AccountId,
        student: AccountId,
    ) -> Result<(), TaskOutcome> {
        let new = NewConversation {
            kind: ConversationKind::Direct,
            participants: vec![teacher, student],
            context: None,
        };
        let id = direct_conversation_id(teacher, student);
        self.dispatch_command(task, id, ConversationCommand::StartConversation(new), "open").await
    }

    async fn sync_participants(&self, task: &Task, desired: DesiredParticipants) -> Result<(), TaskOutcome> {
        let DesiredParticipants { id, kind, context, teacher, students } = desired;
        let conversation: Conversation = self.context.load_aggregate(task, id).await?;
        let present: BTreeSet<AccountId> = match conversation.thread() {
            Some(thread) => {
                let here = thread.participants.iter().filter(|(_, participant)| !participant.left);
                here.map(|(who, _)| *who).collect()
            }
            None => {
                let new = NewConversation { kind, participants: vec![teacher], context: Some(context) };
                self.dispatch_command(task, id, ConversationCommand::StartConversation(new), "start").await?;
                BTreeSet::from([teacher])
            }
        };
        for participant in students.difference(&present).copied() {
            let add = ConversationCommand::AddParticipant { participant };
            self.dispatch_command(task, id, add, &format!("join:{participant}")).await?;
        }
        for participant in present.difference(&students).copied().filter(|who| *who != teacher) {
            let remove = ConversationCommand::RemoveParticipant { participant };
            self.dispatch_command(task, id, remove, &format!("leave:{participant}")).await?;
        }
        Ok(())
    }

    /// Dispatches a command. A refusal ends the attempt without a retry: for example, the conversation is
    /// full.
    async fn dispatch_command(
        &self,
        task: &Task,
        id: ConversationId,
        command: ConversationCommand,
        purpose: &str,
    ) -> Result<(), TaskOutcome> {
        let name = command.name();
        let commands = vec![Command::Conversation(id, command)];
        match self.context.dispatch_all(task, NAME, commands, (task.cause, purpose)).await? {
            DispatchResult::Committed => {}
            DispatchResult::Refused(refusal) => {
                tracing::info!(conversation = %id, command = name, code = refusal.code, "conversation change refused");
            }
        }
        Ok(())
    }
}

fn is_for_several(lesson: &Lesson) -> bool {
    lesson.terms.capacity > 1
}
