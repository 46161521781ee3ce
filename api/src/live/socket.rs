//! Task of one socket: sends missed events, then new ones, until one side closes the socket.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use domain::{ConversationId, Position, TicketId};
use futures::SinkExt;
use projections::live::feed_rows_for;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, timeout};

use super::bucket::TokenBucket;
use super::close::CloseReason;
use super::hub::{Connection, OutgoingFrame};
use super::incoming::{self, ClientFrame};
use super::{LiveSockets, frame};

/// Rows of one page of missed events.
const PAGE: u32 = 200;
/// Frames that are written before a flush.
const FLUSH_BATCH: usize = 32;
/// Shortest interval between two typing frames of one conversation.
const TYPING_INTERVAL: Duration = Duration::from_secs(1);
/// Time for the closing handshake.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(3);

/// State of one socket.
struct SocketSession {
    live: Arc<LiveSockets>,
    socket: WebSocket,
    connection: Connection,
    /// Position up to which all events were sent.
    sent_up_to: Position,
    bucket: TokenBucket,
    pings: Interval,
    /// `true` if the client has sent anything since the last ping.
    is_alive: bool,
    last_typing: Option<(ConversationId, Instant)>,
}

/// Serves a socket until it ends. It sends the events after `after`; without `after`, only new events.
pub async fn serve_socket(
    live: Arc<LiveSockets>,
    socket: WebSocket,
    connection: Connection,
    after: Option<Position>,
) {
    let now = Instant::now();
    let settings = &live.settings;
    let mut pings = interval_at(now + settings.ping, settings.ping);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let bucket = TokenBucket::new(settings.frames_per_second, settings.frames_burst, now);
    let mut session = SocketSession {
        live,
        socket,
        connection,
        sent_up_to: Position::START,
        bucket,
        pings,
        is_alive: true,
        last_typing: None,
    };
    let close = match session.start(after).await {
        Ok(()) => session.run().await,
        Err(close) => close,
    };
    let code = close.code().to_string();
    metrics::counter!("kafedra_live_closes_total", "code" => code, "reason" => close.as_str()).increment(1);
    session.close(close).await;
}

impl SocketSession {
    async fn start(&mut self, after: Option<Position>) -> Result<(), CloseReason> {
        match after {
            Some(after) if self.live.may_be_pruned(after).await.map_err(report_unavailable)? => {
                self.sent_up_to = self.go_live().await?;
                self.send_all(vec![frame::ready(self.sent_up_to), frame::reload()]).await?;
            }
            Some(after) => {
                self.sent_up_to = after;
                self.send(frame::ready(after)).await?;
                self.catch_up().await?;
            }
            None => {
                self.sent_up_to = self.go_live().await?;
                self.send(frame::ready(self.sent_up_to)).await?;
            }
        }
        let online = self.live.online_contacts(self.connection.account).await.map_err(report_unavailable)?;
        let online = online.into_iter().map(|contact| frame::presence(contact, true));
        self.send_all(online.collect()).await
    }

    /// Sends the rows of the feed that were not sent yet, then goes live. Most rows are read before the hub
    /// delivers into the queue, so that the queue can be short.
    async fn catch_up(&mut self) -> Result<(), CloseReason> {
        self.read_feed(Position::MAX).await?;
        let cursor = self.go_live().await?;
        self.read_feed(cursor).await?;
        self.sent_up_to = self.sent_up_to.max(cursor);
        Ok(())
    }

    async fn go_live(&mut self) -> Result<Position, CloseReason> {
        tokio::select! {
            cursor = self.connection.go_live(self.sent_up_to) => Ok(cursor),
            close = self.connection.close_signal.wait() => Err(close),
        }
    }

    /// Sends the missed rows of the feed, up to `through`.
    async fn read_feed(&mut self, through: Position) -> Result<(), CloseReason> {
        loop {
            let account = self.connection.account;
            let rows = feed_rows_for(&self.live.pool, account, self.sent_up_to, through, PAGE)
                .await
                .map_err(report_unavailable)?;
            self.send_all(rows.iter().map(frame::event).collect()).await?;
            if let Some(last) = rows.last() {
                self.sent_up_to = last.position;
            }
            if rows.len() < PAGE as usize {
                return Ok(());
            }
        }
    }

    async fn run(&mut self) -> CloseReason {
        loop {
            let done = tokio::select! {
                biased;
                close = self.connection.close_signal.wait() => return close,
                frame = self.connection.frames.recv() => match frame {
                    Some(frame) => self.forward(frame).await,
                    None => Err(CloseReason::GoingAway),
                },
                () = self.connection.overflow.notified() => self.catch_up_from_feed().await,
                received = self.socket.recv() => self.handle_message(received).await,
                _ = self.pings.tick() => self.ping().await,
            };
            if let Err(close) = done {
                return close;
            }
        }
    }

    /// Sends this frame and the frames that are queued after it.
    async fn forward(&mut self, first: OutgoingFrame) -> Result<(), CloseReason> {
        let mut texts = Vec::new();
        let mut next = Some(first);
        while let Some(frame) = next {
            self.sent_up_to = frame.position.unwrap_or(self.sent_up_to);
            texts.push(frame.text);
            next = if texts.len() < FLUSH_BATCH { self.connection.frames.try_recv().ok() } else { None };
        }
        self.send_all(texts).await
    }

    /// Sends the queued frames, then the feed at the pace of the client, after the queue was full. Sends the
    /// presence of all contacts, because changes in between were not delivered.
    async fn catch_up_from_feed(&mut self) -> Result<(), CloseReason> {
        metrics::counter!("kafedra_live_behind_total").increment(1);
        while let Ok(frame) = self.connection.frames.try_recv() {
            self.forward(frame).await?;
        }
        self.catch_up().await?;
        let contacts =
            self.live.contacts_with_presence(self.connection.account).await.map_err(report_unavailable)?;
        let frames = contacts.into_iter().map(|(contact, online)| frame::presence(contact, online));
        self.send_all(frames.collect()).await
    }

    async fn send_all(&mut self, texts: Vec<Utf8Bytes>) -> Result<(), CloseReason> {
        for texts in texts.chunks(FLUSH_BATCH) {
            self.write(texts.iter().cloned().map(Message::Text)).await?;
        }
        Ok(())
    }

    async fn send(&mut self, text: Utf8Bytes) -> Result<(), CloseReason> {
        self.write([Message::Text(text)]).await
    }

    /// Writes messages, unless the socket ends first or the client takes too long to read them.
    async fn write(&mut self, messages: impl IntoIterator<Item = Message>) -> Result<(), CloseReason> {
        let Self { socket, connection, live, .. } = self;
        let writing = async {
            let mut written = 0;
            for message in messages {
                socket.feed(message).await?;
                written += 1;
            }
            socket.flush().await?;
            Ok::<_, axum::Error>(written)
        };
        let written = tokio::select! {
            written = timeout(live.settings.send_within, writing) => written,
            close = connection.close_signal.wait() => return Err(close),
        };
        match written {
            Ok(Ok(written)) => {
                metrics::counter!("kafedra_live_frames_total", "direction" => "out").increment(written);
                Ok(())
            }
            Ok(Err(_lost)) => Err(CloseReason::ConnectionLost),
            Err(_elapsed) => Err(CloseReason::TooSlow),
        }
    }

    async fn handle_message(
        &mut self,
        received: Option<Result<Message, axum::Error>>,
    ) -> Result<(), CloseReason> {
        let message = match received {
            None => return Err(CloseReason::ConnectionLost),
            Some(Err(error)) => return Err(close_reason(&error)),
            Some(Ok(message)) => message,
        };
        self.is_alive = true;
        metrics::counter!("kafedra_live_frames_total", "direction" => "in").increment(1);
        if !self.bucket.take_token(Instant::now()) {
            self.send(frame::error("too_frequent")).await?;
            return Err(CloseReason::TooFrequent);
        }
        match message {
            Message::Text(text) if text.len() > self.live.settings.frame_bytes => Err(CloseReason::TooLarge),
            Message::Text(text) => self.handle_text(&text).await,
            Message::Binary(_) => Err(CloseReason::Binary),
            // The library answers pings by itself.
            Message::Ping(_) | Message::Pong(_) => Ok(()),
            Message::Close(_) => Err(CloseReason::ClientClosed),
        }
    }

    async fn handle_text(&mut self, text: &str) -> Result<(), CloseReason> {
        match incoming::parse_frame(text) {
            Ok(ClientFrame::Ping) => self.send(frame::pong()).await,
            Ok(ClientFrame::Typing { conversation_id }) => self.handle_typing(conversation_id).await,
            Ok(ClientFrame::Viewing { ticket_id }) => self.handle_viewing(ticket_id).await,
            Err(code) => self.send(frame::error(code)).await,
        }
    }

    async fn handle_viewing(&mut self, ticket: Option<TicketId>) -> Result<(), CloseReason> {
        match self.live.set_viewing(&self.connection, ticket).await {
            Ok(Err(code)) => self.send(frame::error(code)).await,
            // An unavailable log is ignored: the frame has no lasting effect.
            Ok(Ok(())) | Err(_) => Ok(()),
        }
    }

    async fn handle_typing(&mut self, conversation: ConversationId) -> Result<(), CloseReason> {
        let now = Instant::now();
        if self.last_typing.is_some_and(|(last, at)| last == conversation && now - at < TYPING_INTERVAL) {
            return Ok(());
        }
        match self.live.announce_typing(self.connection.account, conversation).await {
            Ok(true) => {
                self.last_typing = Some((conversation, now));
                Ok(())
            }
            Ok(false) => self.send(frame::error("conversation_not_found")).await,
            // An unavailable log is ignored: the next frame may succeed.
            Err(_unavailable) => Ok(()),
        }
    }

    async fn ping(&mut self) -> Result<(), CloseReason> {
        if !std::mem::replace(&mut self.is_alive, false) {
            return Err(CloseReason::ConnectionLost);
        }
        self.write([Message::Ping(Default::default())]).await
    }

    /// Sends the close frame and waits for the client's own, for a bounded time; drops its other messages.
    async fn close(mut self, close: CloseReason) {
        let farewell = async {
            if let Some(frame) = close.frame() {
                self.socket.send(Message::Close(Some(frame))).await?;
            }
            while let Some(Ok(_)) = self.socket.recv().await {}
            Ok::<_, axum::Error>(())
        };
        // The socket is closed with or without the handshake.
        let _ = timeout(CLOSE_TIMEOUT, farewell).await;
    }
}

fn report_unavailable(error: impl std::error::Error) -> CloseReason {
    tracing::warn!(%error, "cannot read for a live socket");
    CloseReason::Unavailable
}

/// Returns the reason for which a failed read closes the socket.
fn close_reason(error: &axum::Error) -> CloseReason {
    let text = error.to_string();
    if text.starts_with("Space limit exceeded") {
        CloseReason::TooLarge
    } else if text.starts_with("WebSocket protocol error") && !text.contains("closing handshake") {
        CloseReason::BrokenFrame
    } else {
        CloseReason::ConnectionLost
    }
}
