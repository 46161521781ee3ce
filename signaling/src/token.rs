//! Join tokens: what they say, how they are signed and checked, and that each serves once.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, Mac};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::protocol::{Grants, Role};

/// Longest life of a token.
pub const MAX_LIFE: SignedDuration = SignedDuration::from_secs(60);
/// Longest encoded token in bytes.
const MAX_LENGTH: usize = 4 * 1024;
/// Domain separation: the same installation key signs nothing else in this form.
const PREFIX: &str = "kafedra.rtc.token.v1.";

/// Claims of a join token: one person's entry into one lesson on one node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claims {
    /// Unique id of the token; a second use is refused.
    pub id: uuid::Uuid,
    /// Node that must accept the token.
    pub node: String,
    pub lesson: uuid::Uuid,
    pub participant: uuid::Uuid,
    /// Name that the other participants see.
    pub name: String,
    pub role: Role,
    pub grants: Grants,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    /// Students enter without the teacher's click once the teacher is there.
    pub auto_admit: bool,
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
}

/// Key of the installation that signs and checks tokens.
#[derive(Clone)]
pub struct TokenKey(Vec<u8>);

impl std::fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenKey(…)")
    }
}

/// Why a token was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("the token is malformed")]
    Malformed,
    #[error("the signature is not of this installation")]
    Forged,
    #[error("the token is expired or lives too long")]
    Expired,
    #[error("the token was used")]
    Used,
    #[error("the token is for another node")]
    OtherNode,
}

impl TokenKey {
    /// Creates a key.
    ///
    /// # Errors
    /// `TokenError::Malformed` if the secret has fewer than 32 bytes.
    pub fn try_new(secret: impl Into<Vec<u8>>) -> Result<Self, TokenError> {
        let secret = secret.into();
        if secret.len() < 32 { Err(TokenError::Malformed) } else { Ok(Self(secret)) }
    }

    fn mac(&self, payload: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(PREFIX.as_bytes());
        mac.update(payload.as_bytes());
        mac
    }

    /// Returns the signed text form of the claims.
    pub fn sign(&self, claims: &Claims) -> String {
        let payload = BASE64.encode(serde_json::to_vec(claims).expect("claims are plain data"));
        let signature = BASE64.encode(self.mac(&payload).finalize().into_bytes());
        format!("{payload}.{signature}")
    }

    /// Returns the secret that resumes a session: known to its client, and not guessed from its id.
    pub fn resume_secret(&self, session: uuid::Uuid) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(b"kafedra.rtc.resume.v1.");
        mac.update(session.as_bytes());
        BASE64.encode(mac.finalize().into_bytes())
    }

    /// Returns `true` if the secret is that of the session; takes the same time for every secret.
    pub fn is_resume_secret(&self, session: uuid::Uuid, secret: &str) -> bool {
        let Ok(secret) = BASE64.decode(secret) else { return false };
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(b"kafedra.rtc.resume.v1.");
        mac.update(session.as_bytes());
        mac.verify_slice(&secret).is_ok()
    }

    /// Returns the claims of a token that this installation signed for `node` and that is not expired.
    ///
    /// # Errors
    /// `Malformed`, `Forged`, `Expired` and `OtherNode`, in this order.
    pub fn verify(&self, token: &str, node: &str, now: Timestamp) -> Result<Claims, TokenError> {
        let (payload, signature) = token.split_once('.').ok_or(TokenError::Malformed)?;
        if token.len() > MAX_LENGTH {
            return Err(TokenError::Malformed);
        }
        let signature = BASE64.decode(signature).map_err(|_| TokenError::Malformed)?;
        self.mac(payload).verify_slice(&signature).map_err(|_| TokenError::Forged)?;
        let payload = BASE64.decode(payload).map_err(|_| TokenError::Malformed)?;
        let claims: Claims = serde_json::from_slice(&payload).map_err(|_| TokenError::Malformed)?;
        let life = claims.expires_at.duration_since(claims.issued_at);
        if now >= claims.expires_at || life > MAX_LIFE {
            return Err(TokenError::Expired);
        }
        if claims.node != node {
            return Err(TokenError::OtherNode);
        }
        Ok(claims)
    }
}

/// Ids of tokens that were used on this node, kept until they expire.
#[derive(Debug, Default)]
pub struct UsedTokens(BTreeMap<uuid::Uuid, Timestamp>);

impl UsedTokens {
    /// Notes a use.
    ///
    /// # Errors
    /// `TokenError::Used` if the token was used before.
    pub fn take(&mut self, claims: &Claims, now: Timestamp) -> Result<(), TokenError> {
        self.0.retain(|_, expires_at| *expires_at > now);
        match self.0.insert(claims.id, claims.expires_at) {
            None => Ok(()),
            Some(_) => Err(TokenError::Used),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(now: Timestamp) -> Claims {
        Claims {
            id: uuid::Uuid::from_u128(1),
            node: "a".into(),
            lesson: uuid::Uuid::from_u128(2),
            participant: uuid::Uuid::from_u128(3),
            name: "Анна".into(),
            role: Role::Teacher,
            grants: Grants::of_role(Role::Teacher),
            starts_at: now,
            ends_at: now + SignedDuration::from_hours(1),
            auto_admit: true,
            issued_at: now,
            expires_at: now + MAX_LIFE,
        }
    }

    #[test]
    fn a_token_serves_once_on_its_node_in_its_minute() {
        let now = Timestamp::UNIX_EPOCH;
        let key = TokenKey::try_new(vec![7; 32]).unwrap();
        let token = key.sign(&claims(now));
        assert_eq!(key.verify(&token, "a", now), Ok(claims(now)));
        assert_eq!(key.verify(&token, "b", now), Err(TokenError::OtherNode));
        assert_eq!(key.verify(&token, "a", now + MAX_LIFE), Err(TokenError::Expired));
        let mut used = UsedTokens::default();
        assert_eq!(used.take(&claims(now), now), Ok(()));
        assert_eq!(used.take(&claims(now), now), Err(TokenError::Used));
    }

    #[test]
    fn a_token_of_another_key_or_with_another_claim_is_forged() {
        let now = Timestamp::UNIX_EPOCH;
        let key = TokenKey::try_new(vec![7; 32]).unwrap();
        let foreign = TokenKey::try_new(vec![8; 32]).unwrap().sign(&claims(now));
        assert_eq!(key.verify(&foreign, "a", now), Err(TokenError::Forged));
        let token = key.sign(&claims(now));
        let mut changed = claims(now);
        changed.role = Role::Observer;
        let payload = BASE64.encode(serde_json::to_vec(&changed).unwrap());
        let forged = format!("{payload}.{}", token.split_once('.').unwrap().1);
        assert_eq!(key.verify(&forged, "a", now), Err(TokenError::Forged));
        for malformed in ["", ".", "a.b", &"x".repeat(100_000)] {
            assert!(key.verify(malformed, "a", now).is_err());
        }
    }

    #[test]
    fn a_token_that_lives_longer_than_a_minute_is_refused() {
        let now = Timestamp::UNIX_EPOCH;
        let key = TokenKey::try_new(vec![7; 32]).unwrap();
        let mut long = claims(now);
        long.expires_at = now + SignedDuration::from_secs(61);
        assert_eq!(key.verify(&key.sign(&long), "a", now), Err(TokenError::Expired));
    }
}
