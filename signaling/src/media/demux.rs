//! Maps a datagram to its connection, by the address of a valid connectivity check.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::RwLock;
use std::time::{Duration, Instant};

use hmac::{Hmac, Mac};
use sha1::Sha1;

/// Leg and the worker that drives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    pub worker: usize,
    pub leg: u64,
}

/// Most addresses that one leg is reached from.
const MAX_ADDRESSES: usize = 16;
/// An address with a check within this time keeps its place: the lifetime of consent (RFC 7675).
const CONSENT: Duration = Duration::from_secs(30);
/// Checks remembered per leg. Browsers send one every 2.5 s and address, so this covers hours.
const MAX_CHECKS: usize = 4_096;
const MAGIC_COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
const USERNAME: u16 = 0x0006;
const MESSAGE_INTEGRITY: u16 = 0x0008;

/// Addresses of one leg, and the checks that it has had.
#[derive(Default)]
struct Reached {
    /// Addresses and their latest checks.
    addresses: Vec<(SocketAddr, Instant)>,
    /// First halves of transaction ids, oldest first.
    checks: VecDeque<u64>,
}

#[derive(Default)]
struct Tables {
    fragments: HashMap<String, (Place, String)>,
    addresses: HashMap<SocketAddr, Place>,
    reached: HashMap<u64, Reached>,
}

/// User fragments that we issued, and the addresses that proved to know their passwords.
#[derive(Default)]
pub struct Demux(RwLock<Tables>);

impl Demux {
    /// Registers credentials of a leg; older ones of the same leg stay valid until it closes.
    pub fn register(&self, place: Place, fragment: String, password: String) {
        self.tables_mut().fragments.insert(fragment, (place, password));
    }

    /// Forgets a leg.
    pub fn forget(&self, leg: u64) {
        let mut tables = self.tables_mut();
        tables.fragments.retain(|_, (place, _)| place.leg != leg);
        tables.reached.remove(&leg);
        tables.addresses.retain(|_, place| place.leg != leg);
    }

    /// Returns the leg of a datagram, or `None` for a stranger.
    ///
    /// A check with a valid integrity attribute moves its address to the leg it names. A check that was seen
    /// before teaches no further address: a third party may have recorded it and sent it again.
    pub fn place(&self, now: Instant, from: SocketAddr, datagram: &[u8]) -> Option<Place> {
        let is_check = is_stun(datagram) && datagram[..2] == [0x00, 0x01];
        let known = self.tables().addresses.get(&from).copied();
        if !is_check {
            return known;
        }
        let fragment = local_fragment(datagram)?;
        let (place, password) = self.tables().fragments.get(fragment)?.clone();
        if !has_integrity(datagram, password.as_bytes()) {
            return None;
        }
        let mut tables = self.tables_mut();
        let is_known = known == Some(place);
        tables.accept(now, from, place, transaction(datagram), is_known).then_some(place)
    }

    /// Returns how many fragments and addresses are known.
    pub fn sizes(&self) -> (usize, usize) {
        let tables = self.tables();
        (tables.fragments.len(), tables.addresses.len())
    }

    fn tables(&self) -> std::sync::RwLockReadGuard<'_, Tables> {
        self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn tables_mut(&self) -> std::sync::RwLockWriteGuard<'_, Tables> {
        self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Tables {
    /// Notes a valid check. Returns `false` if its address is unknown and stays so.
    fn accept(&mut self, now: Instant, from: SocketAddr, place: Place, check: u64, is_known: bool) -> bool {
        let reached = self.reached.entry(place.leg).or_default();
        if is_known {
            reached.note(check);
            if let Some((_, at)) = reached.addresses.iter_mut().find(|(address, _)| *address == from) {
                *at = now;
            }
            return true;
        }
        if reached.checks.contains(&check) {
            return false;
        }
        reached.note(check);
        if reached.addresses.len() >= MAX_ADDRESSES {
            let oldest = reached.addresses.iter().enumerate().min_by_key(|(_, (_, at))| *at);
            match oldest {
                Some((index, (address, at))) if now.duration_since(*at) >= CONSENT => {
                    self.addresses.remove(address);
                    reached.addresses.swap_remove(index);
                }
                _ => return false,
            }
        }
        reached.addresses.push((from, now));
        if let Some(old) = self.addresses.insert(from, place)
            && let Some(reached) = self.reached.get_mut(&old.leg)
        {
            reached.addresses.retain(|(address, _)| old == place || *address != from);
        }
        true
    }
}

impl Reached {
    fn note(&mut self, check: u64) {
        if self.checks.len() >= MAX_CHECKS {
            self.checks.pop_front();
        }
        self.checks.push_back(check);
    }
}

/// Returns the first half of a check's transaction id, which its sender chose at random.
fn transaction(datagram: &[u8]) -> u64 {
    datagram[8..16].try_into().map_or(0, u64::from_be_bytes)
}

/// Returns `true` for datagrams in the form of STUN (RFC 8489).
pub fn is_stun(datagram: &[u8]) -> bool {
    datagram.len() >= 20 && datagram[0] < 4 && datagram[4..8] == MAGIC_COOKIE
}

/// Returns `true` for RTP and RTCP.
pub fn is_media(datagram: &[u8]) -> bool {
    datagram.first().is_some_and(|first| (128..192).contains(first))
}

/// Returns an attribute's value and where its header begins.
fn attribute(datagram: &[u8], wanted: u16) -> Option<(&[u8], usize)> {
    let mut at = 20;
    while at + 4 <= datagram.len() {
        let kind = u16::from_be_bytes([datagram[at], datagram[at + 1]]);
        let length = usize::from(u16::from_be_bytes([datagram[at + 2], datagram[at + 3]]));
        let value = datagram.get(at + 4..at + 4 + length)?;
        if kind == wanted {
            return Some((value, at));
        }
        at += 4 + length.next_multiple_of(4);
    }
    None
}

fn local_fragment(datagram: &[u8]) -> Option<&str> {
    let (username, _) = attribute(datagram, USERNAME)?;
    std::str::from_utf8(username).ok()?.split(':').next()
}

fn has_integrity(datagram: &[u8], password: &[u8]) -> bool {
    let Some((expected, at)) = attribute(datagram, MESSAGE_INTEGRITY) else { return false };
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(password) else { return false };
    // The length counts up to the end of the integrity attribute itself.
    let Ok(length) = u16::try_from(at + 24 - 20) else { return false };
    mac.update(&datagram[..2]);
    mac.update(&length.to_be_bytes());
    mac.update(&datagram[4..at]);
    mac.verify_slice(expected).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(fragment: &str, password: &str) -> Vec<u8> {
        numbered(fragment, password, 7)
    }

    /// A valid check with this number in its transaction id.
    fn numbered(fragment: &str, password: &str, number: u32) -> Vec<u8> {
        let username = format!("{fragment}:remote");
        let mut datagram = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
        datagram.extend(number.to_be_bytes());
        datagram.extend([7; 8]);
        datagram.extend(USERNAME.to_be_bytes());
        datagram.extend((username.len() as u16).to_be_bytes());
        datagram.extend(username.as_bytes());
        datagram.resize(datagram.len().next_multiple_of(4), 0);
        let length = (datagram.len() + 24 - 20) as u16;
        datagram[2..4].copy_from_slice(&length.to_be_bytes());
        let mut mac = Hmac::<Sha1>::new_from_slice(password.as_bytes()).unwrap();
        mac.update(&datagram);
        datagram.extend(MESSAGE_INTEGRITY.to_be_bytes());
        datagram.extend(20u16.to_be_bytes());
        datagram.extend(mac.finalize().into_bytes());
        datagram
    }

    #[test]
    fn an_address_is_learned_from_a_valid_check_only() {
        let demux = Demux::default();
        let place = Place { worker: 0, leg: 7 };
        demux.register(place, "ours".into(), "secret".into());
        let from: SocketAddr = "192.0.2.1:9".parse().unwrap();
        let media = [0x80u8; 40];
        assert_eq!(demux.place(Instant::now(), from, &media), None);
        assert_eq!(demux.place(Instant::now(), from, &check("ours", "guessed")), None);
        assert_eq!(demux.place(Instant::now(), from, &check("theirs", "secret")), None);
        assert_eq!(demux.place(Instant::now(), from, &media), None);
        assert_eq!(demux.place(Instant::now(), from, &check("ours", "secret")), Some(place));
        assert_eq!(demux.place(Instant::now(), from, &media), Some(place));
        demux.forget(7);
        assert_eq!(demux.place(Instant::now(), from, &media), None);
        assert_eq!(demux.sizes(), (0, 0));
    }

    #[test]
    fn a_leg_is_reached_from_a_bounded_number_of_addresses() {
        let demux = Demux::default();
        demux.register(Place { worker: 0, leg: 7 }, "ours".into(), "secret".into());
        let now = Instant::now();
        let place = |now: Instant, port: u16, number: u32| {
            demux.place(now, SocketAddr::from(([192, 0, 2, 1], port)), &numbered("ours", "secret", number))
        };
        for port in 1..1_000 {
            place(now, port, u32::from(port));
        }
        assert_eq!(demux.sizes(), (1, MAX_ADDRESSES));
        // The sixteen that came first keep their places while they have consent.
        assert!(place(now + CONSENT - Duration::from_secs(1), 1, 2_000).is_some());
        assert!(place(now + CONSENT, 1_000, 2_001).is_some());
        assert!(place(now + CONSENT, 1, 2_002).is_some(), "a fresh address is not pushed out");
        assert_eq!(demux.sizes(), (1, MAX_ADDRESSES));
    }

    #[test]
    fn a_replayed_check_teaches_no_further_address() {
        let demux = Demux::default();
        let place = Place { worker: 0, leg: 7 };
        demux.register(place, "ours".into(), "secret".into());
        let now = Instant::now();
        let (own, other) = (SocketAddr::from(([192, 0, 2, 1], 1)), SocketAddr::from(([192, 0, 2, 2], 1)));
        let recorded = check("ours", "secret");
        assert_eq!(demux.place(now, own, &recorded), Some(place));
        assert_eq!(demux.place(now, own, &recorded), Some(place), "its sender may repeat it");
        for port in 1..100 {
            let other = SocketAddr::from(([192, 0, 2, 2], port));
            assert_eq!(demux.place(now, other, &recorded), None);
        }
        assert_eq!(demux.place(now, other, &[0x80; 40]), None);
        assert_eq!(demux.place(now, own, &[0x80; 40]), Some(place));
        // The same client at a new address sends a check of its own.
        assert_eq!(demux.place(now, other, &numbered("ours", "secret", 8)), Some(place));
        assert_eq!(demux.sizes(), (1, 2));
    }

    #[test]
    fn cut_and_overlong_checks_are_strangers() {
        let demux = Demux::default();
        demux.register(Place { worker: 0, leg: 7 }, "ours".into(), "secret".into());
        let whole = check("ours", "secret");
        let from = SocketAddr::from(([192, 0, 2, 1], 1));
        for end in 0..whole.len() {
            assert_eq!(demux.place(Instant::now(), from, &whole[..end]), None);
            let mut wrong = whole.clone();
            wrong[end] ^= 0xff;
            let _ = demux.place(Instant::now(), SocketAddr::from(([192, 0, 2, 2], 1)), &wrong);
        }
    }
}
