//! People who act; their data is random and marked, so that a test recognises a leak.

use serde_json::{Value, json};

use crate::{Answer, Call, HttpClient, eventually};

/// A unique random number.
pub fn random_u64() -> u64 {
    rand::random()
}

/// A person who has not registered yet.
#[derive(Clone, Debug)]
pub struct Newcomer {
    pub client: HttpClient,
    pub role: &'static str,
    pub email: String,
    pub password: String,
    pub name: String,
    pub nickname: String,
    pub phone: String,
}

/// A person with an account and a session.
#[derive(Clone, Debug)]
pub struct Person {
    pub client: HttpClient,
    pub id: String,
    pub email: String,
    pub password: String,
    pub name: String,
    pub nickname: String,
    pub phone: String,
    pub token: String,
    /// Position of the last change that was acknowledged to this person.
    pub position: u64,
}

impl Newcomer {
    pub fn new(client: &HttpClient, role: &'static str) -> Self {
        let mark = format!("{:016x}", random_u64());
        Self {
            client: client.clone(),
            role,
            email: format!("Mail.{mark}@person.example"),
            password: format!("pass word {:016x}", random_u64()),
            name: format!("Анна Name{mark}"),
            nickname: format!("nick{mark}"),
            phone: format!("+7999{:09}", random_u64() % 1_000_000_000),
        }
    }

    /// Body of the registration.
    pub fn form(&self) -> Value {
        json!({
            "email": self.email, "password": self.password, "name": self.name, "nickname": self.nickname,
            "phone": self.phone, "role": self.role, "locale": "ru", "time_zone": "Europe/Moscow",
        })
    }

    /// # Panics
    /// If the registration is refused.
    pub async fn registers(self) -> Person {
        let answer = self.client.post("/accounts", &self.form()).await.is(201);
        self.became(&answer)
    }

    /// The person of a registration's answer.
    pub fn became(self, answer: &Answer) -> Person {
        let text =
            |pointer: &str| answer[pointer].as_str().unwrap_or_else(|| panic!("{pointer}: {answer:?}"));
        Person {
            id: text("/account/id").to_owned(),
            token: text("/token").to_owned(),
            position: answer.position(),
            client: self.client,
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
    pub fn through(&self, client: &HttpClient) -> Self {
        Self { client: self.client.at(&client.url), ..self.clone() }
    }

    pub fn call(&self, method: &str, path: &str) -> Call {
        self.client.call(method, path).bearer(&self.token)
    }

    /// Reads a state that includes each change that was acknowledged to any person of the test: people of a test
    /// talk to each other. A read model that is behind is asked again, as a client does.
    pub async fn get(&self, path: &str) -> Answer {
        eventually("the read model has what was acknowledged", || async {
            let answer = self.get_at(self.client.acknowledged(), path).await;
            if answer["code"] == "projection_behind" { Err(format!("{answer:?}")) } else { Ok(answer) }
        })
        .await
    }

    /// Reads a state that includes the event at `position`.
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

    /// Erases the person's own account.
    pub async fn erases_themselves(&self) -> Answer {
        self.call("DELETE", "/me").json(&json!({ "password": self.password })).send().await
    }

    /// Answer to a sign-in with the present e-mail address and password.
    pub async fn tries_to_sign_in(&self) -> Answer {
        let credentials = json!({ "email": self.email, "password": self.password });
        self.client.post("/session", &credentials).await
    }

    /// Begins a new session; the earlier sessions stay.
    pub async fn signs_in(&self) -> Person {
        let answer = self.tries_to_sign_in().await.is(200);
        let token = answer["token"].as_str().expect("a token").to_owned();
        Self { token, position: answer.position(), ..self.clone() }
    }
}
