//! Parameters that the timeline keeps of an event: codes, ids, numbers, and reasons by staff.

use domain::Personal;
use domain::accounts::AccountEvent;
use domain::crm::{CrmLinkEvent, Drift, SyncSubject};
use serde_json::{Value, json};

/// The only parameter with free text. It is removed when the person or its author is erased.
pub(super) const REASON: &str = "reason";
/// Author of the reason, if the reason is the author's personal data.
pub(super) const AUTHOR: &str = "author";

pub(super) fn account_params(event: &AccountEvent) -> Value {
    match event {
        AccountEvent::AccountRegistered { role, .. } => json!({ "role": role }),
        AccountEvent::DataCorrected { reason } | AccountEvent::ContactsRevealed { reason } => {
            json!({ REASON: reason.known(), AUTHOR: reason.subject() })
        }
        AccountEvent::LinkRequested { purpose } => json!({ "purpose": purpose }),
        AccountEvent::PhoneChanged { phone } => json!({ "removed": phone.is_none() }),
        AccountEvent::ProfileUpdated { changes, cleared } => {
            let names = |fields: &[domain::accounts::ProfileField]| -> Vec<&'static str> {
                fields.iter().map(|field| field.as_str()).collect()
            };
            json!({ "fields": names(&changes.fields()), "cleared": names(cleared) })
        }
        AccountEvent::RoleGranted { role, reason } | AccountEvent::RoleRevoked { role, reason } => {
            json!({ "role": role, REASON: reason.as_ref().and_then(Personal::known) })
        }
        AccountEvent::AccountSuspended { reason } | AccountEvent::AccountReinstated { reason } => {
            json!({ REASON: reason.as_ref().and_then(Personal::known) })
        }
        AccountEvent::EmailVerified {}
        | AccountEvent::EmailChanged { .. }
        | AccountEvent::PasswordChanged {}
        | AccountEvent::AvatarChanged { .. }
        | AccountEvent::AccountErased { .. }
        | AccountEvent::SignedIn { .. }
        | AccountEvent::SignedOut { .. }
        | AccountEvent::SessionRevoked { .. }
        | AccountEvent::SignInFailed { .. } => json!({}),
    }
}

pub(super) fn crm_link_params(event: &CrmLinkEvent) -> Value {
    match event {
        CrmLinkEvent::CrmSyncRequested { what } => json!({ "what": subject_code(*what) }),
        CrmLinkEvent::CrmUserLinked { external_id } => json!({ "external_id": external_id }),
        CrmLinkEvent::CrmTicketLinked { ticket_id, external_id } => {
            json!({ "ticket_id": ticket_id, "external_id": external_id })
        }
        CrmLinkEvent::CrmDeliveryFailed { what, attempt, status, cause, retry_at } => json!({
            "what": subject_code(*what), "attempt": attempt, "status": status, "cause": cause, "retry_at": retry_at,
        }),
        CrmLinkEvent::CrmDeliveryAbandoned { what, attempts, status, cause } => json!({
            "what": subject_code(*what), "attempt": attempts, "status": status, "cause": cause,
        }),
        CrmLinkEvent::CrmDriftFound { what, drift: found }
        | CrmLinkEvent::CrmDriftHealed { what, drift: found } => {
            json!({ "what": subject_code(*what), "drift": drift_code(found) })
        }
    }
}

fn subject_code(what: SyncSubject) -> &'static str {
    match what {
        SyncSubject::User => "user",
        SyncSubject::Ticket(_) => "ticket",
    }
}

fn drift_code(drift: &Drift) -> &'static str {
    match drift {
        Drift::Missing => "missing",
        Drift::Duplicated { .. } => "duplicated",
        Drift::Differs { .. } => "differs",
    }
}
