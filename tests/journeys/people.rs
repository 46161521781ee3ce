//! Names of people beside an id, the students of a teacher, and the agents of the support desk.

use serde_json::{Value, json};
use tests::{Answer, Person, World, eventually, id_of, in_hours};

async fn look_up(reader: &Person, position: u64, people: &[&Person]) -> Answer {
    let ids: Vec<&str> = people.iter().map(|person| person.id.as_str()).collect();
    let call = reader.call("POST", "/people/lookup").header("min-log-position", position);
    call.json(&json!({ "ids": ids })).send().await.is(200)
}

fn found<'a>(answer: &'a Answer, person: &Person) -> Option<&'a Value> {
    answer.rows().iter().find(|row| row["id"] == person.id.as_str())
}

/// A lookup shows listed teachers and the people of the caller's lessons; all others are missing.
#[tokio::test(flavor = "multi_thread")]
async fn people_are_looked_up_by_those_who_may_know_them() {
    let world = World::start().await;
    let admin = world.admin().await;
    let support = world.support(&admin).await;
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    let (stranger, fellow) = (world.student().registers().await, world.student().registers().await);
    let everyone = [&teacher, &student, &stranger, &fellow, &support];
    let before = look_up(&stranger, support.position, &everyone).await;
    assert!(found(&before, &student).is_none(), "{before:?}");
    assert!(found(&before, &support).is_none(), "{before:?}");
    assert_eq!(found(&before, &teacher).expect("a listed teacher")["role"], "teacher");
    assert_eq!(found(&before, &stranger).expect("the person")["name"], stranger.name.as_str());

    let slot = teacher.offers_seats(in_hours(40), 2).await;
    student.books(&slot).await.is(201);
    let booked = fellow.books(&slot).await.is(201).position();
    let seen = look_up(&teacher, booked, &everyone).await;
    assert_eq!(found(&seen, &student).expect("own student")["name"], student.name.as_str());
    assert!(found(&seen, &stranger).is_none(), "{seen:?}");
    let by_staff = look_up(&support, booked, &everyone).await;
    assert_eq!(by_staff.rows().len(), everyone.len());
    for row in by_staff.rows() {
        let fields: Vec<&String> = row.as_object().expect("an object").keys().collect();
        assert_eq!(fields, ["avatar_url", "id", "name", "role"]);
    }

    let too_many: Vec<&str> = vec![teacher.id.as_str(); 101];
    let refused = student.post("/people/lookup", json!({ "ids": too_many })).await;
    assert_eq!(refused.refused(422, "invalid_fields")["/errors/0/pointer"], "/ids");
    student.post("/people/lookup", json!({ "ids": [] })).await.is(200);
}

/// A conversation makes people known to each other, but fellow students only by their first names.
#[tokio::test(flavor = "multi_thread")]
async fn a_fellow_student_of_a_class_is_shown_by_the_first_name() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let (anna, boris) = (world.student().registers().await, world.student().registers().await);
    for student in [&anna, &boris] {
        student
            .books(&teacher.offers(in_hours(if student.id == anna.id { 50 } else { 52 })).await)
            .await
            .is(201);
    }
    let class = json!({
        "name": "7А", "subject": "mathematics", "grade": "7", "colour": "#336699", "capacity": 5,
    });
    let class = teacher.post("/classes", class).await.is(201);
    for student in [&anna, &boris] {
        let path = format!("/classes/{}/students", id_of(&class));
        teacher.post(&path, json!({ "student_id": student.id })).await.ok();
    }
    eventually("the class conversation has both students", || async {
        let seen = look_up(&anna, 0, &[&boris]).await;
        match found(&seen, &boris) {
            Some(row) if row["name"] == "Анна" => Ok(()),
            other => Err(format!("{other:?}")),
        }
    })
    .await;
}

/// The list has all students of a teacher, with the sums of their lessons, by name or by time.
#[tokio::test(flavor = "multi_thread")]
async fn a_teacher_lists_their_students() {
    let world = World::start().await;
    let (teacher, other) = (world.teacher().registers().await, world.teacher().registers().await);
    let mut students = Vec::new();
    for name in ["Юлия Ёлкина", "Борис Петров", "Анна Семёнова"] {
        let mut student = world.student();
        name.clone_into(&mut student.name);
        students.push(student.registers().await);
    }
    for (student, hours) in students.iter().zip([30, 34, 32]) {
        student.books(&teacher.offers(in_hours(hours)).await).await.is(201);
    }
    let stranger = world.student().registers().await;
    let last = stranger.books(&other.offers(in_hours(60)).await).await.is(201).position();
    let names = async |query: &str| -> Vec<String> {
        let list = teacher.get_at(last, &format!("/students{query}")).await.is(200);
        list.rows().iter().map(|row| row["name"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(names("").await, ["Анна Семёнова", "Борис Петров", "Юлия Ёлкина"]);
    assert_eq!(names("?sort=next_lesson_at").await, ["Юлия Ёлкина", "Анна Семёнова", "Борис Петров"]);
    assert_eq!(names("?q=елк").await, ["Юлия Ёлкина"]);
    let first = teacher.get_at(last, "/students?limit=2&include=total").await.is(200);
    assert_eq!((&first["/page/total"], &first["/page/has_more"]), (&json!(3), &json!(true)));
    assert_eq!(first["/data/0/lessons_held"], 0);
    assert!(first["/data/0/next_lesson_at"].is_string() && first["/data/0/last_lesson_at"].is_null());
    let cursor = first["/page/next_cursor"].as_str().expect("a second page");
    assert_eq!(names(&format!("?limit=2&cursor={cursor}")).await, ["Юлия Ёлкина"]);
    teacher.get("/students?sort=email").await.refused(400, "malformed_parameter");
    // An address is no name: it finds no person.
    assert!(names(&format!("?q={}", students[0].email)).await.is_empty());
    students[0].get("/students").await.is_problem().is(403);

    let erased = students[1].erases_themselves().await.ok().position();
    let left = teacher.get_at(erased, "/students").await.is(200);
    assert_eq!(left.rows().len(), 2, "{left:?}");
}

/// The list of agents has the number of their tickets and whether they have the web client open.
#[tokio::test(flavor = "multi_thread")]
async fn agents_are_listed_with_their_tickets_and_presence() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (support, idle) = (world.support(&admin).await, world.support(&admin).await);
    let student = world.student().registers().await;
    let ticket = json!({ "title": "Не работает", "description": "Не открывается урок", "category": "Уроки" });
    let ticket = student.post("/tickets", ticket).await.is(201);
    let path = format!("/crm/tickets/{}/assign", id_of(&ticket));
    let assigned = support.post(&path, json!({ "agent_id": "me" })).await.ok().position();
    let agents = support.get_at(assigned, "/crm/agents").await.is(200);
    let agent = |agents: &Answer, id: &str| {
        agents.rows().iter().find(|row| row["id"] == id).cloned().unwrap_or(Value::Null)
    };
    assert_eq!(agents.rows().len(), 2, "an admin without tickets takes none: {agents:?}");
    assert_eq!(agent(&agents, &support.id)["open_tickets"], 1);
    assert_eq!(agent(&agents, &idle.id)["open_tickets"], 0);
    assert_eq!(agent(&agents, &support.id)["on_duty"], false);
    let _socket = support.opens_socket().await;
    eventually("the agent with an open client is on duty", || async {
        let agents = admin.get("/crm/agents").await.is(200);
        match agent(&agents, &support.id)["on_duty"] == true && agent(&agents, &idle.id)["on_duty"] == false {
            true => Ok(()),
            false => Err(format!("{agents:?}")),
        }
    })
    .await;
}
