//! Embedded servers, if no server is configured.
//! Runs the real programs: installed ones, or those of KAFEDRA_POSTGRES__BIN_DIR and KAFEDRA_NATS__BIN.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod database_owner;

use std::fs;
use std::future::Future;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use embedded_servers::{Durability, EmbeddedError, EmbeddedSettings, ServerAddresses, Servers};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use sqlx::{Connection, PgConnection};

fn settings(data_dir: &Path) -> EmbeddedSettings {
    EmbeddedSettings {
        data_dir: data_dir.into(),
        tools_dir: Path::new(env!("CARGO_MANIFEST_DIR")).join("../.tools"),
        database_url: None,
        nats_url: None,
        postgres_bin_dir: std::env::var_os("KAFEDRA_POSTGRES__BIN_DIR").map(PathBuf::from),
        nats_bin: std::env::var_os("KAFEDRA_NATS__BIN").map(PathBuf::from),
        durability: Durability::Kept,
    }
}

async fn start(data_dir: &Path) -> Result<Servers, EmbeddedError> {
    Servers::start(&settings(data_dir), &|_| {}).await
}

/// A folder that every user can reach, as a home usually is.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o711)).unwrap();
    folder
}

/// `kafedra` with that data directory and no other server.
fn kafedra(data_dir: &Path) -> Command {
    configured(Command::new(env!("CARGO_BIN_EXE_kafedra")), data_dir)
}

fn configured(mut command: Command, data_dir: &Path) -> Command {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.tools");
    command.current_dir("/").env_remove("DATABASE_URL").env_remove("NATS_URL");
    command.env("KAFEDRA_DATA_DIR", data_dir).env("KAFEDRA_TOOLS_DIR", tools);
    command
}

/// A launcher whose command runs until it is stopped.
fn launcher(data_dir: &Path) -> Child {
    kafedra(data_dir).args(["exec", "--", "sleep", "1000"]).stderr(Stdio::null()).spawn().unwrap()
}

async fn run(mut command: Command) -> Output {
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, look: impl Fn() -> F) -> T {
    for _ in 0..600 {
        match look().await {
            Some(seen) => return seen,
            None => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
    panic!("not within 30 s: {what}");
}

fn pid(number: u32) -> Pid {
    Pid::from_raw(number.cast_signed()).unwrap()
}

async fn postmaster(data_dir: &Path) -> Pid {
    let path = data_dir.join("postgres/postmaster.pid");
    let text = fs::read_to_string(path).unwrap();
    Pid::from_raw(text.lines().next().unwrap().parse().unwrap()).unwrap()
}

async fn execute(url: &str, sql: &str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
}

async fn count(url: &str) -> Option<i64> {
    let mut connection = PgConnection::connect(url).await.ok()?;
    sqlx::query_scalar("select count(*) from kept").fetch_one(&mut connection).await.ok()
}

/// Credentials of the URL are passed as options, because async-nats ignores them in the URL.
async fn stream_answers(url: &str) -> bool {
    let address: async_nats::ServerAddr = url.parse().unwrap();
    let (user, password) = (address.username().unwrap().into(), address.password().unwrap().into());
    let options = async_nats::ConnectOptions::with_user_and_password(user, password);
    let Ok(client) = options.connect(address).await else { return false };
    let stream = async_nats::jetstream::stream::Config {
        name: "kept".into(),
        subjects: vec!["kept.>".into()],
        ..Default::default()
    };
    async_nats::jetstream::new(client).get_or_create_stream(stream).await.is_ok()
}

#[tokio::test]
async fn both_servers_answer_and_keep_what_they_were_told() {
    let folder = folder();
    let servers = start(folder.path()).await.unwrap();
    assert!(stream_answers(&servers.nats_url).await);
    execute(&servers.database_url, "create table kept (); insert into kept default values").await;
    servers.stop().await;

    let servers = start(folder.path()).await.unwrap();
    assert_eq!(count(&servers.database_url).await, Some(1));
    servers.stop().await;
}

#[tokio::test]
async fn letters_of_every_alphabet_have_their_small_ones() {
    let folder = folder();
    let servers = start(folder.path()).await.unwrap();
    let mut connection = PgConnection::connect(&servers.database_url).await.unwrap();
    let small: bool =
        sqlx::query_scalar("select lower('ИВАН') = 'иван'").fetch_one(&mut connection).await.unwrap();
    assert!(small);
}

#[tokio::test]
async fn after_a_killed_launcher_nothing_is_left_and_the_next_start_is_clean() {
    let folder = folder();
    let mut first = launcher(folder.path());
    let running = eventually("servers", async || ServerAddresses::read(folder.path())).await;
    execute(&running.database_url, "create table kept (); insert into kept default values").await;
    let orphan = postmaster(folder.path()).await;
    first.kill().unwrap();
    first.wait().unwrap();
    eventually("no Postgres", async || test_kill_process(orphan).is_err().then_some(())).await;
    assert!(ServerAddresses::read(folder.path()).is_none(), "addresses of a dead run are not given out");

    let servers = start(folder.path()).await.unwrap();
    assert_eq!(count(&servers.database_url).await, Some(1));
}

#[tokio::test]
async fn a_start_right_after_a_kill_waits_for_the_old_servers() {
    let folder = folder();
    for _ in 0..3 {
        let mut killed = launcher(folder.path());
        eventually("servers", async || ServerAddresses::read(folder.path())).await;
        killed.kill().unwrap();
        killed.wait().unwrap();
    }
    let servers = start(folder.path()).await.unwrap();
    assert!(stream_answers(&servers.nats_url).await);
}

#[tokio::test]
async fn a_stale_process_id_of_somebody_else_does_not_keep_postgres_from_starting() {
    let folder = folder();
    start(folder.path()).await.unwrap().stop().await;
    let stale = folder.path().join("postgres/postmaster.pid");
    fs::write(&stale, format!("{}\n{}\n", std::process::id(), folder.path().display())).unwrap();
    start(folder.path()).await.unwrap().stop().await;
}

#[tokio::test]
async fn a_server_that_is_killed_comes_back_on_its_address() {
    let folder = folder();
    let servers = start(folder.path()).await.unwrap();
    execute(&servers.database_url, "create table kept (); insert into kept default values").await;
    let (postgres, nats) = (servers.postgres_pid().unwrap(), servers.nats_pid().unwrap());
    kill_process(pid(postgres), Signal::KILL).unwrap();
    kill_process(pid(nats), Signal::KILL).unwrap();

    eventually("the row", async || count(&servers.database_url).await.filter(|rows| *rows == 1)).await;
    eventually("the stream", async || stream_answers(&servers.nats_url).await.then_some(())).await;
    assert_ne!(servers.postgres_pid(), Some(postgres));
    assert_ne!(servers.nats_pid(), Some(nats));
}

#[tokio::test]
async fn two_runs_on_one_folder_are_refused_and_the_first_goes_on() {
    let folder = folder();
    let servers = start(folder.path()).await.unwrap();
    let refused = start(folder.path()).await.err().unwrap();
    assert!(matches!(refused, EmbeddedError::Busy { .. }), "{refused}");
    assert!(refused.to_string().contains(&std::process::id().to_string()), "{refused}");
    assert!(stream_answers(&servers.nats_url).await);
}

#[tokio::test]
async fn a_second_command_uses_the_servers_of_the_first() {
    let folder = folder();
    let servers = start(folder.path()).await.unwrap();
    let mut exec = kafedra(folder.path());
    exec.args(["exec", "--", "sh", "-c", "echo $DATABASE_URL $NATS_URL"]);
    let said = String::from_utf8(run(exec).await.stdout).unwrap();
    assert_eq!(said.trim(), format!("{} {}", servers.database_url, servers.nats_url));

    let mut config = kafedra(folder.path());
    config.args(["config", "--secrets"]);
    let said = String::from_utf8(run(config).await.stdout).unwrap();
    assert!(said.contains(&servers.database_url) && said.contains(&servers.nats_url), "{said}");
    assert!(stream_answers(&servers.nats_url).await, "and leaves them running");
}

#[tokio::test]
async fn data_of_another_version_is_refused_and_not_touched() {
    let folder = folder();
    start(folder.path()).await.unwrap().stop().await;
    let data = folder.path().join("postgres");
    fs::write(data.join("PG_VERSION"), "9\n").unwrap();
    let before = listing(&data);
    let refused = start(folder.path()).await.err().unwrap();
    assert!(matches!(refused, EmbeddedError::OtherVersion { made_by: 9, .. }), "{refused}");
    assert!(refused.to_string().contains("Nothing was changed"), "{refused}");
    assert_eq!(listing(&data), before);
}

#[tokio::test]
async fn a_folder_that_is_no_database_is_refused_and_not_touched() {
    let folder = folder();
    fs::create_dir(folder.path().join("postgres")).unwrap();
    fs::write(folder.path().join("postgres/diary.txt"), "dear diary").unwrap();
    let refused = start(folder.path()).await.err().unwrap();
    assert!(matches!(refused, EmbeddedError::NotADataDirectory { .. }), "{refused}");
    assert!(folder.path().join("postgres/diary.txt").exists());
}

#[tokio::test]
async fn missing_programs_are_named_with_the_remedy() {
    let folder = folder();
    let mut without = settings(folder.path());
    without.postgres_bin_dir = Some("/nowhere".into());
    let said = Servers::start(&without, &|_| {}).await.err().unwrap().to_string();
    assert!(said.contains("apt-get install postgresql") && said.contains("make setup"), "{said}");

    let mut without = settings(folder.path());
    without.nats_bin = Some("/nowhere/nats-server".into());
    let said = Servers::start(&without, &|_| {}).await.err().unwrap().to_string();
    assert!(said.contains("apt-get install nats-server") && said.contains("make setup"), "{said}");
}

#[tokio::test]
async fn servers_that_are_named_are_not_started() {
    let folder = folder();
    let mut named = settings(&folder.path().join("untouched"));
    named.database_url = Some("postgres://elsewhere/d".into());
    named.nats_url = Some("nats://elsewhere".into());
    let servers = Servers::start(&named, &|_| {}).await.unwrap();
    assert_eq!(servers.database_url, "postgres://elsewhere/d");
    assert_eq!(servers.nats_url, "nats://elsewhere");
    assert!(!named.data_dir.exists());
}

#[tokio::test]
async fn throwaway_servers_leave_nothing_behind() {
    let folder = folder();
    let mut exec = kafedra(&folder.path().join("untouched"));
    exec.args(["exec", "--throwaway", "--", "sh", "-c", "echo $TMPDIR"]).env("TMPDIR", folder.path());
    let output = run(exec).await;
    assert!(output.status.success(), "{}", words(&output));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn the_exit_status_of_the_command_is_passed_on() {
    let folder = folder();
    for (command, code) in [(&["sh", "-c", "exit 7"][..], 7), (&["/no/such/program"], 127)] {
        let mut exec = kafedra(folder.path());
        exec.args(["exec", "--"]).args(command);
        let output = run(exec).await;
        assert_eq!(output.status.code(), Some(code), "{}", words(&output));
    }
}

#[tokio::test]
async fn a_signal_ends_the_command_and_then_the_servers() {
    let folder = folder();
    let mut exec = kafedra(folder.path());
    exec.args(["exec", "--", "sh", "-c", "trap 'exit 42' TERM; while :; do sleep 0.1; done"]);
    let mut child = exec.stderr(Stdio::null()).spawn().unwrap();
    let running = eventually("servers", async || ServerAddresses::read(folder.path())).await;
    let server = postmaster(folder.path()).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    kill_process(pid(child.id()), Signal::TERM).unwrap();
    let status = tokio::task::spawn_blocking(move || child.wait().unwrap()).await.unwrap();
    assert_eq!(status.code(), Some(42));
    assert!(test_kill_process(server).is_err());
    assert!(PgConnection::connect(&running.database_url).await.is_err());
}

#[tokio::test]
async fn wrong_use_is_told_from_failure_by_the_exit_status() {
    let folder = folder();
    let mut wrong = kafedra(folder.path());
    wrong.arg("exec");
    assert_eq!(run(wrong).await.status.code(), Some(2));
    let mut fails = kafedra(folder.path());
    fails.arg("config").env("KAFEDRA_NO_SUCH_KEY", "1");
    let output = run(fails).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty() && words(&output).contains("no_such_key"), "{}", words(&output));
}

/// Only root can switch users; an ordinary user runs every other test as one.
#[tokio::test]
async fn an_ordinary_user_needs_no_rights() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let folder = folder();
    let data_dir = folder.path().join("data");
    fs::create_dir(&data_dir).unwrap();
    chown(&data_dir, Some(65534), Some(65534)).unwrap();
    // The program itself may lie where only root can reach it.
    let program = folder.path().join("kafedra");
    fs::copy(env!("CARGO_BIN_EXE_kafedra"), &program).unwrap();
    for _ in 0..2 {
        let mut exec = Command::new("setpriv");
        exec.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs", "--"]).arg(&program);
        let mut exec = configured(exec, &data_dir);
        exec.args(["exec", "--", "true"]);
        let output = run(exec).await;
        assert!(output.status.success(), "{}", words(&output));
    }
    // Root continues in the same folder as that user.
    start(&data_dir).await.unwrap().stop().await;

    let roots = folder.path().join("roots");
    start(&roots).await.unwrap().stop().await;
    let mut exec = Command::new("setpriv");
    exec.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]).arg(&program);
    let mut exec = configured(exec, &roots);
    exec.args(["exec", "--", "true"]);
    let output = run(exec).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(words(&output).contains("belongs to root"), "{}", words(&output));
}

/// Root's own folders are often closed to others (`/root`), and the servers do not run as root.
#[tokio::test]
async fn root_may_start_from_a_folder_that_nobody_else_can_reach() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
    let servers = start(&folder.path().join("data")).await.unwrap();
    let mut connection = PgConnection::connect(servers.admin_database_url().unwrap()).await.unwrap();
    let data: String = sqlx::query_scalar("show data_directory").fetch_one(&mut connection).await.unwrap();
    servers.stop().await;
    fs::remove_dir_all(PathBuf::from(data).parent().unwrap()).unwrap();
}

fn listing(folder: &Path) -> Vec<(PathBuf, u64)> {
    let mut files = vec![];
    for entry in fs::read_dir(folder).unwrap().flatten() {
        files.push((entry.path(), entry.metadata().unwrap().len()));
        if entry.path().is_dir() {
            files.extend(listing(&entry.path()));
        }
    }
    files.sort();
    files
}
