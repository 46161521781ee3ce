//! The home page in one call, for students, teachers and staff.

use serde_json::{Value, json};
use tests::{Answer, World, eventually, id_of, in_hours};

use crate::talking::{opens, sends};

fn ids<'a>(home: &'a Answer, list: &str) -> Vec<&'a str> {
    let rows = home[list].as_array().unwrap_or_else(|| panic!("{list}: {home:?}"));
    rows.iter().filter_map(|row| row["id"].as_str()).collect()
}

/// Home shows the same entries as the lists, without a call for each.
#[tokio::test(flavor = "multi_thread")]
async fn home_has_lessons_proposals_requests_and_unread_sums() {
    let world = World::start().await;
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    let new = student.get("/me/home").await.is(200);
    assert!(ids(&new, "next_lessons").is_empty() && new["teacher"].is_null(), "{new:?}");
    assert_eq!(new["/profile/missing/0"], "subjects");
    assert_eq!(new["/profile/completeness"], student.get("/me").await["profile_completeness"]);

    let slot = teacher.offers(in_hours(40)).await;
    let free = teacher.offers(in_hours(44)).await;
    student.books(&slot).await.is(201);
    let proposed = teacher.proposes(&slot, in_hours(48)).await.ok().position();
    let home = student.get_at(proposed, "/me/home").await.is(200);
    assert_eq!(ids(&home, "next_lessons"), [id_of(&slot)]);
    assert_eq!(ids(&home, "proposals"), [id_of(&slot)]);
    assert_eq!(home["/next_lessons/0/my_role"], "student");
    let own = teacher.get_at(proposed, "/me/home").await.is(200);
    assert!(ids(&own, "proposals").is_empty(), "the proposer waits, it is not their turn: {own:?}");
    assert_eq!(ids(&own, "/teacher/free_slots"), [id_of(&free)]);
    let month = own["/teacher/earnings/month"].as_str().expect("a month");
    assert!(month.ends_with("-01"), "{month}");
    assert_eq!(own["/teacher/earnings/held"], json!([]));

    let conversation = opens(&student, &teacher).await;
    for text in ["Здравствуйте", "Можно раньше?"] {
        sends(&student, &conversation, text).await;
    }
    eventually("the teacher's sums have both messages", || async {
        let home = teacher.get("/me/home").await.is(200);
        let sums = (&home["/unread/messages"], &home["/unread/conversations"]);
        match sums == (&json!(2), &json!(1)) && home["/unread/notifications"].as_u64() > Some(0) {
            true => Ok(()),
            false => Err(format!("{:?}", home["unread"])),
        }
    })
    .await;
}

/// Every signed-in person has a home, whatever their role.
#[tokio::test(flavor = "multi_thread")]
async fn staff_have_a_home_without_lessons() {
    let world = World::start().await;
    let admin = world.admin().await;
    for person in [world.support(&admin).await, world.analyst(&admin).await, admin] {
        let home = person.get("/me/home").await.is(200);
        assert_eq!(home["next_lessons"], json!([]));
        assert_eq!(home["teacher"], Value::Null);
    }
    world.client().get("/me/home").await.is_problem().is(401);
}
