//! Token buckets in Postgres, shared by all processes: attempts at passwords and registrations.

use std::time::Duration;

use sqlx::PgPool;

use super::keys::{DerivedKeys, Purpose};

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Attempts at one account's password, by its normalised e-mail.
    SignInOfAccount,
    /// Attempts at anybody's password from one address.
    SignInFromAddress,
    /// New accounts from one address.
    RegistrationFromAddress,
}

impl Scope {
    fn as_str(self) -> &'static str {
        match self {
            Scope::SignInOfAccount => "sign_in_of_account",
            Scope::SignInFromAddress => "sign_in_from_address",
            Scope::RegistrationFromAddress => "registration_from_address",
        }
    }
}

/// How often.
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

/// Takes one from the bucket of `who`: `None`, or how long to wait when it is empty. Counted before
/// anything is checked, so that attempts at the same time do not slip through together.
///
/// GCRA in one statement; Postgres's clock is the one that all processes share.
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

/// Gives back what [`take_token`] took: the attempt was a good one.
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

/// Forgets buckets that are full again.
pub async fn delete_full(pool: &PgPool) -> Result<u64, sqlx::Error> {
    let done =
        sqlx::query!("delete from auth.throttle where arrival < clock_timestamp()").execute(pool).await?;
    Ok(done.rows_affected())
}
