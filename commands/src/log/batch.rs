//! A batch of appends as columns, and the one call that sends it to PostgreSQL.

use domain::{AccountId, Claim, ClaimRefused};
use jiff_sqlx::ToSqlx;
use serde::Deserialize;
use sqlx::{PgConnection, Row};
use uuid::Uuid;

use super::append::{Append, AppendError, CommittedRange};
use super::subject_keys::ClaimKey;

/// Sends the appends in one round trip. Returns one outcome per append, in the same order.
///
/// # Errors
/// [`sqlx::Error`] if the batch as a whole failed. It is then unknown whether it was committed.
pub(super) async fn send(
    connection: &mut PgConnection,
    claim_key: &ClaimKey,
    appends: &[&Append],
) -> Result<Vec<Result<CommittedRange, AppendError>>, sqlx::Error> {
    let columns = BatchColumns::from_appends(appends, claim_key);
    let rows = columns.append(connection).await?;
    let mut outcomes = vec![Err(AppendError::Fault("the log returned no outcome".to_owned())); appends.len()];
    for row in rows {
        let (first, last): (i32, i32) = (row.try_get("first_append")?, row.try_get("last_append")?);
        let outcome = parse_outcome(&row)?;
        let mut before = 0;
        for index in first as usize..=last as usize {
            let events = appends[index].event_count();
            outcomes[index] = outcome.clone().map(|range| range.slice(before, events));
            before += events;
        }
    }
    Ok(outcomes)
}

#[derive(Default)]
struct BatchColumns<'a> {
    command_ids: Vec<Uuid>,
    first_events: Vec<i32>,
    last_events: Vec<i32>,
    w_append: Vec<i32>,
    w_type: Vec<&'a str>,
    w_id: Vec<&'a str>,
    w_expected: Vec<i64>,
    w_idle: Vec<bool>,
    decided_on: Vec<Option<Uuid>>,
    e_type: Vec<&'a str>,
    e_id: Vec<&'a str>,
    e_sequence: Vec<i64>,
    e_event_type: Vec<&'a str>,
    e_event_version: Vec<&'a str>,
    e_payload: Vec<&'a str>,
    e_metadata: Vec<&'a str>,
    e_payload_sha256: Vec<&'a str>,
    e_metadata_sha256: Vec<&'a str>,
    claims: ClaimColumns<'a>,
    k_append: Vec<i32>,
    k_subject: Vec<Uuid>,
    k_wrapped: Vec<&'a [u8]>,
    x_append: Vec<i32>,
    x_subject: Vec<Uuid>,
}

/// Changes of claims as columns. [`super::backfill`] uses them too.
#[derive(Default)]
pub(super) struct ClaimColumns<'a> {
    append: Vec<i32>,
    kind: Vec<&'static str>,
    owner_type: Vec<&'a str>,
    owner_id: Vec<&'a str>,
    scope: Vec<Option<&'static str>>,
    key: Vec<Option<Vec<u8>>>,
    person: Vec<Option<Uuid>>,
    from: Vec<Option<jiff_sqlx::Timestamp>>,
    to: Vec<Option<jiff_sqlx::Timestamp>>,
}

impl<'a> BatchColumns<'a> {
    fn from_appends(appends: &[&'a Append], claim_key: &ClaimKey) -> Self {
        let mut columns = Self::default();
        for (index, append) in appends.iter().enumerate() {
            let index = i32::try_from(index).expect("a batch holds at most 512 appends");
            columns.command_ids.push(append.command_id.0);
            columns.first_events.push(columns.e_id.len() as i32 + 1);
            // An append has the new keys that seal its own events. If several appends of a batch have a key
            // for the same person, the first one wins. The others are decided and sealed again.
            for (subject, wrapped) in &append.new_keys {
                columns.k_append.push(index);
                columns.k_subject.push(subject.uuid());
                columns.k_wrapped.push(wrapped);
            }
            columns.add_writes(index, append, claim_key);
            columns.last_events.push(columns.e_id.len() as i32);
        }
        columns
    }

    fn add_writes(&mut self, index: i32, append: &'a Append, claim_key: &ClaimKey) {
        for write in &append.writes {
            let (kind, id) = (write.stream.aggregate_type.as_str(), write.stream.aggregate_id.as_str());
            self.w_append.push(index);
            self.w_type.push(kind);
            self.w_id.push(id);
            self.w_expected.push(write.expected_version.to_bigint());
            self.w_idle.push(write.events.is_empty());
            self.decided_on.push(write.decided_on.map(|decided_on| decided_on.0));
            for (offset, event) in write.events.iter().enumerate() {
                self.e_type.push(kind);
                self.e_id.push(id);
                self.e_sequence.push((write.expected_version + offset as u64 + 1).to_bigint());
                self.e_event_type.push(&event.event_type);
                self.e_event_version.push(&event.event_version);
                self.e_payload.push(&event.payload);
                self.e_metadata.push(&event.metadata);
                self.e_payload_sha256.push(&event.payload_sha256);
                self.e_metadata_sha256.push(&event.metadata_sha256);
                for claim in &event.claims {
                    self.claims.add(index, kind, id, claim, claim_key);
                }
                if let Some(person) = event.erases {
                    self.x_append.push(index);
                    self.x_subject.push(person.uuid());
                }
            }
        }
    }

    async fn append(self, connection: &mut PgConnection) -> Result<Vec<sqlx::postgres::PgRow>, sqlx::Error> {
        sqlx::query(
            "select first_append, last_append, outcome, first_position, last_position, detail
             from log.append(row($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
               $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31)::log.batch,
               $32)",
        )
        .bind(self.command_ids)
        .bind(self.first_events)
        .bind(self.last_events)
        .bind(self.w_append)
        .bind(self.w_type)
        .bind(self.w_id)
        .bind(self.w_expected)
        .bind(self.w_idle)
        .bind(self.e_type)
        .bind(self.e_id)
        .bind(self.e_sequence)
        .bind(self.e_event_type)
        .bind(self.e_event_version)
        .bind(self.e_payload)
        .bind(self.e_metadata)
        .bind(self.e_payload_sha256)
        .bind(self.e_metadata_sha256)
        .bind(self.claims.append)
        .bind(self.claims.kind)
        .bind(self.claims.owner_type)
        .bind(self.claims.owner_id)
        .bind(self.claims.scope)
        .bind(self.claims.key)
        .bind(self.claims.person)
        .bind(self.claims.from)
        .bind(self.claims.to)
        .bind(self.k_append)
        .bind(self.k_subject)
        .bind(self.k_wrapped)
        .bind(self.x_append)
        .bind(self.x_subject)
        .bind(self.decided_on)
        .fetch_all(connection)
        .await
    }
}

impl<'a> ClaimColumns<'a> {
    /// Releases and reserves the claims in the running transaction, by the rules of every append.
    pub(super) async fn apply(self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        // `log.claim_all` reads only these columns of a batch: 17 columns precede them, 5 follow.
        sqlx::query(
            "select log.claim_all(row(null, null, null, null, null, null, null, null, null, null, null,
               null, null, null, null, null, null, $1, $2, $3, $4, $5, $6, $7, $8, $9,
               null, null, null, null, null)::log.batch)",
        )
        .bind(self.append)
        .bind(self.kind)
        .bind(self.owner_type)
        .bind(self.owner_id)
        .bind(self.scope)
        .bind(self.key)
        .bind(self.person)
        .bind(self.from)
        .bind(self.to)
        .execute(connection)
        .await?;
        Ok(())
    }

    pub(super) fn add(
        &mut self,
        index: i32,
        kind: &'a str,
        id: &'a str,
        claim: &Claim,
        claim_key: &ClaimKey,
    ) {
        self.append.push(index);
        self.owner_type.push(kind);
        self.owner_id.push(id);
        self.kind.push(claim_kind(claim));
        let (mut scope, mut key, mut person, mut from, mut to) = (None, None, None, None, None);
        match claim {
            Claim::Unique { scope: name, key: value } => {
                scope = Some(*name);
                key = value.known().map(|value| claim_key.hash(name, value));
            }
            Claim::ReleaseUnique { scope: name } => scope = Some(*name),
            Claim::Time { person: who, from: start, to: end } => {
                person = Some(who.uuid());
                from = Some(start.to_sqlx());
                to = Some(end.to_sqlx());
            }
            Claim::ReleaseTime { person: who } => person = Some(who.uuid()),
            Claim::ReleaseAllTime => {}
        }
        self.scope.push(scope);
        self.key.push(key);
        self.person.push(person);
        self.from.push(from);
        self.to.push(to);
    }
}

fn claim_kind(claim: &Claim) -> &'static str {
    match claim {
        Claim::Unique { .. } => "unique",
        Claim::ReleaseUnique { .. } => "free_unique",
        Claim::Time { .. } => "time",
        Claim::ReleaseTime { .. } => "free_time",
        Claim::ReleaseAllTime => "free_all_time",
    }
}

fn parse_outcome(row: &sqlx::postgres::PgRow) -> Result<Result<CommittedRange, AppendError>, sqlx::Error> {
    let outcome: &str = row.try_get("outcome")?;
    let detail: Option<String> = row.try_get("detail")?;
    let detail = detail.unwrap_or_default();
    Ok(match outcome {
        "committed" | "duplicate" => Ok(CommittedRange {
            first_position: row.try_get("first_position")?,
            last_position: row.try_get("last_position")?,
            duplicate: outcome == "duplicate",
        }),
        "stale" => Err(AppendError::Stale),
        "key_lost" => Err(AppendError::KeyConflict),
        "claimed" => Err(parse_refused_claim(&detail)),
        _ => Err(AppendError::Fault(detail)),
    })
}

fn parse_refused_claim(detail: &str) -> AppendError {
    #[derive(Deserialize)]
    struct ClaimDetail {
        taker: String,
        #[serde(flatten)]
        claim: RefusedClaim,
    }
    #[derive(Deserialize)]
    #[serde(tag = "kind", rename_all = "snake_case")]
    enum RefusedClaim {
        Unique { scope: String },
        Time { person: AccountId, holder: String },
    }
    match serde_json::from_str(detail) {
        Ok(ClaimDetail { taker, claim: RefusedClaim::Unique { scope } }) => {
            AppendError::Claimed { taker, claim: ClaimRefused::Unique { scope } }
        }
        Ok(ClaimDetail { taker, claim: RefusedClaim::Time { person, holder } }) => {
            AppendError::Claimed { taker, claim: ClaimRefused::Time { person, holder } }
        }
        Err(error) => AppendError::Fault(format!("unreadable claim detail: {error}")),
    }
}
