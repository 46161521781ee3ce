//! Which accounts a batch of events concerns, and how much.

use std::collections::{HashMap, HashSet};

use domain::accounts::AccountEvent;
use domain::{AccountId, Event, Personal, Recorded};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use projection_runtime::ApplyError;
use uuid::Uuid;

/// The account that an event of `Account` or `CrmLink` is about.
pub(crate) fn account_id(event: &Recorded) -> Result<AccountId, ApplyError> {
    event.stream.aggregate_id.parse().map_err(|_| ApplyError::Poison {
        position: event.position,
        reason: "the stream's id is not an account's".to_owned(),
    })
}

/// The accounts whose rows a batch changes in more than their traces, and how.
#[derive(Default)]
pub(crate) struct RowsToRewrite {
    /// Those to be folded and written whole.
    pub(crate) account_ids: HashSet<AccountId>,
    /// Those of them who are not born in this batch: their rows must be read first.
    pub(crate) stored_ids: Vec<Uuid>,
}

/// Picks the accounts with an event for which `rewrites_row` holds.
pub(crate) fn rows_to_rewrite(
    events: &[Recorded],
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

/// When the person did something by this event, if it was they who did it.
pub(crate) fn activity_time(id: AccountId, event: &AccountEvent, recorded: &Recorded) -> Option<Timestamp> {
    let is_own = recorded.metadata.actor.account() == Some(id);
    (is_own || matches!(event, AccountEvent::SignedIn { .. })).then_some(recorded.recorded_at)
}

/// What events leave in a row that they do not reshape.
#[derive(Default)]
struct Touch {
    version: i64,
    last_active_at: Option<Timestamp>,
}

/// Traces by account.
#[derive(Default)]
pub(crate) struct Touches(HashMap<AccountId, Touch>);

impl Touches {
    pub(crate) fn record(&mut self, id: AccountId, event: &AccountEvent, recorded: &Recorded) {
        let touch = self.0.entry(id).or_default();
        touch.version = recorded.sequence.cast_signed();
        touch.last_active_at = activity_time(id, event, recorded).or(touch.last_active_at);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn to_columns(&self) -> TouchColumns {
        TouchColumns {
            ids: self.0.keys().map(|id| id.uuid()).collect(),
            versions: self.0.values().map(|touch| touch.version).collect(),
            active_at: self.0.values().map(|touch| touch.last_active_at.map(Timestamp::to_sqlx)).collect(),
        }
    }
}

/// Traces column by column, as `unnest` takes them.
pub(crate) struct TouchColumns {
    pub(crate) ids: Vec<Uuid>,
    /// Of the last event of each.
    pub(crate) versions: Vec<i64>,
    pub(crate) active_at: Vec<Option<jiff_sqlx::Timestamp>>,
}

/// The text, unless the person was erased.
pub(crate) fn known_text<T: Clone + Into<String>>(value: &Personal<T>) -> Option<String> {
    value.known().cloned().map(Into::into)
}
