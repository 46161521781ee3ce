//! Asks for deliveries: one again, many again, or whatever a CRM does not hold yet.

use domain::crm::SyncSubject;
use domain::{AccountId, Context};
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use uuid::Uuid;

use crate::books::{Finding, settled_before};
use crate::deliveries::{After, DeliveryFilter, DeliveryState, DeliveryView, find_delivery, list_deliveries};
use crate::integration::{CrmIntegration, CrmIntegrationError};
use crate::process_manager::CRM_DELIVERY;
use crate::truth::Expected;

/// Deliveries looked at together.
const PAGE: u32 = 1_000;

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
    /// an empty one, when links of an earlier one exist. The deliveries follow, each in its account's lane.
    ///
    /// # Errors
    /// The CRM can not be read completely: then nothing is asked for.
    pub async fn sync_all(&self, dry_run: bool, asked: &Context) -> Result<SyncReport, CrmIntegrationError> {
        let entries = self.read_log().await?;
        let there = self.read_crm(&entries).await?;
        let settled_before = settled_before(self.clock.now(), self.settings.grace);
        let mut report = SyncReport { dry_run, ..SyncReport::default() };
        let mut wanted: Vec<(AccountId, SyncSubject)> = Vec::new();
        for (account_id, entry) in &entries {
            if !matches!(entry.account.expected(), Expected::User(_)) {
                continue;
            }
            for what in entry.subjects() {
                report.expected += 1;
                let finding = match what {
                    SyncSubject::User => there.user(*account_id, entry, settled_before),
                    SyncSubject::Ticket(_) => there.ticket(entry, settled_before),
                };
                if finding == Finding::AsItShallBe && entry.link.is_linked(what) {
                    report.already_there += 1;
                    continue;
                }
                match what {
                    SyncSubject::User => report.requested_users += 1,
                    SyncSubject::Ticket(_) => report.requested_tickets += 1,
                }
                wanted.push((*account_id, what));
            }
        }
        if !dry_run {
            self.request_syncs(&wanted, asked).await?;
        }
        Ok(report)
    }

    /// Asks for one delivery again, whatever its state, and lets what waits in its lane begin at once.
    pub async fn retry(&self, id: Uuid, asked: &Context) -> Result<DeliveryView, CrmIntegrationError> {
        let delivery = find_delivery(&self.pool, id).await?.ok_or(CrmIntegrationError::NotFound)?;
        self.again(&[&delivery], asked).await?;
        Ok(delivery)
    }

    /// Asks again for every delivery of a state (abandoned ones when none is named).
    pub async fn retry_all(
        &self,
        filter: DeliveryFilter,
        dry_run: bool,
        asked: &Context,
    ) -> Result<RetryReport, CrmIntegrationError> {
        let filter =
            DeliveryFilter { state: Some(filter.state.unwrap_or(DeliveryState::Abandoned)), ..filter };
        let mut report = RetryReport { dry_run, ..RetryReport::default() };
        let mut after = None;
        loop {
            let page = list_deliveries(&self.pool, filter, after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(report) };
            after = Some(After { position: last.position, id: last.id });
            report.requested += u64::try_from(page.len()).unwrap_or(0);
            let room = usize::try_from(PAGE).unwrap_or(0).saturating_sub(report.ids.len());
            report.ids.extend(page.iter().take(room).map(|delivery| delivery.id));
            if !dry_run {
                self.again(&page.iter().collect::<Vec<_>>(), asked).await?;
            }
        }
    }

    async fn again(&self, deliveries: &[&DeliveryView], asked: &Context) -> Result<(), CrmIntegrationError> {
        // What still waits for its time would keep the new task of the same lane waiting.
        let lanes: Vec<String> =
            deliveries.iter().map(|delivery| crate::process_manager::lane(delivery.account_id)).collect();
        self.hasten(Some(&lanes)).await?;
        let wanted: Vec<_> =
            deliveries.iter().map(|delivery| (delivery.account_id, delivery.subject())).collect();
        self.request_syncs(&wanted, asked).await
    }

    /// Lets deliveries that wait for their time begin now: those of some lanes, or all.
    pub(crate) async fn hasten(&self, lanes: Option<&[String]>) -> Result<(), sqlx::Error> {
        sqlx::query!(
            "update process.tasks
             set due_at = $3
             where kind = $1 and state = 'waiting' and due_at > $3 and ($2::text[] is null or lane = any($2))",
            CRM_DELIVERY,
            lanes,
            self.clock.now().to_sqlx() as _,
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
