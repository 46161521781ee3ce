//! The program with a thousand people at its sockets.
//! A separate process commits the messages, so that they pass the log, the stream, the feed and the hub.

use std::sync::Arc;
use std::time::{Duration, Instant};

use commands::{Bus, LogSettings, MasterKey};
use domain::messaging::{
    ConversationCommand, ConversationKind, NewConversation, NewMessage, direct_conversation_id, message_id,
};
use domain::{AccountId, Command, ConversationId, Dispatch, SystemClock};
use futures::StreamExt;
use futures::future::{join_all, try_join_all};
use serde_json::Value;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use super::SOCKETS;
use super::memory::{MORE, PerSocket, per_socket};
use crate::booking::app::{App, MASTER_KEY, Student};
use crate::error::BenchError;
use crate::notebook::{context, new_id};
use crate::scratch::Scratch;
use crate::target::Target;

/// Concurrent registrations.
const AT_ONCE: usize = 8;
/// Pause before and after the sockets are opened.
const SETTLE_PAUSE: Duration = Duration::from_secs(2);

type MessageTimes = mpsc::UnboundedReceiver<(u64, Instant)>;

pub(super) struct KafedraSockets {
    app: App,
    bus: Arc<Bus>,
    rooms: Vec<(ConversationId, AccountId)>,
    heard: Mutex<MessageTimes>,
    stream: mpsc::UnboundedSender<(u64, Instant)>,
    /// Sockets; they end when this value is dropped.
    sockets: JoinSet<()>,
    /// People without a socket.
    others: Vec<Student>,
}

impl KafedraSockets {
    pub async fn start(target: &Target, scratch: &Scratch) -> Result<Self, BenchError> {
        let mut people = registered(target, scratch).await?;
        let master = MasterKey::new(MASTER_KEY);
        let clock = Arc::new(SystemClock);
        let bus = Bus::start(scratch.options().clone(), &master, clock, LogSettings::default()).await?;
        let mut rooms = Vec::new();
        for pair in people.chunks(2) {
            rooms.push((begin(&bus, pair[0].id, pair[1].id).await?, pair[0].id));
        }
        // A process that has hashed no password, because hashing leaves memory reserved.
        let app = App::start(target, scratch).await?;
        try_join_all(people.chunks(people.len() / AT_ONCE).map(|some| app.know(some))).await?;
        sleep(SETTLE_PAUSE).await;
        let others = people.split_off(SOCKETS);
        let (stream, heard) = mpsc::unbounded_channel();
        let mut sockets = JoinSet::new();
        for person in &people {
            sockets.spawn(listen(connect(&app, person).await?, stream.clone()));
        }
        sleep(SETTLE_PAUSE).await;
        Ok(Self { app, bus, rooms, heard: Mutex::new(heard), stream, sockets, others })
    }

    /// Sends a message in a conversation; returns its position and the instant of its acknowledgement.
    pub fn send_message(
        &self,
        room: usize,
    ) -> impl Future<Output = Result<(u64, Instant), BenchError>> + Send + 'static {
        let (bus, (conversation, sender)) = (self.bus.clone(), self.rooms[room]);
        async move {
            let client_id = new_id();
            let draft = NewMessage {
                message_id: message_id(conversation, sender, client_id),
                sender,
                body: "Решили третью задачу? У меня получилось сорок два.".to_owned(),
                attachments: vec![],
                client_id,
            };
            let command = ConversationCommand::SendMessage(Box::new(draft));
            let receipt = bus.dispatch(Command::Conversation(conversation, command), context(sender)).await?;
            Ok((receipt.position.0, Instant::now()))
        }
    }

    /// Messages received since the last call.
    pub async fn receive_all(&self) -> Vec<(u64, Instant)> {
        let mut heard = self.heard.lock().await;
        std::iter::from_fn(|| heard.try_recv().ok()).collect()
    }

    /// Measures memory by sockets of additional people in conversations of two; the sockets stay.
    pub async fn memory(&mut self) -> Result<PerSocket, BenchError> {
        let Self { app, others, sockets, stream, .. } = self;
        per_socket(app.pid().await?, async |number| {
            sockets.spawn(listen(connect(app, &others[number]).await?, stream.clone()));
            Ok(())
        })
        .await
    }

    pub async fn end(self) -> Result<(), BenchError> {
        self.bus.shutdown().await;
        self.app.stop().await
    }
}

/// Registers all people with a process that then ends.
async fn registered(target: &Target, scratch: &Scratch) -> Result<Vec<Student>, BenchError> {
    let app = App::start(target, scratch).await?;
    let registering = (0..AT_ONCE).map(|_| app.students((SOCKETS + MORE) / AT_ONCE));
    let people: Result<Vec<Vec<Student>>, BenchError> = join_all(registering).await.into_iter().collect();
    app.stop().await?;
    Ok(people?.concat())
}

async fn begin(bus: &Bus, one: AccountId, other: AccountId) -> Result<ConversationId, BenchError> {
    let conversation = direct_conversation_id(one, other);
    let participants = vec![one, other];
    let new = NewConversation { kind: ConversationKind::Direct, participants, context: None };
    let command = Command::Conversation(conversation, ConversationCommand::StartConversation(new));
    bus.dispatch(command, context(one)).await?;
    Ok(conversation)
}

type ClientSocket = tokio_tungstenite::WebSocketStream<tokio::net::TcpStream>;

async fn connect(app: &App, person: &Student) -> Result<ClientSocket, BenchError> {
    let connection_error =
        |error: &dyn std::error::Error| BenchError::Server(format!("a live socket: {error}"));
    let mut request = format!("ws://{}/api/v1/live", app.host())
        .into_client_request()
        .map_err(|error| connection_error(&error))?;
    let bearer = format!("Bearer {}", person.bearer).parse().expect("a token is ASCII");
    request.headers_mut().insert("authorization", bearer);
    let tcp = tokio::net::TcpStream::connect(app.host()).await?;
    let opened =
        tokio_tungstenite::client_async(request, tcp).await.map_err(|error| connection_error(&error))?;
    Ok(opened.0)
}

async fn listen(mut socket: ClientSocket, say: mpsc::UnboundedSender<(u64, Instant)>) {
    while let Some(Ok(message)) = socket.next().await {
        let at = Instant::now();
        let Message::Text(text) = message else { continue };
        let frame: Value = serde_json::from_str(&text).unwrap_or_default();
        if let (Some("message_sent"), Some(position)) = (frame["type"].as_str(), frame["position"].as_u64()) {
            let _ = say.send((position, at));
        }
    }
}
