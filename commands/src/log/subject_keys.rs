//! The data keys of people: made with their first event, wrapped by the master key, gone at erasure.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::AccountId;
use quick_cache::sync::Cache;
use rand::RngCore;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use crate::keys::{MasterKey, keyed_hash};

/// How many people's keys are held in memory.
const CACHED_KEYS: usize = 20_000;

/// Hashes the keys of unique claims, so that the claims table holds nothing personal.
#[derive(Clone)]
pub(crate) struct ClaimKey([u8; 32]);

impl ClaimKey {
    pub fn new(master: &MasterKey) -> Self {
        Self(master.derive("kafedra.claims.v1"))
    }

    pub fn hash(&self, scope: &str, value: &str) -> Vec<u8> {
        keyed_hash(&self.0, &[scope.as_bytes(), value.as_bytes()]).to_vec()
    }
}

/// The key of one person as far as it is there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum SubjectKey {
    Present([u8; 32]),
    Erased,
}

/// Finds, makes, wraps and forgets people's keys.
pub(crate) struct SubjectKeys {
    pool: PgPool,
    wrapping_cipher: XChaCha20Poly1305,
    cache: Cache<AccountId, SubjectKey>,
    /// Counts what was forgotten: a key that was read before is not kept after.
    evictions: AtomicU64,
}

/// Why a key could not be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyError {
    #[error("the keys could not be read")]
    Database(#[from] sqlx::Error),
    /// The master key is another one than that which wrapped it.
    #[error("the key of {0} does not open with this master key")]
    WrongMasterKey(AccountId),
}

impl SubjectKeys {
    pub fn new(pool: PgPool, master: &MasterKey) -> Arc<Self> {
        let wrapping_cipher = XChaCha20Poly1305::new(&master.derive("kafedra.subject-keys.v1").into());
        Arc::new(Self { pool, wrapping_cipher, cache: Cache::new(CACHED_KEYS), evictions: AtomicU64::new(0) })
    }

    /// Opens one wrapped key, so that a wrong master key is known at the start and not first to readers.
    pub async fn check_master_key(&self) -> Result<(), KeyError> {
        let any = "select subject, wrapped_key from log.subject_keys where wrapped_key is not null limit 1";
        let Some(row) = sqlx::query(any).fetch_optional(&self.pool).await? else { return Ok(()) };
        let wrapped: Vec<u8> = row.try_get("wrapped_key")?;
        self.unwrap_key(AccountId(row.try_get("subject")?), &wrapped).map(drop)
    }

    /// The keys of these people; those who never had one are absent from the answer.
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
        let evictions = self.evictions.load(Ordering::SeqCst);
        let rows = sqlx::query("select subject, wrapped_key from log.subject_keys where subject = any($1)")
            .bind(missing)
            .fetch_all(&self.pool)
            .await?;
        for row in rows {
            let subject = AccountId(row.try_get("subject")?);
            let key = match row.try_get::<Option<Vec<u8>>, _>("wrapped_key")? {
                Some(wrapped) => SubjectKey::Present(self.unwrap_key(subject, &wrapped)?),
                None => SubjectKey::Erased,
            };
            if key == SubjectKey::Erased || self.evictions.load(Ordering::SeqCst) == evictions {
                self.cache.insert(subject, key);
            }
            found.insert(subject, key);
        }
        Ok(found)
    }

    /// A fresh key and its wrapped form; it counts once the append that carries it is committed.
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

    /// Takes over a key whose append was committed.
    pub fn insert_committed(&self, subject: AccountId, key: [u8; 32]) {
        self.cache.insert(subject, SubjectKey::Present(key));
    }

    /// Forgets what is in memory about a person: it is read again from the table.
    pub fn evict(&self, subject: AccountId) {
        self.evictions.fetch_add(1, Ordering::SeqCst);
        self.cache.remove(&subject);
    }

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

/// Fills with chance fit for keys.
pub(super) fn fill_random(bytes: &mut [u8]) {
    #[expect(clippy::disallowed_methods, reason = "keys and nonces are the place where chance enters")]
    rand::rng().fill_bytes(bytes);
}
