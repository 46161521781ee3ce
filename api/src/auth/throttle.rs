//! Token buckets in Postgres, shared by all OS processes, for sign-ins and registrations.

use std::time::Duration;

use sqlx::PgPool;

use super::keys::{DerivedKeys, Purpose};

domain::code_enum!(
    /// Kind of attempt that a bucket counts.
    Scope {
        /// Attempts to sign in to one account, by its normalised e-mail.
        SignInOfAccount = "sign_in_of_account",
        /// Attempts to sign in to any account from one client address.
        SignInFromAddress = "sign_in_from_address",
        /// Registrations from one client address.
        RegistrationFromAddress = "registration_from_address",
    }
);

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

/// Takes one token from the bucket of `who`. Returns `None`, or the time to wait if the bucket is empty.
///
/// The caller takes the token before it verifies anything, so that concurrent attempts cannot pass together.
/// One statement computes GCRA with the clock of Postgres, which all OS processes share.
pub async fn take_token(
    pool: &PgPool,
    keys: &DerivedKeys,
    scope: Scope,
    who: &str,
    rate: Rate,
) -> Result<Option<Duration>, sqlx::Error> {
    let key = keys.hash(Purpose::Throttle, &[who.as_bytes()]);
    let interval = rate.interval_seconds();
    let tolerance = interval * f64::from(rate.burst.max(1));
    let taken = sqlx::query!(
        "insert into auth.throttle as bucket (scope, key, arrival)
         values ($1, $2, clock_timestamp() + make_interval(secs => $3))
         on conflict (scope, key) do update
         set arrival = greatest(bucket.arrival, clock_timestamp()) + make_interval(secs => $3)
         where greatest(bucket.arrival, clock_timestamp()) + make_interval(secs => $3)
           <= clock_timestamp() + make_interval(secs => $4)",
        scope.as_str(),
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
        scope.as_str(),
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
    scope: Scope,
    who: &str,
    rate: Rate,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update auth.throttle
         set arrival = arrival - make_interval(secs => $3)
         where scope = $1 and key = $2",
        scope.as_str(),
        keys.hash(Purpose::Throttle, &[who.as_bytes()]),
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
