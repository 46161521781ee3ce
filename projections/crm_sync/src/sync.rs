//! Requests deliveries: retries of one or many, or all records that the CRM does not hold.

use domain::crm::SyncSubject;
use domain::{AccountId, CommandContext, Position};
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

/// Number of deliveries per page of a bulk retry.
const PAGE_DELIVERIES: u32 = 1_000;

/// Deliveries that a full sync has requested, or would request in a dry run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SyncReport {
    pub dry_run: bool,
    /// Number of users and welcome tickets that the CRM must hold.
    pub expected: u64,
    /// Number of records that exist and are linked. They stay unchanged.
    pub already_there: u64,
    pub requested_users: u64,
    pub requested_tickets: u64,
    /// Position of the last request.
    #[serde(skip)]
    pub position: Option<Position>,
}

/// Deliveries that a bulk retry has requested, or would request in a dry run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RetryReport {
    pub dry_run: bool,
    pub requested: u64,
    /// The first thousand ids.
    pub ids: Vec<Uuid>,
    /// Position of the last request.
    #[serde(skip)]
    pub position: Option<Position>,
}

impl CrmIntegration {
    /// Requests deliveries of all records that follow from the log and that the CRM does not hold.
    ///
    /// This also fills an empty CRM when links to an earlier one exist. Each delivery is in the queue of its
    /// account.
    ///
    /// # Errors
    /// [`CrmIntegrationError`] if the CRM or the log cannot be read completely. Nothing is then requested.
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
            report.position = self.request_syncs(&records, context).await?;
        }
        Ok(report)
    }

    /// Retries one delivery in any state. Waiting deliveries of the same queue become due at once.
    ///
    /// # Errors
    /// [`CrmIntegrationError::NotFound`] if there is no such delivery. Other variants if the database or the
    /// dispatch fails.
    pub async fn retry(
        &self,
        id: Uuid,
        context: &CommandContext,
    ) -> Result<(DeliveryView, Option<Position>), CrmIntegrationError> {
        let delivery = find_delivery(&self.pool, id).await?.ok_or(CrmIntegrationError::NotFound)?;
        let position = self.retry_deliveries(&[&delivery], context).await?;
        Ok((delivery, position))
    }

    /// Retries all deliveries that match `filter`; without a state, the abandoned ones. The caller has a reason
    /// to send delivered ones again.
    ///
    /// # Errors
    /// [`CrmIntegrationError`] if the database or the dispatch fails.
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
                let position = self.retry_deliveries(&page.iter().collect::<Vec<_>>(), context).await?;
                report.position = report.position.max(position);
            }
        }
    }

    async fn retry_deliveries(
        &self,
        deliveries: &[&DeliveryView],
        context: &CommandContext,
    ) -> Result<Option<Position>, CrmIntegrationError> {
        // A task that waits for its due time would block the new task of the same queue.
        let queues: Vec<String> =
            deliveries.iter().map(|delivery| crate::process_manager::queue_of(delivery.account_id)).collect();
        self.run_now(Some(&queues)).await?;
        let records: Vec<_> =
            deliveries.iter().map(|delivery| (delivery.account_id, delivery.subject())).collect();
        self.request_syncs(&records, context).await
    }

    /// Makes waiting deliveries due now: of these queues, or all.
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
