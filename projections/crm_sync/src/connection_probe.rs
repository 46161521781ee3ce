//! Sees whether the CRM can be reached, written and read, with a record that is marked and removed again.

use std::time::Instant;

use domain::CommandContext;
use serde::Serialize;

use crate::call_log::cause_name;
use crate::circuit::Circuit;
use crate::client::{CallContext, CallError};
use crate::crm_api::CrmApi;
use crate::integration::{CrmIntegration, CrmIntegrationError};
use crate::wire::{NO_SUBJECTS, UserFields};

/// Addresses of test records: nobody can have one (RFC 2606), and each says what it is.
const TEST_DOMAIN: &str = "crm-test.kafedra.invalid";

/// How the test went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConnectionTest {
    /// A marked user was created, read back and deleted.
    pub ok: bool,
    /// Of the creation.
    pub latency_ms: u64,
    pub status: Option<u16>,
    /// As in the attempt log.
    pub error: Option<&'static str>,
    /// Whether no test record is left, of this test or of an earlier one.
    pub cleaned_up: bool,
}

/// Whether a record is one of ours that test the line.
pub(crate) fn is_test_email(email: &str) -> bool {
    email.trim().to_lowercase().ends_with(&format!("@{TEST_DOMAIN}"))
}

impl CrmIntegration {
    /// Calls the CRM for real, circuit breaker or not; an answer closes the breaker.
    ///
    /// # Errors
    /// Our own database is away. A CRM that says no is an answer, not an error.
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
        // Also after a creation whose end nobody saw, and what earlier tests had to leave behind.
        let cleaned_up = remove_test_records(&crm).await;
        let (ok, status, error) = match read_back {
            Ok(is_there) => (is_there, Some(200), (!is_there).then_some("not_read_back")),
            Err(CallError::Failed(failure)) => (false, failure.status, Some(cause_name(failure.cause))),
            Err(error) => return Err(error.into()),
        };
        if ok && was_not_closed {
            // They wait for a time that was set when nobody answered.
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
