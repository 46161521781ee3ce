//! Lists of the CRM views as of an instant: later events do not change them.

use serde_json::json;
use tests::{Answer, Person, World, all_have_caught_up, eventually, id_of};

/// The last instant of the log as a parameter, once every list has reached it.
async fn present(world: &World, admin: &Person) -> (u64, String) {
    eventually("everything listens to the end", || all_have_caught_up(admin)).await;
    let head = "select position, to_char(recorded_at at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from log.head";
    let (position, instant): (i64, String) =
        sqlx::query_as(head).fetch_one(&world.pool).await.expect("the log can be read");
    (position.unsigned_abs(), instant)
}

fn at(path: &str, instant: &str) -> String {
    format!("{path}{}as_of={instant}", if path.contains('?') { '&' } else { '?' })
}

async fn file(person: &Person, path: &str) -> String {
    person.call("GET", path).header("accept", "text/csv").send().await.is(200).text()
}

async fn all(person: &Person, paths: &[String]) -> Vec<Answer> {
    let mut answers = Vec::new();
    for path in paths {
        answers.push(person.get(path).await.is(200));
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instant_shows_what_it_showed_then() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (olga, analyst) = (world.support(&admin).await, world.analyst(&admin).await);
    let anna = world.student().registers().await;
    let question = json!({ "title": "Не вижу урок", "description": "Оплачен.", "category": "Оплата" });
    let ticket = anna.post("/tickets", question.clone()).await.is(201);
    let ticket = id_of(&ticket).to_owned();
    let paths: Vec<String> = [
        "/crm/users?limit=100&include=total",
        "/crm/users?sort=-tickets_open&type=student",
        "/crm/tickets?include=total",
        "/crm/tickets?status=open&q=урок",
    ]
    .map(str::to_owned)
    .into_iter()
    .chain(["", "/timeline", "/tickets"].map(|list| format!("/crm/users/{}{list}", anna.id)))
    .chain([format!("/crm/tickets/{ticket}")])
    .collect();

    // Events of process managers during the comparison belong to neither side.
    let (position, instant, before) = eventually("nothing happens for a moment", || async {
        let (position, instant) = present(&world, &admin).await;
        let lists = all(&olga, &paths).await;
        let after = present(&world, &admin).await.0;
        if after == position { Ok((position, instant, lists)) } else { Err(format!("{position}, {after}")) }
    })
    .await;
    let masked = analyst.get(&paths[0]).await.is(200).text();
    let files = [file(&olga, "/crm/users").await, file(&olga, "/crm/tickets").await];

    let boris = world.student().registers().await;
    anna.post("/tickets", question).await.is(201);
    let act = async |what: &str, body| olga.post(&format!("/crm/tickets/{ticket}/{what}"), body).await;
    act("replies", json!({ "body": "Проверяем" })).await.is(201);
    act("status", json!({ "status": "closed" })).await.is(200);
    anna.patch("/me/profile", json!({ "nickname": "новая-анна" })).await.is(200);
    olga.signs_in().await;
    let suspended =
        admin.post(&format!("/crm/users/{}/suspend", anna.id), json!({ "reason": "проверка" })).await;
    let position_now = suspended.is(200).position();

    for (path, before) in paths.iter().zip(&before) {
        let now = olga.get_at(position_now, path).await.is(200);
        let then = olga.get(&at(path, &instant)).await.is(200);
        assert_eq!(then.text(), before.text(), "{path}");
        assert_ne!(then.text(), now.text(), "{path}: nothing has changed");
        assert_eq!(then.header("x-as-of-position"), position.to_string(), "{path}");
        assert_eq!(now.header("x-as-of-position"), "", "{path}");
    }
    assert_eq!(analyst.get(&at(&paths[0], &instant)).await.is(200).text(), masked);
    assert!(masked.contains('•'));
    for (path, before) in ["/crm/users", "/crm/tickets"].iter().zip(&files) {
        assert_eq!(&file(&olga, &at(path, &instant)).await, before, "{path}");
    }
    olga.get(&at(&format!("/crm/users/{}", boris.id), &instant)).await.refused(404, "not_found");

    // An erased person is erased in the past too.
    let erased = boris.erases_themselves().await.position();
    let late = present(&world, &admin).await.1;
    olga.get_at(erased, "/crm/users").await.is(200);
    assert!(!olga.get(&at("/crm/users?limit=100", &late)).await.is(200).text().contains(&boris.name));
}

#[tokio::test(flavor = "multi_thread")]
async fn before_everything_there_is_nothing_and_after_it_all() {
    let world = World::start().await;
    let admin = world.admin().await;
    let olga = world.support(&admin).await;
    let anna = world.student().registers().await;
    let one = format!("/crm/users/{}", anna.id);
    for path in ["/crm/users", "/crm/tickets"] {
        let nothing = olga.get(&at(&format!("{path}?include=total"), "1999-01-01T00:00:00Z")).await.is(200);
        assert_eq!((nothing.rows().len(), &nothing["/page/total"]), (0, &json!(0)), "{nothing:?}");
        assert_eq!(nothing.header("x-as-of-position"), "0");
        olga.get(&at(path, "yesterday")).await.refused(400, "malformed_parameter");
    }
    olga.get(&at(&one, "1999-01-01T00:00:00Z")).await.refused(404, "not_found");
    let everybody = olga.get_at(anna.position, "/crm/users?limit=100").await.is(200);
    let ahead = olga.get(&at("/crm/users?limit=100", "2999-01-01T00:00:00Z")).await.is(200);
    let ids = |list: &Answer| -> Vec<_> { list.rows().iter().map(|row| row["id"].clone()).collect() };
    assert_eq!(ids(&ahead), ids(&everybody));
    let position: u64 = ahead.header("x-as-of-position").parse().unwrap();
    assert!(position >= anna.position);
}
