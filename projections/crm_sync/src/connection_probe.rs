//! Connection test of the CRM: creates a marked record, reads it and deletes it.

use std::time::Instant;

use domain::CommandContext;
use serde::Serialize;

use crate::call_log::cause_name;
use crate::circuit::Circuit;
use crate::client::{CallContext, CallError};
use crate::crm_api::CrmApi;
use crate::integration::{CrmIntegration, CrmIntegrationError};
use crate::wire::{NO_SUBJECTS, UserFields};

/// E-mail domain of test records. It is reserved (RFC 2606), so no person has such an address.
const TEST_DOMAIN: &str = "crm-test.kafedra.invalid";

/// Result of a connection test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConnectionTest {
    /// True if the marked user was created and read back.
    pub ok: bool,
    /// Latency of the creation, in milliseconds.
    pub latency_ms: u64,
    pub status: Option<u16>,
    /// Cause as in the call log, or `not_read_back`.
    pub error: Option<&'static str>,
    /// True if no test record is left, of this test or of an earlier one.
    pub cleaned_up: bool,
}

/// Returns true if the address belongs to a test record.
pub(crate) fn is_test_email(email: &str) -> bool {
    email.trim().to_lowercase().ends_with(&format!("@{TEST_DOMAIN}"))
}

impl CrmIntegration {
    /// Calls the CRM, even if the circuit is open. A valid response closes the circuit.
    ///
    /// A refusal of the CRM is a result, not an error.
    ///
    /// # Errors
    /// [`CrmIntegrationError::Database`] if the database is unavailable.
    pub async fn test_connection(
        &self,
        request_context: &CommandContext,
    ) -> Result<ConnectionTest, CrmIntegrationError> {
        let context = CallContext { account_id: None, what: "test", is_manual: true, task: None };
        let crm = CrmApi { client: &self.client, context };
        let now = self.clock.now();
        let user = UserFields {
            name: "Проверка связи Kafedra".to_owned(),
            email: format!("test-{}@{TEST_DOMAIN}", self.ids.next()),
            r#type: "student",
            phone: String::new(),
            subjects: vec![NO_SUBJECTS.to_owned()],
            join_date: now.to_zoned(jiff::tz::TimeZone::UTC).date().to_string(),
        };
        let was_not_closed = self.client.breaker.state().await? != Circuit::NEW;
        let begun = Instant::now();
        let created = crm.create_user(&user, request_context.command_id.uuid()).await;
        let latency_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let read_back = match created {
            Ok(record) => crm.find_user(&record.id).await.map(|found| found.is_some()),
            Err(error) => Err(error),
        };
        // Also removes a record whose creation timed out, and the remains of earlier tests.
        let cleaned_up = remove_test_records(&crm).await;
        let (ok, status, error) = match read_back {
            Ok(is_there) => (is_there, Some(200), (!is_there).then_some("not_read_back")),
            Err(CallError::Failed(failure)) => (false, failure.status, Some(cause_name(failure.cause))),
            Err(error) => return Err(error.into()),
        };
        if ok && was_not_closed {
            // The due times of waiting deliveries were set while the CRM was unavailable.
            self.run_now(None).await?;
        }
        Ok(ConnectionTest { ok, latency_ms, status, error, cleaned_up })
    }
}

async fn remove_test_records(crm: &CrmApi<'_>) -> bool {
    let Ok(remaining) = crm.search_users(TEST_DOMAIN).await else { return false };
    let mut is_clean = true;
    for record in remaining.iter().filter(|record| is_test_email(&record.email)) {
        is_clean &= crm.delete_user(&record.id).await.is_ok();
    }
    is_clean
}
