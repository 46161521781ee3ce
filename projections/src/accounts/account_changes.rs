//! Changes of a batch to account rows: rows to rewrite, and rows to touch.

use std::collections::{HashMap, HashSet};

use domain::accounts::AccountEvent;
use domain::{AccountId, Event, Personal, RecordedEvent, StreamVersion};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use projection_runtime::ApplyError;
use uuid::Uuid;

/// Returns the account of an event of `Account` or `CrmLink`.
pub(crate) fn account_id(event: &RecordedEvent) -> Result<AccountId, ApplyError> {
    event.stream.aggregate_id.parse().map_err(|_| ApplyError::Poison {
        position: event.position,
        reason: "the stream's id is not an account id".to_owned(),
    })
}

/// Accounts whose rows a batch changes in more than version and last activity.
#[derive(Default)]
pub(crate) struct RowsToRewrite {
    /// Accounts whose rows are computed from the events and written whole.
    pub(crate) account_ids: HashSet<AccountId>,
    /// The accounts of `account_ids` that this batch does not register; their rows are read first.
    pub(crate) stored_ids: Vec<Uuid>,
}

/// Selects the accounts with an event for which `rewrites_row` returns true.
pub(crate) fn rows_to_rewrite(
    events: &[RecordedEvent],
    rewrites_row: impl Fn(&AccountEvent) -> bool,
) -> Result<RowsToRewrite, ApplyError> {
    let mut found = RowsToRewrite::default();
    for recorded in events {
        if let Event::Account(event) = &recorded.event
            && rewrites_row(event)
        {
            let id = account_id(recorded)?;
            let is_birth = matches!(event, AccountEvent::AccountRegistered { .. });
            if found.account_ids.insert(id) && !is_birth {
                found.stored_ids.push(id.uuid());
            }
        }
    }
    Ok(found)
}

/// Returns the time of the event if the person caused it themselves, or signed in.
pub(crate) fn activity_time(
    id: AccountId,
    event: &AccountEvent,
    recorded: &RecordedEvent,
) -> Option<Timestamp> {
    let is_own = recorded.metadata.actor.account() == Some(id);
    (is_own || matches!(event, AccountEvent::SignedIn { .. })).then_some(recorded.recorded_at)
}

/// Columns that every event of an account changes: version, and last activity if there was any.
#[derive(Default)]
struct Touch {
    version: StreamVersion,
    last_active_at: Option<Timestamp>,
}

/// Touches by account.
#[derive(Default)]
pub(crate) struct Touches(HashMap<AccountId, Touch>);

impl Touches {
    pub(crate) fn record(&mut self, id: AccountId, event: &AccountEvent, recorded: &RecordedEvent) {
        let touch = self.0.entry(id).or_default();
        touch.version = recorded.sequence;
        touch.last_active_at = activity_time(id, event, recorded).or(touch.last_active_at);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn to_columns(&self) -> TouchColumns {
        TouchColumns {
            ids: self.0.keys().map(|id| id.uuid()).collect(),
            versions: self.0.values().map(|touch| touch.version.to_bigint()).collect(),
            active_at: self.0.values().map(|touch| touch.last_active_at.map(Timestamp::to_sqlx)).collect(),
        }
    }
}

/// Touches, column by column, as parameters of `unnest`.
pub(crate) struct TouchColumns {
    pub(crate) ids: Vec<Uuid>,
    /// Stream version of the last event of each account.
    pub(crate) versions: Vec<i64>,
    pub(crate) active_at: Vec<Option<jiff_sqlx::Timestamp>>,
}

/// Returns the text, or `None` if the person was erased.
pub(crate) fn known_text<T: Clone + Into<String>>(value: &Personal<T>) -> Option<String> {
    value.known().cloned().map(Into::into)
}
