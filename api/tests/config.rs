//! Settings from files, the environment and arguments.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use api::config::{Config, LogFormat, MasterKeyError};
use secrecy::ExposeSecret;

fn environment(variables: &[(&str, &str)]) -> BTreeMap<String, String> {
    variables.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
}

fn file(folder: &tempfile::TempDir, text: &str) -> PathBuf {
    let path = folder.path().join("school.toml");
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_defaults() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "[crm]\nconcurrency = 3\nmax_attempts = 4\n");
    let variables = environment(&[("KAFEDRA_CRM__MAX_ATTEMPTS", "5"), ("KAFEDRA_LOG__FORMAT", "text")]);
    let config = Config::from_layers(Some(&path), variables).unwrap();
    assert_eq!(config.crm.timeout_ms, 10_000);
    assert_eq!(config.crm.concurrency, 3);
    assert_eq!(config.crm.max_attempts, 5);
    assert_eq!(config.log.format, LogFormat::Text);
}

#[test]
fn well_known_names_are_taken_and_an_empty_one_is_not_set() {
    let variables = environment(&[
        ("DATABASE_URL", "postgres://u:p@h/d"),
        ("NATS_URL", ""),
        ("CRM_API_URL", "http://crm.example/api"),
        ("CRM_API_KEY", "007"),
    ]);
    let config = Config::from_layers(None, variables).unwrap();
    assert_eq!(config.postgres.url.unwrap().expose_secret(), "postgres://u:p@h/d");
    assert!(config.nats.url.is_none());
    assert_eq!(config.crm.url, "http://crm.example/api");
    assert_eq!(config.crm.key.unwrap().expose_secret(), "007", "a key of digits keeps its zeros");
}

#[test]
fn lists_and_numbers_come_from_the_environment_too() {
    let variables = environment(&[
        ("KAFEDRA_HTTP__ALLOWED_ORIGINS", r#"["https://a.example","https://b.example"]"#),
        ("KAFEDRA_HTTP__COOKIE_SECURE", "true"),
        ("KAFEDRA_LISTEN__API", "127.0.0.1:0"),
        ("KAFEDRA_CONFIG", "ignored.toml"),
    ]);
    let config = Config::from_layers(None, variables).unwrap();
    assert_eq!(config.http.allowed_origins, ["https://a.example", "https://b.example"]);
    assert!(config.http.cookie_secure);
    assert_eq!(config.listen.api.port(), 0);
}

#[test]
fn an_unknown_key_is_refused_by_name_and_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "[http]\nbody_limit = 1\n");
    let said = Config::from_layers(Some(&path), environment(&[])).unwrap_err().to_string();
    assert!(said.contains("body_limit") && said.contains("school.toml"), "{said}");

    let variables = environment(&[("KAFEDRA_HTTP__BODY_LIMIT", "1")]);
    let said = Config::from_layers(None, variables).unwrap_err().to_string();
    assert!(said.contains("body_limit") && said.contains("environment"), "{said}");
}

#[test]
fn a_wrong_value_is_refused_by_name() {
    for (name, value, named) in [
        ("KAFEDRA_CRM__TIMEOUT_MS", "soon", "KAFEDRA_CRM__TIMEOUT_MS"),
        ("KAFEDRA_NATS__REPLICAS", "2", "nats.replicas"),
        ("KAFEDRA_IDEMPOTENCY__KEEP_HOURS", "1", "idempotency.keep_hours"),
        ("KAFEDRA_NATS__STREAM", "a.b", "nats.stream"),
    ] {
        let said = Config::from_layers(None, environment(&[(name, value)])).unwrap_err().to_string();
        assert!(said.contains(named), "{said}");
    }
}

#[test]
fn a_file_that_is_named_must_exist() {
    let said = Config::from_layers(Some("/nowhere.toml".as_ref()), environment(&[])).unwrap_err().to_string();
    assert!(said.contains("/nowhere.toml"), "{said}");
}

#[test]
fn secrets_are_shown_only_when_asked_for_and_what_is_shown_can_be_read_again() {
    let secrets = ["postgres://u:hush1@h/d", "hush2", "hush3"];
    let variables = environment(&[
        ("DATABASE_URL", secrets[0]),
        ("CRM_API_KEY", secrets[1]),
        ("KAFEDRA_MASTER_KEY", secrets[2]),
    ]);
    let config = Config::from_layers(None, variables).unwrap();
    let shown = config.to_toml(false);
    assert!(!shown.contains("hush") && !format!("{config:?}").contains("hush"), "{shown}");
    assert!(shown.contains("postgres://u:[redacted]@h/d"), "{shown}");

    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, &config.to_toml(true));
    let again = Config::from_layers(Some(&path), environment(&[])).unwrap();
    assert_eq!(again.to_toml(true), config.to_toml(true));
}

#[test]
fn the_master_key_is_made_once_and_readable_only_for_its_owner() {
    let folder = tempfile::tempdir().unwrap();
    let variables = environment(&[("KAFEDRA_DATA_DIR", folder.path().to_str().unwrap())]);
    let config = Config::from_layers(None, variables).unwrap();
    let made = config.master_key().unwrap();
    assert_eq!(made.expose_secret(), config.master_key().unwrap().expose_secret());

    let path = config.master_key_file();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(config.master_key(), Err(MasterKeyError::Exposed(_))));
}

#[test]
fn a_master_key_that_is_none_is_refused_without_repeating_it() {
    let config = Config::from_layers(None, environment(&[("KAFEDRA_MASTER_KEY", "hush")])).unwrap();
    let said = config.master_key().unwrap_err().to_string();
    assert!(said.contains("64 hexadecimal digits") && !said.contains("hush"), "{said}");
}
