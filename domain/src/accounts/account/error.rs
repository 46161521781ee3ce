//! Refusals of commands to an account.

use super::events::{EMAIL_SCOPE, NICKNAME_SCOPE};
use crate::actor::Role;
use crate::claims::ClaimRefused;
use crate::decider::RefusalError;
use crate::field_problem::FieldProblem;
use crate::refusal::{Reason, Refusal, RefusalKind};

/// Refusal by an account; `InvalidFields` names every invalid field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    #[error("the account does not exist")]
    NotRegistered,
    #[error("the account is already registered")]
    AlreadyRegistered,
    #[error("a person cannot register as {0}: an admin grants it")]
    RoleNotSelfService(Role),
    #[error("the account is suspended")]
    Suspended,
    #[error("the account is not suspended")]
    NotSuspended,
    #[error("the account is erased")]
    Erased,
    #[error("the account does not have the role {0}")]
    RoleNotHeld(Role),
    #[error("the last role of an account cannot be removed")]
    LastRole,
    #[error("{} of the fields are invalid", .0.len())]
    InvalidFields(Vec<FieldProblem>),
}

impl RefusalError for AccountError {
    fn refusal(&self) -> Refusal {
        let (code, kind) = match self {
            AccountError::NotRegistered => ("account_not_found", RefusalKind::NotFound),
            AccountError::AlreadyRegistered => ("account_already_registered", RefusalKind::Conflict),
            AccountError::RoleNotSelfService(_) => ("role_not_self_service", RefusalKind::Invalid),
            AccountError::Suspended => ("account_suspended", RefusalKind::Forbidden),
            AccountError::NotSuspended => ("account_not_suspended", RefusalKind::Conflict),
            AccountError::Erased => ("account_erased", RefusalKind::Conflict),
            AccountError::RoleNotHeld(_) => ("role_not_held", RefusalKind::Conflict),
            AccountError::LastRole => ("last_role", RefusalKind::Conflict),
            AccountError::InvalidFields(_) => ("invalid_fields", RefusalKind::Invalid),
        };
        let refusal = Refusal::new(code, kind, self.to_string());
        match self {
            AccountError::RoleNotSelfService(_) => refusal.because(Reason::field("/role", code)),
            AccountError::InvalidFields(problems) => {
                problems.iter().map(Reason::from).fold(refusal, Refusal::because)
            }
            _ => refusal.because(Reason::rule(code)),
        }
    }

    fn claim_refused(claim: ClaimRefused) -> Refusal {
        let code = match &claim {
            ClaimRefused::Unique { scope } if scope == EMAIL_SCOPE => "email_taken",
            ClaimRefused::Unique { scope } if scope == NICKNAME_SCOPE => "nickname_taken",
            ClaimRefused::Unique { .. } | ClaimRefused::Time { .. } => "claim_taken",
        };
        Refusal::conflict(code, "held by another account").because(Reason::rule(code))
    }
}
