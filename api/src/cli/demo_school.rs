//! The demo school of an installation: one person of each role, and a year of lessons, talks and tickets.

use anyhow::Context;
use commands::{Backfill, BackfillError};
use demo::{
    DemoError, DemoPerson, PastLog, Portrait, SchoolYear, ensure_demo_people, record_past, record_year,
};
use domain::accounts::{Account, Email};
use domain::{AccountId, Clock, Command, CommandContext, EventLog, Ids, Position, RandomIds, SystemClock};
use jiff::Timestamp;
use sqlx::PgPool;

use super::demo_accounts::DemoAccounts;
use super::demo_password::demo_password;
use super::offline_services::OfflineServices;
use crate::auth::{Passwords, credentials};

/// Writes the past of the school into the empty log.
struct DemoPast(Backfill);

impl PastLog for DemoPast {
    fn record(
        &mut self,
        at: Timestamp,
        command: Command,
        context: CommandContext,
    ) -> Result<bool, DemoError> {
        match self.0.record(at, context, vec![command]) {
            Ok(()) => Ok(true),
            Err(BackfillError::Refused { .. }) => Ok(false),
            Err(error) => Err(DemoError::Past(Box::new(error))),
        }
    }
}

/// Registers one person of each role. If the log is empty and `with_year`, a year of the school comes before.
///
/// # Errors
/// Returns an error if the database or the file of the password is unavailable.
pub async fn open_school(services: &OfflineServices, with_year: bool) -> anyhow::Result<Vec<DemoPerson>> {
    let password = demo_password(&services.config.data_dir).context("the demo password cannot be stored")?;
    let passwords = Passwords::new()?;
    let hash = passwords.hash(&password).await.context("the demo password cannot be hashed")?;
    let now = SystemClock.now();
    if with_year && services.bus.log().head().await? == Position::START {
        seed_year(services, &hash, now).await.context("the demo school cannot be filled")?;
    }
    let accounts = DemoAccounts { registration: services.registration(), passwords: &passwords };
    Ok(ensure_demo_people(&accounts, &*services.bus, &password, &hash, now).await?)
}

/// Fills the empty log. The people get the password of the hash.
async fn seed_year(services: &OfflineServices, hash: &str, now: Timestamp) -> anyhow::Result<()> {
    let mut past = DemoPast(services.backfill().await?);
    let recorded = record_year(&mut past, now);
    past.0.finish().await?;
    let SchoolYear { people, portraits, .. } = recorded?;
    for portrait in portraits {
        store_portrait(&services.pool, portrait).await?;
    }
    store_passwords(services, people, hash).await
}

/// Records the past of a school with this seed, if the log is empty. The people get the password of the hash.
///
/// Returns the number of registered people.
///
/// # Errors
/// Returns an error if the database is unavailable.
pub(super) async fn seed_past(
    services: &OfflineServices,
    (seed, people): (u32, u32),
    (planned, now): (Timestamp, Timestamp),
    hash: &str,
) -> anyhow::Result<u32> {
    if services.bus.log().head().await? != Position::START {
        return Ok(0);
    }
    let mut past = DemoPast(services.backfill().await?);
    let recorded = record_past(&mut past, seed, people, (planned, now));
    match past.0.finish().await {
        // Another OS process has appended meanwhile. What is not recorded yet happens at the present time.
        Ok(_) | Err(BackfillError::ConcurrentWriter) => {}
        Err(error) => return Err(error.into()),
    }
    let mut registered = Vec::new();
    for (account_id, email) in recorded? {
        if services.bus.load::<Account>(account_id).await?.state.person().is_some() {
            registered.push((account_id, email));
        }
    }
    let count = u32::try_from(registered.len())?;
    store_passwords(services, registered, hash).await?;
    Ok(count)
}

/// Stores the hash as the password of these people.
async fn store_passwords(
    services: &OfflineServices,
    people: Vec<(AccountId, Email)>,
    hash: &str,
) -> anyhow::Result<()> {
    for (account_id, email) in people {
        let pending = RandomIds.next();
        let (pool, keys) = (&services.pool, &services.keys);
        credentials::insert_pending(pool, keys, account_id, &email, hash, pending).await?;
        credentials::confirm(pool, account_id, pending).await?;
    }
    Ok(())
}

async fn store_portrait(pool: &PgPool, portrait: Portrait) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into objects.blobs (id, owner, content_type, bytes) values ($1, $2, 'image/webp', $3)
         on conflict do nothing",
        portrait.object_id.uuid(),
        portrait.account_id.uuid(),
        portrait.bytes,
    )
    .execute(pool)
    .await?;
    Ok(())
}
