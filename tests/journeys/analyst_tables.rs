//! Journeys of analysts: tables and files say what the API says.

use jiff::Timestamp;
use serde_json::{Value, json};
use tests::{Answer, Person, World, eventually, id_of, in_hours};

async fn asks(person: &Person, title: &str) -> String {
    let question = json!({ "title": title, "description": "Не открывается.", "category": "Оплата" });
    id_of(&person.post("/tickets", question).await.is(201)).to_owned()
}

/// The missed targets of a ticket by SQL: of the first response and of the resolution.
async fn missed_by_sql(world: &World, ticket: &str) -> [Option<Timestamp>; 2] {
    let micros = |column: &str| format!("(extract(epoch from {column}) * 1000000)::bigint");
    let columns = ["first_response_missed_at", "resolution_missed_at"].map(micros).join(", ");
    let query = format!("select {columns} from crm.support_tickets where ticket_id = $1");
    let row: Option<(Option<i64>, Option<i64>)> = sqlx::query_as(&query)
        .bind(ticket.parse::<uuid::Uuid>().expect("an id"))
        .fetch_optional(&world.pool)
        .await
        .expect("the view can be read");
    let (first_response, resolution) = row.unwrap_or_default();
    [first_response, resolution]
        .map(|at| at.map(|micros| Timestamp::from_microsecond(micros).expect("an instant of this century")))
}

fn missed_by_api(ticket: &Answer) -> [Option<Timestamp>; 2] {
    ["first_response", "resolution"].map(|target| {
        let at = &ticket[format!("/sla/{target}/missed_at").as_str()];
        at.as_str().map(|at| at.parse().expect("an instant"))
    })
}

/// A1: a ticket that was never answered has missed both targets, also by SQL and in the report.
#[tokio::test(flavor = "multi_thread")]
async fn a1_tickets_that_were_never_answered_have_missed_by_sql_as_by_the_api() {
    let world = World::start().await;
    world.sets_log_back().await;
    let admin = world.admin().await;
    let (olga, analyst) = (world.support(&admin).await, world.analyst(&admin).await);
    let anna = world.student().registers().await;
    let forgotten = asks(&anna, "Забытый").await;
    world.lets_log_catch_up().await;
    let fresh = asks(&anna, "Свежий").await;
    for (ticket, has_missed) in [(&forgotten, true), (&fresh, false)] {
        eventually("SQL and the API agree", || async {
            let by_api = missed_by_api(&olga.get(&format!("/crm/tickets/{ticket}")).await.is(200));
            let by_sql = missed_by_sql(&world, ticket).await;
            let agree = by_api == by_sql && by_api.iter().all(|at| at.is_some() == has_missed);
            if agree { Ok(()) } else { Err(format!("{ticket}: by API {by_api:?}, by SQL {by_sql:?}")) }
        })
        .await;
    }
    eventually("the list, the view and the report count the same", || async {
        let listed = olga.get("/crm/tickets?sla=breached&include=total").await.is(200);
        let view = "select count(first_response_missed_at) from crm.support_tickets";
        let by_sql: i64 = sqlx::query_scalar(view).fetch_one(&world.pool).await.expect("the view");
        let report = format!("/crm/analytics/sla?interval=month&from={}", in_hours(-24 * 60));
        let decided = analyst.get(&report).await.is(200)["/totals/first_response"].clone();
        let (sample, met) = (decided["sample"].as_f64(), decided["value"].as_f64());
        let missed = sample.zip(met).map(|(sample, met)| (sample * (1.0 - met)).round());
        #[expect(clippy::cast_precision_loss, reason = "a small number")]
        let by_sql = by_sql as f64;
        let breached =
            missed == Some(by_sql) && listed["/page/total"].as_f64() == Some(by_sql) && by_sql > 0.0;
        if breached { Ok(()) } else { Err(format!("{by_sql} by SQL, {decided}, {listed:?}")) }
    })
    .await;
}

/// A2: the tags in the CSV of tickets can be split again, whatever they hold.
#[tokio::test(flavor = "multi_thread")]
async fn a2_tags_in_a_file_of_tickets_can_be_split_again() {
    let world = World::start().await;
    let admin = world.admin().await;
    let olga = world.support(&admin).await;
    let anna = world.student().registers().await;
    let ticket = asks(&anna, "С метками").await;
    let tags = ["регистрация", "новый пользователь", "ученика", "урок-2 не открылся"];
    let tagged = olga.post(&format!("/crm/tickets/{ticket}/tags"), json!({ "tags": tags })).await.is(200);
    let file = olga.call("GET", "/crm/tickets").header("accept", "text/csv");
    let file = file.header("min-log-position", tagged.position()).send().await.is(200).text();
    let mut reader = csv::Reader::from_reader(file.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().expect("a header").clone();
    let column = |name: &str| header.iter().position(|known| known == name).expect("a column");
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    let row = rows.iter().find(|row| row[column("id")] == ticket).expect("the ticket");
    let split: Vec<String> = serde_json::from_str(&row[column("tags")]).expect("a list");
    assert_eq!(split, tags);
    let listed = olga.get_at(tagged.position(), "/crm/tickets").await.is(200);
    let listed = listed.rows().iter().find(|row| row["id"] == ticket.as_str()).expect("the ticket");
    assert_eq!(listed["tags"], Value::from(split));
}
