//! Token buckets in Postgres, shared by all OS processes, for sign-ins and registrations.

use std::time::Duration;

use domain::{AccountId, SessionId};
use sqlx::PgPool;

use super::keys::{DerivedKeys, Purpose};
use crate::network::Network;

/// Attempts that are counted together.
///
/// A bucket of a network is made from a [`Network`] only, so an IPv6 customer has one.
#[derive(Clone, Copy, Debug)]
pub enum Bucket<'a> {
    /// Attempts to sign in to any account from one network.
    SignInFromNetwork(Network),
    /// Attempts to sign in to one account, by its normalised e-mail, from all places unknown to it together.
    SignInFromUnknownPlaces(&'a str),
    /// Attempts to sign in from one browser that has signed in to the account before, by the hash of both.
    SignInFromKnownBrowser(&'a [u8]),
    /// Passwords that are given with one session, before a sensitive change.
    PasswordOfSession(SessionId),
    /// Registrations from one network.
    RegistrationFromNetwork(Network),
    /// Requests for a new password of any account from one network.
    RecoveryFromNetwork(Network),
    /// Requests for a new password of one account, by its normalised e-mail.
    RecoveryOfAccount(&'a str),
    /// Requests to mail the verification of an account's address again.
    VerificationOfAccount(AccountId),
}

impl Bucket<'_> {
    /// Returns the scope and the key of the bucket's row.
    fn row(self, keys: &DerivedKeys) -> (&'static str, Vec<u8>) {
        let hash = |who: &[u8]| keys.hash(Purpose::Throttle, &[who]);
        match self {
            Self::SignInFromNetwork(network) => {
                ("sign_in_from_address", hash(network.to_string().as_bytes()))
            }
            Self::SignInFromUnknownPlaces(email) => ("sign_in_of_account", hash(email.as_bytes())),
            Self::SignInFromKnownBrowser(place) => ("sign_in_from_browser", hash(place)),
            Self::PasswordOfSession(session) => ("password_of_session", hash(session.uuid().as_bytes())),
            Self::RegistrationFromNetwork(network) => {
                ("registration_from_address", hash(network.to_string().as_bytes()))
            }
            Self::RecoveryFromNetwork(network) => {
                ("recovery_from_network", hash(network.to_string().as_bytes()))
            }
            Self::RecoveryOfAccount(email) => ("recovery_of_account", hash(email.as_bytes())),
            Self::VerificationOfAccount(account_id) => {
                ("verification_of_account", hash(account_id.uuid().as_bytes()))
            }
        }
    }
}

/// Allowed rate of attempts.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    pub per_minute: u32,
    pub burst: u32,
}

impl Rate {
    fn interval_seconds(self) -> f64 {
        60.0 / f64::from(self.per_minute.max(1))
    }
}

/// Takes one token from the bucket. Returns `None`, or the time to wait if the bucket is empty.
///
/// The caller takes the token before it verifies anything, so that concurrent attempts cannot pass together.
/// One statement computes GCRA with the clock of Postgres, which all OS processes share.
pub async fn take_token(
    pool: &PgPool,
    keys: &DerivedKeys,
    bucket: Bucket<'_>,
    rate: Rate,
) -> Result<Option<Duration>, sqlx::Error> {
    let (scope, key) = bucket.row(keys);
    let interval = rate.interval_seconds();
    let tolerance = interval * f64::from(rate.burst.max(1));
    let taken = sqlx::query!(
        "insert into auth.throttle as bucket (scope, key, arrival)
         values ($1, $2, clock_timestamp() + make_interval(secs => $3))
         on conflict (scope, key) do update
         set arrival = greatest(bucket.arrival, clock_timestamp()) + make_interval(secs => $3)
         where greatest(bucket.arrival, clock_timestamp()) + make_interval(secs => $3)
           <= clock_timestamp() + make_interval(secs => $4)",
        scope,
        key,
        interval,
        tolerance,
    )
    .execute(pool)
    .await?;
    if taken.rows_affected() == 1 {
        return Ok(None);
    }
    let wait = sqlx::query_scalar!(
        r#"select extract(epoch from
             arrival + make_interval(secs => $3) - make_interval(secs => $4) - clock_timestamp())::float8 as "wait!"
           from auth.throttle
           where scope = $1 and key = $2"#,
        scope,
        key,
        interval,
        tolerance,
    )
    .fetch_optional(pool)
    .await?;
    Ok(Some(Duration::from_secs_f64(wait.unwrap_or(0.0).clamp(0.0, 3_600.0)) + Duration::from_secs(1)))
}

/// Returns the token of [`take_token`] to the bucket after a successful attempt.
pub async fn return_token(
    pool: &PgPool,
    keys: &DerivedKeys,
    bucket: Bucket<'_>,
    rate: Rate,
) -> Result<(), sqlx::Error> {
    let (scope, key) = bucket.row(keys);
    sqlx::query!(
        "update auth.throttle
         set arrival = arrival - make_interval(secs => $3)
         where scope = $1 and key = $2",
        scope,
        key,
        rate.interval_seconds(),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Deletes the rows of full buckets; returns their number.
pub async fn delete_full(pool: &PgPool) -> Result<u64, sqlx::Error> {
    let done =
        sqlx::query!("delete from auth.throttle where arrival < clock_timestamp()").execute(pool).await?;
    Ok(done.rows_affected())
}
