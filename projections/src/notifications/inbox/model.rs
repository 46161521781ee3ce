//! Read model `notifications`, tables `app.notifications` and `app.notification_settings`.

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::accounts::{Account, AccountEvent};
use domain::notifications::Inbox;
use domain::{AccountId, Event, Position, RecordedEvent};
use projection_runtime::{ApplyError, ReadModel};
use sqlx::PgConnection;

use super::apply::InboxChanges;
use super::settings::SettingsRows;
use crate::accounts::account_id;

/// Maintains `app.notifications` and `app.notification_settings`.
#[derive(Clone, Copy, Debug, Default)]
pub struct NotificationsReadModel;

#[async_trait]
impl ReadModel for NotificationsReadModel {
    fn name(&self) -> &'static str {
        "notifications"
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> &'static [&'static str] {
        &["app.notifications", "app.notification_settings"]
    }

    /// Handles accounts too, because an erased person has no inbox.
    fn handles(&self, aggregate_type: &str) -> bool {
        [Inbox::TYPE, Account::TYPE].contains(&aggregate_type)
    }

    async fn apply(&self, db: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError> {
        let mut changes = InboxChanges::default();
        let mut erased: Vec<(AccountId, Position)> = Vec::new();
        for recorded in events {
            match &recorded.event {
                Event::Inbox(event) => changes.apply(account_id(recorded)?, event, recorded),
                Event::Account(AccountEvent::AccountErased { account_id, .. }) => {
                    erased.push((*account_id, recorded.position));
                }
                _ => {}
            }
        }
        let mut settings = SettingsRows::load(db, changes.changed_inboxes()).await?;
        for recorded in events {
            if let Event::Inbox(event) = &recorded.event {
                settings.apply(account_id(recorded)?, event);
            }
        }
        changes.save(db).await?;
        settings.save(db).await?;
        erase_inboxes(db, &erased).await
    }
}

async fn erase_inboxes(db: &mut PgConnection, erased: &[(AccountId, Position)]) -> Result<(), ApplyError> {
    if erased.is_empty() {
        return Ok(());
    }
    let (ids, positions): (Vec<_>, Vec<_>) =
        erased.iter().map(|(id, position)| (id.uuid(), position.to_bigint())).unzip();
    sqlx::query!(
        "delete from notifications
         using unnest($1::uuid[], $2::bigint[]) as gone (id, position)
         where account_id = gone.id and notifications.position < gone.position",
        &ids,
        &positions,
    )
    .execute(&mut *db)
    .await?;
    // Places are texts of the teacher, in the inboxes of students.
    let teachers: Vec<_> = ids.iter().map(ToString::to_string).collect();
    sqlx::query!(
        "update notifications
         set data = data #- '{place,$personal,value}' #- '{former_place,$personal,value}'
         where kind = 'lesson_place_changed' and data #>> '{place,$personal,subject}' = any($1)",
        &teachers,
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("delete from notification_settings where account_id = any($1)", &ids).execute(db).await?;
    Ok(())
}
