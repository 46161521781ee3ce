//! Maps a datagram to its connection, by the address of a valid connectivity check.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::RwLock;

use hmac::{Hmac, Mac};
use sha1::Sha1;

/// Leg and the worker that drives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    pub worker: usize,
    pub leg: u64,
}

/// Most addresses that one leg is reached from; the oldest goes first.
const MAX_ADDRESSES: usize = 16;
const MAGIC_COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
const USERNAME: u16 = 0x0006;
const MESSAGE_INTEGRITY: u16 = 0x0008;

#[derive(Default)]
struct Tables {
    fragments: HashMap<String, (Place, String)>,
    addresses: HashMap<SocketAddr, Place>,
    learned: HashMap<u64, Vec<SocketAddr>>,
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
        tables.learned.remove(&leg);
        tables.addresses.retain(|_, place| place.leg != leg);
    }

    /// Returns the leg of a datagram, or `None` for a stranger.
    ///
    /// A check with a valid integrity attribute moves its address to the leg it names.
    pub fn place(&self, from: SocketAddr, datagram: &[u8]) -> Option<Place> {
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
        if known != Some(place) {
            self.learn(from, place);
        }
        Some(place)
    }

    fn learn(&self, from: SocketAddr, place: Place) {
        let mut tables = self.tables_mut();
        if let Some(old) = tables.addresses.insert(from, place)
            && let Some(learned) = tables.learned.get_mut(&old.leg)
        {
            learned.retain(|address| *address != from);
        }
        let learned = tables.learned.entry(place.leg).or_default();
        learned.push(from);
        if learned.len() > MAX_ADDRESSES {
            let oldest = learned.remove(0);
            tables.addresses.remove(&oldest);
        }
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
        let username = format!("{fragment}:remote");
        let mut datagram = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
        datagram.extend([7; 12]);
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
        assert_eq!(demux.place(from, &media), None);
        assert_eq!(demux.place(from, &check("ours", "guessed")), None);
        assert_eq!(demux.place(from, &check("theirs", "secret")), None);
        assert_eq!(demux.place(from, &media), None);
        assert_eq!(demux.place(from, &check("ours", "secret")), Some(place));
        assert_eq!(demux.place(from, &media), Some(place));
        demux.forget(7);
        assert_eq!(demux.place(from, &media), None);
        assert_eq!(demux.sizes(), (0, 0));
    }

    #[test]
    fn a_leg_is_reached_from_a_bounded_number_of_addresses() {
        let demux = Demux::default();
        demux.register(Place { worker: 0, leg: 7 }, "ours".into(), "secret".into());
        for port in 1..1_000 {
            demux.place(SocketAddr::from(([192, 0, 2, 1], port)), &check("ours", "secret"));
        }
        assert_eq!(demux.sizes(), (1, MAX_ADDRESSES));
    }

    #[test]
    fn cut_and_overlong_checks_are_strangers() {
        let demux = Demux::default();
        demux.register(Place { worker: 0, leg: 7 }, "ours".into(), "secret".into());
        let whole = check("ours", "secret");
        let from = SocketAddr::from(([192, 0, 2, 1], 1));
        for end in 0..whole.len() {
            assert_eq!(demux.place(from, &whole[..end]), None);
            let mut wrong = whole.clone();
            wrong[end] ^= 0xff;
            let _ = demux.place(SocketAddr::from(([192, 0, 2, 2], 1)), &wrong);
        }
    }
}
