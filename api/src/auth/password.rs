//! Passwords as argon2id hashes, computed beside the async runtime, never more at once than there are cores.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use rand::TryRngCore;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

/// OWASP's choice for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// How long a password waits for its turn.
const TURN: Duration = Duration::from_secs(10);

/// Hashes and checks passwords.
#[derive(Debug)]
pub struct Passwords {
    /// Each hash takes 19 MiB: a burst must wait, not grow.
    turns: Arc<Semaphore>,
    /// Checked when there is no account, so that time does not tell.
    dummy: String,
}

/// Why a password could be neither hashed nor checked.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    #[error("too many passwords at once")]
    Busy,
    #[error("the password could not be hashed: {0}")]
    Hash(argon2::password_hash::Error),
}

/// What checking showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    /// `outdated`: right, but hashed with other parameters than today's; hash it again.
    Right {
        outdated: bool,
    },
}

impl Verdict {
    pub fn is_right(self) -> bool {
        matches!(self, Verdict::Right { .. })
    }
}

impl Passwords {
    /// # Errors
    /// The machine has no randomness.
    pub fn new() -> Result<Self, PasswordError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let dummy = hash("nobody has this password", argon2())?;
        Ok(Self { turns: Arc::new(Semaphore::new(cores)), dummy })
    }

    /// A PHC string with a fresh salt.
    pub async fn hash(&self, password: &SecretString) -> Result<String, PasswordError> {
        let password = password.clone();
        self.in_turn(move || hash(password.expose_secret(), argon2())).await?
    }

    /// Checks against a stored hash. Without one it takes as long, and is wrong.
    pub async fn verify(
        &self,
        password: &SecretString,
        stored: Option<String>,
    ) -> Result<Verdict, PasswordError> {
        let exists = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.dummy.clone());
        let password = password.clone();
        let verdict = self.in_turn(move || verify(password.expose_secret(), &stored)).await?;
        Ok(if exists { verdict } else { Verdict::Wrong })
    }

    /// The turn travels with the work: who stops waiting does not free it early.
    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let turn = tokio::time::timeout(TURN, Arc::clone(&self.turns).acquire_owned()).await;
        let turn = turn.map_err(|_| PasswordError::Busy)?.map_err(|_| PasswordError::Busy)?;
        let work = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        work.await.map_err(|_| PasswordError::Busy)
    }
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("the parameters are in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash(password: &str, argon2: Argon2<'_>) -> Result<String, PasswordError> {
    let mut salt = [0; 16];
    rand::rngs::OsRng
        .try_fill_bytes(&mut salt)
        .map_err(|_| PasswordError::Hash(argon2::password_hash::Error::Crypto))?;
    let salt = SaltString::encode_b64(&salt).map_err(PasswordError::Hash)?;
    let hash = argon2.hash_password(password.as_bytes(), &salt).map_err(PasswordError::Hash)?;
    Ok(hash.to_string())
}

fn verify(password: &str, stored: &str) -> Verdict {
    let Ok(parsed) = PasswordHash::new(stored) else { return Verdict::Wrong };
    if argon2().verify_password(password.as_bytes(), &parsed).is_err() {
        return Verdict::Wrong;
    }
    let today = argon2();
    let same = Params::try_from(&parsed).is_ok_and(|params| {
        (params.m_cost(), params.t_cost(), params.p_cost())
            == (today.params().m_cost(), today.params().t_cost(), today.params().p_cost())
    });
    Verdict::Right { outdated: !same || parsed.algorithm != Algorithm::Argon2id.ident() }
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
            Verdict::Right { outdated: false }
        );
        assert_eq!(verify("incorrect horse", Some(stored)).await, Verdict::Wrong);
        assert_eq!(verify("nobody has this password", None).await, Verdict::Wrong);
        assert_eq!(verify("anything", Some("no hash".to_owned())).await, Verdict::Wrong);
    }

    #[tokio::test]
    async fn a_hash_with_other_parameters_is_right_and_outdated() {
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None).unwrap());
        let stored = hash("correct horse battery", weak).unwrap();
        let passwords = Passwords::new().unwrap();
        let verdict = passwords.verify(&"correct horse battery".into(), Some(stored)).await.unwrap();
        assert_eq!(verdict, Verdict::Right { outdated: true });
    }
}
