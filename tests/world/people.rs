//! People who act: what they are called is random and marked, so that a leak can be recognised.

use serde_json::{Value, json};

use crate::{Answer, Call, Door};

/// A number that nobody else has drawn.
pub fn chance() -> u64 {
    rand::random()
}

/// Somebody who has not registered yet.
#[derive(Clone, Debug)]
pub struct Newcomer {
    pub door: Door,
    pub role: &'static str,
    pub email: String,
    pub password: String,
    pub name: String,
    pub nickname: String,
    pub phone: String,
}

/// Somebody with an account and a session.
#[derive(Clone, Debug)]
pub struct Person {
    pub door: Door,
    pub id: String,
    pub email: String,
    pub password: String,
    pub name: String,
    pub nickname: String,
    pub phone: String,
    pub token: String,
    /// Of the last change that was acknowledged to this person.
    pub position: u64,
}

impl Newcomer {
    pub fn new(door: &Door, role: &'static str) -> Self {
        let mark = format!("{:016x}", chance());
        Self {
            door: door.clone(),
            role,
            email: format!("Mail.{mark}@person.example"),
            password: format!("pass word {:016x}", chance()),
            name: format!("Анна Name{mark}"),
            nickname: format!("nick{mark}"),
            phone: format!("+7999{:09}", chance() % 1_000_000_000),
        }
    }

    /// The body of the registration.
    pub fn form(&self) -> Value {
        json!({
            "email": self.email, "password": self.password, "name": self.name, "nickname": self.nickname,
            "phone": self.phone, "role": self.role, "locale": "ru", "time_zone": "Europe/Moscow",
        })
    }

    /// # Panics
    /// The registration was refused.
    pub async fn registers(self) -> Person {
        let answer = self.door.post("/accounts", &self.form()).await.is(201);
        self.became(&answer)
    }

    /// The person that a registration's answer speaks of.
    pub fn became(self, answer: &Answer) -> Person {
        let text =
            |pointer: &str| answer[pointer].as_str().unwrap_or_else(|| panic!("{pointer}: {answer:?}"));
        Person {
            id: text("/account/id").to_owned(),
            token: text("/token").to_owned(),
            position: answer.position(),
            door: self.door,
            email: self.email,
            password: self.password,
            name: self.name,
            nickname: self.nickname,
            phone: self.phone,
        }
    }
}

impl Person {
    /// The same person, calling another process.
    #[must_use]
    pub fn through(&self, door: &Door) -> Self {
        Self { door: door.clone(), ..self.clone() }
    }

    pub fn call(&self, method: &str, path: &str) -> Call {
        self.door.call(method, path).bearer(&self.token)
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call("GET", path).send().await
    }

    /// Reads what is not older than position `position`.
    pub async fn get_at(&self, position: u64, path: &str) -> Answer {
        self.call("GET", path).header("min-log-position", position).send().await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.call("POST", path).json(&body).send().await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.call("PATCH", path).json(&body).send().await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.call("DELETE", path).send().await
    }

    /// Erases their own account.
    pub async fn erases_themselves(&self) -> Answer {
        self.call("DELETE", "/me").json(&json!({ "password": self.password })).send().await
    }

    /// What signing in with their present e-mail address and password is answered.
    pub async fn tries_to_sign_in(&self) -> Answer {
        let credentials = json!({ "email": self.email, "password": self.password });
        self.door.post("/session", &credentials).await
    }

    /// Begins a new session; the old ones stay.
    pub async fn signs_in(&self) -> Person {
        let answer = self.tries_to_sign_in().await.is(200);
        let token = answer["token"].as_str().expect("a token").to_owned();
        Self { token, position: answer.position(), ..self.clone() }
    }
}
