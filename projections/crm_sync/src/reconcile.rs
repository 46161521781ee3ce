//! Reconciliation: compares the external CRM with the log, and requests healing.

use std::sync::atomic::{AtomicU64, Ordering};

use domain::crm::{CrmLinkCommand, Drift, SyncSubject};
use domain::{AccountId, Command, CommandContext, CommandId, Position};
use futures::{StreamExt, TryStreamExt, stream};
use serde::Serialize;

use crate::comparison::{Comparison, grace_start};
use crate::integration::{CrmIntegration, CrmIntegrationError};

/// Maximum number of accounts whose commands run at once.
const CONCURRENCY: usize = 16;
/// Maximum number of drifts in a report; further ones are only counted.
const NAMED_DRIFTS: usize = 1_000;

/// Result of a reconciliation.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ReconcileReport {
    /// True if nothing was recorded or requested.
    pub dry_run: bool,
    pub checked_users: u64,
    pub checked_tickets: u64,
    pub missing: u64,
    pub duplicated: u64,
    pub differing: u64,
    /// Number of records that are in flight or have just changed, and are not compared.
    pub pending: u64,
    /// Number of CRM users that belong to no account. They stay unchanged.
    pub strangers: u64,
    /// Number of earlier drifts that no longer exist.
    pub vanished: u64,
    /// Number of records whose healing was requested, or would be in a dry run. Deliveries do it later.
    pub healing: u64,
    /// The first thousand drifts.
    pub drifts: Vec<DriftEntry>,
    /// Position of the last event of the reconciliation.
    #[serde(skip)]
    pub position: Option<Position>,
}

/// One record that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DriftEntry {
    pub account_id: AccountId,
    pub what: SyncSubject,
    pub drift: Drift,
}

/// Finding about one record of an account, to be recorded.
struct ReconcileResult {
    entry: DriftEntry,
    is_news: bool,
    is_gone: bool,
}

impl CrmIntegration {
    /// Compares all users and welcome tickets of the CRM with the log, and records drift in the log.
    ///
    /// With `heal` it requests a delivery for each drift. The delivery is in the queue of the account, so
    /// that it does not overtake another one. `context` has the actor; its command id makes a repetition
    /// harmless.
    ///
    /// # Errors
    /// [`CrmIntegrationError`] if the CRM or the log cannot be read completely. Nothing is then recorded.
    pub async fn reconcile(
        &self,
        heal: bool,
        dry_run: bool,
        context: &CommandContext,
    ) -> Result<ReconcileReport, CrmIntegrationError> {
        let (mut report, results) = self.compare(heal, dry_run).await?;
        if !dry_run {
            let latest = AtomicU64::new(0);
            stream::iter(results.iter().map(Ok))
                .try_for_each_concurrent(CONCURRENCY, |result| {
                    self.record_result(result, heal, context, &latest)
                })
                .await?;
            report.position = Some(Position(latest.into_inner())).filter(|position| position.0 > 0);
        }
        Ok(report)
    }

    async fn compare(
        &self,
        heal: bool,
        dry_run: bool,
    ) -> Result<(ReconcileReport, Vec<ReconcileResult>), CrmIntegrationError> {
        let now = self.clock.now();
        let entries = self.read_log().await?;
        let snapshot = self.read_crm(&entries).await?;
        let grace_start = grace_start(now, self.settings.grace);
        let mut report =
            ReconcileReport { dry_run, strangers: snapshot.count_unknown(&entries), ..Default::default() };
        let mut results = Vec::new();
        for (account_id, entry) in &entries {
            for what in entry.subjects() {
                let comparison = match what {
                    SyncSubject::User => {
                        report.checked_users += 1;
                        snapshot.compare_user(*account_id, entry, grace_start)
                    }
                    SyncSubject::Ticket(_) => {
                        report.checked_tickets += 1;
                        snapshot.compare_ticket(entry, grace_start)
                    }
                };
                let open = entry.link.open_drift(what);
                results.extend(report.compare_account(*account_id, what, comparison, open, heal));
            }
        }
        Ok((report, results))
    }

    async fn record_result(
        &self,
        result: &ReconcileResult,
        heal: bool,
        context: &CommandContext,
        latest: &AtomicU64,
    ) -> Result<(), CrmIntegrationError> {
        let DriftEntry { account_id, what, drift } = result.entry.clone();
        if result.is_gone {
            let command = CrmLinkCommand::RecordHealing { what, drift };
            let position = self.dispatch_command(account_id, what, command, "vanished", context).await?;
            latest.fetch_max(position.0, Ordering::Relaxed);
            return Ok(());
        }
        if result.is_news {
            let command = CrmLinkCommand::RecordDrift { what, drift };
            let position = self.dispatch_command(account_id, what, command, "drift", context).await?;
            latest.fetch_max(position.0, Ordering::Relaxed);
        }
        if heal {
            let command = CrmLinkCommand::RequestSync { what };
            let position = self.dispatch_command(account_id, what, command, "heal", context).await?;
            latest.fetch_max(position.0, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Dispatches one of many commands that follow from one request.
    pub(crate) async fn dispatch_command(
        &self,
        account_id: AccountId,
        what: SyncSubject,
        command: CrmLinkCommand,
        step: &str,
        context: &CommandContext,
    ) -> Result<Position, CrmIntegrationError> {
        let purpose = match what {
            SyncSubject::User => format!("{step}:{account_id}:user"),
            SyncSubject::Ticket(ticket_id) => format!("{step}:{account_id}:{ticket_id}"),
        };
        let derived = CommandContext {
            command_id: CommandId::derived(context.command_id.uuid(), &purpose),
            expected_versions: Vec::new(),
            ..context.clone()
        };
        Ok(self.dispatch.dispatch(Command::CrmLink(account_id, command), derived).await?.position)
    }

    /// Requests deliveries, several at once. Returns the position of the last request.
    pub(crate) async fn request_syncs(
        &self,
        records: &[(AccountId, SyncSubject)],
        context: &CommandContext,
    ) -> Result<Option<Position>, CrmIntegrationError> {
        // Owned pairs: the compiler cannot prove that a stream of references is `Send`.
        let requests = stream::iter(records.to_vec()).map(|(account_id, what)| {
            self.dispatch_command(account_id, what, CrmLinkCommand::RequestSync { what }, "sync", context)
        });
        let positions: Vec<Position> = requests.buffered(CONCURRENCY).try_collect().await?;
        Ok(positions.into_iter().max())
    }
}

impl ReconcileReport {
    /// Counts a finding. Returns the results to record.
    fn compare_account(
        &mut self,
        account_id: AccountId,
        what: SyncSubject,
        comparison: Comparison,
        open: Option<&Drift>,
        heal: bool,
    ) -> Option<ReconcileResult> {
        let drift = match comparison {
            Comparison::Pending => {
                self.pending += 1;
                return None;
            }
            Comparison::Matches => {
                let drift = open?.clone();
                self.vanished += 1;
                let entry = DriftEntry { account_id, what, drift };
                return Some(ReconcileResult { entry, is_news: false, is_gone: true });
            }
            Comparison::Drifted(drift) => drift,
        };
        match &drift {
            Drift::Missing => self.missing += 1,
            Drift::Duplicated { .. } => self.duplicated += 1,
            Drift::Differs { .. } => self.differing += 1,
        }
        self.healing += u64::from(heal);
        let is_news = open != Some(&drift);
        let entry = DriftEntry { account_id, what, drift };
        if self.drifts.len() < NAMED_DRIFTS {
            self.drifts.push(entry.clone());
        }
        Some(ReconcileResult { entry, is_news, is_gone: false })
    }
}
