//! Rows of the users of a batch, and the version of a row after each event.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::accounts::AccountEvent;
use domain::{AccountId, Position, RecordedEvent};
use jiff_sqlx::ToSqlx;
use projection_runtime::ApplyError;
use projection_runtime::text_search::{normalize, sort_key};
use serde::Serialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::UserRow;
use super::apply::{apply_event, changes_identity};

#[derive(Default)]
pub(super) struct UserRows {
    rows: HashMap<AccountId, UserRow>,
    /// Users whose row is written completely, including the search words.
    rewritten: HashSet<AccountId>,
    /// The row after each event that changed it, by user and position.
    versions: BTreeMap<(AccountId, Position), UserRow>,
    /// The versions that changed the identity of a user.
    identity_changes: Vec<(AccountId, Position)>,
    erased: Vec<(AccountId, Position)>,
}

impl UserRows {
    /// Loads the existing rows of these users.
    pub(super) async fn load(db: &mut PgConnection, ids: &HashSet<AccountId>) -> Result<Self, ApplyError> {
        if ids.is_empty() {
            return Ok(Self::default());
        }
        let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
        let rows = sqlx::query_file_as!(UserRow, "src/crm/users/load.sql", &ids).fetch_all(db).await?;
        let rows = rows.into_iter().map(|row| (row.account_id, row)).collect();
        Ok(Self { rows, ..Self::default() })
    }

    pub(super) fn apply_account_event(
        &mut self,
        id: AccountId,
        event: &AccountEvent,
        recorded: &RecordedEvent,
    ) {
        apply_event(&mut self.rows, id, event, recorded);
        self.update(id, recorded, |_| {});
        if changes_identity(event) {
            self.rewritten.insert(id);
            self.identity_changes.push((id, recorded.position));
        }
        if matches!(event, AccountEvent::AccountErased { .. }) {
            self.erased.push((id, recorded.position));
        }
    }

    /// Changes a row for an event of another aggregate.
    pub(super) fn update(
        &mut self,
        id: AccountId,
        recorded: &RecordedEvent,
        change: impl FnOnce(&mut UserRow),
    ) {
        if let Some(row) = self.rows.get_mut(&id) {
            change(row);
            row.position = recorded.position;
            self.versions.insert((id, row.position), row.clone());
        }
    }

    pub(super) async fn save(self, db: &mut PgConnection) -> Result<(), ApplyError> {
        let changed: HashSet<AccountId> = self.versions.keys().map(|(id, _)| *id).collect();
        let (whole, counted): (Vec<&UserRow>, Vec<&UserRow>) = self
            .rows
            .values()
            .filter(|row| changed.contains(&row.account_id))
            .partition(|row| self.rewritten.contains(&row.account_id));
        if !whole.is_empty() {
            let rows: Vec<_> = whole.into_iter().map(UserRecord::new).collect();
            sqlx::query_file!("src/crm/users/save.sql", Json(rows) as _).execute(&mut *db).await?;
        }
        save_counters(db, &counted).await?;
        insert_versions(db, &self.versions.values().collect::<Vec<_>>()).await?;
        let identity_changes: Vec<_> = self
            .identity_changes
            .iter()
            .filter_map(|at| self.versions.get(at))
            .map(UserRecord::new)
            .collect();
        if !identity_changes.is_empty() {
            sqlx::query_file!("src/crm/users/keep_shapes.sql", Json(identity_changes) as _)
                .execute(&mut *db)
                .await?;
        }
        erase_identities(db, &self.erased).await
    }
}

/// Row with its search words and sort key, as it is written.
#[derive(Serialize)]
struct UserRecord<'a> {
    #[serde(flatten)]
    row: &'a UserRow,
    name_key: String,
    words: String,
    contacts: String,
}

impl<'a> UserRecord<'a> {
    fn new(row: &'a UserRow) -> Self {
        Self {
            row,
            name_key: row.name.as_deref().map(sort_key).unwrap_or_default(),
            words: normalize([&row.name, &row.nickname].into_iter().flatten().map(String::as_str)),
            contacts: normalize([&row.email, &row.phone].into_iter().flatten().map(String::as_str)),
        }
    }
}

/// Returns one column of the rows, as an array for `unnest`.
fn column<C>(rows: &[&UserRow], of: impl Fn(&UserRow) -> C) -> Vec<C> {
    rows.iter().map(|row| of(row)).collect()
}

async fn save_counters(db: &mut PgConnection, rows: &[&UserRow]) -> Result<(), ApplyError> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "update users
         set position = new.position,
             version = new.version,
             last_active_at = new.last_active_at,
             lessons_completed = new.lessons_completed,
             rating_sum = new.rating_sum,
             reviews_count = new.reviews_count,
             rating = new.rating,
             tickets_open = new.tickets_open
         from unnest(
           $1::uuid[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::integer[], $6::bigint[], $7::integer[],
           $8::float8[], $9::integer[]
         ) as new (
           account_id, position, version, last_active_at, lessons_completed, rating_sum, reviews_count, rating,
           tickets_open)
         where users.account_id = new.account_id",
        &column(rows, |row| row.account_id.uuid()),
        &column(rows, |row| row.position.to_bigint()),
        &column(rows, |row| row.version.to_bigint()),
        &column(rows, |row| row.last_active_at.to_sqlx()) as _,
        &column(rows, |row| row.lessons_completed),
        &column(rows, |row| row.rating_sum),
        &column(rows, |row| row.reviews_count),
        &column(rows, |row| row.rating) as _,
        &column(rows, |row| row.tickets_open),
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_versions(db: &mut PgConnection, versions: &[&UserRow]) -> Result<(), ApplyError> {
    if versions.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "insert into user_versions (
           account_id, position, version, last_active_at, lessons_completed, rating_sum, reviews_count, tickets_open)
         select *
         from unnest(
           $1::uuid[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::integer[], $6::bigint[], $7::integer[],
           $8::integer[])",
        &column(versions, |row| row.account_id.uuid()),
        &column(versions, |row| row.position.to_bigint()),
        &column(versions, |row| row.version.to_bigint()),
        &column(versions, |row| row.last_active_at.to_sqlx()) as _,
        &column(versions, |row| row.lessons_completed),
        &column(versions, |row| row.rating_sum),
        &column(versions, |row| row.reviews_count),
        &column(versions, |row| row.tickets_open),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Removes names and contacts of erased people from the versions before the erasure.
async fn erase_identities(db: &mut PgConnection, erased: &[(AccountId, Position)]) -> Result<(), ApplyError> {
    if erased.is_empty() {
        return Ok(());
    }
    let (ids, positions): (Vec<Uuid>, Vec<i64>) =
        erased.iter().map(|(id, at)| (id.uuid(), at.to_bigint())).unzip();
    sqlx::query!(
        "update user_shapes as shape
         set name = null, nickname = null, email = null, phone = null, name_key = '', search = '',
             search_contacts = ''
         from unnest($1::uuid[], $2::bigint[]) as gone (account_id, position)
         where shape.account_id = gone.account_id
           and shape.position < gone.position",
        &ids,
        &positions,
    )
    .execute(db)
    .await?;
    Ok(())
}
