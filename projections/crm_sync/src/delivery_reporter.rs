//! Reports of deliveries, made by commands to the aggregate `CrmLink`.

use domain::crm::{CrmLinkCommand, Drift, SyncSubject};
use domain::{AccountId, Command, CommandContext, Dispatch, DispatchError, LogError, TicketId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::call_failure::CallFailure;
use crate::client::CallError;
use crate::process_manager::CRM_DELIVERY;

/// Reason why an attempt failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DeliveryError {
    #[error("a call was not made or failed")]
    Call(#[from] CallError),
    #[error("cannot read the log")]
    Log(#[from] LogError),
    #[error("cannot commit the report")]
    Dispatch(#[from] DispatchError),
}

/// Reports the result of a delivery by a command. A repeated report changes nothing.
pub(crate) struct DeliveryReporter<'a> {
    pub dispatch: &'a dyn Dispatch,
    pub account_id: AccountId,
    pub what: SyncSubject,
    /// Id of the event that caused the delivery.
    pub cause: Uuid,
    pub correlation_id: Uuid,
}

impl DeliveryReporter<'_> {
    /// Reports the id of the user in the CRM.
    pub async fn report_user_linked(&self, external_id: &str) -> Result<(), DeliveryError> {
        let command = CrmLinkCommand::LinkUser { external_id: external_id.to_owned() };
        self.dispatch_report(command, &format!("user_linked:{external_id}")).await
    }

    /// Reports the id of the ticket in the CRM.
    pub async fn report_ticket_linked(
        &self,
        ticket_id: TicketId,
        external_id: &str,
    ) -> Result<(), DeliveryError> {
        let command = CrmLinkCommand::LinkTicket { ticket_id, external_id: external_id.to_owned() };
        self.dispatch_report(command, &format!("ticket_linked:{external_id}")).await
    }

    /// Reports a difference that the delivery could not remove.
    pub async fn report_drift(&self, what: SyncSubject, drift: Drift) -> Result<(), DeliveryError> {
        self.dispatch_report(CrmLinkCommand::RecordDrift { what, drift }, "drift").await
    }

    /// Reports that a drift is healed.
    pub async fn report_healed(&self, what: SyncSubject, drift: Drift) -> Result<(), DeliveryError> {
        self.dispatch_report(CrmLinkCommand::RecordHealing { what, drift }, "healed").await
    }

    /// Reports a failed attempt with the instant of the next.
    pub async fn report_failed(
        &self,
        attempt: u32,
        failure: CallFailure,
        retry_at: Timestamp,
    ) -> Result<(), DeliveryError> {
        let (what, CallFailure { cause, status, .. }) = (self.what, failure);
        let command = CrmLinkCommand::RecordFailure { what, attempt, status, cause, retry_at };
        self.dispatch_report(command, &format!("failed:{attempt}")).await
    }

    /// Reports that the delivery is abandoned.
    pub async fn report_abandoned(&self, attempts: u32, failure: CallFailure) -> Result<(), DeliveryError> {
        let (what, CallFailure { cause, status, .. }) = (self.what, failure);
        let command = CrmLinkCommand::AbandonDelivery { what, attempts, status, cause };
        self.dispatch_report(command, "abandoned").await
    }

    async fn dispatch_report(&self, command: CrmLinkCommand, purpose: &str) -> Result<(), DeliveryError> {
        let context = CommandContext::of_process(CRM_DELIVERY, self.cause, self.correlation_id, purpose);
        self.dispatch.dispatch(Command::CrmLink(self.account_id, command), context).await?;
        Ok(())
    }
}
