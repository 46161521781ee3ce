//! A live socket as a client holds it: received frames, sent texts, and how it ends.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::contract::check_frame;
use crate::{HttpClient, Person};

/// Longest wait for a frame that takes milliseconds on an idle machine.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Parameters of a request for a socket.
#[derive(Clone, Debug, Default)]
pub struct SocketRequest {
    pub after: Option<String>,
    pub headers: Vec<(&'static str, String)>,
    /// Receive buffer of the client's kernel, in bytes; the kernel's default if `None`.
    pub receive_buffer: Option<u32>,
}

/// An open socket; dropping it closes the connection without a close frame.
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
    /// Position of the first frame.
    pub ready_at: u64,
    /// Last position that was received.
    pub seen: u64,
}

impl SocketRequest {
    /// Requests everything after this position.
    pub fn after(position: u64) -> Self {
        Self { after: Some(position.to_string()), ..Self::default() }
    }

    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }

    /// Opens the socket and waits for the first frame.
    ///
    /// # Errors
    /// The status of the refusal; 0 if the server does not answer.
    pub async fn at(self, client: &HttpClient) -> Result<Socket, u16> {
        let mut socket = self.opened(client).await?;
        let first = socket.next().await;
        assert_eq!(first["type"], "ready", "{first}");
        socket.ready_at = first["position"].as_u64().expect("the first frame has a position");
        socket.seen = socket.ready_at;
        Ok(socket)
    }

    /// Opens the socket without waiting for the first frame.
    async fn opened(self, client: &HttpClient) -> Result<Socket, u16> {
        let address =
            client.url.strip_prefix("http://").expect("the address of a client begins with http://");
        let query = self.after.map(|after| format!("?after={after}")).unwrap_or_default();
        let url = format!("ws://{address}/api/v1/live{query}");
        let mut request = url.into_client_request().expect("the address of a socket");
        for (name, value) in self.headers {
            request.headers_mut().insert(name, value.parse().expect("a header's value"));
        }
        let tcp = TcpSocket::new_v4().expect("a socket");
        if let Some(bytes) = self.receive_buffer {
            tcp.set_recv_buffer_size(bytes).expect("a size of a buffer");
        }
        let tcp = tcp.connect(address.parse().expect("an address")).await.map_err(|_| 0_u16)?;
        match tokio_tungstenite::client_async(request, tcp).await {
            Ok((stream, _)) => Ok(Socket { stream, ready_at: 0, seen: 0 }),
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(_) => Err(0),
        }
    }
}

impl Person {
    /// Opens a socket from the present position.
    ///
    /// # Panics
    /// If it is refused.
    pub async fn opens_socket(&self) -> Socket {
        self.requests_socket(SocketRequest::default())
            .await
            .unwrap_or_else(|status| panic!("the socket was refused: {status}"))
    }

    /// Opens a socket for everything after a position.
    ///
    /// # Panics
    /// If it is refused.
    pub async fn opens_socket_after(&self, position: u64) -> Socket {
        let socket = self.requests_socket(SocketRequest::after(position)).await;
        socket.unwrap_or_else(|status| panic!("the socket was refused: {status}"))
    }

    /// # Errors
    /// The status of the refusal; 0 if the server does not answer.
    pub async fn requests_socket(&self, want: SocketRequest) -> Result<Socket, u16> {
        want.header("authorization", format!("Bearer {}", self.token)).at(&self.client).await
    }
}

impl Socket {
    /// The next frame.
    ///
    /// # Panics
    /// If no frame comes, or the socket ends.
    pub async fn next(&mut self) -> Value {
        match self.next_or_close().await {
            Ok(frame) => frame,
            Err(code) => panic!("the socket was closed with {code}"),
        }
    }

    /// The next frame.
    ///
    /// # Errors
    /// The close code if the socket ends instead; 1006 if there is none.
    ///
    /// # Panics
    /// If nothing comes.
    pub async fn next_or_close(&mut self) -> Result<Value, u16> {
        loop {
            let came = timeout(TIMEOUT, self.stream.next()).await.expect("a frame comes in time");
            match came {
                Some(Ok(Message::Text(text))) => {
                    let frame: Value = serde_json::from_str(&text).expect("frames are JSON");
                    check_frame(&frame);
                    if let Some(position) = frame["position"].as_u64() {
                        self.seen = position;
                    }
                    return Ok(frame);
                }
                Some(Ok(Message::Close(frame))) => return Err(frame.map_or(1005, |frame| frame.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(1006),
            }
        }
    }

    /// The next frame of this type; skips the frames before it.
    ///
    /// # Panics
    /// If none comes.
    pub async fn next_of(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.next().await;
            if frame["type"] == kind {
                return frame;
            }
        }
    }

    /// All frames up to and including the first of this type.
    ///
    /// # Panics
    /// If none comes.
    pub async fn all_until(&mut self, kind: &str) -> Vec<Value> {
        let mut frames = Vec::new();
        loop {
            let frame = self.next().await;
            let last = frame["type"] == kind;
            frames.push(frame);
            if last {
                return frames;
            }
        }
    }

    /// The close code of the socket; skips the frames before it.
    ///
    /// # Panics
    /// If the socket does not end.
    pub async fn ends(&mut self) -> u16 {
        loop {
            if let Err(code) = self.next_or_close().await {
                return code;
            }
        }
    }

    /// Sends a text; the next frames show its effect.
    pub async fn sends(&mut self, words: impl ToString) {
        let _ = self.stream.send(Message::Text(words.to_string().into())).await;
    }

    /// Closes the socket from the client's side, in order.
    pub async fn closes(&mut self) {
        let _ = self.stream.close(None).await;
    }

    pub async fn sends_bytes(&mut self, bytes: Vec<u8>) {
        let _ = self.stream.send(Message::Binary(bytes.into())).await;
    }
}
