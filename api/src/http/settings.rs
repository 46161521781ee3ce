//! Validated settings of the HTTP layer.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;

use super::phones::PhoneRegion;
use crate::config::{Config, Limits};

/// Settings of the HTTP layer.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// Other origins whose pages may call with a cookie, each as `scheme://host[:port]`.
    pub allowed_origins: Vec<String>,
    pub trusted_proxies: Vec<IpNet>,
    /// Most open connections of this OS process.
    pub connections: usize,
    /// Most open connections of one network. A trusted proxy has no such share.
    pub connections_per_network: usize,
    /// Longest time in which the first bytes of a connection must arrive.
    pub first_bytes: Duration,
    pub cookie_secure: bool,
    /// Public address of the installation, without a slash at the end. Every link begins with it.
    pub public_url: String,
    pub phones: PhoneRegion,
    pub body_limit_bytes: usize,
    pub upload_limit_bytes: usize,
    pub request_timeout: Duration,
    pub min_position_wait: Duration,
    /// Folder of the built web client.
    pub web_dir: PathBuf,
    pub limits: Limits,
    pub session_lifetime: Duration,
    pub idempotency_keep: Duration,
}

/// An invalid setting.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("http.trusted_proxies: {0} is neither an address nor a network")]
    Proxy(String),
    #[error("http.phone_region: {0} is not a country code of two letters")]
    PhoneRegion(String),
    #[error("http.allowed_origins: {0} is not scheme://host[:port]")]
    Origin(String),
}

impl HttpSettings {
    /// Returns the scheme of the installation's own pages.
    pub fn scheme(&self) -> &'static str {
        if self.cookie_secure { "https" } else { "http" }
    }

    /// Validates the settings.
    ///
    /// # Errors
    /// [`SettingsError::Proxy`] or [`SettingsError::Origin`] for an invalid value.
    pub fn from_config(config: &Config) -> Result<Self, SettingsError> {
        let http = &config.http;
        Ok(Self {
            allowed_origins: http
                .allowed_origins
                .iter()
                .map(|o| parse_origin(o))
                .collect::<Result<_, _>>()?,
            trusted_proxies: http.trusted_proxies.iter().map(|p| parse_proxy(p)).collect::<Result<_, _>>()?,
            connections: http.connections,
            connections_per_network: http.connections_per_network,
            first_bytes: Duration::from_millis(http.first_bytes_ms),
            cookie_secure: http.cookie_secure,
            public_url: config.mail.public_url.trim_end_matches('/').to_owned(),
            phones: PhoneRegion::parse(&http.phone_region)
                .ok_or_else(|| SettingsError::PhoneRegion(http.phone_region.clone()))?,
            body_limit_bytes: http.body_limit_bytes,
            upload_limit_bytes: http.upload_limit_bytes,
            request_timeout: Duration::from_millis(http.request_timeout_ms),
            min_position_wait: Duration::from_millis(http.min_position_wait_ms),
            web_dir: config.web.dir.clone(),
            limits: http.limits.clone(),
            session_lifetime: Duration::from_secs(u64::from(config.session.lifetime_days) * 86_400),
            idempotency_keep: Duration::from_secs(u64::from(config.idempotency.keep_hours) * 3_600),
        })
    }
}

fn parse_proxy(text: &str) -> Result<IpNet, SettingsError> {
    let address = text.parse::<IpAddr>().map(IpNet::from);
    text.parse().or(address).map_err(|_| SettingsError::Proxy(text.to_owned()))
}

fn parse_origin(text: &str) -> Result<String, SettingsError> {
    let valid = text.split_once("://").is_some_and(|(scheme, host)| {
        matches!(scheme, "http" | "https")
            && !host.is_empty()
            && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c))
    });
    if valid { Ok(text.to_ascii_lowercase()) } else { Err(SettingsError::Origin(text.to_owned())) }
}
