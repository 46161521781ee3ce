//! Errors of an operator at the start, and what an operator sees in the database.

use std::collections::BTreeMap;

use tests::{World, kafedra};

/// Runs `kafedra projections` with changed variables; returns what it says after it has failed.
async fn fails(world: &World, changes: &[(&str, &str)]) -> String {
    let mut environment: BTreeMap<String, String> = world.environment().clone();
    for (name, value) in changes {
        match value.is_empty() {
            true => environment.remove(*name),
            false => environment.insert((*name).to_owned(), (*value).to_owned()),
        };
    }
    let output = kafedra(&environment, &["projections"]).await;
    assert!(!output.status.success(), "{changes:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A missing key file is not created again for a database that has events.
#[tokio::test(flavor = "multi_thread")]
async fn a_missing_master_key_is_named_and_not_replaced() {
    let world = World::start().await;
    world.student().registers().await;
    let file = world.folder.path().join("not/mounted");
    let path = file.display().to_string();
    let changes = [("KAFEDRA_MASTER_KEY", ""), ("KAFEDRA_KEYS__MASTER_KEY_FILE", path.as_str())];
    let said = fails(&world, &changes).await;
    assert!(said.contains(&path) && said.contains("does not exist"), "{said}");
    assert!(!file.exists(), "no key was made");
}

/// The message has the cause, not only that the pool has waited.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_address_of_the_database_is_explained() {
    let world = World::start().await;
    let said = fails(&world, &[("DATABASE_URL", "postgres://kafedra@127.0.0.1:1/kafedra")]).await;
    assert!(said.to_lowercase().contains("refused"), "{said}");
    let said = fails(&world, &[("DATABASE_URL", "mysql://kafedra@127.0.0.1/kafedra")]).await;
    assert!(said.contains("postgres://"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_have_a_name() {
    let world = World::start().await;
    let nameless: i64 = sqlx::query_scalar(
        "select count(*) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and application_name = 'kafedra'",
    )
    .fetch_one(&world.pool)
    .await
    .expect("the database answers");
    assert!(nameless > 0, "connections of the program are called so");
}
