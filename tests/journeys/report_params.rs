//! Parameters of reports: descriptions, civil dates, zones, groups, comparisons and files.

use serde_json::{Value, json};
use tests::{Answer, Person, World, all_have_caught_up, eventually, id_of, in_hours};

async fn report(analyst: &Person, query: &str) -> Answer {
    analyst.get(&format!("/crm/analytics/{query}")).await.is(200)
}

fn series<'a>(report: &'a Answer, key: &str) -> &'a Value {
    let series = report["series"].as_array().unwrap_or_else(|| panic!("{report:?}"));
    series.iter().find(|series| series["key"] == key).unwrap_or_else(|| panic!("no {key}: {report:?}"))
}

/// The list says what each report counts, and every report accepts what the list says.
#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_reports_says_what_each_accepts() {
    let world = World::start().await;
    let admin = world.admin().await;
    let analyst = world.analyst(&admin).await;
    let list = analyst.get("/crm/analytics").await.is(200);
    assert_eq!(list.rows().len(), 19);
    for described in list.rows() {
        let name = described["report"].as_str().expect("a name");
        assert_ne!(described["counts"], name, "{described}");
        for interval in described["intervals"].as_array().expect("intervals") {
            let interval = interval.as_str().expect("an interval");
            report(&analyst, &format!("{name}?interval={interval}")).await;
        }
        for by in described["groupings"].as_array().expect("groupings") {
            let by = by.as_str().expect("a grouping");
            report(&analyst, &format!("{name}?by={by}&interval=week")).await;
        }
    }
    world.support(&admin).await.get("/crm/analytics").await.is_problem().is(403);
}

/// Dates are days of the asked zone; points say their local date and whether they are whole.
#[tokio::test(flavor = "multi_thread")]
async fn reports_take_and_tell_civil_dates() {
    let world = World::start().await;
    let admin = world.admin().await;
    let analyst = world.analyst(&admin).await;
    let range = "bookings?from=2026-10-01&to=2026-11-01&interval=month";
    let october = report(&analyst, range).await;
    assert_eq!(october["time_zone"], "Europe/Moscow");
    assert_eq!(october["from"], "2026-09-30T21:00:00Z");
    let point = &series(&october, "total")["points"][0];
    assert_eq!((&point["local_date"], &point["partial"]), (&json!("2026-10-01"), &json!(false)));
    let utc = report(&analyst, &format!("{range}&time_zone=UTC")).await;
    assert_eq!((&utc["from"], &utc["time_zone"]), (&json!("2026-10-01T00:00:00Z"), &json!("UTC")));
    let cut = report(&analyst, "bookings?from=2026-10-05&to=2026-11-01&interval=month").await;
    assert_eq!(series(&cut, "total")["points"][0]["partial"], true);

    let compared =
        report(&analyst, "bookings?from=2026-11-01&to=2026-12-01&interval=month&compare=calendar").await;
    assert_eq!(compared["/previous/from"], "2026-09-30T21:00:00Z");
    assert_eq!(compared["/previous/series/0/points/0/local_date"], "2026-10-01");
    let year = report(&analyst, "bookings?from=2026-11-01&to=2026-12-01&interval=month&compare=year").await;
    assert_eq!(year["/previous/series/0/points/0/local_date"], "2025-11-01");
    for wrong in ["from=2026-13-01", "time_zone=Mars/Base", "compare=never"] {
        let path = format!("/crm/analytics/bookings?{wrong}");
        analyst.get(&path).await.refused(400, "malformed_parameter");
    }
    let path = "/crm/analytics/active_users?time_zone=UTC";
    analyst.get(path).await.refused(400, "unknown_parameter");
}

/// A report by teacher has a series for each, and its facts say whom they concern.
#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_grouped_and_opens_into_people() {
    let world = World::start().await;
    let admin = world.admin().await;
    let analyst = world.analyst(&admin).await;
    let (one, two) = (world.teacher().registers().await, world.teacher().registers().await);
    let student = world.student().registers().await;
    for (teacher, hours) in [(&one, 30), (&one, 32), (&two, 34)] {
        student.books(&teacher.offers(in_hours(hours)).await).await.is(201);
    }
    eventually("everything listens to the end", || all_have_caught_up(&admin)).await;
    let revenue = report(&analyst, "revenue?by=teacher").await;
    let (first, second) = (format!("booked:{}", one.id), format!("booked:{}", two.id));
    assert_eq!(revenue["totals"][&first], json!({ "value": 300_000, "sample": 2, "currency": "RUB" }));
    assert_eq!(revenue["totals"][&second]["value"], 150_000);
    assert_eq!(revenue["totals"]["booked"]["value"], 450_000);
    let shown = series(&revenue, &first);
    assert_eq!((&shown["group"], &shown["currency"]), (&json!(one.id), &json!("RUB")));
    assert!(shown["label"].as_str().is_some_and(|label| label.starts_with(&one.name)), "{shown}");
    let subjects = report(&analyst, "bookings?by=subject").await;
    assert_eq!(subjects["totals"]["mathematics"]["value"], 3);

    let path = format!("/crm/analytics/revenue/drilldown?by=teacher&key={first}");
    let facts = analyst.get(&path).await.is(200);
    assert_eq!(facts.rows().len(), 2, "{facts:?}");
    for fact in facts.rows() {
        assert_eq!(fact["account_id"], student.id.as_str());
        assert_eq!(fact["name"], student.name.as_str());
    }
    let unknown = analyst.get("/crm/analytics/revenue/drilldown?by=teacher&key=booked:nobody").await;
    unknown.refused(400, "malformed_parameter");
    analyst.get("/crm/analytics/bookings?by=channel").await.refused(400, "malformed_parameter");
}

/// Welcome tickets can be told from tickets that people opened.
#[tokio::test(flavor = "multi_thread")]
async fn tickets_are_counted_by_channel_and_without_an_agent() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (support, analyst) = (world.support(&admin).await, world.analyst(&admin).await);
    let student = world.student().registers().await;
    let question = json!({ "title": "Вопрос", "description": "Ответ?", "category": "Оплата" });
    let ticket = student.post("/tickets", question).await.is(201);
    eventually("everything listens to the end", || all_have_caught_up(&admin)).await;
    let web = report(&analyst, "tickets?channel=web").await;
    assert_eq!(web["/totals/total/value"], 1);
    let by = report(&analyst, "tickets?by=channel").await;
    assert_eq!(by["/totals/web/value"], 1);
    let all = by["/totals/total/value"].as_i64().expect("a number");
    assert_eq!(by["/totals/system/value"], all - 1);
    assert_eq!(report(&analyst, "tickets").await["/totals/total/value"], 1);
    assert_eq!(report(&analyst, "tickets?definition_version=1").await["/totals/total/value"], all);
    let categories = report(&analyst, "tickets?by=category&channel=web").await;
    assert_eq!(categories["/totals/Оплата/value"], 1);
    assert_eq!(report(&analyst, "tickets?agent_id=none").await["/totals/total/value"], 1);
    let path = format!("/crm/tickets/{}/assign", id_of(&ticket));
    support.post(&path, json!({ "agent_id": "me" })).await.ok();
    eventually("everything listens to the end", || all_have_caught_up(&admin)).await;
    assert_eq!(report(&analyst, "tickets?agent_id=none").await["/totals/total/value"], 0);
    let listed = support.get("/crm/tickets?channel=web").await.is(200);
    assert_eq!(listed.rows().len(), 1, "{listed:?}");
    assert_eq!(listed["/data/0/id"], id_of(&ticket));
}

/// A link can ask for a file without a header.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_asked_for_by_a_parameter() {
    let world = World::start().await;
    let admin = world.admin().await;
    let analyst = world.analyst(&admin).await;
    for path in ["/crm/analytics/tickets", "/crm/tickets", "/crm/users", "/crm/dashboard"] {
        let file = analyst.get(&format!("{path}?format=csv")).await.is(200);
        assert!(file.header("content-type").starts_with("text/csv"), "{file:?}");
        let json =
            analyst.call("GET", &format!("{path}?format=json")).header("accept", "text/csv").send().await;
        assert!(json.is(200).header("content-type").starts_with("application/json"));
        analyst.get(&format!("{path}?format=xlsx")).await.refused(400, "unknown_parameter");
    }
    let lines = analyst.get("/crm/analytics/registrations?format=ndjson&interval=month").await.is(200);
    assert_eq!(lines.header("content-type"), "application/x-ndjson");
    let first: Value = serde_json::from_str(lines.text().lines().next().expect("a line")).expect("JSON");
    assert!(first["local_date"].is_string() && first["partial"].is_boolean(), "{first}");
    let path = "/crm/analytics/registrations/drilldown?key=student&format=csv";
    let facts = analyst.get(path).await.is(200);
    assert!(facts.header("content-disposition").contains("registrations-facts.csv"), "{facts:?}");
    assert!(facts.text().lines().next().is_some_and(|head| head.ends_with("account_id,name")));
    analyst.get("/notifications?format=csv").await.refused(400, "unknown_parameter");
}
