//! The master key and the keys that are derived from it, each for one purpose.

use std::fmt;

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The 32 bytes from which every other secret of the installation is derived.
///
/// Who has it can open what is personal in the log; who lost it can not.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

impl MasterKey {
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The key for one purpose (HMAC-SHA-256 of the purpose, RFC 2104): purposes never share one.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        keyed_hash(&self.0, &[purpose.as_bytes()])
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey([redacted])")
    }
}

/// HMAC-SHA-256 over parts, each preceded by its length, so that no two lists of parts collide.
pub fn keyed_hash(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
