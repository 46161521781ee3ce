//! Rate limits of accounts and networks: token buckets of this OS process.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use domain::AccountId;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use ipnet::IpNet;

use super::problem::Problem;
use crate::network::Network;

type Buckets<K> = RateLimiter<K, DashMapStateStore<K>, DefaultClock, StateInformationMiddleware>;

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Rate limits of accounts and networks.
#[derive(Debug)]
pub struct RateLimits {
    accounts: RateLimit<AccountId>,
    networks: RateLimit<Network>,
}

#[derive(Debug)]
struct RateLimit<K: std::hash::Hash + Eq + Clone> {
    name: &'static str,
    per_minute: u32,
    buckets: Buckets<K>,
}

impl RateLimits {
    pub fn from_settings(settings: &crate::config::Limits) -> Self {
        Self {
            accounts: RateLimit::new("account", settings.account_per_minute, settings.account_burst),
            networks: RateLimit::new("address", settings.address_per_minute, settings.address_burst),
        }
    }

    /// Counts one request of the account.
    pub fn take_for_account(&self, account: AccountId) -> Allowance {
        self.accounts.take(&account)
    }

    /// Counts one request of the network.
    pub fn take_for_network(&self, network: Network) -> Allowance {
        self.networks.take(&network)
    }

    /// Removes idle buckets. Call it regularly.
    pub fn forget_idle(&self) {
        self.accounts.buckets.retain_recent();
        self.networks.buckets.retain_recent();
        self.accounts.buckets.shrink_to_fit();
        self.networks.buckets.shrink_to_fit();
    }
}

impl<K: std::hash::Hash + Eq + Clone> RateLimit<K> {
    fn new(name: &'static str, per_minute: u32, burst: u32) -> Self {
        let at_least_one = |count: u32| NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_minute(at_least_one(per_minute)).allow_burst(at_least_one(burst));
        let buckets = RateLimiter::dashmap(quota).with_middleware::<StateInformationMiddleware>();
        Self { name, per_minute, buckets }
    }

    fn take(&self, key: &K) -> Allowance {
        let (remaining, wait) = match self.buckets.check_key(key) {
            Ok(state) => (state.remaining_burst_capacity(), Duration::ZERO),
            Err(refused) => {
                let wait = refused.wait_time_from(DefaultClock::default().now());
                (0, Duration::from_secs(wait.as_secs() + 1))
            }
        };
        Allowance { name: self.name, per_minute: self.per_minute, remaining, wait }
    }
}

/// Remaining requests of a limit, for the `RateLimit` headers (draft-ietf-httpapi-ratelimit-headers).
#[derive(Clone, Copy, Debug)]
pub struct Allowance {
    name: &'static str,
    per_minute: u32,
    remaining: u32,
    wait: Duration,
}

impl Allowance {
    /// Checks that the request is within the limit.
    ///
    /// # Errors
    /// `too_many_requests` if the bucket is empty.
    pub fn require(self) -> Result<(), Problem> {
        if self.wait.is_zero() {
            Ok(())
        } else {
            Err(Problem::new("too_many_requests").retry_after(self.wait))
        }
    }

    /// Writes the headers, unless the inner limit has already written them.
    pub fn write_if_absent(self, headers: &mut HeaderMap) {
        let Self { name, per_minute, remaining, wait } = self;
        let limit = format!("\"{name}\";r={remaining};t={}", wait.as_secs());
        let policy = format!("\"{name}\";q={per_minute};w=60");
        for (header, text) in [(RATE_LIMIT, limit), (RATE_LIMIT_POLICY, policy)] {
            let value = HeaderValue::from_str(&text).expect("names and numbers are ASCII");
            headers.entry(header).or_insert(value);
        }
    }
}

/// Returns the network of the client. `X-Forwarded-For` is read from its end, as long as each hop is a
/// trusted proxy.
pub fn client_network(socket: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> Network {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
    let mut client = socket.to_canonical();
    let lines: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
    for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        if !is_trusted(client) {
            break;
        }
        match hop.trim().parse::<IpAddr>() {
            Ok(address) => client = address.to_canonical(),
            Err(_) => break,
        }
    }
    Network::of(client)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(socket: &str, forwarded: &str) -> String {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let headers =
            [("x-forwarded-for".parse().unwrap(), forwarded.parse().unwrap())].into_iter().collect();
        client_network(socket.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn forwarded_addresses_are_believed_from_trusted_proxies_only() {
        assert_eq!(client("203.0.113.7", "198.51.100.1"), "203.0.113.7");
        assert_eq!(client("10.0.0.1", "198.51.100.1"), "198.51.100.1");
        assert_eq!(client("10.0.0.1", "1.2.3.4, 198.51.100.1"), "198.51.100.1");
        assert_eq!(client("10.0.0.1", "1.2.3.4, 198.51.100.1, 10.9.9.9"), "198.51.100.1");
        assert_eq!(client("10.0.0.1", "nonsense"), "10.0.0.1");
    }

    #[test]
    fn a_burst_above_the_limit_is_refused_with_a_pause() {
        let limit = RateLimit::new("test", 60, 2);
        let network = Network::of("203.0.113.7".parse().unwrap());
        assert!(limit.take(&network).require().is_ok());
        assert!(limit.take(&network).require().is_ok());
        assert!(limit.take(&network).require().unwrap_err().retry_after.is_some());
    }
}
