//! Keyed hashes of values that must not be guessable, with one key per purpose, derived from the master key.

use commands::{MasterKey, keyed_hash};

/// Purpose of a hash. Equal values have different hashes for different purposes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A normalised e-mail address, to find the accounts it may mean.
    EmailLookUp,
    /// The account, network or browser of an attempt to sign in.
    Throttle,
    /// Method, path and body of a request with an idempotency key.
    IdempotentRequest,
    /// An e-mail address with a network or a browser from which its owner has signed in.
    KnownPlace,
    /// The link by which a ticket is rated.
    RatingLink,
    /// The token of a link that is mailed to a person.
    AccountLink,
}

/// The keys of the HTTP layer. Its `Debug` shows none of them.
pub struct DerivedKeys {
    email_look_up: [u8; 32],
    throttle: [u8; 32],
    idempotent_request: [u8; 32],
    known_place: [u8; 32],
    rating_link: [u8; 32],
    account_link: [u8; 32],
}

impl DerivedKeys {
    pub fn derived_from(master: &MasterKey) -> Self {
        Self {
            email_look_up: master.derive("kafedra/auth/email/v1"),
            throttle: master.derive("kafedra/auth/throttle/v1"),
            idempotent_request: master.derive("kafedra/http/idempotency/v1"),
            known_place: master.derive("kafedra/auth/known-place/v1"),
            rating_link: master.derive("kafedra/support/rating/v1"),
            account_link: master.derive("kafedra/auth/link/v1"),
        }
    }

    /// Returns the HMAC-SHA-256 (RFC 2104) of the parts, each with its length, under the key of the purpose.
    pub fn hash(&self, purpose: Purpose, parts: &[&[u8]]) -> Vec<u8> {
        let key = match purpose {
            Purpose::EmailLookUp => &self.email_look_up,
            Purpose::Throttle => &self.throttle,
            Purpose::IdempotentRequest => &self.idempotent_request,
            Purpose::KnownPlace => &self.known_place,
            Purpose::RatingLink => &self.rating_link,
            Purpose::AccountLink => &self.account_link,
        };
        keyed_hash(key, parts).to_vec()
    }
}

impl std::fmt::Debug for DerivedKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DerivedKeys(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_depends_on_the_master_key_and_the_purpose() {
        let keys = DerivedKeys::derived_from(&MasterKey::new([7; 32]));
        let hash = keys.hash(Purpose::EmailLookUp, &[b"ab", b"c"]);
        assert_eq!(
            hash,
            DerivedKeys::derived_from(&MasterKey::new([7; 32])).hash(Purpose::EmailLookUp, &[b"ab", b"c"])
        );
        assert_ne!(hash, keys.hash(Purpose::Throttle, &[b"ab", b"c"]));
        assert_ne!(
            hash,
            DerivedKeys::derived_from(&MasterKey::new([8; 32])).hash(Purpose::EmailLookUp, &[b"ab", b"c"])
        );
    }
}
