//! Settings of the video service: the key of its tokens, its TURN servers, and the node of this OS process.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::ExposeSecret;
use signaling::cluster::NatsSettings;
use signaling::token::TokenKey;
use signaling::turn::TurnConfig;

use super::Config;
use super::key_file::{KeyFileError, read_or_create};

#[derive(Debug, thiserror::Error)]
pub enum VideoKeyError {
    #[error("the key of video tokens {} can be read by others: `chmod 600` it", .0.display())]
    Exposed(PathBuf),
    #[error("the key of video tokens {} has fewer than 32 bytes", .0.display())]
    TooShort(PathBuf),
    #[error("the key of video tokens {} cannot be read or made", path.display())]
    Io { path: PathBuf, source: io::Error },
}

impl Config {
    /// Returns the key that signs the tokens of lesson rooms. The file is created (mode 0600) if it does not
    /// exist.
    ///
    /// # Errors
    /// [`VideoKeyError`] if the file cannot be read or created, is exposed, or is too short.
    pub fn video_token_key(&self) -> Result<TokenKey, VideoKeyError> {
        let named = self.video.token_key_file.clone();
        let path = named.unwrap_or_else(|| self.data_dir.join("keys/video-token.key"));
        let text = match read_or_create(&path) {
            Ok(text) => text,
            Err(KeyFileError::Exposed) => return Err(VideoKeyError::Exposed(path)),
            Err(KeyFileError::Io(source)) => return Err(VideoKeyError::Io { path, source }),
        };
        TokenKey::try_new(text.trim()).map_err(|_| VideoKeyError::TooShort(path))
    }

    /// Returns the TURN servers.
    pub fn turn(&self) -> TurnConfig {
        let secret = self.video.turn_secret.as_ref().map(|secret| secret.expose_secret().to_owned());
        TurnConfig { urls: self.video.turn_urls.clone(), secret: secret.unwrap_or_default() }
    }

    /// Returns the address of NATS and the first word of the video service's subjects.
    pub fn video_nats(&self, nats_url: &str) -> NatsSettings {
        NatsSettings { url: nats_url.to_owned(), prefix: self.nats.stream.clone(), in_memory: false }
    }

    /// Returns the settings of the node of this OS process, which listens on `listening`.
    pub fn video_node(&self, listening: SocketAddr) -> signaling::config::Config {
        let video = &self.video;
        let local = signaling::config::Config::local(&video.node);
        signaling::config::Config {
            url: video.url.clone().unwrap_or_else(|| format!("ws://{listening}/rtc")),
            listen: listening,
            media: video.media,
            announce: video.announce.clone(),
            origins: video.origins.clone(),
            turn: self.turn(),
            dev: video.development_page,
            workers: if video.workers == 0 { local.workers } else { video.workers },
            drain: Duration::from_millis(video.drain_ms),
            ..local
        }
    }
}
