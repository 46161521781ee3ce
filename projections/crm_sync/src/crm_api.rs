//! Operations of the external CRM: one method per operation.

use domain::AccountId;
use reqwest::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde::de::IgnoredAny;
use serde_json::Value;
use uuid::Uuid;

use crate::client::{ApiRequest, CallContext, CallError, CrmClient};
use crate::wire::{Page, TicketFields, TicketRecord, UserFields, UserRecord, same_email};

/// Maximum page size of the API contract.
const PAGE_LIMIT: &str = "100";
/// Maximum number of pages; a longer list counts as invalid.
const MAX_PAGES: u64 = 100_000;

/// Body of requests without a body.
const NO_BODY: Option<&()> = None;

/// API of the CRM for calls with one origin. The methods fail as [`CrmClient::call`].
#[derive(Clone, Copy)]
pub(crate) struct CrmApi<'a> {
    pub client: &'a CrmClient,
    pub context: CallContext,
}

impl CrmApi<'_> {
    pub async fn create_user(&self, user: &UserFields, key: Uuid) -> Result<UserRecord, CallError> {
        self.post("/users", user, key).await
    }

    /// Returns `None` if the user does not exist.
    pub async fn find_user(&self, id: &str) -> Result<Option<UserRecord>, CallError> {
        not_found_as_none(self.get(format!("/users/{}", escape_segment(id)), &[]).await)
    }

    /// Returns `None` if the user does not exist.
    pub async fn update_user(&self, id: &str, user: &UserFields) -> Result<Option<UserRecord>, CallError> {
        not_found_as_none(self.put(format!("/users/{}", escape_segment(id)), user).await)
    }

    /// Returns `None` if the user does not exist.
    pub async fn set_user_status(&self, id: &str, status: &str) -> Result<Option<UserRecord>, CallError> {
        let body = serde_json::json!({ "status": status });
        not_found_as_none(self.put(format!("/users/{}/status", escape_segment(id)), &body).await)
    }

    /// Deletes a user. Succeeds if the user does not exist.
    pub async fn delete_user(&self, id: &str) -> Result<(), CallError> {
        let request = ApiRequest {
            method: Method::DELETE,
            path: format!("/users/{}", escape_segment(id)),
            query: &[],
            body: NO_BODY,
            idempotency_key: None,
        };
        not_found_as_none(self.client.call::<IgnoredAny, ()>(self.context, request).await).map(|_| ())
    }

    /// Finds the users with exactly this address, oldest first.
    pub async fn find_users_by_email(&self, email: &str) -> Result<Vec<UserRecord>, CallError> {
        let mut users = self.list_all::<UserRecord>("/users", &[("search", email)]).await?;
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

    /// Returns `None` if the ticket does not exist.
    pub async fn find_ticket(&self, id: &str) -> Result<Option<TicketRecord>, CallError> {
        not_found_as_none(self.get(format!("/tickets/{}", escape_segment(id)), &[]).await)
    }

    /// Returns `None` if the ticket does not exist.
    pub async fn update_ticket(&self, id: &str, changes: &Value) -> Result<Option<TicketRecord>, CallError> {
        not_found_as_none(self.put(format!("/tickets/{}", escape_segment(id)), changes).await)
    }

    /// Lists the tickets that an account has opened, oldest first.
    pub async fn list_tickets_of(&self, account_id: AccountId) -> Result<Vec<TicketRecord>, CallError> {
        let account_id = account_id.to_string();
        let mut tickets = self.list_all::<TicketRecord>("/tickets", &[("userId", &account_id)]).await?;
        // An older CRM may ignore the filter.
        tickets.retain(|ticket| ticket.created_by == account_id);
        Ok(tickets)
    }

    /// Lists all tickets.
    pub async fn list_tickets(&self) -> Result<Vec<TicketRecord>, CallError> {
        self.list_all("/tickets", &[]).await
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
            let page: Page<T> = self.get(path.to_owned(), &query).await?;
            let is_empty = page.data.is_empty();
            records.extend(page.data);
            if is_empty || page.total_pages.is_some_and(|last| number >= last) {
                break;
            }
        }
        Ok(records)
    }

    async fn get<T: DeserializeOwned>(&self, path: String, query: &[(&str, &str)]) -> Result<T, CallError> {
        let request = ApiRequest { method: Method::GET, path, query, body: NO_BODY, idempotency_key: None };
        self.client.call(self.context, request).await
    }

    async fn post<T: DeserializeOwned, B: Serialize + Sync>(
        &self,
        path: &str,
        body: &B,
        key: Uuid,
    ) -> Result<T, CallError> {
        let request = ApiRequest {
            method: Method::POST,
            path: path.to_owned(),
            query: &[],
            body: Some(body),
            idempotency_key: Some(key),
        };
        self.client.call(self.context, request).await
    }

    async fn put<T: DeserializeOwned, B: Serialize + Sync>(
        &self,
        path: String,
        body: &B,
    ) -> Result<T, CallError> {
        let request =
            ApiRequest { method: Method::PUT, path, query: &[], body: Some(body), idempotency_key: None };
        self.client.call(self.context, request).await
    }
}

/// Converts a 404 of the CRM to `None`.
fn not_found_as_none<T>(result: Result<T, CallError>) -> Result<Option<T>, CallError> {
    match result {
        Ok(record) => Ok(Some(record)),
        Err(CallError::Failed(failure)) if failure.is_not_found() => Ok(None),
        Err(error) => Err(error),
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
