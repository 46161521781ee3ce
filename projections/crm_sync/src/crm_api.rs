//! Operations of the external CRM: one method per operation.

use domain::AccountId;
use reqwest::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde::de::IgnoredAny;
use serde_json::Value;
use uuid::Uuid;

use crate::call_failure::CallFailure;
use crate::client::{ApiRequest, CallContext, CallError, CrmClient};
use crate::operations::Operation;
use crate::wire::{Page, TicketFields, TicketRecord, UserFields, UserRecord, same_email};

/// Maximum page size of the API contract.
const PAGE_LIMIT: &str = "100";
/// Maximum number of pages; a longer list counts as invalid.
const MAX_PAGES: u64 = 100_000;

/// Id of a record that does not exist.
const PROBED_ID: &str = "kafedra-probe";

/// Body of requests without a body.
const NO_BODY: Option<&()> = None;

/// API of the CRM for calls with one origin. The methods fail as [`CrmClient::call`].
#[derive(Clone, Copy)]
pub(crate) struct CrmApi<'a> {
    pub client: &'a CrmClient,
    pub context: CallContext,
}

/// Answer of the CRM to a call about one record.
pub(crate) enum RecordReply<T> {
    Record(T),
    /// The record does not exist.
    Missing,
    /// The CRM does not serve the operation.
    Unsupported(CallFailure),
}

impl CrmApi<'_> {
    pub async fn create_user(&self, user: &UserFields, key: Uuid) -> Result<UserRecord, CallError> {
        self.post("/users", user, key).await
    }

    pub async fn find_user(&self, id: &str) -> Result<RecordReply<UserRecord>, CallError> {
        self.call_record(Operation::FindUser, id, NO_BODY).await
    }

    pub async fn update_user(
        &self,
        id: &str,
        user: &UserFields,
    ) -> Result<RecordReply<UserRecord>, CallError> {
        self.call_record(Operation::UpdateUser, id, Some(user)).await
    }

    pub async fn set_user_status(
        &self,
        id: &str,
        status: &str,
    ) -> Result<RecordReply<UserRecord>, CallError> {
        let body = serde_json::json!({ "status": status });
        self.call_record(Operation::SetUserStatus, id, Some(&body)).await
    }

    pub async fn delete_user(&self, id: &str) -> Result<RecordReply<IgnoredAny>, CallError> {
        self.call_record(Operation::DeleteUser, id, NO_BODY).await
    }

    /// Finds the users with exactly this address, oldest first.
    pub async fn find_users_by_email(&self, email: &str) -> Result<Vec<UserRecord>, CallError> {
        let mut users = self.search_users(email).await?;
        users.retain(|user| same_email(&user.email, email));
        Ok(users)
    }

    /// Finds the users whose record contains the text.
    pub async fn search_users(&self, text: &str) -> Result<Vec<UserRecord>, CallError> {
        self.list_all("/users", &[("search", text)]).await
    }

    /// Lists all users.
    pub async fn list_users(&self) -> Result<Vec<UserRecord>, CallError> {
        self.list_all("/users", &[]).await
    }

    pub async fn create_ticket(&self, ticket: &TicketFields, key: Uuid) -> Result<TicketRecord, CallError> {
        self.post("/tickets", ticket, key).await
    }

    pub async fn find_ticket(&self, id: &str) -> Result<RecordReply<TicketRecord>, CallError> {
        self.call_record(Operation::FindTicket, id, NO_BODY).await
    }

    pub async fn update_ticket(
        &self,
        id: &str,
        changes: &Value,
    ) -> Result<RecordReply<TicketRecord>, CallError> {
        self.call_record(Operation::UpdateTicket, id, Some(changes)).await
    }

    /// Lists the tickets that an account has opened, oldest first.
    pub async fn list_tickets_of(&self, account_id: AccountId) -> Result<Vec<TicketRecord>, CallError> {
        let account_id = account_id.to_string();
        let filter = [("userId", account_id.as_str())];
        let mut tickets = self.list_all::<TicketRecord>("/tickets", &filter).await?;
        // An older CRM may ignore the filter.
        tickets.retain(|ticket| ticket.created_by == account_id);
        Ok(tickets)
    }

    /// Lists all tickets.
    pub async fn list_tickets(&self) -> Result<Vec<TicketRecord>, CallError> {
        self.list_all("/tickets", &[]).await
    }

    /// Calls an operation about a record that does not exist. Returns whether the CRM serves the operation;
    /// `None` if the answer shows neither.
    ///
    /// # Errors
    /// [`sqlx::Error`] if the database is unavailable.
    pub async fn probe(&self, operation: Operation) -> Result<Option<bool>, sqlx::Error> {
        let body = match operation {
            Operation::SetUserStatus => Some(serde_json::json!({ "status": "active" })),
            Operation::UpdateUser | Operation::UpdateTicket => Some(serde_json::json!({})),
            Operation::FindUser | Operation::DeleteUser | Operation::FindTicket => None,
        };
        let reply = self.call_record::<IgnoredAny, Value>(operation, PROBED_ID, body.as_ref()).await;
        match reply {
            Ok(RecordReply::Record(_) | RecordReply::Missing) => Ok(Some(true)),
            Ok(RecordReply::Unsupported(_)) => Ok(Some(false)),
            Err(CallError::Failed(failure)) => Ok(failure.shows_support()),
            Err(CallError::Held { .. }) => Ok(None),
            Err(CallError::Database(error)) => Err(error),
        }
    }

    async fn list_all<T: DeserializeOwned>(
        &self,
        path: &str,
        filter: &[(&str, &str)],
    ) -> Result<Vec<T>, CallError> {
        let mut records = Vec::new();
        for number in 1..=MAX_PAGES {
            let number_text = number.to_string();
            let mut query = filter.to_vec();
            query.extend([("page", number_text.as_str()), ("limit", PAGE_LIMIT)]);
            let request = ApiRequest {
                operation: None,
                method: Method::GET,
                path: path.to_owned(),
                query: &query,
                body: NO_BODY,
                idempotency_key: None,
            };
            let page: Page<T> = self.client.call(self.context, request).await?;
            let is_empty = page.data.is_empty();
            records.extend(page.data);
            if is_empty || page.total_pages.is_some_and(|last| number >= last) {
                break;
            }
        }
        Ok(records)
    }

    async fn post<T: DeserializeOwned, B: Serialize + Sync>(
        &self,
        path: &str,
        body: &B,
        key: Uuid,
    ) -> Result<T, CallError> {
        let request = ApiRequest {
            operation: None,
            method: Method::POST,
            path: path.to_owned(),
            query: &[],
            body: Some(body),
            idempotency_key: Some(key),
        };
        self.client.call(self.context, request).await
    }

    async fn call_record<T: DeserializeOwned, B: Serialize + Sync>(
        &self,
        operation: Operation,
        id: &str,
        body: Option<&B>,
    ) -> Result<RecordReply<T>, CallError> {
        let (method, collection, suffix) = match operation {
            Operation::FindUser => (Method::GET, "users", ""),
            Operation::UpdateUser => (Method::PUT, "users", ""),
            Operation::SetUserStatus => (Method::PUT, "users", "/status"),
            Operation::DeleteUser => (Method::DELETE, "users", ""),
            Operation::FindTicket => (Method::GET, "tickets", ""),
            Operation::UpdateTicket => (Method::PUT, "tickets", ""),
        };
        let path = format!("/{collection}/{}{suffix}", escape_segment(id));
        let operation = Some(operation);
        let request = ApiRequest { operation, method, path, query: &[], body, idempotency_key: None };
        match self.client.call(self.context, request).await {
            Ok(record) => Ok(RecordReply::Record(record)),
            Err(CallError::Failed(failure)) if failure.is_unsupported => {
                Ok(RecordReply::Unsupported(failure))
            }
            Err(CallError::Failed(failure)) if failure.is_not_found() => Ok(RecordReply::Missing),
            Err(error) => Err(error),
        }
    }
}

/// Escapes an id as one segment of a path (RFC 3986): all characters that are not unreserved.
fn escape_segment(id: &str) -> String {
    let escape = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    id.bytes().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_stays_one_segment_of_the_path() {
        assert_eq!(escape_segment("0198-a_b~"), "0198-a_b~");
        assert_eq!(escape_segment("../x?y"), "%2E%2E%2Fx%3Fy");
    }
}
