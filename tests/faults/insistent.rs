//! A client that repeats a request, at one process after the other, until there is a definite answer.

use std::time::{Duration, Instant};

use tests::{Answer, Call, HttpClient, Newcomer, Person, random_u64};

/// Longer than any outage in these tests.
const TIMEOUT: Duration = Duration::from_secs(120);

/// A definite answer, and whether an earlier attempt may have been carried out.
pub struct Definite {
    pub answer: Answer,
    pub may_be_repeated: bool,
}

/// Repeats the request until the answer is definite.
///
/// # Panics
/// If there is no definite answer in two minutes.
pub async fn insists(call: impl Fn() -> Call) -> Definite {
    insists_at_each(&[()], |()| call()).await
}

/// Repeats the request until the answer is definite. Each attempt goes through the next of these clients.
///
/// # Panics
/// If there is no definite answer in two minutes.
pub async fn insists_at_each<C>(clients: &[C], call: impl Fn(&C) -> Call) -> Definite {
    let deadline = Instant::now() + TIMEOUT;
    let mut may_be_repeated = false;
    for client in clients.iter().cycle() {
        let instead = match call(client).timeout(Duration::from_secs(10)).attempt().await {
            Ok(answer) if is_later(&answer) => format!("{answer:?}"),
            Ok(answer) => return Definite { answer, may_be_repeated },
            Err(error) => format!("{error:?}"),
        };
        may_be_repeated = true;
        assert!(Instant::now() < deadline, "no definite answer in {TIMEOUT:?}: {instead}");
        tokio::time::sleep(Duration::from_millis(40 + random_u64() % 100)).await;
    }
    panic!("there is no client")
}

/// A request that may be repeated, because it was not refused. A 500 never counts.
fn is_later(answer: &Answer) -> bool {
    matches!(answer.status, 429 | 503) || answer["code"] == "idempotency_key_in_use"
}

/// Registers under its own key, whatever happens meanwhile.
pub async fn registers(new: Newcomer) -> Person {
    let client = new.client.clone();
    registers_at_each(new, &[client]).await
}

/// Registers under its own key. Each attempt goes through the next of these clients.
pub async fn registers_at_each(new: Newcomer, clients: &[HttpClient]) -> Person {
    let (key, form) = (format!("{:016x}", random_u64()), new.form());
    let call = |client: &HttpClient| client.call("POST", "/accounts").key(&key).json(&form);
    let answer = insists_at_each(clients, call).await.answer.is(201);
    new.became(&answer)
}
