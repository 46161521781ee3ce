//! The connection to NATS: opened in the background, reopened without limit, slowly after a refusal.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_nats::{Client, ConnectOptions, Event, ServerAddr, ServerError};
use secrecy::{ExposeSecret, SecretString};

/// Address and configuration of the stream.
#[derive(Clone, Debug)]
pub struct StreamSettings {
    /// One or several addresses, separated by commas. The first may contain user and password, or a token:
    /// `nats://user:password@host:4222`, `nats://token@host:4222`.
    pub url: SecretString,
    /// Name of the JetStream stream.
    pub name: String,
    /// First part of every subject.
    pub prefix: String,
    /// Number of copies that a cluster keeps of each message.
    pub replicas: usize,
    /// Maximum number of messages in flight from the relay.
    pub max_in_flight: usize,
    /// Deadline of one call to the server.
    pub request_timeout: Duration,
}

impl StreamSettings {
    /// Returns the settings of a single server, with stream and prefix `kafedra`.
    pub fn at(url: impl Into<String>) -> Self {
        Self {
            url: SecretString::from(url.into()),
            name: "kafedra".to_owned(),
            prefix: "kafedra".to_owned(),
            replicas: 1,
            max_in_flight: 256,
            request_timeout: Duration::from_secs(5),
        }
    }
}

/// Reason why a connection cannot be attempted.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The text does not repeat the address, because it may hold a password.
    #[error("an address in the NATS URL is invalid")]
    Address(#[source] std::io::Error),
    #[error("cannot create the NATS client")]
    Client(#[from] async_nats::ConnectError),
}

/// Maximum pause between two attempts to connect.
const RETRY_MAX: Duration = Duration::from_secs(2);
/// Pause after the server has refused the credentials; only an operator can change that.
const RETRY_WHEN_REFUSED: Duration = Duration::from_secs(30);

/// Returns a client that connects in the background. The server may be unavailable at first.
///
/// # Errors
/// [`ConnectError::Address`] if an address is invalid. [`ConnectError::Client`] if the client cannot be
/// created.
pub async fn connect(settings: &StreamSettings) -> Result<Client, ConnectError> {
    let (addresses, mut options) = parse_addresses(settings.url.expose_secret())?;
    let refused = Arc::new(AtomicBool::new(false));
    let reporter = Arc::new(ConnectionReporter {
        addresses: addresses.iter().map(ServerAddr::as_url_str).collect::<Vec<_>>().join(","),
        refused: refused.clone(),
        unreachable: AtomicBool::new(false),
    });
    options = options
        .name("kafedra")
        .retry_on_initial_connect()
        .max_reconnects(None)
        .connection_timeout(Duration::from_secs(2))
        .request_timeout(Some(settings.request_timeout))
        .ping_interval(Duration::from_secs(10))
        .reconnect_delay_callback(move |attempts| reconnect_delay(attempts, refused.load(Ordering::Relaxed)))
        .event_callback(move |event| {
            let reporter = reporter.clone();
            async move { reporter.report(&event) }
        });
    Ok(options.connect(addresses).await?)
}

/// Splits a URL into addresses without credentials, and options with them.
///
/// async-nats ignores credentials in addresses.
fn parse_addresses(url: &str) -> Result<(Vec<ServerAddr>, ConnectOptions), ConnectError> {
    let mut options = ConnectOptions::new();
    let mut addresses = Vec::new();
    for (index, text) in url.split(',').map(str::trim).filter(|text| !text.is_empty()).enumerate() {
        let address: ServerAddr = text.parse().map_err(ConnectError::Address)?;
        if index == 0
            && let Some(user) = address.username().filter(|user| !user.is_empty())
        {
            options = match address.password() {
                Some(password) => options.user_and_password(percent_decode(user), percent_decode(password)),
                None => options.token(percent_decode(user)),
            };
        }
        let scheme = address.scheme();
        let host = address.host();
        let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
        let bare = format!("{scheme}://{host}:{}", address.port());
        addresses.push(bare.parse().map_err(ConnectError::Address)?);
    }
    Ok((addresses, options))
}

/// Decodes the percent-encoded user part of a URL (RFC 3986). An invalid escape stays unchanged.
fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok()))
            .flatten();
        out.push(escape.unwrap_or(bytes[at]));
        at += if escape.is_some() { 3 } else { 1 };
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

fn reconnect_delay(attempts: usize, refused: bool) -> Duration {
    if attempts <= 1 {
        return Duration::ZERO;
    }
    if refused {
        return RETRY_WHEN_REFUSED;
    }
    let doubled = 20u64.saturating_mul(1 << (attempts - 2).min(10));
    Duration::from_millis(doubled).min(RETRY_MAX)
}

/// Logs the changes of the connection.
struct ConnectionReporter {
    /// Addresses without credentials.
    addresses: String,
    refused: Arc<AtomicBool>,
    /// True if the failure to connect is logged.
    unreachable: AtomicBool,
}

impl ConnectionReporter {
    fn report(&self, event: &Event) {
        let text = event.to_string();
        let addresses = self.addresses.as_str();
        match event {
            Event::Connected => {
                self.refused.store(false, Ordering::Relaxed);
                self.unreachable.store(false, Ordering::Relaxed);
                tracing::info!(addresses, "connected to NATS");
            }
            Event::Disconnected => tracing::warn!(addresses, "lost the connection to NATS"),
            Event::ServerError(ServerError::AuthorizationViolation) => self.report_refused(),
            // During connecting async-nats reports the refusal as a text only.
            Event::ClientError(_) if text.contains("authorization") || text.contains("authentication") => {
                self.report_refused();
            }
            Event::SlowConsumer(_) => tracing::warn!("a subscription to NATS is too slow"),
            // One line until the connection is back, and not one for each attempt.
            Event::ClientError(_) if !self.unreachable.swap(true, Ordering::Relaxed) => {
                tracing::warn!(addresses, event = %text, "cannot connect to NATS, retrying every 2 s");
            }
            Event::ServerError(_) | Event::ClientError(_) => tracing::debug!(event = %text, "NATS"),
            Event::LameDuckMode | Event::Draining | Event::Closed => tracing::info!(event = %text, "NATS"),
        }
    }

    fn report_refused(&self) {
        if !self.refused.swap(true, Ordering::Relaxed) {
            let addresses = self.addresses.as_str();
            tracing::error!(addresses, "NATS refuses the credentials; retrying every 30 s");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_leave_the_address() {
        let (found, _) = parse_addresses("nats://us%40er:p%3Ass@localhost:4333, nats://[::1]:4444").unwrap();
        let texts: Vec<_> = found.iter().map(ServerAddr::as_url_str).collect();
        assert_eq!(texts, ["nats://localhost:4333", "nats://[::1]:4444"]);
        assert_eq!(percent_decode("us%40er"), "us@er");
        assert_eq!(percent_decode("100%"), "100%");
    }

    #[test]
    fn a_server_that_refuses_is_left_alone() {
        assert_eq!(reconnect_delay(5, true), RETRY_WHEN_REFUSED);
        assert!(reconnect_delay(30, false) <= RETRY_MAX);
    }
}
