//! Settings of live sockets.

use std::time::Duration;

use crate::config;

/// Settings of live sockets; `default.toml` describes each.
#[derive(Clone, Debug)]
pub struct LiveSettings {
    pub sockets: usize,
    pub sockets_per_account: usize,
    pub queue: usize,
    pub frame_bytes: usize,
    pub frames_per_second: u32,
    pub frames_burst: u32,
    pub ping: Duration,
    pub send_within: Duration,
    pub session_check: Duration,
    pub presence: Duration,
}

impl From<&config::Live> for LiveSettings {
    fn from(live: &config::Live) -> Self {
        Self {
            sockets: live.sockets,
            sockets_per_account: live.sockets_per_account,
            queue: live.queue,
            frame_bytes: live.frame_bytes,
            frames_per_second: live.frames_per_second,
            frames_burst: live.frames_burst,
            ping: Duration::from_millis(live.ping_ms),
            send_within: Duration::from_millis(live.send_within_ms),
            session_check: Duration::from_millis(live.session_check_ms),
            presence: Duration::from_millis(live.presence_ms),
        }
    }
}
