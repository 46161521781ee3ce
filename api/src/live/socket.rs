//! The life of one socket: what was missed, then what happens, until one side ends it.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use domain::{ConversationId, TicketId};
use futures::SinkExt;
use projections::live::feed_rows_for;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, timeout};

use super::bucket::Bucket;
use super::close::Close;
use super::hub::{Seat, Waiting};
use super::incoming::{self, Incoming};
use super::{Live, frame};

/// What is missed is read in pages of so many.
const PAGE: u32 = 200;
/// Frames that are written before they are flushed.
const AT_ONCE: usize = 32;
/// A client is told once in this time that somebody goes on typing.
const TYPING_EVERY: Duration = Duration::from_secs(1);
/// How long a client may take to hear that it is closed, or to say goodbye in turn.
const FAREWELL: Duration = Duration::from_secs(3);

struct Conversation {
    live: Arc<Live>,
    socket: WebSocket,
    seat: Seat,
    /// Everything up to here was sent.
    seen: u64,
    bucket: Bucket,
    pings: Interval,
    /// Whether anything came from the client since it was last asked.
    heard: bool,
    typed: Option<(ConversationId, Instant)>,
}

/// Serves a socket until it ends. With `after`, everything after that position comes first; without, everything
/// from now on.
pub async fn converse(live: Arc<Live>, socket: WebSocket, seat: Seat, after: Option<u64>) {
    let now = Instant::now();
    let settings = &live.settings;
    let mut pings = interval_at(now + settings.ping, settings.ping);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let bucket = Bucket::new(settings.frames_per_second, settings.frames_burst, now);
    let mut conversation =
        Conversation { live, socket, seat, seen: 0, bucket, pings, heard: true, typed: None };
    let close = match conversation.begin(after).await {
        Ok(()) => conversation.go_on().await,
        Err(close) => close,
    };
    let code = close.code().to_string();
    metrics::counter!("kafedra_live_closes_total", "code" => code, "reason" => close.reason()).increment(1);
    conversation.end(close).await;
}

impl Conversation {
    async fn begin(&mut self, after: Option<u64>) -> Result<(), Close> {
        match after {
            Some(after) if self.live.has_forgotten(after).await.map_err(unavailable)? => {
                self.seen = self.go_live().await?;
                self.send_all(vec![frame::ready(self.seen), frame::reload()]).await?;
            }
            Some(after) => {
                self.seen = after;
                self.send(frame::ready(after)).await?;
                self.catch_up().await?;
            }
            None => {
                self.seen = self.go_live().await?;
                self.send(frame::ready(self.seen)).await?;
            }
        }
        let online = self.live.online_contacts(self.seat.account).await.map_err(unavailable)?;
        let online = online.into_iter().map(|contact| frame::presence(contact, true));
        self.send_all(online.collect()).await
    }

    /// Sends what is in the feed beyond what was seen, then goes live. Most of it is read before news come into
    /// the queue, so that the queue can be short.
    async fn catch_up(&mut self) -> Result<(), Close> {
        self.read_feed(i64::MAX.cast_unsigned()).await?;
        let cursor = self.go_live().await?;
        self.read_feed(cursor).await?;
        self.seen = self.seen.max(cursor);
        Ok(())
    }

    async fn go_live(&mut self) -> Result<u64, Close> {
        tokio::select! {
            cursor = self.seat.go_live(self.seen) => Ok(cursor),
            close = self.seat.ending.come() => Err(close),
        }
    }

    /// Sends what was missed, as far as the feed is now, but no further than `through`.
    async fn read_feed(&mut self, through: u64) -> Result<(), Close> {
        loop {
            let account = self.seat.account;
            let rows = feed_rows_for(&self.live.pool, account, self.seen, through, PAGE)
                .await
                .map_err(unavailable)?;
            self.send_all(rows.iter().map(frame::news).collect()).await?;
            if let Some(last) = rows.last() {
                self.seen = last.position;
            }
            if rows.len() < PAGE as usize {
                return Ok(());
            }
        }
    }

    async fn go_on(&mut self) -> Close {
        loop {
            let done = tokio::select! {
                biased;
                close = self.seat.ending.come() => return close,
                frame = self.seat.waiting.recv() => match frame {
                    Some(frame) => self.pass_on(frame).await,
                    None => Err(Close::GoingAway),
                },
                () = self.seat.behind.notified() => self.fall_back().await,
                came = self.socket.recv() => self.take(came).await,
                _ = self.pings.tick() => self.ask_whether_alive().await,
            };
            if let Err(close) = done {
                return close;
            }
        }
    }

    /// This frame, and those behind it.
    async fn pass_on(&mut self, first: Waiting) -> Result<(), Close> {
        let mut texts = Vec::new();
        let mut next = Some(first);
        while let Some(frame) = next {
            self.seen = frame.position.unwrap_or(self.seen);
            texts.push(frame.text);
            next = if texts.len() < AT_ONCE { self.seat.waiting.try_recv().ok() } else { None };
        }
        self.send_all(texts).await
    }

    /// The queue was too short: what is in it, then the feed, at the reader's own pace. Who came or went
    /// meanwhile was not noted.
    async fn fall_back(&mut self) -> Result<(), Close> {
        metrics::counter!("kafedra_live_behind_total").increment(1);
        while let Ok(frame) = self.seat.waiting.try_recv() {
            self.pass_on(frame).await?;
        }
        self.catch_up().await?;
        let contacts = self.live.contacts(self.seat.account).await.map_err(unavailable)?;
        let told = contacts.into_iter().map(|(contact, online)| frame::presence(contact, online));
        self.send_all(told.collect()).await
    }

    async fn send_all(&mut self, texts: Vec<Utf8Bytes>) -> Result<(), Close> {
        for texts in texts.chunks(AT_ONCE) {
            self.write(texts.iter().cloned().map(Message::Text)).await?;
        }
        Ok(())
    }

    async fn send(&mut self, text: Utf8Bytes) -> Result<(), Close> {
        self.write([Message::Text(text)]).await
    }

    /// Writes a few messages, unless the socket ends meanwhile or its reader takes too long.
    async fn write(&mut self, messages: impl IntoIterator<Item = Message>) -> Result<(), Close> {
        let Self { socket, seat, live, .. } = self;
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
            close = seat.ending.come() => return Err(close),
        };
        match written {
            Ok(Ok(written)) => {
                metrics::counter!("kafedra_live_frames_total", "direction" => "out").increment(written);
                Ok(())
            }
            Ok(Err(_gone)) => Err(Close::Silent),
            Err(_elapsed) => Err(Close::TooSlow),
        }
    }

    async fn take(&mut self, came: Option<Result<Message, axum::Error>>) -> Result<(), Close> {
        let message = match came {
            None => return Err(Close::Silent),
            Some(Err(error)) => return Err(of_error(&error)),
            Some(Ok(message)) => message,
        };
        self.heard = true;
        metrics::counter!("kafedra_live_frames_total", "direction" => "in").increment(1);
        if !self.bucket.take(Instant::now()) {
            self.send(frame::error("too_frequent")).await?;
            return Err(Close::TooFrequent);
        }
        match message {
            Message::Text(text) if text.len() > self.live.settings.frame_bytes => Err(Close::TooLarge),
            Message::Text(text) => self.hear(&text).await,
            Message::Binary(_) => Err(Close::Binary),
            // The library answers pings by itself.
            Message::Ping(_) | Message::Pong(_) => Ok(()),
            Message::Close(_) => Err(Close::Left),
        }
    }

    async fn hear(&mut self, text: &str) -> Result<(), Close> {
        match incoming::read(text) {
            Ok(Incoming::Ping) => self.send(frame::pong()).await,
            Ok(Incoming::Typing(conversation)) => self.types(conversation).await,
            Ok(Incoming::Viewing(ticket)) => self.views(ticket).await,
            Err(code) => self.send(frame::error(code)).await,
        }
    }

    async fn views(&mut self, ticket: Option<TicketId>) -> Result<(), Close> {
        match self.live.views(&self.seat, ticket).await {
            Ok(Err(code)) => self.send(frame::error(code)).await,
            // Away: it is for the moment only.
            Ok(Ok(())) | Err(_) => Ok(()),
        }
    }

    async fn types(&mut self, conversation: ConversationId) -> Result<(), Close> {
        let now = Instant::now();
        if self.typed.is_some_and(|(last, at)| last == conversation && now - at < TYPING_EVERY) {
            return Ok(());
        }
        match self.live.types(self.seat.account, conversation).await {
            Ok(true) => {
                self.typed = Some((conversation, now));
                Ok(())
            }
            Ok(false) => self.send(frame::error("conversation_not_found")).await,
            // It is for the moment only: the next one may come through.
            Err(_away) => Ok(()),
        }
    }

    async fn ask_whether_alive(&mut self) -> Result<(), Close> {
        if !std::mem::replace(&mut self.heard, false) {
            return Err(Close::Silent);
        }
        self.write([Message::Ping(Default::default())]).await
    }

    /// Tells the client why, and hears its goodbye, for a moment; what it still says is thrown away.
    async fn end(mut self, close: Close) {
        let farewell = async {
            if let Some(frame) = close.frame() {
                self.socket.send(Message::Close(Some(frame))).await?;
            }
            while let Some(Ok(_)) = self.socket.recv().await {}
            Ok::<_, axum::Error>(())
        };
        // However it ends, it has ended.
        let _ = timeout(FAREWELL, farewell).await;
    }
}

fn unavailable(error: impl std::error::Error) -> Close {
    tracing::warn!(%error, "a live socket can not read what it needs");
    Close::Unavailable
}

/// A frame that is longer than anything that is read at all; anything else is no frame, or no connection.
fn of_error(error: &axum::Error) -> Close {
    let text = error.to_string();
    if text.starts_with("Space limit exceeded") {
        Close::TooLarge
    } else if text.starts_with("WebSocket protocol error") && !text.contains("closing handshake") {
        Close::Broken
    } else {
        Close::Silent
    }
}
