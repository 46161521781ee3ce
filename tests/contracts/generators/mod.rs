//! External validators read the API document, and the clients that generators make of it work.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;
use tests::World;

/// Flags of `tsc` that the generated types must pass.
const TSCONFIG: &str = include_str!("tsconfig.json");
const TYPESCRIPT_CLIENT: &str = include_str!("client.ts");
const PYTHON_CLIENT: &str = include_str!("client.py");
/// Settings of openapi-python-client.
const PYTHON_SETTINGS: &str = include_str!("python_client.yaml");

#[test]
fn redocly_finds_neither_errors_nor_warnings() {
    let folder = folder_with_document();
    let result = run(node("redocly").args(["lint", "--format=json"]).arg(folder.path().join("openapi.json")));
    let result: Value = serde_json::from_str(&result).expect("the result is JSON");
    assert_eq!(result["totals"], serde_json::json!({ "errors": 0, "warnings": 0, "ignored": 0 }), "{result}");
}

#[test]
fn openapi_spec_validator_accepts_the_document() {
    let folder = folder_with_document();
    run(python("openapi_spec_validator").arg("openapi.json").current_dir(&folder));
}

#[test]
fn strict_typescript_accepts_the_generated_types() {
    let folder = folder_with_document();
    generate_typescript(folder.path());
    run(node("tsc").arg("--project").arg(folder.path()));
}

#[test]
fn openapi_python_client_makes_a_client_of_the_whole_document() {
    let folder = folder_with_document();
    generate_python(folder.path());
}

/// Output of each client after it has registered two people, booked and read.
fn booked_lesson() -> Value {
    serde_json::json!({ "status": "scheduled", "cost": 150_000, "seats": 1 })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_typed_client_in_typescript_registers_books_and_reads() {
    let world = World::start().await;
    let folder = folder_with_document();
    fs::write(folder.path().join("client.ts"), TYPESCRIPT_CLIENT).unwrap();
    generate_typescript(folder.path());
    run(node("tsc").arg("--project").arg(folder.path()));
    let mut client = Command::new(top().join(".ci/node"));
    client.arg("node").arg(folder.path().join("client.ts")).env("API_URL", &world.client().url);
    let printed = tokio::task::spawn_blocking(move || run(&mut client)).await.unwrap();
    assert_eq!(serde_json::from_str::<Value>(&printed).unwrap(), booked_lesson());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_typed_client_in_python_registers_books_and_reads() {
    let world = World::start().await;
    let folder = folder_with_document();
    generate_python(folder.path());
    fs::write(folder.path().join("client.py"), PYTHON_CLIENT).unwrap();
    let mut client = Command::new(python_program());
    client.arg("client.py").current_dir(&folder).env("API_URL", &world.client().url).env("NO_PROXY", "*");
    let printed = tokio::task::spawn_blocking(move || run(&mut client)).await.unwrap();
    assert_eq!(serde_json::from_str::<Value>(&printed).unwrap(), booked_lesson());
}

/// Writes `schema.d.ts` beside the document.
fn generate_typescript(folder: &Path) {
    fs::write(folder.join("tsconfig.json"), TSCONFIG).unwrap();
    fs::write(folder.join("package.json"), r#"{ "type": "module" }"#).unwrap();
    std::os::unix::fs::symlink(top().join("web/node_modules"), folder.join("node_modules")).unwrap();
    let mut generator = node("openapi-typescript");
    generator.arg(folder.join("openapi.json")).arg("--output").arg(folder.join("schema.d.ts"));
    run(&mut generator);
}

/// Writes the package `kafedra_client` beside the document.
fn generate_python(folder: &Path) {
    fs::write(folder.join("settings.yaml"), PYTHON_SETTINGS).unwrap();
    let mut generator = python("openapi_python_client");
    generator.args(["generate", "--path", "openapi.json", "--config", "settings.yaml", "--meta", "none"]);
    generator.args(["--output-path", "kafedra_client", "--fail-on-warning"]);
    run(generator.current_dir(folder));
}

fn folder_with_document() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let document = serde_json::to_string_pretty(&api::http::document::build_document()).unwrap();
    fs::write(folder.path().join("openapi.json"), document).unwrap();
    folder
}

/// Returns a command of the packages of the web client, which are installed if they are missing. It runs in `web/`.
pub fn node(program: &str) -> Command {
    let mut command = Command::new(top().join(".ci/node"));
    command.arg(format!("node_modules/.bin/{program}"));
    command.env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
    command
}

fn python(module: &str) -> Command {
    let mut command = Command::new(python_program());
    command.args(["-m", module]);
    command
}

fn python_program() -> PathBuf {
    let python = top().join(".tools/venv/bin/python");
    assert!(python.is_file(), "{} is missing: run `make setup`", python.display());
    python
}

/// Runs a command and returns its output. A failure prints all that it said.
pub fn run(command: &mut Command) -> String {
    let output = command.output().expect("the command runs");
    let words = format!("{}{}", text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{command:?}\n{words}");
    text(&output.stdout)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}
