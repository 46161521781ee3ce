//! Bytes that open only while all people whom they name can be read.

use std::collections::{BTreeMap, BTreeSet};

use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::AccountId;

use super::seal::{SealError, Sealer};
use super::subject_keys::{SubjectKey, fill_random};
use crate::keys::keyed_hash;

/// Sealed bytes, with the people under whose keys they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedBytes {
    pub subjects: Vec<AccountId>,
    pub data: Vec<u8>,
}

impl Sealer {
    /// Seals bytes under the keys of all people among `named`; ids without a key do not matter. Without any
    /// person the key is no secret.
    ///
    /// Returns `None` if one of them is erased, because the bytes may hold what was read before.
    ///
    /// # Errors
    /// [`SealError::Key`] if the keys cannot be read.
    pub async fn seal_bytes(
        &self,
        named: &BTreeSet<AccountId>,
        clear: &[u8],
    ) -> Result<Option<SealedBytes>, SealError> {
        let keys = self.key_store().find(named).await?;
        let Some(key) = combine(&keys) else { return Ok(None) };
        let mut nonce = [0; 24];
        fill_random(&mut nonce);
        let sealed = XChaCha20Poly1305::new(&key.into())
            .encrypt(&XNonce::from(nonce), clear)
            .expect("sealing in memory does not fail");
        Ok(Some(SealedBytes {
            subjects: keys.into_keys().collect(),
            data: [nonce.as_slice(), &sealed].concat(),
        }))
    }

    /// Opens sealed bytes. Returns `None` if one of the people is erased.
    ///
    /// # Errors
    /// [`SealError::Tampered`] if the bytes were changed. [`SealError::Key`] if the keys cannot be read.
    pub async fn open_bytes(&self, sealed: &SealedBytes) -> Result<Option<Vec<u8>>, SealError> {
        let keys = self.key_store().find(&sealed.subjects.iter().copied().collect()).await?;
        if keys.len() < sealed.subjects.len() {
            return Ok(None);
        }
        let Some(key) = combine(&keys) else { return Ok(None) };
        let (nonce, data) = sealed.data.split_at_checked(24).ok_or(SealError::Tampered)?;
        let nonce: [u8; 24] = nonce.try_into().expect("split at 24");
        let clear = XChaCha20Poly1305::new(&key.into()).decrypt(&XNonce::from(nonce), data);
        clear.map(Some).map_err(|_| SealError::Tampered)
    }
}

/// Derives one key from the keys of these people, which is lost with any of them. Returns `None` if one is erased.
fn combine(keys: &BTreeMap<AccountId, SubjectKey>) -> Option<[u8; 32]> {
    let mut combined = [0; 32];
    for key in keys.values() {
        match key {
            SubjectKey::Present(key) => combined = keyed_hash(key, &[b"kafedra.bytes.v1", &combined]),
            SubjectKey::Erased => return None,
        }
    }
    Some(combined)
}
