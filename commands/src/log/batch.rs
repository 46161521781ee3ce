//! A batch of appends as columns, and the one call that sends it to PostgreSQL.

use std::sync::LazyLock;

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

/// Declares columns as arrays. This list is the one place of their names and their order in SQL.
macro_rules! columns {
    ($(#[$doc:meta])* $name:ident { $($column:ident: $type:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Default)]
        pub(super) struct $name<'a> { $($column: Vec<$type>),+ }

        impl<'a> $name<'a> {
            const NAMES: &'static [&'static str] = &[$(stringify!($column)),+];

            fn bind_to(self, query: PgQuery<'a>) -> PgQuery<'a> {
                query$(.bind(self.$column))+
            }
        }
    };
}

type PgQuery<'a> = sqlx::query::Query<'a, sqlx::Postgres, sqlx::postgres::PgArguments>;

columns!(
    /// Appends, their writes and their events.
    WriteColumns {
        command_ids: Uuid,
        first_events: i32,
        last_events: i32,
        w_append: i32,
        w_type: &'a str,
        w_id: &'a str,
        w_expected: i64,
        w_idle: bool,
        e_type: &'a str,
        e_id: &'a str,
        e_sequence: i64,
        e_event_type: &'a str,
        e_event_version: &'a str,
        e_payload: &'a str,
        e_metadata: &'a str,
        e_payload_sha256: &'a str,
        e_metadata_sha256: &'a str,
    }
);

columns!(
    /// Changes of claims. [`super::backfill`] uses them too.
    ClaimColumns {
        c_append: i32,
        c_kind: &'static str,
        c_owner_type: &'a str,
        c_owner_id: &'a str,
        c_scope: Option<&'static str>,
        c_key: Option<Vec<u8>>,
        c_person: Option<Uuid>,
        c_from: Option<jiff_sqlx::Timestamp>,
        c_to: Option<jiff_sqlx::Timestamp>,
    }
);

columns!(
    /// New keys of people, and people to be erased.
    PersonColumns {
        k_append: i32,
        k_subject: Uuid,
        k_wrapped: &'a [u8],
        x_append: i32,
        x_subject: Uuid,
    }
);

/// Columns of the type `log.batch`, and the argument `bases` of `log.append`.
#[derive(Default)]
struct BatchColumns<'a> {
    writes: WriteColumns<'a>,
    claims: ClaimColumns<'a>,
    people: PersonColumns<'a>,
    decided_on: Vec<Option<Uuid>>,
}

/// Returns the names of the fields of `log.batch`, in order.
fn batch_names() -> impl Iterator<Item = &'static str> {
    [WriteColumns::NAMES, ClaimColumns::NAMES, PersonColumns::NAMES].into_iter().flatten().copied()
}

/// Returns a row of the type `log.batch` with a parameter for each of these fields, and null for the rest.
fn batch_row(bound: &[&str]) -> String {
    let mut parameter = 0;
    let fields = batch_names().map(|name| {
        if !bound.contains(&name) {
            return "null".to_owned();
        }
        parameter += 1;
        format!("${parameter}")
    });
    format!("row({})::log.batch", fields.collect::<Vec<_>>().join(", "))
}

static APPEND: LazyLock<String> = LazyLock::new(|| {
    let names: Vec<_> = batch_names().collect();
    format!(
        "select first_append, last_append, outcome, first_position, last_position, detail
         from log.append({}, ${})",
        batch_row(&names),
        names.len() + 1
    )
});

/// `log.claim_all` reads only the columns of claims.
static CLAIM_ALL: LazyLock<String> =
    LazyLock::new(|| format!("select log.claim_all({})", batch_row(ClaimColumns::NAMES)));

impl<'a> BatchColumns<'a> {
    fn from_appends(appends: &[&'a Append], claim_key: &ClaimKey) -> Self {
        let mut columns = Self::default();
        for (index, append) in appends.iter().enumerate() {
            let index = i32::try_from(index).expect("a batch holds at most 512 appends");
            columns.writes.command_ids.push(append.command_id.0);
            columns.writes.first_events.push(columns.writes.e_id.len() as i32 + 1);
            // An append has the new keys that seal its own events. If several appends of a batch have a key
            // for the same person, the first one wins. The others are decided and sealed again.
            for (subject, wrapped) in &append.new_keys {
                columns.people.k_append.push(index);
                columns.people.k_subject.push(subject.uuid());
                columns.people.k_wrapped.push(wrapped);
            }
            columns.add_writes(index, append, claim_key);
            columns.writes.last_events.push(columns.writes.e_id.len() as i32);
        }
        columns
    }

    fn add_writes(&mut self, index: i32, append: &'a Append, claim_key: &ClaimKey) {
        for write in &append.writes {
            let (kind, id) = (write.stream.aggregate_type.as_str(), write.stream.aggregate_id.as_str());
            self.writes.w_append.push(index);
            self.writes.w_type.push(kind);
            self.writes.w_id.push(id);
            self.writes.w_expected.push(write.expected_version.to_bigint());
            self.writes.w_idle.push(write.events.is_empty());
            self.decided_on.push(write.decided_on.map(|decided_on| decided_on.0));
            for (offset, event) in write.events.iter().enumerate() {
                self.writes.e_type.push(kind);
                self.writes.e_id.push(id);
                self.writes.e_sequence.push((write.expected_version + offset as u64 + 1).to_bigint());
                self.writes.e_event_type.push(&event.event_type);
                self.writes.e_event_version.push(&event.event_version);
                self.writes.e_payload.push(&event.payload);
                self.writes.e_metadata.push(&event.metadata);
                self.writes.e_payload_sha256.push(&event.payload_sha256);
                self.writes.e_metadata_sha256.push(&event.metadata_sha256);
                for claim in &event.claims {
                    self.claims.add(index, kind, id, claim, claim_key);
                }
                if let Some(person) = event.erases {
                    self.people.x_append.push(index);
                    self.people.x_subject.push(person.uuid());
                }
            }
        }
    }

    async fn append(self, connection: &mut PgConnection) -> Result<Vec<sqlx::postgres::PgRow>, sqlx::Error> {
        let query = self.writes.bind_to(sqlx::query(&APPEND));
        let query = self.people.bind_to(self.claims.bind_to(query));
        query.bind(self.decided_on).fetch_all(connection).await
    }
}

impl<'a> ClaimColumns<'a> {
    /// Releases and reserves the claims in the running transaction, by the rules of every append.
    pub(super) async fn apply(self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        self.bind_to(sqlx::query(&CLAIM_ALL)).execute(connection).await?;
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
        self.c_append.push(index);
        self.c_owner_type.push(kind);
        self.c_owner_id.push(id);
        self.c_kind.push(claim_kind(claim));
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
        self.c_scope.push(scope);
        self.c_key.push(key);
        self.c_person.push(person);
        self.c_from.push(from);
        self.c_to.push(to);
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

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    #[tokio::test]
    #[expect(clippy::disallowed_methods, reason = "the server of the tests")]
    async fn the_columns_are_the_fields_of_the_type_in_the_database() {
        let server = std::env::var("DATABASE_URL").expect("DATABASE_URL: see `make test`");
        let database = migrations::throwaway_database(&server).await.unwrap();
        let pool = PgPool::connect_with(database.options.clone()).await.unwrap();
        let fields: Vec<String> = sqlx::query_scalar(
            "select attname::text from pg_attribute
             where attrelid = 'log.batch'::regclass and attnum > 0 and not attisdropped
             order by attnum",
        )
        .fetch_all(&pool)
        .await
        .unwrap();
        assert_eq!(batch_names().collect::<Vec<_>>(), fields);
    }

    #[test]
    fn a_row_numbers_the_bound_columns_only() {
        let row = batch_row(ClaimColumns::NAMES);
        assert!(row.contains("null, $1, $2") && row.contains("$9, null"), "{row}");
        assert_eq!(row.matches("null").count() + ClaimColumns::NAMES.len(), batch_names().count());
    }
}
