//! Notification settings: channels and quiet hours, rows of `notification_settings`.

use std::collections::{BTreeMap, BTreeSet};

use domain::AccountId;
use domain::notifications::{Channel, InboxEvent};
use projection_runtime::ApplyError;
use serde::Serialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

#[derive(Default)]
struct SettingsRow {
    muted_by_email: BTreeSet<String>,
    quiet: Option<(String, String)>,
}

/// Row as it is written.
#[derive(Serialize)]
struct SettingsRecord {
    account_id: Uuid,
    muted_by_email: BTreeSet<String>,
    quiet_from: Option<String>,
    quiet_to: Option<String>,
}

/// Rows that a batch may change.
#[derive(Default)]
pub(super) struct SettingsRows {
    rows: BTreeMap<Uuid, SettingsRow>,
    changed: BTreeSet<Uuid>,
}

impl SettingsRows {
    pub(super) async fn load(db: &mut PgConnection, people: Vec<Uuid>) -> Result<Self, ApplyError> {
        if people.is_empty() {
            return Ok(Self::default());
        }
        let rows = sqlx::query!(
            "select account_id, muted_by_email, quiet_from, quiet_to
             from notification_settings
             where account_id = any($1)",
            &people,
        )
        .fetch_all(db)
        .await?;
        let row = |muted: Vec<String>, from: Option<String>, to: Option<String>| SettingsRow {
            muted_by_email: muted.into_iter().collect(),
            quiet: from.zip(to),
        };
        let rows = rows
            .into_iter()
            .map(|found| (found.account_id, row(found.muted_by_email, found.quiet_from, found.quiet_to)))
            .collect();
        Ok(Self { rows, changed: BTreeSet::new() })
    }

    pub(super) fn apply(&mut self, person: AccountId, event: &InboxEvent) {
        match event {
            InboxEvent::PreferencesChanged { kind, channel: Channel::Email, on } => {
                let muted = &mut self.row_mut(person).muted_by_email;
                if *on {
                    muted.remove(kind.as_str());
                } else {
                    muted.insert(kind.as_str().to_owned());
                }
            }
            InboxEvent::QuietHoursChanged { quiet_hours } => {
                self.row_mut(person).quiet =
                    quiet_hours.map(|hours| (hours.from.to_string(), hours.to.to_string()));
            }
            InboxEvent::PreferencesChanged { channel: Channel::InApp, .. }
            | InboxEvent::NotificationRaised { .. }
            | InboxEvent::NotificationDelivered { .. }
            | InboxEvent::NotificationDelayed { .. }
            | InboxEvent::NotificationNotDelivered { .. }
            | InboxEvent::NotificationsRead { .. }
            | InboxEvent::NotificationDismissed { .. } => {}
        }
    }

    fn row_mut(&mut self, person: AccountId) -> &mut SettingsRow {
        self.changed.insert(person.uuid());
        self.rows.entry(person.uuid()).or_default()
    }

    pub(super) async fn save(self, db: &mut PgConnection) -> Result<(), ApplyError> {
        let changed = self.rows.into_iter().filter(|(id, _)| self.changed.contains(id));
        let rows: Vec<_> = changed
            .map(|(account_id, row)| {
                let (quiet_from, quiet_to) = row.quiet.unzip();
                SettingsRecord { account_id, muted_by_email: row.muted_by_email, quiet_from, quiet_to }
            })
            .collect();
        if !rows.is_empty() {
            sqlx::query_file!("src/notifications/inbox/settings.sql", Json(&rows) as _).execute(db).await?;
        }
        Ok(())
    }
}
