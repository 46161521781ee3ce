//! Converts refusals, faults and malformed requests to problems.

use std::time::Duration;

use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::http::StatusCode;
use domain::{DispatchError, LogError, Refusal, RefusalKind};

use super::Problem;
use crate::auth::password::PasswordError;
use crate::auth::registration::RegistrationError;

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal.kind {
            RefusalKind::NotFound => StatusCode::NOT_FOUND,
            RefusalKind::Forbidden => StatusCode::FORBIDDEN,
            RefusalKind::Conflict => StatusCode::CONFLICT,
            RefusalKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let mut problem = Problem::with_status(refusal.code, status);
        for reason in refusal.reasons {
            match reason.pointer {
                Some(_) => problem.errors.push(reason),
                None => problem.reasons.push(reason),
            }
        }
        problem
    }
}

impl From<DispatchError> for Problem {
    fn from(error: DispatchError) -> Self {
        match error {
            DispatchError::Refused(refusal) => refusal.into(),
            DispatchError::StaleVersion { expected, actual } => Problem::new("stale_version").with_reason(
                domain::Reason::rule("version").with("expected", expected.0).with("actual", actual.0),
            ),
            DispatchError::Contended => Problem::new("busy").retry_after(Duration::from_secs(1)),
            DispatchError::Unavailable(source) => {
                tracing::warn!(error = %super::ErrorChain(source.as_ref()), "log unavailable");
                Problem::unavailable()
            }
            DispatchError::Fault(source) => Problem::internal(source.as_ref()),
        }
    }
}

impl From<RegistrationError> for Problem {
    fn from(error: RegistrationError) -> Self {
        match error {
            RegistrationError::Dispatch(error) => error.into(),
            RegistrationError::Database(error) => error.into(),
        }
    }
}

impl From<LogError> for Problem {
    fn from(error: LogError) -> Self {
        match &error {
            LogError::Unavailable(_) => {
                tracing::warn!(error = %super::ErrorChain(&error), "log unavailable");
                Problem::unavailable()
            }
            LogError::Unreadable { .. } => Problem::internal(&error),
        }
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        let unavailable = match &error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => true,
            // Connection exceptions, too many connections, shutting down, read-only after a failover.
            sqlx::Error::Database(error) => error.code().is_some_and(|code| {
                ["08", "53", "57P", "25006", "40"].iter().any(|class| code.starts_with(class))
            }),
            _ => false,
        };
        if unavailable {
            tracing::warn!(error = %super::ErrorChain(&error), "postgres unavailable");
            Problem::unavailable()
        } else {
            Problem::internal(&error)
        }
    }
}

impl From<BytesRejection> for Problem {
    fn from(rejection: BytesRejection) -> Self {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Problem::new("body_too_large")
        } else {
            Problem::new("malformed_request")
        }
    }
}

/// An invalid id in a path is 404.
impl From<PathRejection> for Problem {
    fn from(_: PathRejection) -> Self {
        Problem::not_found()
    }
}

impl From<PasswordError> for Problem {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => Problem::new("busy").retry_after(Duration::from_secs(5)),
            PasswordError::Hash(_) => Problem::internal(&error),
        }
    }
}
