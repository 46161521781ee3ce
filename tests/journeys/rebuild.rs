//! Read models are built again beside the old ones while people write and read.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use serde_json::{Value, json};
use tests::{Person, World, eventually};

/// Under load: no read fails, and what is built from nothing equals what was served.
#[tokio::test(flavor = "multi_thread")]
async fn every_read_model_rebuilt_under_load_equals_what_was_served() {
    let world = World::start().await;
    let admin = world.admin().await;
    let support = world.support(&admin).await;
    for _ in 0..20 {
        let person = world.teacher().registers().await;
        person.patch("/me/profile", json!({ "city": "Тверь", "subjects": ["mathematics"] })).await.ok();
    }
    let (done, reads) = (AtomicBool::new(false), AtomicUsize::new(0));
    let load = async {
        while !done.load(Ordering::Relaxed) {
            world.student().registers().await;
        }
    };
    let reading = async {
        while !done.load(Ordering::Relaxed) {
            support.get("/crm/users?include=total").await.is(200);
            world.door().get("/teachers").await.is(200);
            reads.fetch_add(1, Ordering::Relaxed);
        }
    };
    let rebuilding = async {
        let models = names(&admin).await;
        assert!(models.len() >= 2, "{models:?}");
        for model in &models {
            admin.post(&format!("/admin/projections/{model}/rebuild"), json!({})).await.ok();
            eventually("the rebuild is over", || async {
                let state = projection(&admin, model).await;
                let version = &state["rebuild"];
                if version.is_null() || version["state"] == "done" { Ok(()) } else { Err(state.to_string()) }
            })
            .await;
        }
        done.store(true, Ordering::Relaxed);
        models
    };
    let (models, (), ()) = futures::join!(rebuilding, load, reading);
    assert!(reads.load(Ordering::Relaxed) > 3);
    all_have_caught_up(&admin).await;
    for model in &models {
        let compared = world.kafedra(&["replay", "--model", model]).await;
        let words = String::from_utf8_lossy(&compared.stdout).into_owned();
        assert!(compared.status.success(), "{model}: {words} {}", String::from_utf8_lossy(&compared.stderr));
    }
}

async fn names(admin: &Person) -> Vec<String> {
    let answer = admin.get("/admin/projections").await.is(200);
    rows(&answer.body).iter().map(|row| row["name"].as_str().expect("a name").to_owned()).collect()
}

async fn projection(admin: &Person, name: &str) -> Value {
    let answer = admin.get("/admin/projections").await.is(200);
    rows(&answer.body).iter().find(|row| row["name"] == name).cloned().expect("it is listed")
}

async fn all_have_caught_up(admin: &Person) {
    eventually("every read model is at the end of the log", || async {
        let answer = admin.get("/admin/projections").await.is(200);
        let behind: Vec<&Value> = rows(&answer.body).iter().filter(|row| row["lag_events"] != 0).collect();
        if behind.is_empty() { Ok(()) } else { Err(format!("{behind:?}")) }
    })
    .await;
}

fn rows(body: &Value) -> &Vec<Value> {
    body["data"].as_array().or(body.as_array()).expect("a list")
}
