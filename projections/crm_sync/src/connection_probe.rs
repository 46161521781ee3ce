//! Connection test of the CRM: creates a marked record, reads it and deletes it.

use std::time::Instant;

use domain::CommandContext;
use serde::Serialize;

use crate::circuit::Circuit;
use crate::client::{CallContext, CallError};
use crate::crm_api::{CrmApi, RecordReply};
use crate::integration::{CrmIntegration, CrmIntegrationError};
use crate::operations::{Operation, list_unsupported};
use crate::wire::{NO_SUBJECTS, UserFields, UserRecord};

/// E-mail domain of test records. It is reserved (RFC 2606), so no person has such an address.
const TEST_DOMAIN: &str = "crm-test.kafedra.invalid";

/// Result of a connection test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConnectionTest {
    /// True if a marked user was created and read back.
    pub ok: bool,
    /// Latency of the creation, in milliseconds.
    pub latency_ms: u64,
    pub status: Option<u16>,
    /// Cause as in the call log, or `not_read_back`.
    pub error: Option<&'static str>,
    /// True if no test record is left, of this test or of an earlier one. A CRM that does not delete users keeps
    /// one.
    pub cleaned_up: bool,
    /// The operations that the CRM may lack; empty if the test failed.
    pub operations: Vec<OperationTest>,
}

/// Result of the test of one operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OperationTest {
    pub operation: Operation,
    /// `None` if the CRM gave no valid answer.
    pub supported: Option<bool>,
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
        let unsupported = list_unsupported(&self.pool).await?;
        let keeps_records = unsupported.iter().any(|known| known.operation == Operation::DeleteUser);
        // Each test would add a record to a CRM that does not delete.
        let remaining =
            if keeps_records { list_test_records(&crm).await.unwrap_or_default() } else { Vec::new() };
        let begun = Instant::now();
        let created = match remaining.into_iter().next() {
            Some(record) => Ok(record),
            None => crm.create_user(&user, request_context.command_id.uuid()).await,
        };
        let latency_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let read_back = match created {
            Ok(record) => is_listed(&crm, &record).await,
            Err(error) => Err(error),
        };
        // Also removes a record whose creation timed out, and the remains of earlier tests.
        let cleaned_up = remove_test_records(&crm).await;
        let (ok, status, error) = match read_back {
            Ok(is_there) => (is_there, Some(200), (!is_there).then_some("not_read_back")),
            Err(CallError::Failed(failure)) => (false, failure.status, Some(failure.name())),
            Err(error) => return Err(error.into()),
        };
        if ok && was_not_closed {
            // The due times of waiting deliveries were set while the CRM was unavailable.
            self.run_now(None).await?;
        }
        let mut operations = Vec::new();
        if ok {
            for operation in Operation::ALL.iter().copied() {
                operations.push(OperationTest { operation, supported: crm.probe(operation).await? });
            }
            self.request_incomplete(request_context).await?;
        }
        Ok(ConnectionTest { ok, latency_ms, status, error, cleaned_up, operations })
    }
}

/// Returns true if the CRM returns a user: by id, or in the list if it does not serve single records.
async fn is_listed(crm: &CrmApi<'_>, user: &UserRecord) -> Result<bool, CallError> {
    match crm.find_user(&user.id).await? {
        RecordReply::Record(_) => Ok(true),
        RecordReply::Missing => Ok(false),
        RecordReply::Unsupported(_) => {
            let listed = crm.find_users_by_email(&user.email).await?;
            Ok(listed.iter().any(|record| record.id == user.id))
        }
    }
}

async fn list_test_records(crm: &CrmApi<'_>) -> Result<Vec<UserRecord>, CallError> {
    let mut records = crm.search_users(TEST_DOMAIN).await?;
    records.retain(|record| is_test_email(&record.email));
    Ok(records)
}

async fn remove_test_records(crm: &CrmApi<'_>) -> bool {
    let Ok(remaining) = list_test_records(crm).await else { return false };
    let mut is_clean = true;
    for record in remaining {
        let reply = crm.delete_user(&record.id).await;
        is_clean &= matches!(reply, Ok(RecordReply::Record(_) | RecordReply::Missing));
    }
    is_clean
}
