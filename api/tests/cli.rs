//! The command line.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::io::Write;
use std::process::{Command, Output, Stdio};

use migrations::{ThrowawayDatabase, throwaway_database};
use serde_json::Value;
use tempfile::TempDir;

/// A migrated database and a data directory of its own.
struct Site {
    database: ThrowawayDatabase,
    folder: TempDir,
}

/// Result of a command.
struct Answer {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Site {
    async fn new() -> Self {
        #[expect(clippy::disallowed_methods, reason = "the environment names the server of the tests")]
        let url = std::env::var("DATABASE_URL").expect("run under `kafedra exec --throwaway --`");
        Self { database: throwaway_database(&url).await.unwrap(), folder: tempfile::tempdir().unwrap() }
    }

    fn run(&self, arguments: &[&str]) -> Answer {
        self.run_with(arguments, "")
    }

    fn run_with(&self, arguments: &[&str], stdin: &str) -> Answer {
        let mut child = Command::new(env!("CARGO_BIN_EXE_kafedra"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("DATABASE_URL", &self.database.url)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
        let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
        Answer {
            code: status.code().unwrap(),
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
        }
    }

    async fn count(&self, query: &str) -> i64 {
        let mut connection = sqlx::Connection::connect(&self.database.url).await.unwrap();
        let count = sqlx::query_scalar(query).fetch_one(&mut connection as &mut sqlx::PgConnection);
        count.await.unwrap()
    }

    async fn events(&self) -> i64 {
        self.count("select count(*) from log.events").await
    }
}

impl Answer {
    /// Output of a successful command, as JSON.
    #[track_caller]
    fn json(&self) -> Value {
        assert_eq!(self.code, 0, "{}", self.stderr);
        serde_json::from_str(&self.stdout).expect("stdout holds JSON and nothing else")
    }

    #[track_caller]
    fn code_is(&self, code: i32) {
        assert_eq!(self.code, code, "{}{}", self.stdout, self.stderr);
    }

    #[track_caller]
    fn failed(&self, code: i32, words: &str) -> &Self {
        assert_eq!(self.code, code, "{}", self.stderr);
        assert!(self.stderr.contains(words), "{:?} lacks {words:?}", self.stderr);
        assert_eq!(self.stdout, "", "words go to stderr");
        self
    }
}

const ADA: [&str; 8] =
    ["admin", "create", "--email", "ada@school.test", "--name", "Ada Larksmead", "--nickname", "ada"];

/// Every start after the first one migrates a migrated database.
#[tokio::test]
async fn migrating_what_is_migrated_changes_nothing() {
    let site = Site::new().await;
    site.run(&["migrate"]).code_is(0);
    let books = "select count(*) from pg_catalog.pg_tables where tablename = '_sqlx_migrations'";
    assert_eq!(site.count(books).await, 1, "one book of migrations");
}

#[tokio::test]
async fn the_first_admin_is_made_once() {
    let site = Site::new().await;
    let made = site.run_with(&[&ADA[..], &["--password-stdin"]].concat(), "tuman nad rekoy 42\n").json();
    assert_eq!(made["email"], "ada@school.test");
    assert_eq!(made["email_verified"], true);
    assert_eq!(made["roles"], serde_json::json!(["admin"]));
    assert_eq!(site.count("select count(*) from auth.credentials where unsettled_at is null").await, 1);

    let events = site.events().await;
    let again =
        site.run(&["admin", "create", "--email", "ADA@school.test", "--name", "B", "--nickname", "bee"]);
    again.failed(1, "email_taken");
    let same_name = ["admin", "create", "--email", "b@school.test", "--name", "B", "--nickname", "ADA"];
    site.run(&same_name).failed(1, "nickname_taken");
    assert_eq!(site.events().await, events);
    assert_eq!(site.count("select count(*) from auth.credentials").await, 1, "nothing is left of a refusal");
}

#[tokio::test]
async fn wrong_use_is_told_apart_from_a_refusal() {
    let site = Site::new().await;
    site.run(&["admin", "create", "--email", "nobody"]).failed(2, "--email");
    site.run(&["demo", "seed"]).failed(2, "--people");
    site.run(&["demo", "seed", "--people", "0"]).failed(2, "--people");
    site.run(&["replay"]).failed(2, "--stream");
    site.run(&["replay", "--stream", "Account"]).failed(2, "TYPE/ID");
    site.run(&["rebuild", "no_such_model"]).failed(2, "no_such_model");
    let weak = site.run_with(&[&ADA[..], &["--password-stdin"]].concat(), "short\n");
    weak.failed(1, "at least 10 characters");
    assert_eq!(site.events().await, 0);
}

#[tokio::test]
async fn a_password_that_is_made_is_said_on_stderr() {
    let site = Site::new().await;
    let made = site.run(&ADA);
    assert!(made.stderr.contains("the password"), "{}", made.stderr);
    assert!(!made.stdout.contains("password"));
    made.json();
}

#[tokio::test]
async fn roles_are_granted_and_revoked_by_address_or_id() {
    let site = Site::new().await;
    let id = site.run(&ADA).json()["id"].as_str().unwrap().to_owned();
    let grant = ["admin", "grant", "--to", "Ada@School.test", "--role", "auditor"];
    assert_eq!(site.run(&grant).json()["roles"], serde_json::json!(["admin", "auditor"]));
    let revoke = ["admin", "revoke", "--from", &id, "--role", "admin", "--reason", "has left"];
    assert_eq!(site.run(&revoke).json()["roles"], serde_json::json!(["auditor"]));
    site.run(&["admin", "revoke", "--from", &id, "--role", "auditor"]).failed(1, "last_role");
    site.run(&["admin", "grant", "--to", "nobody@school.test", "--role", "admin"])
        .failed(1, "no account has the address");
}

/// The present date; a test may end on the next one.
fn today() -> String {
    domain::Clock::now(&domain::SystemClock).to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}

#[tokio::test]
async fn a19_a_demo_school_is_believable_and_seeding_it_again_changes_nothing() {
    let site = Site::new().await;
    let day = today();
    let first = site.run(&["demo", "seed", "--people", "150", "--on", &day]).json();
    assert_eq!((&first["people"], &first["registered"]), (&150.into(), &150.into()));
    for some in ["students", "teachers", "suspended", "changed_email", "sign_ins"] {
        assert!(first[some].as_u64().unwrap() > 0, "{some}: {first}");
    }
    for some in ["offered", "booked", "completed", "cancelled", "reviewed"] {
        assert!(first[some].as_u64().unwrap() > 10, "{some}: {first}");
    }
    let events = site.events().await;
    let held = "select count(*) from log.events where event_type = 'LessonCompleted'";
    assert_eq!(site.count(held).await, first["completed"].as_i64().unwrap());
    let profiles = "select count(*) from log.events where event_type = 'ProfileUpdated'";
    assert!(site.count(profiles).await > 120, "profiles are told and accepted");
    let messages = "select count(*) from log.events where event_type = 'MessageSent'";
    assert!(site.count(messages).await > 50, "people write to each other");
    for some in ["tickets", "resolved", "rated"] {
        assert!(first[some].as_u64().unwrap() > 0, "{some}: {first}");
    }
    let replies = "select count(*) from log.events where event_type = 'ReplyAdded'";
    assert!(site.count(replies).await > 5, "the support answers");
    let breaches = "select count(*) from log.events where event_type like '%Breached'";
    assert_eq!(site.count(breaches).await, 0, "what is late is found by the clock alone");
    assert_eq!(site.count("select count(*) from auth.credentials").await, 151, "with the agent");
    assert_eq!(site.count("select count(*) from auth.email_keys").await, 151);

    // A19: people join on many days, before they book and before their lessons.
    let days =
        "select count(distinct recorded_at::date) from log.events where event_type = 'AccountRegistered'";
    assert!(site.count(days).await > 30, "{} days", site.count(days).await);
    let too_early = "
        select count(*)
        from log.events as booked
        join log.events as joined
          on joined.aggregate_type = 'Account' and joined.sequence = 1
          and joined.aggregate_id = booked.payload->'SeatBooked'->>'student'
        where booked.event_type = 'SeatBooked'
          and least(booked.recorded_at, (booked.payload->'SeatBooked'->>'starts_at')::timestamptz)
              <= joined.recorded_at";
    assert_eq!(site.count(too_early).await, 0, "a student books before the registration");
    let booked = too_early.split("and least").next().unwrap();
    assert_eq!(site.count(booked).await, first["booked"].as_i64().unwrap(), "every booking was looked at");

    let second = site.run(&["demo", "seed", "--people", "150", "--on", &day]).json();
    assert_eq!(second["registered"], 0);
    assert_eq!((&second["offered"], &second["booked"]), (&first["offered"], &first["booked"]));
    assert_eq!(site.events().await, events, "nothing is appended");
    assert_eq!(site.count("select count(*) from auth.credentials").await, 151);
    assert_eq!(site.count("select count(*) from auth.email_keys").await, 151);
    assert_eq!(first["password"], second["password"]);

    let more = site.run(&["demo", "seed", "--people", "160", "--on", &day]).json();
    assert_eq!(more["registered"], 10, "a larger school has the same people and ten more");
    let other = site.run(&["demo", "seed", "--people", "5", "--seed", "2"]).json();
    assert_eq!(other["registered"], 5, "another seed is another school");
}

#[tokio::test]
async fn there_is_one_demo_person_for_each_role_and_their_password_stays() {
    let site = Site::new().await;
    let day = today();
    let people = site.run(&["demo", "accounts", "--on", &day]).json();
    let roles: Vec<&str> =
        people.as_array().unwrap().iter().map(|person| person["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["student", "teacher", "support", "analyst", "admin", "auditor"]);
    let offered = "select count(*) from log.events where event_type = 'SlotOpened'";
    assert_eq!(site.count(offered).await, 14, "who looks for the first time sees lessons");
    let events = site.events().await;
    assert_eq!(site.run(&["demo", "accounts", "--on", &day]).json(), people);
    assert_eq!(site.events().await, events);

    std::fs::remove_file(site.folder.path().join(".kafedra/demo.json")).unwrap();
    let renewed = site.run(&["demo", "accounts", "--on", &day]).json();
    assert_ne!(renewed[0]["password"], people[0]["password"]);
    let changed = "select count(*) from log.events where event_type = 'PasswordChanged'";
    assert_eq!(site.count(changed).await, 6, "who lost the file gets a password that works");
}

#[tokio::test]
async fn a_stream_is_folded_from_the_log_and_compared_with_what_is_served() {
    let site = Site::new().await;
    let id = site.run(&ADA).json()["id"].as_str().unwrap().to_owned();
    let stream = format!("Account/{id}");
    let replayed = site.run(&["replay", "--stream", &stream]).json();
    assert_eq!((&replayed["events"], &replayed["version"]), (&2.into(), &2.into()));
    assert_eq!(replayed["served_version"], 2);
    assert_eq!(replayed["differences"], serde_json::json!([]));
    assert_eq!(replayed["state"]["Registered"]["email"], "ada@school.test");

    let past = site.run(&["replay", "--stream", &stream, "--to", "1"]).json();
    assert_eq!((&past["version"], &past["served_version"]), (&1.into(), &Value::Null));
    assert_eq!(past["state"]["Registered"]["email_verified"], false);
    let nobody = "Account/0198c0de-0000-7000-8000-000000000001";
    site.run(&["replay", "--stream", nobody]).failed(1, "no events");
    site.run(&["replay", "--stream", &format!("Class/{id}")]).failed(1, "Class");
}

#[tokio::test]
async fn a_snapshot_that_is_not_what_the_log_says_is_found() {
    let site = Site::new().await;
    let id = site.run(&ADA).json()["id"].as_str().unwrap().to_owned();
    let wrong = "insert into log.snapshots values ('Account', $1, 2, 2, 1,
         '{\"Erased\":{\"account_id\":\"0198c0de-0000-7000-8000-000000000001\"}}')";
    let mut connection: sqlx::PgConnection = sqlx::Connection::connect(&site.database.url).await.unwrap();
    sqlx::query(wrong).bind(&id).execute(&mut connection).await.unwrap();
    let replayed = site.run(&["replay", "--stream", &format!("Account/{id}")]);
    assert_eq!(replayed.code, 1);
    let data: Value = serde_json::from_str(&replayed.stdout).unwrap();
    assert_eq!(data["differences"][0]["pointer"], "/Registered");
}

#[tokio::test]
async fn read_models_are_rebuilt_and_a_row_that_the_log_does_not_give_is_found() {
    let site = Site::new().await;
    site.run(&ADA).json();
    let rebuilt = site.run(&["rebuild", "all"]).json();
    let names: Vec<&str> =
        rebuilt.as_array().unwrap().iter().map(|one| one["model"].as_str().unwrap()).collect();
    assert!(names.contains(&"directory"), "{names:?}");
    assert!(rebuilt.as_array().unwrap().iter().all(|one| one["position"] == 2), "{rebuilt}");
    let same = site.run(&["replay", "--model", "directory"]).json();
    assert_eq!((&same["position"], &same["tables"]), (&2.into(), &serde_json::json!([])));
    site.run(&["replay", "--model", "directory", "--to", "3"]).code_is(1);

    let mut connection: sqlx::PgConnection = sqlx::Connection::connect(&site.database.url).await.unwrap();
    sqlx::query("update app.accounts set name = 'Eve'").execute(&mut connection).await.unwrap();
    let other = site.run(&["replay", "--model", "directory"]);
    other.code_is(1);
    let differences: Value = serde_json::from_str(&other.stdout).unwrap();
    assert!(differences["tables"][0]["table"].as_str().unwrap().contains("accounts"), "{differences}");
    site.run(&["rebuild", "directory"]).json();
    site.run(&["replay", "--model", "directory"]).json();
}

#[tokio::test]
async fn without_a_key_there_is_no_crm_to_compare_with() {
    let site = Site::new().await;
    site.run(&["crm", "sync", "--dry-run"]).failed(1, "CRM_API_KEY");
    site.run(&["crm", "reconcile"]).failed(1, "CRM_API_KEY");
}

#[tokio::test]
async fn the_listeners_are_listed_as_a_table_and_as_json() {
    let site = Site::new().await;
    let table = site.run(&["projections"]);
    assert_eq!(table.code, 0, "{}", table.stderr);
    assert!(table.stdout.starts_with("name"), "{}", table.stdout);
    assert_eq!(site.run(&["projections", "--json"]).json()["head"], 0);
}

#[tokio::test]
async fn a_database_without_tables_is_said_to_be_one() {
    let site = Site::new().await;
    let mut connection: sqlx::PgConnection = sqlx::Connection::connect(&site.database.url).await.unwrap();
    sqlx::query("drop table _sqlx_migrations").execute(&mut connection).await.unwrap();
    site.run(&ADA).failed(1, "kafedra migrate");
}

#[tokio::test]
async fn the_catalogue_of_events_is_markdown() {
    let site = Site::new().await;
    let printed = site.run(&["events"]);
    assert_eq!(printed.code, 0, "{}", printed.stderr);
    for part in ["# ", "AccountRegistered", "TicketOpened"] {
        assert!(printed.stdout.contains(part), "the catalogue lacks {part}");
    }
}

/// `kafedra openapi > api/openapi.json` brings it up to date.
#[tokio::test]
async fn the_committed_api_document_is_the_one_of_the_handlers() {
    let site = Site::new().await;
    let document = site.run(&["openapi"]).json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let committed: Value = serde_json::from_str(include_str!("../openapi.json")).unwrap();
    assert!(document == committed, "api/openapi.json is stale: `kafedra openapi > api/openapi.json`");
}

#[tokio::test]
async fn every_command_teaches_with_examples() {
    let site = Site::new().await;
    let commands: &[&[&str]] = &[
        &["up"],
        &["serve"],
        &["signaling"],
        &["migrate"],
        &["admin", "create"],
        &["admin", "grant"],
        &["bench"],
        &["crm", "reconcile"],
        &["crm", "sync"],
        &["config"],
        &["demo", "accounts"],
        &["demo", "seed"],
        &["events"],
        &["exec"],
        &["openapi"],
        &["projections"],
        &["rebuild"],
        &["replay"],
    ];
    for command in commands {
        let help = site.run(&[command, &["--help"][..]].concat());
        assert_eq!(help.code, 0);
        assert!(help.stdout.contains("Examples:"), "{command:?}: {}", help.stdout);
    }
}
