//! Subject keys: made with the first event of a person, wrapped by the master key, destroyed at erasure.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::AccountId;
use quick_cache::sync::Cache;
use rand::RngCore;
use sqlx::PgPool;
use uuid::Uuid;

use crate::database_pool::deadline;
use crate::keys::{MasterKey, keyed_hash};

/// Maximum number of subject keys in memory.
const CACHED_KEYS: usize = 20_000;

/// Key that hashes the values of unique claims, so that the claim table holds no personal data.
#[derive(Clone)]
pub(crate) struct ClaimKey([u8; 32]);

impl ClaimKey {
    /// Derives the key from the master key.
    pub fn new(master: &MasterKey) -> Self {
        Self(master.derive("kafedra.claims.v1"))
    }

    /// Returns the 32-byte HMAC of a scope and a value.
    pub fn hash(&self, scope: &str, value: &str) -> Vec<u8> {
        keyed_hash(&self.0, &[scope.as_bytes(), value.as_bytes()]).to_vec()
    }
}

/// The data key of one person, present or erased.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum SubjectKey {
    Present([u8; 32]),
    Erased,
}

/// New data key of a person without one; the append stores its wrapped form.
pub(crate) struct NewKey {
    pub subject: AccountId,
    pub key: [u8; 32],
    pub wrapped: Vec<u8>,
    /// Number of evictions of keys before this one was generated.
    pub evictions: u64,
}

/// Finds, generates, wraps and evicts subject keys.
pub(crate) struct SubjectKeys {
    pool: PgPool,
    wrapping_cipher: XChaCha20Poly1305,
    cache: Cache<AccountId, SubjectKey>,
    /// Number of evictions. A key that was read before an eviction is not cached after it.
    evictions: AtomicU64,
}

/// Reason why a subject key is not usable.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyError {
    #[error("cannot read the subject keys")]
    Database(#[from] sqlx::Error),
    /// Another master key has wrapped the key.
    #[error("the key of {0} does not open with this master key")]
    WrongMasterKey(AccountId),
}

impl SubjectKeys {
    /// Makes a store with an empty cache.
    pub fn new(pool: PgPool, master: &MasterKey) -> Arc<Self> {
        let wrapping_cipher = XChaCha20Poly1305::new(&master.derive("kafedra.subject-keys.v1").into());
        Arc::new(Self { pool, wrapping_cipher, cache: Cache::new(CACHED_KEYS), evictions: AtomicU64::new(0) })
    }

    /// Unwraps one stored key, so that a wrong master key is detected at the start.
    ///
    /// # Errors
    /// [`KeyError::WrongMasterKey`] if the key does not unwrap. [`KeyError::Database`] if the database fails.
    pub async fn check_master_key(&self) -> Result<(), KeyError> {
        let any = sqlx::query!(
            r#"select subject, wrapped_key as "wrapped_key!" from log.subject_keys
               where wrapped_key is not null
               limit 1"#
        );
        let Some(row) = deadline(any.fetch_optional(&self.pool)).await? else { return Ok(()) };
        self.unwrap_key(AccountId(row.subject), &row.wrapped_key).map(drop)
    }

    /// Finds the keys of these people. People who never had a key are absent from the result.
    ///
    /// # Errors
    /// [`KeyError::WrongMasterKey`] if a key does not unwrap. [`KeyError::Database`] if the database fails.
    pub async fn find(
        &self,
        subjects: &BTreeSet<AccountId>,
    ) -> Result<BTreeMap<AccountId, SubjectKey>, KeyError> {
        let mut found = BTreeMap::new();
        let mut missing: Vec<Uuid> = Vec::new();
        for subject in subjects {
            match self.cache.get(subject) {
                Some(key) => drop(found.insert(*subject, key)),
                None => missing.push(subject.uuid()),
            }
        }
        if missing.is_empty() {
            return Ok(found);
        }
        let evictions = self.evictions();
        let rows = sqlx::query!(
            "select subject, wrapped_key from log.subject_keys where subject = any($1)",
            &missing
        );
        let rows = deadline(rows.fetch_all(&self.pool)).await?;
        for row in rows {
            let subject = AccountId(row.subject);
            let key = match row.wrapped_key {
                Some(wrapped) => SubjectKey::Present(self.unwrap_key(subject, &wrapped)?),
                None => SubjectKey::Erased,
            };
            self.insert_unless_evicted(subject, key, evictions);
            found.insert(subject, key);
        }
        Ok(found)
    }

    /// Generates a key. Returns it with its wrapped form.
    ///
    /// The key is valid once the append that contains it is committed.
    pub fn generate(&self, subject: AccountId) -> ([u8; 32], Vec<u8>) {
        let mut key = [0; 32];
        let mut nonce = [0; 24];
        fill_random(&mut key);
        fill_random(&mut nonce);
        let sealed = self
            .wrapping_cipher
            .encrypt(&XNonce::from(nonce), Payload { msg: &key, aad: subject.uuid().as_bytes() })
            .expect("sealing 32 bytes in memory does not fail");
        (key, [nonce.as_slice(), &sealed].concat())
    }

    /// Returns the number of evictions so far, for [`Self::insert_unless_evicted`].
    pub fn evictions(&self) -> u64 {
        self.evictions.load(Ordering::SeqCst)
    }

    /// Caches a key whose append was committed, unless any key was evicted since it was generated.
    pub fn insert_committed(&self, new: &NewKey) {
        self.insert_unless_evicted(new.subject, SubjectKey::Present(new.key), new.evictions);
    }

    /// Caches a key. An eviction after the first `evictions` may be that of this key: then it is not cached.
    fn insert_unless_evicted(&self, subject: AccountId, key: SubjectKey, evictions: u64) {
        self.cache.insert(subject, key);
        // Checked after the insertion: an eviction in between removes the key here or there.
        if key != SubjectKey::Erased && self.evictions() != evictions {
            self.cache.remove(&subject);
        }
    }

    /// Evicts the cached key of a person. The next use reads the table again.
    pub fn evict(&self, subject: AccountId) {
        self.evictions.fetch_add(1, Ordering::SeqCst);
        self.cache.remove(&subject);
    }

    /// Evicts all cached keys.
    pub fn evict_all(&self) {
        self.evictions.fetch_add(1, Ordering::SeqCst);
        self.cache.clear();
    }

    fn unwrap_key(&self, subject: AccountId, wrapped: &[u8]) -> Result<[u8; 32], KeyError> {
        let (nonce, sealed) = wrapped.split_at_checked(24).ok_or(KeyError::WrongMasterKey(subject))?;
        let nonce: [u8; 24] = nonce.try_into().expect("split at 24");
        self.wrapping_cipher
            .decrypt(&XNonce::from(nonce), Payload { msg: sealed, aad: subject.uuid().as_bytes() })
            .ok()
            .and_then(|key| key.try_into().ok())
            .ok_or(KeyError::WrongMasterKey(subject))
    }
}

/// Fills a buffer with cryptographically secure random bytes.
pub(super) fn fill_random(bytes: &mut [u8]) {
    #[expect(clippy::disallowed_methods, reason = "keys and nonces need randomness")]
    rand::rng().fill_bytes(bytes);
}
