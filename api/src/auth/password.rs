//! Passwords as argon2id hashes, computed on blocking threads, at most one per core at a time.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::accounts::normalize_password;
use rand::TryRngCore;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

/// OWASP's choice for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const PARALLELISM: u32 = 1;

/// Longest wait for a permit to hash.
const PERMIT_TIMEOUT: Duration = Duration::from_secs(10);

/// Hashes and checks passwords.
#[derive(Debug)]
pub struct Passwords {
    /// Limits concurrent hashes, because each takes 19 MiB.
    permits: Arc<Semaphore>,
    /// Verified if there is no account, so that the response time does not reveal that.
    dummy_hash: String,
}

/// Failure to hash or to verify a password.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    #[error("too many passwords at once")]
    Busy,
    #[error("the password could not be hashed: {0}")]
    Hash(argon2::password_hash::Error),
}

/// Result of the verification of a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordMatch {
    Wrong,
    /// `outdated` if the hash has other parameters than new hashes, or is of a password that was not
    /// normalized; the caller hashes it again.
    Right {
        outdated: bool,
    },
}

impl PasswordMatch {
    pub fn is_right(self) -> bool {
        matches!(self, PasswordMatch::Right { .. })
    }
}

impl Passwords {
    /// # Errors
    /// [`PasswordError::Hash`] if the system has no randomness.
    pub fn new() -> Result<Self, PasswordError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let dummy_hash = hash("nobody has this password", argon2())?;
        Ok(Self { permits: Arc::new(Semaphore::new(cores)), dummy_hash })
    }

    /// Returns a PHC string with a new salt.
    pub async fn hash(&self, password: &SecretString) -> Result<String, PasswordError> {
        let password = password.clone();
        self.run_blocking(move || hash(password.expose_secret(), argon2())).await?
    }

    /// Verifies against a stored hash. Without one it takes as long and returns [`PasswordMatch::Wrong`].
    pub async fn verify(
        &self,
        password: &SecretString,
        stored: Option<String>,
    ) -> Result<PasswordMatch, PasswordError> {
        let exists = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.dummy_hash.clone());
        let password = password.clone();
        let verdict = self.run_blocking(move || verify(password.expose_secret(), &stored)).await?;
        Ok(if exists { verdict } else { PasswordMatch::Wrong })
    }

    /// Runs the work on a blocking thread with a permit. The thread keeps the permit if the caller is dropped.
    async fn run_blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let permit = tokio::time::timeout(PERMIT_TIMEOUT, Arc::clone(&self.permits).acquire_owned()).await;
        let permit = permit.map_err(|_| PasswordError::Busy)?.map_err(|_| PasswordError::Busy)?;
        let work = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        });
        work.await.map_err(|_| PasswordError::Busy)
    }
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, PARALLELISM, None).expect("the parameters are in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash(password: &str, argon2: Argon2<'_>) -> Result<String, PasswordError> {
    let mut salt = [0; 16];
    rand::rngs::OsRng
        .try_fill_bytes(&mut salt)
        .map_err(|_| PasswordError::Hash(argon2::password_hash::Error::Crypto))?;
    let salt = SaltString::encode_b64(&salt).map_err(PasswordError::Hash)?;
    let password = normalize_password(password);
    let hash = argon2.hash_password(password.as_bytes(), &salt).map_err(PasswordError::Hash)?;
    Ok(hash.to_string())
}

fn verify(password: &str, stored: &str) -> PasswordMatch {
    let Ok(parsed) = PasswordHash::new(stored) else { return PasswordMatch::Wrong };
    let normalized = normalize_password(password);
    let is_right = |text: &str| argon2().verify_password(text.as_bytes(), &parsed).is_ok();
    if !is_right(&normalized) {
        // Earlier hashes are of the password as it was typed. Each keyboard composes it in one of these forms.
        let mut forms = vec![password.to_owned(), password.nfc().collect(), password.nfd().collect()];
        forms.dedup();
        let was_typed = forms.iter().filter(|form| **form != normalized).any(|form| is_right(form));
        return if was_typed { PasswordMatch::Right { outdated: true } } else { PasswordMatch::Wrong };
    }
    let today = argon2();
    let same = Params::try_from(&parsed).is_ok_and(|params| {
        (params.m_cost(), params.t_cost(), params.p_cost())
            == (today.params().m_cost(), today.params().t_cost(), today.params().p_cost())
    });
    PasswordMatch::Right { outdated: !same || parsed.algorithm != Algorithm::Argon2id.ident() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_right_or_wrong_and_nobodys_is_wrong() {
        let passwords = Passwords::new().unwrap();
        let stored = passwords.hash(&"correct horse battery".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        let verify = |password: &str, stored| {
            let password = SecretString::from(password);
            let passwords = &passwords;
            async move { passwords.verify(&password, stored).await.unwrap() }
        };
        assert_eq!(
            verify("correct horse battery", Some(stored.clone())).await,
            PasswordMatch::Right { outdated: false }
        );
        assert_eq!(verify("incorrect horse", Some(stored)).await, PasswordMatch::Wrong);
        assert_eq!(verify("nobody has this password", None).await, PasswordMatch::Wrong);
        assert_eq!(verify("anything", Some("no hash".to_owned())).await, PasswordMatch::Wrong);
    }

    #[tokio::test]
    async fn a1_one_password_from_two_keyboards_is_one_also_for_hashes_made_before() {
        let passwords = Passwords::new().unwrap();
        let (composed, decomposed) = ("зелёный чай и йод", "зеле\u{308}ныи\u{306} чаи\u{306} и и\u{306}од");
        let stored = passwords.hash(&composed.into()).await.unwrap();
        let verdict = passwords.verify(&decomposed.into(), Some(stored)).await.unwrap();
        assert_eq!(verdict, PasswordMatch::Right { outdated: false });
        let salt = SaltString::encode_b64(&[7; 16]).unwrap();
        let earlier = argon2().hash_password(decomposed.as_bytes(), &salt).unwrap().to_string();
        for typed in [composed, decomposed] {
            let verdict = passwords.verify(&typed.into(), Some(earlier.clone())).await.unwrap();
            assert_eq!(verdict, PasswordMatch::Right { outdated: true }, "{typed}");
        }
        let wrong = passwords.verify(&"зеленый чай и иод".into(), Some(earlier)).await.unwrap();
        assert_eq!(wrong, PasswordMatch::Wrong);
    }

    #[tokio::test]
    async fn a_hash_with_other_parameters_is_right_and_outdated() {
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None).unwrap());
        let stored = hash("correct horse battery", weak).unwrap();
        let passwords = Passwords::new().unwrap();
        let verdict = passwords.verify(&"correct horse battery".into(), Some(stored)).await.unwrap();
        assert_eq!(verdict, PasswordMatch::Right { outdated: true });
    }
}
