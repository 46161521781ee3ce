//! Settings of a node.

use std::net::SocketAddr;
use std::time::Duration;

use crate::turn::TurnConfig;

/// Settings of a node; the program reads them from arguments and the environment.
#[derive(Debug, Clone)]
pub struct Config {
    /// Name of this node, unique in the installation.
    pub node: String,
    /// Address of the WebSocket that clients connect to, for example `wss://rtc-1.example.org/rtc`.
    pub url: String,
    /// TCP address of the WebSocket.
    pub listen: SocketAddr,
    /// UDP address of all media; a concrete address, not a wildcard.
    pub media: SocketAddr,
    /// Addresses that clients reach the media port at; port 0 stands for the bound port.
    pub announce: Vec<SocketAddr>,
    /// Origins of pages that may connect; with none, pages of every origin on this machine.
    pub origins: Vec<String>,
    pub turn: TurnConfig,
    /// Serves the page at `/` and hands out tokens to anybody: for development only.
    pub dev: bool,
    /// Tasks that forward media; about one per core.
    pub workers: usize,
    /// How long media goes on after the order to stop.
    pub drain: Duration,
    /// Most sockets at a time.
    pub max_sockets: usize,
}

impl Config {
    /// Returns settings for one node on this machine: free ports on loopback, development on.
    pub fn local(node: &str) -> Self {
        let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
        Self {
            node: node.to_owned(),
            url: String::new(),
            listen: loopback,
            media: loopback,
            announce: Vec::new(),
            origins: Vec::new(),
            turn: TurnConfig::default(),
            dev: true,
            workers: std::thread::available_parallelism().map_or(1, usize::from),
            drain: Duration::from_secs(20),
            max_sockets: 5_000,
        }
    }

    /// Returns `true` if a page of this origin may connect.
    pub fn allows_origin(&self, origin: &str) -> bool {
        if self.origins.is_empty() {
            let host = origin.split_once("://").map_or(origin, |(_, rest)| rest);
            let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
            return matches!(host, "localhost" | "127.0.0.1" | "[::1]");
        }
        self.origins.iter().any(|allowed| allowed == origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_origins_connect() {
        let mut config = Config::local("a");
        assert!(config.allows_origin("http://localhost:3000"));
        assert!(!config.allows_origin("http://localhost.evil.example"));
        config.origins = vec!["https://school.example".into()];
        assert!(config.allows_origin("https://school.example"));
        assert!(!config.allows_origin("http://localhost:3000"));
    }
}
