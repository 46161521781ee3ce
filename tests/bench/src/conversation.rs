//! Cost of a message in a long conversation and in one of ten messages, in turns.
//! The conversation is in memory, or the process has just started.

use std::sync::Arc;
use std::time::Instant;

use commands::{Bus, LogSettings, MasterKey};
use domain::messaging::{
    ConversationCommand, ConversationKind, NewConversation, NewMessage, direct_conversation_id, message_id,
    send_command_id,
};
use domain::{AccountId, Command, CommandContext, ConversationId, Dispatch, SystemClock};

use crate::error::BenchError;
use crate::notebook::{authors, context, new_id};
use crate::result_line::ResultLine;
use crate::rounds::rate;
use crate::scratch::Scratch;
use crate::target::{Options, Target};

const SHORT: usize = 10;
const LONG: usize = 100_000;
/// Messages of each conversation in a round: in memory, and each in a new process.
const WARM: usize = 200;
const COLD: usize = 20;
const BODY: &str = "Здравствуйте! Задачи на пятницу во вложении, вопросы присылайте сюда, отвечу вечером.";

/// A conversation of two people, of whom one writes.
#[derive(Clone, Copy)]
struct Talk {
    id: ConversationId,
    sender: AccountId,
    other: AccountId,
}

pub(crate) async fn run(target: &Target, options: Options) -> Result<Vec<ResultLine>, BenchError> {
    let scratch = Scratch::new(target).await?;
    let lines = measure(&scratch, options).await;
    scratch.drop().await?;
    lines
}

async fn measure(scratch: &Scratch, options: Options) -> Result<Vec<ResultLine>, BenchError> {
    let messages = options.events.unwrap_or(LONG);
    let bus = start(scratch).await?;
    let long = begin(&bus, messages).await?;
    let (mut warm, mut cold) = (Pairs::default(), Pairs::default());
    for _ in 0..options.rounds {
        let short = several(&bus, WARM).await?;
        // A new conversation is in memory; the long one is, after its first message.
        send(&bus, long).await?;
        for short in short {
            warm.short.push(timed(&bus, short).await?);
            warm.long.push(timed(&bus, long).await?);
        }
        let short = several(&bus, COLD).await?;
        for (turn, short) in short.into_iter().enumerate() {
            let (of_short, of_long) = in_new_processes(scratch, short, long, turn).await?;
            cold.short.push(of_short);
            cold.long.push(of_long);
        }
    }
    bus.shutdown().await;
    Ok([warm.lines("in memory", messages), cold.lines("in a new process", messages)].concat())
}

/// Durations in milliseconds.
#[derive(Default)]
struct Pairs {
    short: Vec<f64>,
    long: Vec<f64>,
}

impl Pairs {
    fn lines(mut self, how: &str, messages: usize) -> Vec<ResultLine> {
        self.short.sort_by(f64::total_cmp);
        self.long.sort_by(f64::total_cmp);
        let at = |waits: &[f64], part: f64| waits[((waits.len() - 1) as f64 * part) as usize];
        let line = |name: &str, part| {
            let name = format!("message to {messages} others, {how}, {name}");
            ResultLine::new(name, at(&self.long, part), "ms")
                .beside(format!("to {SHORT} others"), at(&self.short, part))
                .goal("0.9–1.1×")
        };
        vec![line("p50", 0.5), line("p99", 0.99)]
    }
}

async fn start(scratch: &Scratch) -> Result<Arc<Bus>, BenchError> {
    let master = MasterKey::new([7; 32]);
    let options = scratch.options().clone();
    Ok(Bus::start(options, &master, Arc::new(SystemClock), LogSettings::default()).await?)
}

/// Measures both in processes with open connections and an empty cache; they take turns to be first.
async fn in_new_processes(
    scratch: &Scratch,
    short: Talk,
    long: Talk,
    turn: usize,
) -> Result<(f64, f64), BenchError> {
    let bus = start(scratch).await?;
    begin(&bus, 1).await?;
    let waits = if turn.is_multiple_of(2) {
        let of_short = timed(&bus, short).await?;
        (of_short, timed(&bus, long).await?)
    } else {
        let of_long = timed(&bus, long).await?;
        (timed(&bus, short).await?, of_long)
    };
    bus.shutdown().await;
    Ok(waits)
}

async fn several(bus: &Arc<Bus>, count: usize) -> Result<Vec<Talk>, BenchError> {
    let mut talks = Vec::with_capacity(count);
    for _ in 0..count {
        talks.push(begin(bus, SHORT).await?);
    }
    Ok(talks)
}

/// Starts a conversation with so many messages.
async fn begin(bus: &Arc<Bus>, messages: usize) -> Result<Talk, BenchError> {
    let people = authors(2);
    let (sender, other) = (people[0], people[1]);
    let talk = Talk { id: direct_conversation_id(sender, other), sender, other };
    let new = NewConversation {
        kind: ConversationKind::Direct,
        participants: vec![talk.sender, talk.other],
        context: None,
    };
    let command = Command::Conversation(talk.id, ConversationCommand::StartConversation(new));
    bus.dispatch(command, context(sender)).await?;
    let bus = bus.clone();
    rate(256.min(messages), vec![talk; messages], move |talk| {
        let bus = bus.clone();
        async move { send(&bus, talk).await }
    })
    .await?;
    Ok(talk)
}

async fn timed(bus: &Bus, talk: Talk) -> Result<f64, BenchError> {
    let begun = Instant::now();
    send(bus, talk).await?;
    Ok(begun.elapsed().as_secs_f64() * 1_000.0)
}

async fn send(bus: &Bus, talk: Talk) -> Result<(), BenchError> {
    let Talk { id, sender, .. } = talk;
    let client_id = new_id();
    let draft = NewMessage {
        message_id: message_id(id, sender, client_id),
        sender,
        body: BODY.to_owned(),
        attachments: vec![],
        client_id,
    };
    let command = Command::Conversation(id, ConversationCommand::SendMessage(Box::new(draft)));
    let context = CommandContext { command_id: send_command_id(id, sender, client_id), ..context(sender) };
    bus.dispatch(command, context).await?;
    Ok(())
}
