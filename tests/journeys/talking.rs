//! Actions of people in conversations.

use serde_json::json;
use tests::{Answer, Person, id_of};
use uuid::Uuid;

/// A `client_id` of a message.
pub fn client_id() -> Uuid {
    Uuid::from_u64_pair(tests::random_u64(), tests::random_u64())
}

/// Opens the direct conversation of two people; returns its id.
pub async fn opens(person: &Person, other: &Person) -> String {
    let opened = person.post("/conversations", json!({ "participant_id": other.id })).await.ok();
    id_of(&opened).to_owned()
}

/// Sends a new message.
pub async fn sends(person: &Person, conversation: &str, body: &str) -> Answer {
    sends_as(person, conversation, client_id(), body).await.is(201)
}

/// Sends a message under a given `client_id`.
pub async fn sends_as(person: &Person, conversation: &str, client_id: Uuid, body: &str) -> Answer {
    let message = json!({ "client_id": client_id, "body": body });
    person.post(&format!("/conversations/{conversation}/messages"), message).await
}
