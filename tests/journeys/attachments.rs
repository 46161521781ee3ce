//! Files of messages: their types, their recipients, and their removal.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage};
use serde_json::{Value, json};
use tests::{Answer, Person, World, eventually, id_of};

use crate::pictures::jpeg_with_exif;
use crate::talking::{client_id, opens, sends_as};

async fn uploads(person: &Person, name: &str, bytes: impl Into<Vec<u8>>) -> Answer {
    let call = person.call("POST", &format!("/attachments?name={name}"));
    call.body(bytes.into(), "application/octet-stream").send().await
}

/// Sends a message with files.
async fn sends(person: &Person, conversation: &str, body: &str, files: &[&Answer]) -> Answer {
    let ids: Vec<&str> = files.iter().map(|file| id_of(file)).collect();
    let message = json!({ "client_id": client_id(), "body": body, "attachments": ids });
    person.post(&format!("/conversations/{conversation}/messages"), message).await
}

fn path_of(file: &Value) -> String {
    let url = file["url"].as_str().expect("a url");
    url.split_once("/api/v1").map_or(url, |(_, path)| path).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_for_those_who_see_its_message() {
    let world = World::start().await;
    let (anna, boris) = (world.student().registers().await, world.teacher().registers().await);
    let (clara, admin) = (world.teacher().registers().await, world.admin().await);
    let conversation = opens(&anna, &boris).await;
    let file = uploads(&anna, "задачи.pdf", b"%PDF-1.7 \xe2\xe3 tasks".to_vec()).await.is(201);
    assert_eq!((&file["media_type"], &file["bytes"]), (&json!("application/pdf"), &json!(17)));
    let path = path_of(&file.body);
    anna.get(&path).await.is(200);
    boris.get(&path).await.refused(404, "not_found");
    let stolen = sends(&boris, &conversation, "Моё", &[&file]).await.refused(422, "invalid_fields");
    assert_eq!(stolen["/errors/0/pointer"], "/attachments/0");
    let said = sends(&anna, &conversation, "", &[&file]).await.is(201);
    assert_eq!(said["/attachments/0"], file.body);
    let got = boris.get(&path).await.is(200);
    assert_eq!(got.bytes, b"%PDF-1.7 \xe2\xe3 tasks");
    assert_eq!(got.header("x-content-type-options"), "nosniff");
    // A picture of a chat is not loaded again for each view; a file never changes.
    assert_eq!(got.header("cache-control"), "private, max-age=3600, immutable");
    assert!(got.header("content-disposition").starts_with("attachment;"), "{got:?}");
    for outsider in [&clara, &admin] {
        outsider.get(&path).await.refused(404, "not_found");
    }
    let elsewhere = opens(&anna, &clara).await;
    sends(&anna, &elsewhere, "Ещё раз", &[&file]).await.refused(422, "invalid_fields");
    let found = boris.get_at(said.position(), "/messages/search?q=задачи").await.is(200);
    assert_eq!(found.rows().len(), 1, "the name is found: {found:?}");

    let deleted = anna.delete(&format!("/messages/{}", id_of(&said))).await.is(200);
    assert_eq!(deleted["attachments"], json!([]));
    for person in [&anna, &boris] {
        person.get(&path).await.refused(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_what_its_content_says_and_pictures_lose_what_the_camera_wrote() {
    let world = World::start().await;
    let anna = world.student().registers().await;
    let picture = uploads(&anna, "доска.jpg", jpeg_with_exif("GPS 59.9386N at home")).await.is(201);
    let served = anna.get(&path_of(&picture.body)).await.is(200);
    assert_eq!(served.header("content-type"), "image/jpeg");
    assert!(!served.bytes.windows(4).any(|window| window == b"Exif"));
    let mut png = Cursor::new(Vec::new());
    let pixels = DynamicImage::ImageRgb8(RgbImage::new(8, 8));
    pixels.write_to(&mut png, ImageFormat::Png).expect("a PNG");
    let renamed = uploads(&anna, "schema.png", png.into_inner()).await.is(201);
    assert_eq!(renamed["name"], "schema.jpg", "encoded again without transparency: {renamed:?}");
    let page = uploads(&anna, "page.html", "<script>alert(1)</script>").await.is(201);
    assert_eq!(page["media_type"], "text/plain; charset=utf-8");
    for (name, bytes) in
        [("tasks.pdf", &b"MZ\x90\x00"[..]), ("a.zip", b"PK\x03\x04 an archive"), ("a.txt", b"\x00")]
    {
        uploads(&anna, name, bytes).await.refused(415, "unsupported_file");
    }
    uploads(&anna, "a.png", b"\x89PNG\r\n\x1a\n broken".to_vec()).await.refused(422, "unreadable_image");
    uploads(&anna, "a.txt", "").await.refused(422, "invalid_fields");
    uploads(&anna, "a.txt", "a".repeat(11 * 1024 * 1024)).await.is_problem().is(413);
    let nameless = anna.call("POST", "/attachments").body("text", "text/plain").send().await;
    nameless.refused(400, "malformed_parameter");
    let path = path_of(&uploads(&anna, "%2Fetc%2Fpasswd", "text").await.is(201).body);
    let named = anna.get(&path).await;
    assert!(named.header("content-disposition").contains("\"passwd.txt\""), "{named:?}");
    let large = uploads(&anna, "a.txt", "a".repeat(9 * 1024 * 1024)).await.is(201);
    assert_eq!(large["bytes"], 9 * 1024 * 1024);
}

/// A refusal releases the files; a message that is sent twice has them once.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_not_sent_can_be_sent_again() {
    let world = World::start().await;
    let (anna, boris) = (world.student().registers().await, world.teacher().registers().await);
    let conversation = opens(&anna, &boris).await;
    let file = uploads(&anna, "a.txt", "text").await.is(201);
    sends(&anna, &conversation, &"ж".repeat(10_001), &[&file]).await.refused(422, "invalid_fields");
    sends(&anna, &conversation, "Дважды", &[&file, &file]).await.refused(422, "invalid_fields");
    let id = client_id();
    let message = json!({ "client_id": id, "body": "С файлом", "attachments": [id_of(&file)] });
    let path = format!("/conversations/{conversation}/messages");
    let first = anna.post(&path, message.clone()).await.is(201);
    let again = anna.post(&path, message).await.is(200);
    assert_eq!(first["attachments"], again["attachments"]);
    let plain = sends_as(&anna, &conversation, id, "С файлом").await.is(200);
    assert_eq!(plain["attachments"], first["attachments"]);
    boris.get(&path_of(&file.body)).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_an_erased_person_are_gone() {
    let world = World::start().await;
    let (anna, boris) = (world.student().registers().await, world.teacher().registers().await);
    let conversation = opens(&anna, &boris).await;
    let file = uploads(&anna, "забываемое.txt", "text").await.is(201);
    sends(&anna, &conversation, "Вот", &[&file]).await.is(201);
    let erased = anna.erases_themselves().await.ok();
    boris.get(&path_of(&file.body)).await.refused(404, "not_found");
    let rows =
        boris.get_at(erased.position(), &format!("/conversations/{conversation}/messages")).await.is(200);
    assert_eq!(rows["/data/0/attachments"], json!([]), "{rows:?}");
    eventually("no bytes are left", || async {
        let left: i64 = sqlx::query_scalar("select count(*) from objects.attachments")
            .fetch_one(&world.pool)
            .await
            .map_err(|error| error.to_string())?;
        if left == 0 { Ok(()) } else { Err(format!("{left} are left")) }
    })
    .await;
}

/// An upload without a message is removed after a day; a file of a message is not.
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_nobody_sends_is_forgotten() {
    let world = World::start().await;
    let (anna, boris) = (world.student().registers().await, world.teacher().registers().await);
    let conversation = opens(&anna, &boris).await;
    let kept = uploads(&anna, "a.txt", "sent").await.is(201);
    sends(&anna, &conversation, "Вот", &[&kept]).await.is(201);
    let lost = uploads(&anna, "b.txt", "never sent").await.is(201);
    let fresh = uploads(&anna, "c.txt", "sent soon").await.is(201);
    sqlx::query(
        "update objects.attachments
         set created_at = created_at - interval '25 hours', claimed_at = claimed_at - interval '25 hours'
         where name <> 'c.txt'",
    )
    .execute(&world.pool)
    .await
    .expect("a day goes by");
    // A process removes old uploads at its start.
    let _second = world.another_app().await;
    eventually("it is forgotten", || async {
        let answer = anna.get(&path_of(&lost.body)).await;
        if answer.status == 404 { Ok(()) } else { Err(format!("{answer:?}")) }
    })
    .await;
    for file in [&kept, &fresh] {
        anna.get(&path_of(&file.body)).await.is(200);
    }
}
