//! Log lines of a lesson: ids of who joined, and nothing with which others could join, connect or read.

mod support;

use std::io;
use std::sync::{Arc, Mutex};

use serde_json::json;
use signaling::protocol::Role;
use signaling::token::Claims;
use support::media::Media;
use support::{Person, Server, claims, id, key};
use tracing_subscriber::fmt::MakeWriter;

/// All that was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no test has panicked").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("no test has panicked").clone()).expect("UTF-8")
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_join_is_logged_by_its_ids_and_no_secret_or_name_ever() {
    let log = Log::default();
    let all = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
    all.with_writer(log.clone()).init();
    let server = Server::start().await;
    let lesson = id();
    let mut teacher = Person::joins(&server, lesson, Role::Teacher).await;
    let name = "Варвара Тайная";
    let entry = Claims { name: name.into(), ..claims(lesson, id(), Role::Student) };
    let token = key().sign(&entry);
    let mut student = Person::joins_as(&server, entry).await;
    let (mut of_teacher, mut of_student) = (Media::new(1).await, Media::new(2).await);
    of_teacher.publishes(&mut teacher).await;
    of_student.receives(&mut student, 2).await;
    student.asks_ok("chat.send", json!({ "text": "between the two of us" })).await;
    server.handle.kill().await;

    let text = log.text();
    // What libraries trace is not written by default.
    let of_service = |line: &&str| line.contains(" signaling::") || !line.contains("TRACE");
    for person in [&teacher, &student] {
        let joined: Vec<&str> = text
            .lines()
            .filter(of_service)
            .filter(|line| line.contains("joined") && line.contains(&person.id.to_string()))
            .collect();
        assert_eq!(joined.len(), 1, "{text}");
        assert!(joined[0].contains(&format!("lesson={lesson}")), "{}", joined[0]);
    }
    let signature = token.rsplit('.').next().unwrap();
    for secret in [signature, name, &student.secret, &teacher.secret, "a=ice", "between the two of us"] {
        let found = text.lines().filter(of_service).find(|line| line.contains(secret));
        assert_eq!(found, None, "{secret}");
    }
}
