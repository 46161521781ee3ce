//! Read models are rebuilt beside the live ones while people write and read.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use serde_json::{Value, json};
use tests::{Person, World, all_have_caught_up, eventually, listeners, read_models};

/// Under load no read fails, and a rebuilt read model equals the live one.
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
            world.client().get("/teachers").await.is(200);
            reads.fetch_add(1, Ordering::Relaxed);
        }
    };
    let rebuilding = async {
        let models = read_models(&admin).await;
        for model in &models {
            let before = generation(&admin, model).await;
            admin.post(&format!("/admin/projections/{model}/rebuild"), json!({})).await.ok();
            eventually("the rebuild is over and its tables are in place", || async {
                let state = listener(&admin, model).await;
                let is_done = state["rebuild"]["state"] == "done" && state["generation"] != before;
                if is_done { Ok(()) } else { Err(state.to_string()) }
            })
            .await;
        }
        done.store(true, Ordering::Relaxed);
        models
    };
    let (models, (), ()) = futures::join!(rebuilding, load, reading);
    assert!(reads.load(Ordering::Relaxed) > 3);
    eventually("every read model is at the end of the log", || all_have_caught_up(&admin)).await;
    for model in &models {
        let compared = world.kafedra(&["replay", "--model", model]).await;
        let words = String::from_utf8_lossy(&compared.stdout).into_owned();
        assert!(compared.status.success(), "{model}: {words} {}", String::from_utf8_lossy(&compared.stderr));
    }
}

async fn listener(admin: &Person, name: &str) -> Value {
    let listeners = listeners(admin).await.expect("an admin sees the listeners");
    listeners.into_iter().find(|listener| listener["name"] == name).expect("it is listed")
}

async fn generation(admin: &Person, name: &str) -> Value {
    listener(admin, name).await["generation"].clone()
}
