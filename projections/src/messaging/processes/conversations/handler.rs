//! Makes conversations what classes and lessons say: started, with those who belong to them.

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::messaging::{
    Conversation, ConversationCommand, ConversationContext, ConversationKind, NewConversation,
    class_conversation_id, direct_conversation_id, lesson_conversation_id,
};
use domain::scheduling::{Class, Lesson, Slot, Stage};
use domain::{AccountId, ClassId, Command, ConversationId, SlotId};
use projection_runtime::{Outcome, Task, TaskHandler};

use super::{KIND, NAME, Wish};
use crate::acting::{Acting, Decided, wish};

/// Does the tasks of [`ConversationKeeper`](super::ConversationKeeper).
#[derive(Clone)]
pub struct ConversationHandler {
    pub acting: Acting,
}

/// A conversation of several as it is to be.
struct Wanted {
    id: ConversationId,
    kind: ConversationKind,
    context: ConversationContext,
    teacher: AccountId,
    students: BTreeSet<AccountId>,
}

#[async_trait]
impl TaskHandler for ConversationHandler {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, task: &Task) -> Outcome {
        match self.keep(task).await {
            Ok(()) => Outcome::Done,
            Err(outcome) => outcome,
        }
    }
}

impl ConversationHandler {
    async fn keep(&self, task: &Task) -> Result<(), Outcome> {
        match wish(task)? {
            Wish::Lesson { slot_id, booked } => self.keep_lesson(task, slot_id, booked).await,
            Wish::Class { class_id } => self.keep_class(task, class_id).await,
        }
    }

    async fn keep_lesson(
        &self,
        task: &Task,
        slot_id: SlotId,
        booked: Option<AccountId>,
    ) -> Result<(), Outcome> {
        let slot: Slot = self.acting.fold(task, slot_id).await?;
        let Some(lesson) = slot.lesson() else { return Ok(()) };
        if let Some(student) = booked {
            self.open_direct(task, lesson.teacher, student).await?;
        }
        // Who was to be in a lesson that is cancelled as a whole may still speak of it.
        if lesson.stage == Stage::Cancelled || lesson.class_id.is_some() || !is_for_several(lesson) {
            return Ok(());
        }
        let wanted = Wanted {
            id: lesson_conversation_id(slot_id),
            kind: ConversationKind::Lesson,
            context: ConversationContext::Lesson(slot_id),
            teacher: lesson.teacher,
            students: lesson.seated().map(|booking| booking.student).collect(),
        };
        self.keep_in_step(task, wanted).await
    }

    async fn keep_class(&self, task: &Task, class_id: ClassId) -> Result<(), Outcome> {
        let class: Class = self.acting.fold(task, class_id).await?;
        let Some(group) = class.group() else { return Ok(()) };
        let wanted = Wanted {
            id: class_conversation_id(class_id),
            kind: ConversationKind::Class,
            context: ConversationContext::Class(class_id),
            teacher: group.teacher,
            students: group.students.clone(),
        };
        self.keep_in_step(task, wanted).await
    }

    /// Theirs may be open already: then nothing happens.
    async fn open_direct(&self, task: &Task, teacher: AccountId, student: AccountId) -> Result<(), Outcome> {
        let new = NewConversation {
            kind: ConversationKind::Direct,
            participants: vec![teacher, student],
            context: None,
        };
        let id = direct_conversation_id(teacher, student);
        self.command(task, id, ConversationCommand::StartConversation(new), "open").await
    }

    async fn keep_in_step(&self, task: &Task, wanted: Wanted) -> Result<(), Outcome> {
        let Wanted { id, kind, context, teacher, students } = wanted;
        let conversation: Conversation = self.acting.fold(task, id).await?;
        let present: BTreeSet<AccountId> = match conversation.thread() {
            Some(thread) => {
                let here = thread.participants.iter().filter(|(_, participant)| !participant.left);
                here.map(|(who, _)| *who).collect()
            }
            None => {
                let new = NewConversation { kind, participants: vec![teacher], context: Some(context) };
                self.command(task, id, ConversationCommand::StartConversation(new), "start").await?;
                BTreeSet::from([teacher])
            }
        };
        for participant in students.difference(&present).copied() {
            let add = ConversationCommand::AddParticipant { participant };
            self.command(task, id, add, &format!("join:{participant}")).await?;
        }
        for participant in present.difference(&students).copied().filter(|who| *who != teacher) {
            let remove = ConversationCommand::RemoveParticipant { participant };
            self.command(task, id, remove, &format!("leave:{participant}")).await?;
        }
        Ok(())
    }

    /// A refusal is an answer: there is no more room.
    async fn command(
        &self,
        task: &Task,
        id: ConversationId,
        command: ConversationCommand,
        purpose: &str,
    ) -> Result<(), Outcome> {
        let name = command.name();
        let commands = vec![Command::Conversation(id, command)];
        match self.acting.together(task, NAME, commands, (task.cause, purpose)).await? {
            Decided::Committed => {}
            Decided::Refused(refusal) => {
                tracing::info!(conversation = %id, command = name, code = refusal.code, "a conversation stays as it is");
            }
        }
        Ok(())
    }
}

fn is_for_several(lesson: &Lesson) -> bool {
    lesson.terms.capacity > 1
}
