//! Asks for deliveries: one again, many again, or whatever a CRM does not hold yet.

use domain::crm::SyncSubject;
use domain::{AccountId, CommandContext};
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use uuid::Uuid;

use crate::comparison::{Comparison, grace_start};
use crate::deliveries::{
    DeliveryCursor, DeliveryFilter, DeliveryState, DeliveryView, find_delivery, list_deliveries,
};
use crate::expected::ExpectedState;
use crate::integration::{CrmIntegration, CrmIntegrationError};
use crate::process_manager::CRM_DELIVERY;

/// Deliveries looked at together.
const PAGE_DELIVERIES: u32 = 1_000;

/// What a back-fill asked for (would ask for, in a dry run).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SyncReport {
    pub dry_run: bool,
    /// Users and welcome tickets that the CRM shall hold.
    pub expected: u64,
    /// There and linked: left alone.
    pub already_there: u64,
    pub requested_users: u64,
    pub requested_tickets: u64,
}

/// What a retry in bulk asked for (would ask for, in a dry run).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RetryReport {
    pub dry_run: bool,
    pub requested: u64,
    /// The first thousand.
    pub ids: Vec<Uuid>,
}

impl CrmIntegration {
    /// Brings to the CRM whatever the log says from its beginning and the CRM does not hold: also to
    /// an empty one, when links of an earlier one exist. The deliveries follow, each in its account's queue.
    ///
    /// # Errors
    /// The CRM can not be read completely: then nothing is asked for.
    pub async fn sync_all(
        &self,
        dry_run: bool,
        context: &CommandContext,
    ) -> Result<SyncReport, CrmIntegrationError> {
        let entries = self.read_log().await?;
        let snapshot = self.read_crm(&entries).await?;
        let grace_start = grace_start(self.clock.now(), self.settings.grace);
        let mut report = SyncReport { dry_run, ..SyncReport::default() };
        let mut records: Vec<(AccountId, SyncSubject)> = Vec::new();
        for (account_id, entry) in &entries {
            if !matches!(entry.account.state(), ExpectedState::User(_)) {
                continue;
            }
            for what in entry.subjects() {
                report.expected += 1;
                let comparison = match what {
                    SyncSubject::User => snapshot.compare_user(*account_id, entry, grace_start),
                    SyncSubject::Ticket(_) => snapshot.compare_ticket(entry, grace_start),
                };
                if comparison == Comparison::Matches && entry.link.is_linked(what) {
                    report.already_there += 1;
                    continue;
                }
                match what {
                    SyncSubject::User => report.requested_users += 1,
                    SyncSubject::Ticket(_) => report.requested_tickets += 1,
                }
                records.push((*account_id, what));
            }
        }
        if !dry_run {
            self.request_syncs(&records, context).await?;
        }
        Ok(report)
    }

    /// Asks for one delivery again, whatever its state, and lets what waits in its queue begin at once.
    pub async fn retry(&self, id: Uuid, context: &CommandContext) -> Result<DeliveryView, CrmIntegrationError> {
        let delivery = find_delivery(&self.pool, id).await?.ok_or(CrmIntegrationError::NotFound)?;
        self.retry_deliveries(&[&delivery], context).await?;
        Ok(delivery)
    }

    /// Asks again for every delivery of a state (abandoned ones when none is named).
    pub async fn retry_all(
        &self,
        filter: DeliveryFilter,
        dry_run: bool,
        context: &CommandContext,
    ) -> Result<RetryReport, CrmIntegrationError> {
        let filter =
            DeliveryFilter { state: Some(filter.state.unwrap_or(DeliveryState::Abandoned)), ..filter };
        let mut report = RetryReport { dry_run, ..RetryReport::default() };
        let mut after = None;
        loop {
            let page = list_deliveries(&self.pool, filter, after, PAGE_DELIVERIES).await?;
            let Some(last) = page.last() else { return Ok(report) };
            after = Some(DeliveryCursor { position: last.position, id: last.id });
            report.requested += u64::try_from(page.len()).unwrap_or(0);
            let capacity = usize::try_from(PAGE_DELIVERIES).unwrap_or(0).saturating_sub(report.ids.len());
            report.ids.extend(page.iter().take(capacity).map(|delivery| delivery.id));
            if !dry_run {
                self.retry_deliveries(&page.iter().collect::<Vec<_>>(), context).await?;
            }
        }
    }

    async fn retry_deliveries(
        &self,
        deliveries: &[&DeliveryView],
        context: &CommandContext,
    ) -> Result<(), CrmIntegrationError> {
        // What still waits for its time would keep the new task of the same queue waiting.
        let queues: Vec<String> =
            deliveries.iter().map(|delivery| crate::process_manager::queue_of(delivery.account_id)).collect();
        self.run_now(Some(&queues)).await?;
        let records: Vec<_> =
            deliveries.iter().map(|delivery| (delivery.account_id, delivery.subject())).collect();
        self.request_syncs(&records, context).await
    }

    /// Lets deliveries that wait for their time begin now: those of some queues, or all.
    pub(crate) async fn run_now(&self, queues: Option<&[String]>) -> Result<(), sqlx::Error> {
        sqlx::query!(
            "update process.tasks
             set due_at = $3
             where kind = $1 and state = 'waiting' and due_at > $3 and ($2::text[] is null or lane = any($2))",
            CRM_DELIVERY,
            queues,
            self.clock.now().to_sqlx() as _,
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
