//! Reports, the facts behind them, and the dashboard of the CRM views.

use serde_json::{Value, json};
use tests::{Answer, Person, World, all_have_caught_up, eventually, id_of, in_seconds};

const REPORTS: [&str; 19] = [
    "registrations",
    "active_users",
    "bookings",
    "lessons_held",
    "cancellations",
    "no_shows",
    "utilisation",
    "revenue",
    "unresolved",
    "funnel",
    "retention",
    "requests",
    "tickets",
    "ticket_categories",
    "response_times",
    "resolution_times",
    "sla",
    "csat",
    "messages",
];

async fn report(analyst: &Person, position: u64, query: &str) -> Answer {
    analyst.get_at(position, &format!("/crm/analytics/{query}")).await.is(200)
}

async fn file(analyst: &Person, query: &str) -> Answer {
    analyst.call("GET", &format!("/crm/analytics/{query}")).header("accept", "text/csv").send().await.is(200)
}

/// All facts behind a series.
async fn facts(analyst: &Person, name: &str, key: &str) -> Vec<Value> {
    let path = format!("/crm/analytics/{name}/drilldown?key={key}&limit=2");
    let mut page = analyst.get(&path).await.is(200);
    let mut facts = page.rows().clone();
    while let Some(cursor) = page["/page/next_cursor"].as_str().map(str::to_owned) {
        page = analyst.get(&format!("{path}&cursor={cursor}")).await.is(200);
        facts.extend(page.rows().clone());
    }
    facts
}

fn figure(report: &Answer, key: &str) -> (Value, Value) {
    let figure = &report["totals"][key];
    (figure["value"].clone(), figure["sample"].clone())
}

/// A lesson that was held and paid, and a ticket that was answered, resolved and rated.
/// Returns the position of the last event and the instant before the booking.
async fn a_school(world: &World, admin: &Person, olga: &Person) -> (u64, String) {
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    let lesson = teacher.offers(in_seconds(6)).await;
    let before = "select to_char(recorded_at at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from log.events where position = $1";
    let before: String = sqlx::query_scalar(before)
        .bind(lesson.position().cast_signed())
        .fetch_one(&world.pool)
        .await
        .expect("the log can be read");
    student.books(&lesson).await.is(201);
    let question =
        json!({ "title": "Вопрос", "description": "Ответ?", "category": "Оплата", "priority": "high" });
    let ticket = student.post("/tickets", question).await.is(201);
    let ticket = id_of(&ticket).to_owned();
    olga.post(&format!("/crm/tickets/{ticket}/replies"), json!({ "body": "Ответ." })).await.is(201);
    olga.post(&format!("/crm/tickets/{ticket}/status"), json!({ "status": "resolved" })).await.is(200);
    student.post(&format!("/tickets/{ticket}/satisfaction"), json!({ "rating": 4 })).await.is(200);
    let completed = eventually("the lesson begins", || async {
        let answer = teacher.does("complete", &lesson, json!({})).await;
        if answer.status == 200 { Ok(answer) } else { Err(format!("{answer:?}")) }
    })
    .await;
    eventually("everything listens to the end", || all_have_caught_up(admin)).await;
    (completed.position(), before)
}

/// All figures of an installation without events are zero.
#[tokio::test(flavor = "multi_thread")]
async fn an_empty_school_has_reports_full_of_zeros() {
    let world = World::start().await;
    let admin = world.admin().await;
    let analyst = world.analyst(&admin).await;
    for name in REPORTS {
        let now = report(&analyst, 0, name).await;
        let then = report(&analyst, 0, &format!("{name}?as_of=1999-01-01T00:00:00Z")).await;
        let newest = if ["requests", "tickets", "ticket_categories"].contains(&name) { 2 } else { 1 };
        assert_eq!((&now["report"], &now["definition_version"]), (&json!(name), &json!(newest)));
        assert_eq!(now.header("x-as-of-position"), now["as_of_position"].to_string(), "{name}");
        assert_eq!(then["as_of_position"], json!(0), "{name}");
        let points = |report: &Answer| -> Vec<Value> {
            let series = report["series"].as_array().unwrap().iter();
            series.flat_map(|series| series["points"].as_array().unwrap()).cloned().collect()
        };
        assert!(points(&now).iter().all(|point| point["value"].is_number()), "{name}: {now:?}");
        let is_zero = |point: &Value| point["value"].as_f64() == Some(0.0) && point["sample"] == 0;
        assert!(points(&then).iter().all(is_zero), "{name}: {then:?}");
        assert!(then["totals"].as_object().unwrap().values().all(is_zero), "{name}: {then:?}");
        assert!(!points(&now).is_empty(), "{name}: {now:?}");
        let file = file(&analyst, name).await;
        assert!(
            file.text().starts_with(
                "\u{feff}t,key,label,unit,value,sample,period,local_date,partial,currency,point\r\n"
            ),
            "{file:?}"
        );
        assert!(file.header("content-type").starts_with("text/csv"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_figure_opens_into_the_facts_behind_it() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (olga, analyst) = (world.support(&admin).await, world.analyst(&admin).await);
    let (position, before) = a_school(&world, &admin, &olga).await;
    for name in REPORTS {
        let report = report(&analyst, position, name).await;
        for series in report["series"].as_array().unwrap() {
            let (key, unit) = (series["key"].as_str().unwrap(), series["unit"].as_str().unwrap());
            let (value, sample) = figure(&report, key);
            let facts = facts(&analyst, name, key).await;
            let sum: i64 = facts.iter().map(|fact| fact["value"].as_i64().unwrap()).sum();
            match unit {
                "count" => assert_eq!(json!(facts.len()), value, "{name} {key}: {facts:?}"),
                "money" | "minutes" => assert_eq!(json!(sum), value, "{name} {key}: {facts:?}"),
                "seconds" | "points" => assert_eq!(json!(facts.len()), sample, "{name} {key}: {facts:?}"),
                "ratio" => assert!(json!(facts.len()).as_i64() >= sample.as_i64(), "{name} {key}: {facts:?}"),
                unknown => panic!("{unknown}"),
            }
            let path = format!("{name}/drilldown?key={key}");
            let lines = file(&analyst, &path).await.text();
            assert_eq!(lines.lines().count(), facts.len() + 1, "{path}");
        }
    }
    for (query, key, expected) in [
        ("bookings", "total", 1),
        ("lessons_held?by=format", "online", 1),
        ("revenue", "booked", 150_000),
        ("revenue", "held", 150_000),
        ("csat", "4", 1),
        ("registrations", "teacher", 1),
        ("tickets?by=status", "resolved", 1),
    ] {
        let report = report(&analyst, position, query).await;
        assert_eq!(figure(&report, key).0, json!(expected), "{query} {key}: {report:?}");
        let lines = file(&analyst, query).await.text();
        let summed: i64 = lines
            .lines()
            .skip(1)
            .map(|line| line.split(',').collect::<Vec<_>>())
            .filter(|cells| cells[1] == key)
            .map(|cells| cells[4].parse::<i64>().unwrap())
            .sum();
        assert_eq!(summed, expected, "{query} {key}: {lines}");
    }
    let then = report(&analyst, 0, &format!("bookings?as_of={before}")).await;
    assert_eq!(figure(&then, "total").0, json!(0), "{then:?}");
    let then = report(&analyst, 0, &format!("registrations?as_of={before}&compare=previous")).await;
    assert_eq!(figure(&then, "teacher").0, json!(1), "{then:?}");
    assert_eq!(then["previous"]["totals"]["teacher"]["value"], json!(0), "{then:?}");
    let lines = file(&analyst, "registrations?compare=previous").await.text();
    let period = |name: &str| lines.lines().filter(|line| line.split(',').nth(6) == Some(name)).count();
    assert!(period("previous") > 0, "{lines}");
    assert_eq!(period("current") + period("previous") + 1, lines.lines().count(), "{lines}");
}

/// The first definition counts an open request as not accepted; the second does not count it.
#[tokio::test(flavor = "multi_thread")]
async fn an_older_definition_is_asked_beside_the_newer_one() {
    let world = World::start().await;
    let admin = world.admin().await;
    let analyst = world.analyst(&admin).await;
    let anna = world.student().registers().await;
    let request = json!({
        "grade": "11", "subject": "physics", "goals": ["ege"], "duration_minutes": 60, "format": "online",
        "starts_at": in_seconds(48 * 3_600),
    });
    let position = anna.post("/lesson-requests", request).await.is(201).position();
    let of = async |query: &str| {
        let report = report(&analyst, position, &format!("requests{query}")).await;
        (report["definition_version"].clone(), figure(&report, "open").0, figure(&report, "conversion"))
    };
    assert_eq!(of("").await, (json!(2), json!(1), (json!(0.0), json!(0))));
    assert_eq!(of("?definition_version=2").await, of("").await);
    assert_eq!(of("?definition_version=1").await, (json!(1), json!(1), (json!(0.0), json!(1))));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_page_says_what_the_lists_say() {
    let world = World::start().await;
    let admin = world.admin().await;
    let olga = world.support(&admin).await;
    let (position, before) = a_school(&world, &admin, &olga).await;
    let page = olga.get_at(position, "/crm/dashboard").await.is(200);
    let total = async |path: &str| {
        let list = olga.get_at(position, &format!("{path}include=total&limit=1")).await.is(200);
        list["/page/total"].clone()
    };
    for (figure, path) in [
        ("/users/total", "/crm/users?"),
        ("/users/active", "/crm/users?status=active&"),
        ("/users/students", "/crm/users?type=student&"),
        ("/users/teachers", "/crm/users?type=teacher&"),
        ("/users/new_today", "/crm/users?"),
        ("/tickets/total", "/crm/tickets?channel=web&"),
        ("/tickets/open", "/crm/tickets?channel=web&status=open&"),
        ("/tickets/in_progress", "/crm/tickets?channel=web&status=in_progress&"),
        ("/tickets/waiting", "/crm/tickets?channel=web&status=waiting&"),
        ("/tickets/resolved_today", "/crm/tickets?channel=web&status=resolved,closed&"),
    ] {
        assert_eq!(page[figure], total(path).await, "{figure}: {page:?}");
    }
    assert_eq!(
        (&page["/lessons/today"], &page["/lessons/completed_30d"]),
        (&json!(1), &json!(1)),
        "{page:?}"
    );
    assert_eq!(page.header("x-as-of-position"), page["as_of_position"].to_string());
    let latest = olga.get_at(position, "/crm/users?limit=5").await.is(200);
    assert_eq!(&page["latest_users"], &latest["data"]);
    assert!(!page["latest_tickets"].as_array().unwrap().is_empty());
    let activity = page["recent_activity"].as_array().unwrap();
    assert_eq!(activity.len(), 20);
    assert!(activity.iter().all(|line| !line["text"].as_str().unwrap().is_empty()), "{page:?}");
    assert!(activity.is_sorted_by_key(|line| std::cmp::Reverse(line["position"].as_u64())), "{page:?}");

    let file = olga.call("GET", "/crm/dashboard").header("accept", "text/csv").send().await.is(200);
    let file = file.text();
    for figure in ["users.total", "tickets.open", "lessons.today", "tickets.first_response_median_seconds"] {
        let value = &page[&*format!("/{}", figure.replace('.', "/"))];
        let value = if value.is_null() { String::new() } else { value.to_string() };
        assert!(file.lines().any(|line| line == format!("{figure},{value}")), "{figure} {value}: {file}");
    }
    assert_eq!(file.lines().count(), 1 + 6 + 7 + 3, "{file}");

    let then = olga.get(&format!("/crm/dashboard?as_of={before}")).await.is(200);
    assert_eq!(
        (&then["/lessons/today"], &then["/lessons/completed_30d"]),
        (&json!(0), &json!(0)),
        "{then:?}"
    );
    assert_eq!(then["/users/total"], page["/users/total"]);
    let far = olga.get("/crm/dashboard?as_of=1999-01-01T00:00:00Z").await.is(200);
    assert_eq!((&far["/users/total"], &far["recent_activity"]), (&json!(0), &json!([])), "{far:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn money_is_for_analysts_and_nonsense_for_nobody() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (olga, analyst) = (world.support(&admin).await, world.analyst(&admin).await);
    let anna = world.student().registers().await;
    for path in ["/crm/analytics/revenue", "/crm/analytics/revenue/drilldown?key=booked"] {
        olga.get(path).await.refused(403, "forbidden");
        anna.get(path).await.refused(403, "forbidden");
        admin.get(path).await.is(200);
        analyst.get(path).await.is(200);
    }
    anna.get("/crm/dashboard").await.refused(403, "forbidden");
    analyst.get("/crm/dashboard").await.is(200);
    analyst.get("/crm/analytics/weather").await.refused(404, "not_found");
    for query in [
        "bookings?colour=red",
        "registrations?teacher_id=01890000-0000-7000-8000-00000000abcd",
        "bookings?currency=RUB",
        "bookings?key=total",
        "bookings?by=colour",
        "bookings?interval=hour",
        "retention?interval=day",
        "bookings?compare=next",
        "revenue?currency=gold",
        "bookings?teacher_id=me",
        "bookings?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z",
        "bookings?from=2010-01-01T00:00:00Z",
        "bookings?from=2021-01-01T00:00:00Z&to=2025-01-01T00:00:00Z",
        "bookings?as_of=yesterday",
        "requests?definition_version=0",
        "requests?definition_version=3",
        "requests?definition_version=newest",
        "bookings/drilldown",
        "bookings/drilldown?key=colour",
        "bookings/drilldown?key=total&cursor=nonsense",
    ] {
        let refused = analyst.get(&format!("/crm/analytics/{query}")).await.is_problem();
        assert_eq!(refused.status, 400, "{query}: {refused:?}");
        assert!(!refused["/errors/0/message"].as_str().unwrap().is_empty(), "{query}: {refused:?}");
    }
    let day = analyst.get("/crm/analytics/retention?interval=day").await.is_problem();
    let message = day["/errors/0/message"].as_str().expect("a message");
    assert!(message.contains("week") && message.contains("month"), "K14: {message}");
    let months = analyst.get("/crm/analytics/retention?interval=month").await.is(200);
    assert_eq!(months["interval"], "month");
    olga.get("/crm/dashboard?colour=red").await.refused(400, "unknown_parameter");
}
