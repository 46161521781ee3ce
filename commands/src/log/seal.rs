//! Seals personal data before it is written, hashed or published, and decrypts it on read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::{AccountId, PERSONAL_MARK};
use serde_json::{Value, json};

use super::subject_keys::{KeyError, NewKey, SubjectKey, SubjectKeys, fill_random};

/// Key of the object that replaces a personal value:
/// `{"$sealed":{"subject":"<account id>","data":"<base64 of nonce and ciphertext>"}}`
/// (XChaCha20-Poly1305, with the subject as associated data).
const SEALED_MARK: &str = "$sealed";

/// Seals and decrypts JSON trees.
pub(crate) struct Sealer {
    keys: Arc<SubjectKeys>,
}

/// Reason why a tree could not be sealed or decrypted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SealError {
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("a personal value names no subject")]
    NoSubject,
    #[error("a sealed value cannot be decrypted: it was changed")]
    Tampered,
}

impl Sealer {
    pub fn new(keys: Arc<SubjectKeys>) -> Self {
        Self { keys }
    }

    pub(super) fn key_store(&self) -> &SubjectKeys {
        &self.keys
    }

    /// Evicts the cached key of an erased person.
    pub fn evict_key(&self, person: AccountId) {
        self.keys.evict(person);
    }

    /// Seals every personal value in these trees. Generates a key for people without one, and returns the new
    /// keys.
    ///
    /// # Errors
    /// [`SealError::NoSubject`] if a personal value has no subject. [`SealError::Key`] if the keys cannot be
    /// read.
    pub async fn seal(&self, trees: &mut [&mut Value]) -> Result<Vec<NewKey>, SealError> {
        let subjects = collect_subjects(trees)?;
        if subjects.is_empty() {
            return Ok(Vec::new());
        }
        let mut keys = self.keys.find(&subjects).await?;
        self.seal_with(trees, subjects, &mut keys)
    }

    /// Seals with the given keys, without the database. Adds the new keys to `keys`, and returns them.
    ///
    /// # Errors
    /// [`SealError::NoSubject`] if a personal value has no subject.
    pub fn seal_known(
        &self,
        trees: &mut [&mut Value],
        keys: &mut BTreeMap<AccountId, SubjectKey>,
    ) -> Result<Vec<NewKey>, SealError> {
        self.seal_with(trees, collect_subjects(trees)?, keys)
    }

    fn seal_with(
        &self,
        trees: &mut [&mut Value],
        subjects: BTreeSet<AccountId>,
        keys: &mut BTreeMap<AccountId, SubjectKey>,
    ) -> Result<Vec<NewKey>, SealError> {
        let mut new_keys = Vec::new();
        for subject in subjects {
            keys.entry(subject).or_insert_with(|| {
                let evictions = self.keys.evictions();
                let (key, wrapped) = self.keys.generate(subject);
                new_keys.push(NewKey { subject, key, wrapped, evictions });
                SubjectKey::Present(key)
            });
        }
        for tree in trees.iter_mut() {
            replace_marked(tree, PERSONAL_MARK, &mut |body| seal_value(body, keys))?;
        }
        Ok(new_keys)
    }

    /// Decrypts every sealed value in these trees. The data of an erased person reads as erased.
    ///
    /// # Errors
    /// [`SealError::Tampered`] if a sealed value was changed. [`SealError::NoSubject`] if it has no subject.
    /// [`SealError::Key`] if the keys cannot be read.
    pub async fn decrypt(&self, trees: &mut [&mut Value]) -> Result<(), SealError> {
        let mut subjects = BTreeSet::new();
        for tree in trees.iter() {
            collect_marked(tree, SEALED_MARK, &mut subjects)?;
        }
        if subjects.is_empty() {
            return Ok(());
        }
        let keys = self.keys.find(&subjects).await?;
        for tree in trees.iter_mut() {
            replace_marked(tree, SEALED_MARK, &mut |body| decrypt_value(body, &keys))?;
        }
        Ok(())
    }
}

/// Returns the people whose personal values are in these trees.
fn collect_subjects(trees: &[&mut Value]) -> Result<BTreeSet<AccountId>, SealError> {
    let mut subjects = BTreeSet::new();
    for tree in trees {
        collect_marked(tree, PERSONAL_MARK, &mut subjects)?;
    }
    Ok(subjects)
}

fn collect_marked(tree: &Value, mark: &str, subjects: &mut BTreeSet<AccountId>) -> Result<(), SealError> {
    match tree {
        Value::Object(map) => match map.get(mark) {
            Some(body) => drop(subjects.insert(subject_of(body)?)),
            None => map.values().try_for_each(|value| collect_marked(value, mark, subjects))?,
        },
        Value::Array(list) => list.iter().try_for_each(|value| collect_marked(value, mark, subjects))?,
        _ => {}
    }
    Ok(())
}

fn replace_marked(
    tree: &mut Value,
    mark: &str,
    with: &mut impl FnMut(&Value) -> Result<Value, SealError>,
) -> Result<(), SealError> {
    match tree {
        Value::Object(map) => match map.get(mark) {
            Some(body) => *tree = with(body)?,
            None => map.values_mut().try_for_each(|value| replace_marked(value, mark, with))?,
        },
        Value::Array(list) => list.iter_mut().try_for_each(|value| replace_marked(value, mark, with))?,
        _ => {}
    }
    Ok(())
}

fn subject_of(body: &Value) -> Result<AccountId, SealError> {
    body["subject"].as_str().and_then(|text| text.parse().ok()).ok_or(SealError::NoSubject)
}

fn seal_value(body: &Value, keys: &BTreeMap<AccountId, SubjectKey>) -> Result<Value, SealError> {
    let subject = subject_of(body)?;
    let (Some(value), Some(SubjectKey::Present(key))) = (body.get("value"), keys.get(&subject)) else {
        // The value or its key is erased: only the subject is stored.
        return Ok(json!({ PERSONAL_MARK: { "subject": subject } }));
    };
    let mut nonce = [0; 24];
    fill_random(&mut nonce);
    let clear = serde_json::to_vec(value).expect("a JSON tree can be serialised");
    let sealed = XChaCha20Poly1305::new(key.into())
        .encrypt(&XNonce::from(nonce), Payload { msg: &clear, aad: subject.uuid().as_bytes() })
        .expect("sealing in memory does not fail");
    let data = STANDARD_NO_PAD.encode([nonce.as_slice(), &sealed].concat());
    Ok(json!({ SEALED_MARK: { "subject": subject, "data": data } }))
}

fn decrypt_value(body: &Value, keys: &BTreeMap<AccountId, SubjectKey>) -> Result<Value, SealError> {
    let subject = subject_of(body)?;
    let Some(SubjectKey::Present(key)) = keys.get(&subject) else {
        return Ok(json!({ PERSONAL_MARK: { "subject": subject } }));
    };
    let data = body["data"].as_str().and_then(|data| STANDARD_NO_PAD.decode(data).ok());
    let data = data.ok_or(SealError::Tampered)?;
    let (nonce, sealed) = data.split_at_checked(24).ok_or(SealError::Tampered)?;
    let nonce: [u8; 24] = nonce.try_into().expect("split at 24");
    let clear = XChaCha20Poly1305::new(key.into())
        .decrypt(&XNonce::from(nonce), Payload { msg: sealed, aad: subject.uuid().as_bytes() })
        .map_err(|_| SealError::Tampered)?;
    let value: Value = serde_json::from_slice(&clear).map_err(|_| SealError::Tampered)?;
    Ok(json!({ PERSONAL_MARK: { "subject": subject, "value": value } }))
}
