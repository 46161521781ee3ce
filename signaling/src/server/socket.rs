//! One WebSocket: hello, frames within their limits, and the close.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt, StreamExt};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::limits::{ConnectionLimits, TooFast};
use super::messages::RoomMessage;
use super::node::Node;
use super::sink::{Outgoing, Outlet, Sink, queue};
use crate::protocol::{
    ByeAction, ClientFrame, ClientMessage, CloseCode, ErrorCode, Hello, MAX_FRAME, Resume, ServerFrame,
    ServerMessage,
};
use crate::room::Rules;

const HELLO_WITHIN: Duration = Duration::from_secs(5);
/// A client that takes nothing for this long has lost its socket.
const SEND_WITHIN: Duration = Duration::from_secs(10);
/// A socket without any frame for this long is dead; clients ping every 10 s.
const SILENCE: Duration = Duration::from_secs(35);
/// A client that reads again within this time learns why its socket is closed.
const CLOSE_WITHIN: Duration = Duration::from_secs(5);

/// Serves a socket to its end.
pub async fn serve(node: Arc<Node>, socket: WebSocket) {
    node.sockets.fetch_add(1, Ordering::Relaxed);
    let stop = node.stop.clone();
    stop.run_until_cancelled(run(&node, socket)).await;
    node.sockets.fetch_sub(1, Ordering::Relaxed);
}

/// A socket that belongs to a session.
struct Bound {
    session: Uuid,
    room: mpsc::UnboundedSender<RoomMessage>,
}

async fn run(node: &Arc<Node>, socket: WebSocket) {
    let (mut writer, mut reader) = socket.split();
    let hello = match tokio::time::timeout(HELLO_WITHIN, next_frame(&mut reader)).await {
        Ok(Ok(frame)) => frame,
        Ok(Err(code)) => return close(&mut writer, code).await,
        Err(_) => return close(&mut writer, Some(CloseCode::Timeout)).await,
    };
    let ClientMessage::Hello(hello) = hello.message else {
        return close(&mut writer, Some(CloseCode::BadMessage)).await;
    };
    let number = node.next_sink();
    let (sink, mut outlet) = queue(number);
    let overflow = outlet.overflow();
    let bound = match hello {
        Hello::Token(token) => join(node, &token, sink).await,
        Hello::Resume(resume) => resume_session(node, &resume, sink).await,
    };
    let bound = match bound {
        Ok(bound) => bound,
        Err(code) => return close(&mut writer, Some(code)).await,
    };
    let why = tokio::select! {
        why = write(&mut writer, &mut outlet) => why,
        why = read(&bound, &mut reader) => why,
        () = overflow.cancelled() => Some(CloseCode::Timeout),
    };
    // The room learns of it first: the close of a client that does not read takes its time.
    let _ = bound.room.send(RoomMessage::Lost { session: bound.session, sink: number });
    if let Some(code) = why {
        let action = match code {
            CloseCode::TooFast | CloseCode::Timeout => ByeAction::Resume,
            _ => code.action(),
        };
        say_bye(&mut writer, code, action).await;
    }
}

async fn join(node: &Arc<Node>, token: &str, sink: Sink) -> Result<Bound, CloseCode> {
    let claims = node.admit(token)?;
    let rules = Rules { starts_at: claims.starts_at, ends_at: claims.ends_at, auto_admit: claims.auto_admit };
    if !rules.is_open(node.now()) {
        return Err(CloseCode::NotAllowed);
    }
    if node.is_draining() {
        return Err(CloseCode::Draining);
    }
    let room = node.room(&claims).await?;
    let session = node.ids.next();
    let (reply, joined) = oneshot::channel();
    let message = RoomMessage::Join { claims: Box::new(claims), session, sink, reply };
    room.send(message).map_err(|_| CloseCode::Draining)?;
    joined.await.map_err(|_| CloseCode::Draining)??;
    Ok(Bound { session, room })
}

async fn resume_session(node: &Arc<Node>, resume: &Resume, sink: Sink) -> Result<Bound, CloseCode> {
    let (lesson, session) = resume.sid.split_once(':').ok_or(CloseCode::Token)?;
    let lesson: Uuid = lesson.parse().map_err(|_| CloseCode::Token)?;
    let session: Uuid = session.parse().map_err(|_| CloseCode::Token)?;
    if !node.key.is_resume_secret(session, &resume.secret) {
        return Err(CloseCode::Token);
    }
    let room = node.open_room(lesson).ok_or(CloseCode::Token)?;
    let (reply, resumed) = oneshot::channel();
    let message = RoomMessage::Resume { session, last_seq: resume.last_seq, sink, reply };
    room.send(message).map_err(|_| CloseCode::Token)?;
    resumed.await.ok().flatten().ok_or(CloseCode::Token)?;
    Ok(Bound { session, room })
}

/// Reads frames until the socket ends; returns the code to close with, if it is ours to close.
async fn read(bound: &Bound, reader: &mut SplitStream<WebSocket>) -> Option<CloseCode> {
    let mut limits = ConnectionLimits::new(Instant::now());
    loop {
        let frame = match tokio::time::timeout(SILENCE, next_frame(reader)).await {
            Ok(Ok(frame)) => frame,
            Ok(Err(code)) => return code,
            Err(_) => return Some(CloseCode::Timeout),
        };
        let now = Instant::now();
        if limits.frame(now).is_err() {
            return Some(CloseCode::TooFast);
        }
        let session = bound.session;
        let message = match limits.request(&frame.message, now) {
            Ok(()) => RoomMessage::Frame { session, frame },
            Err(TooFast::Request { retry_ms }) => RoomMessage::Refuse {
                session,
                re: frame.id,
                code: ErrorCode::TooFast,
                retry_ms: Some(retry_ms),
            },
            Err(TooFast::Connection) => return Some(CloseCode::TooFast),
        };
        if bound.room.send(message).is_err() {
            return Some(CloseCode::Draining);
        }
    }
}

/// Returns the next frame of the protocol.
///
/// # Errors
/// The code to close with; `None` if the client has closed.
async fn next_frame(reader: &mut SplitStream<WebSocket>) -> Result<ClientFrame, Option<CloseCode>> {
    loop {
        match reader.next().await {
            Some(Ok(Message::Text(text))) if text.len() > MAX_FRAME => return Err(Some(CloseCode::TooLarge)),
            Some(Ok(Message::Text(text))) => {
                return serde_json::from_str(&text).map_err(|_| Some(CloseCode::BadMessage));
            }
            Some(Ok(Message::Binary(_))) => return Err(Some(CloseCode::BadMessage)),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Close(_))) | None => return Err(None),
            Some(Err(error)) => {
                let too_large = error.to_string().contains("too long");
                return Err(too_large.then_some(CloseCode::TooLarge));
            }
        }
    }
}

/// Writes until the session lets the socket go, or the client takes nothing for 10 s.
async fn write(writer: &mut SplitSink<WebSocket, Message>, outlet: &mut Outlet) -> Option<CloseCode> {
    while let Some(next) = outlet.next().await {
        let (message, is_last) = match next {
            Outgoing::Frame(text) => (Message::Text(text), false),
            Outgoing::Close { code, reason } => {
                (Message::Close(Some(CloseFrame { code, reason: reason.into() })), true)
            }
        };
        match tokio::time::timeout(SEND_WITHIN, writer.send(message)).await {
            Ok(Ok(())) if !is_last => {}
            Ok(_) => return None,
            Err(_) => return Some(CloseCode::Timeout),
        }
    }
    None
}

/// Says good-bye on a socket without a session.
async fn close(writer: &mut SplitSink<WebSocket, Message>, code: Option<CloseCode>) {
    if let Some(code) = code {
        say_bye(writer, code, code.action()).await;
    }
}

async fn say_bye(writer: &mut SplitSink<WebSocket, Message>, code: CloseCode, action: ByeAction) {
    let bye = ServerMessage::Bye { code: code.number(), action, retry_ms: 500 };
    let closing = async {
        if let Ok(text) = serde_json::to_string(&ServerFrame { re: None, seq: 0, message: bye }) {
            writer.send(Message::Text(text.into())).await?;
        }
        writer.send(Message::Close(Some(CloseFrame { code: code.number(), reason: "".into() }))).await
    };
    // The client may be gone already.
    let _ = tokio::time::timeout(CLOSE_WITHIN, closing).await;
}
