//! Schemathesis against our own document, without a session and with every role.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tests::{Settings, World};

use crate::permissions::one_of_each_role;

/// Time limit for one identity; all of them together stay below three minutes.
const SECONDS_EACH: &str = "20";

const CHECKS: &str =
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";

/// No request causes a 5xx, or a status or shape that the document does not name.
#[tokio::test(flavor = "multi_thread")]
async fn the_api_keeps_to_its_document_whatever_is_sent() {
    let program = schemathesis();
    let mut world = World::with(Settings::default()).await;
    fs::write(world.folder.path().join("schemathesis.toml"), CONFIGURATION).expect("a file");
    let mut identities = vec![("nobody".to_owned(), None)];
    for (role, person) in one_of_each_role(&world).await {
        identities.push((role.to_string(), Some(person.token)));
    }
    let mut failed = Vec::new();
    for (name, token) in identities {
        let (ok, words) = run(&program, &world, token).await;
        if !ok {
            failed.push(format!("as {name}:\n{words}"));
        }
        assert!(world.app.is_alive(), "as {name}: {words}");
    }
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
    assert!(!world.app.log().contains("panicked"), "{}", world.app.log());
}

/// A position beyond the head of the log is 503 by contract, after two seconds.
const CONFIGURATION: &str = "[parameters]\n\"header.Min-Log-Position\" = \"0\"\n";

async fn run(program: &Path, world: &World, token: Option<String>) -> (bool, String) {
    let mut command = Command::new(program);
    command.args(["run", &format!("{}/api/openapi.json", world.client().url)]);
    command.args(["--url", &world.client().url, "--checks", CHECKS, "--max-time", SECONDS_EACH]);
    command.args(["--phases", "coverage,fuzzing", "--max-examples", "6", "--seed", "17", "--workers", "1"]);
    command.args(["--suppress-health-check", "all", "--warnings", "off", "--request-timeout", "20"]);
    command.args(["--generation-database", "none", "--max-failures", "20", "--no-color", "--no-shrink"]);
    // The identity would sign itself out, or erase itself.
    command.args(["--exclude-path", "/api/v1/session", "--proxy", ""]);
    if let Some(token) = token {
        command.args(["-H", &format!("Authorization:Bearer {token}")]);
    }
    command.current_dir(world.folder.path()).stdin(Stdio::null()).env("NO_PROXY", "*");
    let output = tokio::task::spawn_blocking(move || command.output()).await.expect("no panic");
    let output = output.expect("schemathesis runs");
    let words = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&words).into_owned())
}

fn schemathesis() -> PathBuf {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.tools/venv/bin/schemathesis");
    assert!(program.is_file(), "{} is missing: run `make setup`", program.display());
    program
}
