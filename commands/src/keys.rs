//! The master key, and the keys derived from it for one purpose each.

use std::fmt;

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The 32 bytes from which all other secrets of the installation are derived.
///
/// The master key unwraps all subject keys. Without it, personal data in the log cannot be decrypted.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

impl MasterKey {
    /// Makes a master key of 32 random bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Derives the 32-byte key for one purpose (HMAC-SHA-256 of the purpose, RFC 2104).
    ///
    /// Two purposes never share a key.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        keyed_hash(&self.0, &[purpose.as_bytes()])
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey([redacted])")
    }
}

/// Computes the HMAC-SHA-256 over parts. The length of each part precedes it, so that no two lists collide.
pub fn keyed_hash(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
