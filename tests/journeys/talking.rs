//! What people do who talk with each other.

use serde_json::json;
use tests::{Answer, Person, id_of};
use uuid::Uuid;

/// A name that a client gives a message.
pub fn client_id() -> Uuid {
    Uuid::from_u64_pair(tests::chance(), tests::chance())
}

/// Opens the conversation of two; its id.
pub async fn opens(person: &Person, other: &Person) -> String {
    let opened = person.post("/conversations", json!({ "participant_id": other.id })).await.ok();
    id_of(&opened).to_owned()
}

/// Says something new.
pub async fn says(person: &Person, conversation: &str, body: &str) -> Answer {
    says_to(person, conversation, client_id(), body).await.is(201)
}

/// Tries to say something under a name of their client.
pub async fn says_to(person: &Person, conversation: &str, client_id: Uuid, body: &str) -> Answer {
    let message = json!({ "client_id": client_id, "body": body });
    person.post(&format!("/conversations/{conversation}/messages"), message).await
}
