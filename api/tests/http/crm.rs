//! People as staff see them, and the actions of staff.

use domain::Role;
use image::ImageFormat;
use serde_json::{Value, json};

use crate::avatar::{picture, put};
use crate::world::{Answer, PASSWORD, World, bearer, person};

const USERS: &str = "/api/v1/crm/users";

async fn anna(world: &World) -> Value {
    let mut anna = person("anna");
    anna["phone"] = json!("+79991234567");
    world.register(&anna).await
}

fn path_of(registered: &Value, rest: &str) -> String {
    format!("{USERS}/{}{rest}", registered["account"]["id"].as_str().unwrap())
}

fn names(answer: &Answer) -> Vec<&str> {
    answer.body["data"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn contacts_are_masked_for_analysts_and_whole_for_support() {
    let world = World::with_read_models().await;
    let path = path_of(&anna(&world).await, "");
    let (support, analyst) =
        (world.signed_in_as(Role::Support).await, world.signed_in_as(Role::Analyst).await);
    let whole = world.read(&path, &support, &[]).await;
    assert_eq!(whole.is(200).body["email"], "anna@example.org");
    assert_eq!(whole.body["phone"], "+79991234567");
    assert_eq!((&whole.body["type"], &whole.body["status"]), (&json!("student"), &json!("active")));
    let masked = world.read(&path, &analyst, &[]).await;
    assert_eq!(masked.is(200).body["email"], "a•••@e•••.org");
    assert_eq!(masked.body["phone"], "+7•••••67");
    let csv = world.read(USERS, &analyst, &[("accept", "text/csv")]).await;
    assert!(!csv.is(200).text().contains("anna@example.org"), "{}", csv.text());
    let found = world.read(&format!("{USERS}?q=anna@example.org"), &analyst, &[]).await;
    assert_eq!(names(&found), Vec::<&str>::new(), "masked data cannot be searched");
}

#[tokio::test]
async fn people_of_the_crm_are_for_staff() {
    let world = World::with_read_models().await;
    let anna = anna(&world).await;
    for path in
        [USERS.to_owned(), path_of(&anna, ""), path_of(&anna, "/timeline"), path_of(&anna, "/tickets")]
    {
        world.get(&path, &[]).await.refused(401, "unauthenticated");
        world.read(&path, &bearer(&anna), &[]).await.refused(403, "forbidden");
    }
    let support = world.signed_in_as(Role::Support).await;
    let nobody = format!("{USERS}/0198c0de-0000-7000-8000-000000000001");
    for rest in ["", "/timeline", "/tickets"] {
        world.read(&format!("{nobody}{rest}"), &support, &[]).await.refused(404, "not_found");
    }
    let tickets = world.read(&path_of(&anna, "/tickets"), &support, &[]).await;
    assert_eq!(tickets.is(200).body["data"], json!([]));
}

#[tokio::test]
async fn pages_follow_each_other_without_gaps_or_repetitions() {
    let world = World::with_read_models().await;
    for name in ["anna", "boris", "clara"] {
        world.student(name).await;
    }
    let support = world.signed_in_as(Role::Support).await;
    for sort in ["name", "-registered_at"] {
        let path = format!("{USERS}?type=student&sort={sort}&limit=2");
        let first = world.read(&format!("{path}&include=total"), &support, &[]).await;
        assert_eq!((&first.is(200).body["page"]["total"], names(&first).len()), (&json!(3), 2));
        let cursor = first.body["page"]["next_cursor"].as_str().unwrap();
        let last = world.read(&format!("{path}&cursor={cursor}"), &support, &[]).await;
        assert_eq!(last.is(200).body["page"], json!({ "next_cursor": null, "has_more": false }));
        let mut all = [names(&first), names(&last)].concat();
        all.sort_unstable();
        assert_eq!(all, ["anna", "boris", "clara"], "{sort}");
        let other = format!("{USERS}?sort=tickets_open&cursor={cursor}");
        world.read(&other, &support, &[]).await.refused(400, "malformed_parameter");
    }
}

#[tokio::test]
async fn filters_of_the_crm_count_and_unknown_ones_are_refused() {
    let world = World::with_read_models().await;
    anna(&world).await;
    let support = world.signed_in_as(Role::Support).await;
    for (query, found) in [
        ("type=student", vec!["anna"]),
        ("type=teacher", vec![]),
        ("status=suspended", vec![]),
        ("q=anna@example.org", vec!["anna"]),
        ("q=9991234567&type=teacher", vec![]),
        ("q=9991234567&type=student", vec!["anna"]),
        ("q=79991234567", vec!["anna"]),
        ("type=student&registered_from=-004800-01-01T00:00:00Z", vec!["anna"]),
        ("registered_to=2000-01-01T00:00:00Z", vec![]),
    ] {
        let answer = world.read(&format!("{USERS}?{query}"), &support, &[]).await;
        assert_eq!(names(answer.is(200)), found, "{query}");
    }
    world.read(&format!("{USERS}?colour=red"), &support, &[]).await.refused(400, "unknown_parameter");
    for broken in ["type=king", "sort=email", "registered_from=yesterday", "limit=0", "cursor=x"] {
        let answer = world.read(&format!("{USERS}?{broken}"), &support, &[]).await;
        answer.refused(400, "malformed_parameter");
    }
}

#[tokio::test]
async fn the_list_is_a_csv_file_without_formulas() {
    let world = World::with_read_models().await;
    anna(&world).await;
    let support = world.signed_in_as(Role::Support).await;
    let csv = world.read(&format!("{USERS}?sort=registered_at"), &support, &[("accept", "text/csv")]).await;
    assert!(csv.is(200).header("content-type").starts_with("text/csv"));
    assert!(csv.header("content-disposition").contains("users.csv"));
    let lines: Vec<&str> = csv.text().lines().collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[0].starts_with("\u{feff}id,name,nickname,email,phone,"), "{lines:?}");
    assert!(lines[1].contains(",anna,anna,anna@example.org,'+79991234567,student,active,"), "{lines:?}");
    let one = world.read(&format!("{USERS}?limit=1"), &support, &[("accept", "text/csv")]).await;
    assert_eq!(one.is(200).text().lines().count(), 2);
}

#[tokio::test]
async fn timeline_and_tickets_are_csv_files_too() {
    let world = World::with_read_models().await;
    let anna = anna(&world).await;
    let support = world.signed_in_as(Role::Support).await;
    let csv = [("accept", "text/csv"), ("accept-language", "en")];
    let timeline = world.read(&path_of(&anna, "/timeline"), &support, &csv).await;
    assert!(timeline.is(200).header("content-disposition").contains("timeline.csv"));
    let lines: Vec<&str> = timeline.text().lines().collect();
    assert_eq!(lines[0], "\u{feff}position,recorded_at,type,text");
    assert!(lines.last().unwrap().ends_with(",AccountRegistered,Registered as student"), "{lines:?}");
    let one = world.read(&path_of(&anna, "/timeline?limit=1"), &support, &csv).await;
    assert_eq!(one.is(200).text().lines().count(), 2);
    let tickets = world.read(&path_of(&anna, "/tickets"), &support, &csv).await;
    assert!(tickets.is(200).text().starts_with("\u{feff}id,title,description,status,"), "{}", tickets.text());
}

#[tokio::test]
async fn the_timeline_reads_in_the_language_of_its_reader() {
    let world = World::with_read_models().await;
    let path = path_of(&anna(&world).await, "/timeline");
    let support = world.signed_in_as(Role::Support).await;
    for (language, text) in [("en", "Registered as student"), ("ru", "Регистрация: ученик")]
    {
        let answer = world.read(&path, &support, &[("accept-language", language)]).await;
        let rows = answer.is(200).body["data"].as_array().unwrap();
        let registered = rows.iter().find(|row| row["type"] == "AccountRegistered").unwrap();
        assert_eq!(registered["text"], text);
        assert!(registered["position"].is_u64() && registered["recorded_at"].is_string());
    }
}

#[tokio::test]
async fn suspending_ends_the_sessions_and_reinstating_lets_in_again() {
    let world = World::with_read_models().await;
    let anna = anna(&world).await;
    let support = world.signed_in_as(Role::Support).await;
    let auth = [("authorization", support.as_str())];
    let reason = json!({ "reason": "spam" });
    let empty = world.post(&path_of(&anna, "/suspend"), &auth, &json!({ "reason": " " })).await;
    empty.refused(422, "invalid_fields");
    world.post(&path_of(&anna, "/reinstate"), &auth, &reason).await.refused(409, "account_not_suspended");
    let suspended = world.post(&path_of(&anna, "/suspend"), &auth, &reason).await;
    assert_eq!(suspended.is(200).body["status"], "suspended");
    assert!(suspended.header("x-log-position").parse::<u64>().unwrap() > 0);
    world.get("/api/v1/me", &[("authorization", &bearer(&anna))]).await.refused(401, "unauthenticated");
    let again = world.post(&path_of(&anna, "/suspend"), &auth, &json!({ "reason": "another one" })).await;
    assert_eq!(again.is(200).body, suspended.body, "already so: a success, and nothing more happened");
    assert_eq!(again.header("etag"), suspended.header("etag"));
    let row = world.read(&path_of(&anna, ""), &support, &[]).await;
    assert_eq!(row.is(200).body["status"], "suspended");
    let back = world.post(&path_of(&anna, "/reinstate"), &auth, &reason).await;
    assert_eq!(back.is(200).body["status"], "active");
    let credentials = json!({ "email": "anna@example.org", "password": PASSWORD });
    world.post("/api/v1/session", &[], &credentials).await.is(200);
}

#[tokio::test]
async fn support_suspends_no_staff_and_analysts_nobody() {
    let world = World::with_read_models().await;
    let anna = anna(&world).await;
    let analyst_id = world.account_with(Role::Analyst).await;
    let analyst = world.session_of(analyst_id).await;
    let support = world.signed_in_as(Role::Support).await;
    let admin = world.signed_in_as(Role::Admin).await;
    let reason = json!({ "reason": "left the school" });
    let answer =
        world.post(&path_of(&anna, "/suspend"), &[("authorization", analyst.as_str())], &reason).await;
    answer.refused(403, "forbidden");
    let path = format!("{USERS}/{analyst_id}/suspend");
    let answer = world.post(&path, &[("authorization", support.as_str())], &reason).await;
    assert_eq!(answer.refused(403, "forbidden").body["reasons"][0]["code"], "staff_account");
    world.post(&path, &[("authorization", admin.as_str())], &reason).await.is(200);
}

/// Only the person or an admin may erase an account; the log keeps which of them did.
#[tokio::test]
async fn an_admin_has_a_person_forgotten_with_all_that_is_said_about_them() {
    let world = World::with_read_models().await;
    let anna = anna(&world).await;
    let path = path_of(&anna, "");
    put(&world, &bearer(&anna), picture(64, 48, ImageFormat::Png)).await.is(200);
    let (admin_id, support) =
        (world.account_with(Role::Admin).await, world.signed_in_as(Role::Support).await);
    let admin = world.session_of(admin_id).await;
    let reason = json!({ "reason": "asked for it by letter" });
    let erase = async |auth: &str, path: &str, body: &Value| {
        world.call("DELETE", path, &[("authorization", auth)], body).await
    };
    erase(&bearer(&anna), &path, &reason).await.refused(403, "forbidden");
    erase(&support, &path, &reason).await.refused(403, "forbidden");
    erase(&admin, &path, &json!({ "reason": " " })).await.refused(422, "invalid_fields");
    let nobody = format!("{USERS}/0198c0de-0000-7000-8000-000000000001");
    erase(&admin, &nobody, &reason).await.refused(404, "account_not_found");

    let erased = erase(&admin, &path, &reason).await;
    assert!(erased.is(204).header("x-log-position").parse::<u64>().unwrap() > 0);
    erase(&admin, &path, &reason).await.is(204);

    world.get("/api/v1/me", &[("authorization", &bearer(&anna))]).await.refused(401, "unauthenticated");
    let left: i64 = sqlx::query_scalar(
        "select (select count(*) from auth.credentials) + (select count(*) from auth.email_keys)
           + (select count(*) from objects.blobs)",
    )
    .fetch_one(world.pool())
    .await
    .unwrap();
    assert_eq!(left, 0);
    let row = world.read(&path, &support, &[]).await;
    assert_eq!((&row.is(200).body["status"], &row.body["email"]), (&json!("erased"), &Value::Null));
    let (actor, payload): (String, String) = sqlx::query_as(
        "select metadata ->> 'actor', payload::text from log.events where event_type = 'AccountErased'",
    )
    .fetch_one(world.pool())
    .await
    .unwrap();
    assert_eq!(actor, admin_id.to_string());
    assert!(payload.contains("reason") && !payload.contains("letter"), "{payload}");
}

#[tokio::test]
async fn an_admin_erases_themselves_only_with_their_password() {
    let world = World::new().await;
    let admin_id = world.account_with(Role::Admin).await;
    let admin = world.session_of(admin_id).await;
    let path = format!("{USERS}/{admin_id}");
    let answer =
        world.call("DELETE", &path, &[("authorization", &admin)], &json!({ "reason": "tired" })).await;
    assert_eq!(answer.refused(403, "forbidden").body["reasons"][0]["code"], "own_account");
}
