//! Failure of a call to the external CRM, and what it says.

use domain::crm::FailureCause;
use jiff::Timestamp;

/// Failure of a call that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CallFailure {
    pub cause: FailureCause,
    /// HTTP status, if there was a response.
    pub status: Option<u16>,
    /// Instant of the `Retry-After` header, if there was one.
    pub retry_after: Option<Timestamp>,
    /// True if the CRM may have executed the request nevertheless.
    pub outcome_unknown: bool,
    /// True if the CRM does not serve the operation.
    pub is_unsupported: bool,
}

impl CallFailure {
    /// Failure of an operation that the CRM does not serve.
    pub fn unsupported(status: u16) -> Self {
        Self {
            cause: FailureCause::Refused,
            status: Some(status),
            retry_after: None,
            outcome_unknown: false,
            is_unsupported: true,
        }
    }

    /// Returns true if the record does not exist.
    pub fn is_not_found(&self) -> bool {
        self.status == Some(404) && self.cause == FailureCause::Refused && !self.is_unsupported
    }

    /// Returns whether the CRM serves the operation; `None` if the failure shows neither.
    pub fn shows_support(&self) -> Option<bool> {
        // A refusal comes from the operation, except of the key.
        let is_refused = self.cause == FailureCause::Refused && !self.is_key_refused();
        if self.is_unsupported { Some(false) } else { is_refused.then_some(true) }
    }

    /// Returns true if the CRM refuses the API key.
    pub fn is_key_refused(&self) -> bool {
        matches!(self.status, Some(401 | 403))
    }

    /// Returns true if another record has the same e-mail address.
    pub fn is_conflict(&self) -> bool {
        self.status == Some(409)
    }

    pub fn from_transport(error: &reqwest::Error, status: Option<u16>) -> Self {
        let cause = if error.is_timeout() { FailureCause::Timeout } else { FailureCause::Connection };
        // Without a connection the client has sent nothing.
        Self { cause, status, retry_after: None, outcome_unknown: !error.is_connect(), is_unsupported: false }
    }

    /// Returns the code of the failure, as the call log shows it.
    pub fn name(&self) -> &'static str {
        if self.is_unsupported { "unsupported" } else { cause_name(self.cause) }
    }
}

/// Returns the code of a cause, as it is stored and shown.
pub(crate) fn cause_name(cause: FailureCause) -> &'static str {
    match cause {
        FailureCause::Timeout => "timeout",
        FailureCause::Connection => "connection",
        FailureCause::Refused => "refused",
        FailureCause::Throttled => "throttled",
        FailureCause::Unavailable => "unavailable",
        FailureCause::Unreadable => "unreadable",
        FailureCause::Gone => "gone",
    }
}
