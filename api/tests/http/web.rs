//! The built web client: files, pages, caching.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::world::World;

const PAGE: &str = "<!doctype html><title>Kafedra</title>";

async fn world_with_client(folder: &Path) -> World {
    world_with_client_and_burst(folder, 240).await
}

async fn world_with_client_and_burst(folder: &Path, burst: u32) -> World {
    fs::create_dir(folder.join("assets")).unwrap();
    fs::write(folder.join("index.html"), PAGE).unwrap();
    fs::write(folder.join("assets/index-4f2a.js"), "let whole;").unwrap();
    fs::write(folder.join("assets/index-4f2a.js.br"), "brotli").unwrap();
    fs::write(folder.join("assets/index-4f2a.js.gz"), "gzip").unwrap();
    let dir = folder.to_path_buf();
    World::with(|settings| {
        settings.web_dir = dir;
        settings.limits.address_burst = burst;
    })
    .await
}

#[tokio::test]
async fn every_address_of_a_page_gets_the_client_and_the_api_never_does() {
    let folder = tempfile::tempdir().unwrap();
    let world = world_with_client(folder.path()).await;
    for path in ["/", "/teachers", "/lessons/01a22a12-2561-7415-ba4c-eb08b0cc80f7", "/no/such/page"] {
        let answer = world.get(path, &[]).await;
        assert_eq!((answer.status.as_u16(), answer.bytes.as_slice()), (200, PAGE.as_bytes()), "{path}");
        assert_eq!(answer.header("cache-control"), "no-cache");
        assert!(answer.header("content-security-policy").starts_with("default-src 'self';"));
    }
    for path in ["/api", "/api/v1/nowhere", "/assets/gone.js", "/favicon.ico"] {
        world.get(path, &[]).await.refused(404, "not_found");
    }
    world.post("/teachers", &[], &json!({})).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_hashed_file_is_kept_for_ever_and_sent_as_small_as_the_client_can_read() {
    let folder = tempfile::tempdir().unwrap();
    let world = world_with_client(folder.path()).await;
    let file = "/assets/index-4f2a.js";
    for (accepted, sent) in [("br, gzip", "brotli"), ("gzip", "gzip"), ("identity", "let whole;")] {
        let answer = world.get(file, &[("accept-encoding", accepted)]).await;
        assert_eq!(answer.bytes, sent.as_bytes(), "{accepted}");
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(answer.header("content-type"), "text/javascript");
    }
}

#[tokio::test]
async fn hashed_files_count_against_no_limit_and_carry_no_more_than_they_need() {
    let folder = tempfile::tempdir().unwrap();
    let world = world_with_client_and_burst(folder.path(), 3).await;
    for _ in 0..10 {
        let answer = world.get("/assets/index-4f2a.js", &[]).await;
        assert_eq!(answer.status.as_u16(), 200);
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        for name in ["ratelimit", "x-request-id", "content-security-policy", "access-control-expose-headers"]
        {
            assert!(!answer.headers.contains_key(name), "{name}");
        }
    }
}

#[tokio::test]
async fn nothing_outside_the_folder_is_served() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("secret.txt"), "secret").unwrap();
    let client = folder.path().join("client");
    fs::create_dir(&client).unwrap();
    let world = world_with_client(&client).await;
    for path in
        ["/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt"]
    {
        let answer = world.get(path, &[]).await;
        assert!(!answer.bytes.starts_with(b"secret"), "{path}");
    }
}

#[tokio::test]
async fn without_a_build_the_first_page_says_how_to_make_one() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().to_path_buf();
    let world = World::with(|settings| settings.web_dir = dir).await;
    let answer = world.get("/", &[]).await;
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    assert!(String::from_utf8_lossy(&answer.bytes).contains("make client"));
    world.get("/teachers", &[]).await.refused(404, "not_found");
}
