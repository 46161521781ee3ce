//! Compares the claims that follow from the log with those in the claim tables.

use std::collections::BTreeMap;

use domain::{Claim, EventLog, LogError, Position, StreamId};
use sqlx::{PgPool, Row};

use super::read::LogReader;
use super::subject_keys::ClaimKey;
use crate::keys::MasterKey;

/// Differences between the claim tables and the log; each line names owner and claim.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ClaimDifferences {
    /// Claims that a table holds and the log does not justify, sorted.
    pub only_in_table: Vec<String>,
    /// Claims that follow from the log and are missing in the tables, sorted.
    pub only_in_log: Vec<String>,
}

impl ClaimDifferences {
    /// Returns true if the tables and the log agree.
    pub fn is_empty(&self) -> bool {
        self.only_in_table.is_empty() && self.only_in_log.is_empty()
    }
}

/// Applies the claims of the whole log and compares the result with the tables.
///
/// Claims of time that is long past are not compared, because appends delete them.
///
/// # Errors
/// [`LogError::Unavailable`] if the log or the tables cannot be read. [`LogError::Unreadable`] if an event
/// cannot be decrypted or decoded.
pub async fn compare_claims(
    reader: &LogReader,
    pool: &PgPool,
    master: &MasterKey,
) -> Result<ClaimDifferences, LogError> {
    let kept = "select log.micros(clock_timestamp() - log.claims_kept() + interval '1 day')";
    let unavailable = |error| LogError::Unavailable(Box::new(error));
    let kept: i64 = sqlx::query_scalar(kept).fetch_one(pool).await.map_err(unavailable)?;
    let from_log = claims_in_log(reader, &ClaimKey::new(master), kept).await?;
    let held = claims_in_tables(pool, kept).await.map_err(unavailable)?;
    let missing = |from: &[String], other: &[String]| {
        from.iter().filter(|claim| other.binary_search(claim).is_err()).cloned().collect()
    };
    Ok(ClaimDifferences { only_in_table: missing(&held, &from_log), only_in_log: missing(&from_log, &held) })
}

/// Returns all claims that are held at the end of the log, as sorted lines. Time that ends before `kept`, in
/// microseconds since 1970, is left out.
async fn claims_in_log(reader: &LogReader, claim_key: &ClaimKey, kept: i64) -> Result<Vec<String>, LogError> {
    let mut claims = ClaimSet::default();
    let mut position = Position::START;
    loop {
        let sealed = reader.read(position, 1000).await?;
        let Some(last) = sealed.last() else { break };
        position = last.position;
        for recorded in reader.decode(&sealed).await? {
            for claim in recorded.event.claims() {
                claims.apply(&recorded.stream, &claim, claim_key);
            }
        }
    }
    Ok(claims.into_lines(kept))
}

#[derive(Default)]
struct ClaimSet {
    unique: BTreeMap<(StreamId, &'static str), Vec<u8>>,
    times: BTreeMap<StreamId, Vec<(domain::AccountId, i64, i64)>>,
}

impl ClaimSet {
    fn apply(&mut self, owner: &StreamId, claim: &Claim, claim_key: &ClaimKey) {
        match claim {
            Claim::Unique { scope, key } => {
                let slot = (owner.clone(), *scope);
                match key.known() {
                    Some(value) => drop(self.unique.insert(slot, claim_key.hash(scope, value))),
                    // The person is erased: a later event releases the claim, so the key is not needed.
                    None => drop(self.unique.remove(&slot)),
                }
            }
            Claim::ReleaseUnique { scope } => drop(self.unique.remove(&(owner.clone(), *scope))),
            Claim::Time { person, from, to } => {
                let time = (*person, from.as_microsecond(), to.as_microsecond());
                self.times.entry(owner.clone()).or_default().push(time);
            }
            Claim::ReleaseTime { person } => {
                if let Some(times) = self.times.get_mut(owner) {
                    times.retain(|(who, ..)| who != person);
                }
            }
            Claim::ReleaseAllTime => drop(self.times.remove(owner)),
        }
    }

    fn into_lines(self, kept: i64) -> Vec<String> {
        let unique = self.unique.into_iter().map(|((owner, scope), key)| unique_line(&owner, scope, &key));
        let times = self.times.into_iter().flat_map(|(owner, times)| {
            let times = times.into_iter().filter(|(_, _, to)| *to >= kept);
            times.map(move |(person, from, to)| time_line(&owner, &person.to_string(), from, to))
        });
        let mut lines: Vec<String> = unique.chain(times).collect();
        lines.sort();
        lines
    }
}

async fn claims_in_tables(pool: &PgPool, kept: i64) -> Result<Vec<String>, sqlx::Error> {
    let owner = |row: &sqlx::postgres::PgRow| -> Result<StreamId, sqlx::Error> {
        Ok(StreamId { aggregate_type: row.try_get("owner_type")?, aggregate_id: row.try_get("owner_id")? })
    };
    let mut lines = Vec::new();
    for row in sqlx::query("select * from log.unique_claims").fetch_all(pool).await? {
        let key: Vec<u8> = row.try_get("key")?;
        lines.push(unique_line(&owner(&row)?, row.try_get("scope")?, &key));
    }
    let times = "select owner_type, owner_id, person::text as person, log.micros(lower(during)) as from_at,
        log.micros(upper(during)) as to_at from log.time_claims
        where log.micros(upper(during)) >= $1";
    for row in sqlx::query(times).bind(kept).fetch_all(pool).await? {
        let person: String = row.try_get("person")?;
        lines.push(time_line(&owner(&row)?, &person, row.try_get("from_at")?, row.try_get("to_at")?));
    }
    lines.sort();
    Ok(lines)
}

fn unique_line(owner: &StreamId, scope: &str, key: &[u8]) -> String {
    format!("{owner} {scope} {}", hex::encode(key))
}

fn time_line(owner: &StreamId, person: &str, from: i64, to: i64) -> String {
    format!("{owner} {person} {from}..{to}")
}
