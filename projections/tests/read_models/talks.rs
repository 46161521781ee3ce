//! Rows of conversations after random commands, decided by the real aggregate.

use cqrs_es::Aggregate;
use domain::messaging::{
    Attachment, Conversation, ConversationCommand, ConversationEvent, ConversationKind, NewConversation,
    NewMessage, SentMessage, message_id,
};
use domain::{AccountId, Actor, ConversationId, Decider, Event, ObjectId, Personal, Role, StreamId};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use uuid::Uuid;

use crate::history::{History, MARK};
use crate::tables::Tables;

/// A conversation with its messages.
struct Talk {
    id: ConversationId,
    state: Conversation,
    said: Vec<SentMessage>,
}

/// People who write to each other; a refused command has no effect.
pub struct Talks {
    pub history: History,
    random: StdRng,
    people: Vec<AccountId>,
    talks: Vec<Talk>,
}

impl Talks {
    pub fn held(seed: u64, steps: usize) -> Self {
        let mut history = History::new(seed);
        let people = (0..5).map(|n| history.registers(Role::Student, "Имя", &format!("nick{n}"))).collect();
        let mut talks = Self { history, random: StdRng::seed_from_u64(seed), people, talks: Vec::new() };
        for kind in [ConversationKind::Direct, ConversationKind::Class, ConversationKind::Lesson] {
            talks.begins(kind);
        }
        for step in 0..steps {
            talks.step();
            if step % 150 == 149 && talks.people.len() > 2 {
                let gone = talks.people.remove(0);
                talks.history.erases(gone);
            }
        }
        talks
    }

    fn begins(&mut self, kind: ConversationKind) {
        let id = ConversationId(Uuid::from_u128(self.random.random()));
        self.talks.push(Talk { id, state: Conversation::default(), said: vec![] });
        let participants = match kind {
            // One of the two is erased in the end.
            ConversationKind::Direct => vec![self.people[2], self.people[4]],
            ConversationKind::Class | ConversationKind::Lesson => self.people[..4].to_vec(),
        };
        let new = NewConversation { kind, participants, context: None };
        self.does(self.talks.len() - 1, self.people[0], ConversationCommand::StartConversation(new));
    }

    fn does(&mut self, which: usize, by: AccountId, command: ConversationCommand) {
        let talk = &mut self.talks[which];
        let Ok(events) = talk.state.decide(&command, self.history.now()) else { return };
        for event in events {
            if let ConversationEvent::MessageSent { message_id, sequence, sender, .. } = &event {
                let (message_id, sequence, sender) = (*message_id, *sequence, *sender);
                talk.said.push(SentMessage { message_id, sequence, sender });
            }
            talk.state.apply(event.clone());
            let stream = StreamId::of::<Conversation>(talk.id);
            self.history.record(stream, Actor::Account(by), Event::Conversation(event));
        }
    }

    fn step(&mut self) {
        let which = self.random.random_range(0..self.talks.len());
        let by = *self.people.choose(&mut self.random).unwrap();
        let (id, mark) = (self.talks[which].id, self.history.mark(by));
        let message = self.talks[which].said.choose(&mut self.random).copied();
        let command = match (self.random.random_range(0..24), message) {
            (0..9, _) => {
                let client_id = Uuid::from_u128(self.random.random());
                let attachment = Attachment {
                    object_id: ObjectId(client_id),
                    name: Personal::new(by, mark.clone()),
                    media_type: "application/pdf".to_owned(),
                    bytes: 7,
                };
                ConversationCommand::SendMessage(Box::new(NewMessage {
                    message_id: message_id(id, by, client_id),
                    sender: by,
                    body: mark,
                    attachments: if self.random.random_bool(0.2) { vec![attachment] } else { vec![] },
                    client_id,
                }))
            }
            (9..12, Some(message)) => ConversationCommand::EditMessage {
                message,
                by: message.sender,
                body: mark_of(&self.history, message.sender),
            },
            (12 | 13, Some(message)) => ConversationCommand::DeleteMessage { message, by: message.sender },
            (14 | 15, Some(message)) => ConversationCommand::ReportMessage { message, by, reason: mark },
            (16, _) => ConversationCommand::MarkRead { by, up_to: self.random.random_range(0..200) },
            (17, _) => ConversationCommand::Archive { by },
            (18, _) => ConversationCommand::Unarchive { by },
            (19, _) => ConversationCommand::Clear { by },
            (20, _) => ConversationCommand::Hide { by },
            (21, _) if self.random.random() => ConversationCommand::BlockOther { by },
            (21, _) => ConversationCommand::UnblockOther { by },
            (22, _) => ConversationCommand::RemoveParticipant { participant: by },
            (_, _) => ConversationCommand::AddParticipant { participant: by },
        };
        // An erased person changes no message.
        let changes_others = matches!(
            (&command, message),
            (ConversationCommand::EditMessage { .. } | ConversationCommand::DeleteMessage { .. }, Some(message))
                if !self.people.contains(&message.sender)
        );
        if !changes_others {
            self.does(which, by, command);
        }
    }
}

fn mark_of(history: &History, person: AccountId) -> String {
    format!("{}, исправлено", history.mark(person))
}

/// Live, in batches, and rebuilt after erasures: the rows are the same, and equal the aggregate's state.
#[tokio::test]
async fn rows_are_what_the_conversations_are_whatever_people_do() {
    for seed in 0..4 {
        let talks = Talks::held(seed, 900);
        let events = &talks.history.events;
        assert!(events.len() > 300, "seed {seed}: too little happened");
        let live = Tables::empty().await;
        let mut random = StdRng::seed_from_u64(seed);
        let mut rest = &events[..];
        while !rest.is_empty() {
            let (batch, behind) = rest.split_at(random.random_range(1..=rest.len().min(40)));
            live.apply(batch).await;
            rest = behind;
        }
        let rows = live.dump().await;
        assert_eq!(Tables::of(events).await.dump().await, rows, "in one batch, seed {seed}");
        let rebuilt = Tables::of(&talks.history.reopened()).await;
        assert_eq!(rebuilt.dump().await, rows, "rebuilt, seed {seed}");
        for gone in talks.history.erased() {
            let traces = ["\"", "'", ", "].map(|end| format!("{MARK}{gone}{end}"));
            let is_left = |row: &&String| traces.iter().any(|trace| row.contains(trace));
            assert_eq!(rows.iter().find(is_left), None, "person {gone}, seed {seed}");
        }
        for talk in &talks.talks {
            let thread = talk.state.thread().unwrap();
            for (person, own) in &thread.participants {
                let row = own_row(&live, talk.id, *person).await;
                let hidden = row.hidden_up_to.is_some_and(|up_to| up_to >= row.head);
                assert_eq!(
                    (
                        row.head.cast_unsigned(),
                        row.read_up_to.cast_unsigned(),
                        row.cleared_up_to.cast_unsigned()
                    ),
                    (thread.head, own.read_up_to, own.cleared_up_to),
                    "seed {seed}"
                );
                assert_eq!(
                    (row.gone, row.archived, row.blocked, hidden),
                    (own.left, own.archived, own.blocked, own.hidden),
                    "seed {seed}"
                );
            }
        }
    }
}

#[derive(sqlx::FromRow)]
struct OwnRow {
    head: i64,
    read_up_to: i64,
    cleared_up_to: i64,
    hidden_up_to: Option<i64>,
    gone: bool,
    archived: bool,
    blocked: bool,
}

async fn own_row(tables: &Tables, conversation: ConversationId, person: AccountId) -> OwnRow {
    sqlx::query_as(
        "select head, read_up_to, cleared_up_to, hidden_up_to, gone, archived, blocked
         from app.conversation_participants
         join app.conversations using (conversation_id)
         where conversation_id = $1 and account_id = $2",
    )
    .bind(conversation.uuid())
    .bind(person.uuid())
    .fetch_one(&tables.pool)
    .await
    .unwrap()
}
