//! Networks and browsers from which a person has signed in.

use std::time::Duration;

use domain::AccountId;
use domain::accounts::Email;
use sqlx::PgPool;

use super::DerivedKeys;
use super::keys::Purpose;
use super::session::Token;
use crate::network::Network;

/// Time after which a place without a sign-in is no longer known.
pub const KNOWN_FOR: Duration = Duration::from_secs(180 * 86_400);

/// Most known places of one account; the oldest ones are forgotten.
const MAX_PLACES: i64 = 50;

/// Keyed hash of an account's address with a network or a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place(Vec<u8>);

impl Place {
    pub fn of_network(keys: &DerivedKeys, email: &Email, network: Network) -> Self {
        let network = network.to_string();
        Self(keys.hash(Purpose::KnownPlace, &[b"network", email.normalized().as_bytes(), network.as_bytes()]))
    }

    pub fn of_browser(keys: &DerivedKeys, email: &Email, browser: &Token) -> Self {
        let browser = browser.to_text();
        Self(keys.hash(Purpose::KnownPlace, &[b"browser", email.normalized().as_bytes(), browser.as_bytes()]))
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Returns true if a person with this address has signed in from the place.
pub async fn is_known(pool: &PgPool, place: &Place) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from auth.known_places where place = $1) as "known!""#,
        place.0,
    )
    .fetch_one(pool)
    .await
}

/// Records a sign-in from these places.
pub async fn record(pool: &PgPool, account_id: AccountId, places: &[Place]) -> Result<(), sqlx::Error> {
    let hashes: Vec<Vec<u8>> = places.iter().map(|place| place.0.clone()).collect();
    sqlx::query!(
        "insert into auth.known_places (account_id, place)
         select account_id, place from auth.credentials, unnest($2::bytea[]) as place where account_id = $1
         on conflict (account_id, place) do update set seen_at = now()",
        account_id.uuid(),
        &hashes,
    )
    .execute(pool)
    .await?;
    sqlx::query!(
        "delete from auth.known_places
         where account_id = $1
           and place not in (
             select place from auth.known_places where account_id = $1 order by seen_at desc, place limit $2)",
        account_id.uuid(),
        MAX_PLACES,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Deletes places without a sign-in for [`KNOWN_FOR`].
pub async fn delete_expired(pool: &PgPool) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from auth.known_places where seen_at < now() - make_interval(secs => $1)",
        KNOWN_FOR.as_secs_f64(),
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected())
}
