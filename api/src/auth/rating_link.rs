//! Signed links by which a requester rates one ticket without signing in. They are not stored.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{AccountId, TicketId};
use jiff::{SignedDuration, Timestamp};
use projections::notifications::RatingLinks;
use uuid::Uuid;

use super::keys::{DerivedKeys, Purpose};

/// Time after the resolution of the ticket in which the link is valid.
const VALID_FOR: SignedDuration = SignedDuration::from_hours(24 * 30);
const ID_BYTES: usize = 16;
const TIME_BYTES: usize = 8;

/// Content of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RatingLink {
    pub ticket_id: TicketId,
    pub requester: AccountId,
}

/// Builds links to the rating page, for mails.
pub struct RatingPages {
    pub keys: DerivedKeys,
    /// Public address of the installation, without a slash at the end.
    pub public_url: String,
}

impl RatingLinks for RatingPages {
    fn address(&self, ticket_id: TicketId, requester: AccountId, resolved_at: Timestamp) -> String {
        let token = RatingLink { ticket_id, requester }.token(&self.keys, resolved_at);
        format!("{}/ticket-ratings/{token}", self.public_url)
    }
}

impl RatingLink {
    /// Returns the token of the link, for a ticket that was resolved at `resolved_at`.
    pub fn token(self, keys: &DerivedKeys, resolved_at: Timestamp) -> String {
        let valid_until = resolved_at.checked_add(VALID_FOR).unwrap_or(Timestamp::MAX);
        let mut token = self.payload(valid_until);
        token.extend(keys.hash(Purpose::RatingLink, &[&token]));
        URL_SAFE_NO_PAD.encode(token)
    }

    /// Parses a token. Returns `None` if the signature is invalid or the token has expired.
    pub fn parse(keys: &DerivedKeys, token: &str, now: Timestamp) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (payload, signature) = bytes.split_at_checked(2 * ID_BYTES + TIME_BYTES)?;
        let expected = keys.hash(Purpose::RatingLink, &[payload]);
        if !equal_in_constant_time(&expected, signature) {
            return None;
        }
        let (ids, time) = payload.split_at(2 * ID_BYTES);
        let (ticket, requester) = ids.split_at(ID_BYTES);
        let seconds = i64::from_be_bytes(time.try_into().ok()?);
        let link = Self {
            ticket_id: TicketId(Uuid::from_slice(ticket).ok()?),
            requester: AccountId(Uuid::from_slice(requester).ok()?),
        };
        (now.as_second() <= seconds).then_some(link)
    }

    fn payload(self, valid_until: Timestamp) -> Vec<u8> {
        [
            &self.ticket_id.uuid().into_bytes()[..],
            &self.requester.uuid().into_bytes()[..],
            &valid_until.as_second().to_be_bytes()[..],
        ]
        .concat()
    }
}

/// Compares in constant time, so that the duration does not reveal how many bytes are right.
fn equal_in_constant_time(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |found, (a, b)| found | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use commands::MasterKey;

    use super::*;

    #[test]
    fn a_link_says_what_it_was_made_of_until_it_is_too_old() {
        let keys = DerivedKeys::derived_from(&MasterKey::new([7; 32]));
        let link =
            RatingLink { ticket_id: TicketId(Uuid::from_u128(1)), requester: AccountId(Uuid::from_u128(2)) };
        let resolved_at: Timestamp = "2026-11-01T00:00:00Z".parse().unwrap();
        let token = link.token(&keys, resolved_at);
        let read = |token: &str, now: &str| RatingLink::parse(&keys, token, now.parse().unwrap());
        assert_eq!(read(&token, "2026-12-01T00:00:00Z"), Some(link));
        assert_eq!(read(&token, "2026-12-01T00:00:01Z"), None);
        let others = DerivedKeys::derived_from(&MasterKey::new([8; 32]));
        assert_eq!(RatingLink::parse(&others, &token, resolved_at), None);
        let bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
        for place in 0..bytes.len() {
            let mut forged = bytes.clone();
            forged[place] ^= 1;
            assert_eq!(read(&URL_SAFE_NO_PAD.encode(forged), "2026-11-02T00:00:00Z"), None, "byte {place}");
        }
        for text in ["", "x", "AAAA", "not base64!"] {
            assert_eq!(read(text, "2026-11-02T00:00:00Z"), None);
        }
    }
}
