//! Saved views and reply templates of agents.

use serde_json::{Value, json};
use tests::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_view_is_its_owners_until_it_is_shared() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (olga, petr) = (world.support(&admin).await, world.support(&admin).await);
    let anna = world.student().registers().await;
    let view = |shared: bool| json!({ "name": "Мои срочные", "shared": shared, "query": { "assignee": "me", "priority": "urgent" } });
    let saved = olga.post("/crm/views", view(false)).await.is(201);
    let path = format!("/crm/views/{}", saved["id"].as_str().unwrap());
    let names = async |who: &tests::Person| -> Vec<Value> {
        let seen = who.get("/crm/views").await.is(200);
        seen["data"].as_array().unwrap().iter().map(|view| view["own"].clone()).collect()
    };
    assert_eq!(names(&olga).await, [json!(true)]);
    assert_eq!(names(&petr).await, Vec::<Value>::new());
    let put = |who: &tests::Person, body: Value| who.call("PUT", &path).json(&body).send();
    put(&petr, view(true)).await.refused(404, "not_found");
    put(&olga, view(true)).await.is(200);
    assert_eq!(names(&petr).await, [json!(false)]);
    petr.delete(&path).await.is(204);
    assert_eq!(names(&olga).await, [json!(true)], "another agent's view is kept");
    for query in [json!({ "colour": "red" }), json!({ "status": "lost" }), json!({ "status": 1 })] {
        let bad = json!({ "name": "x", "query": query });
        olga.post("/crm/views", bad).await.is_problem().is(422);
    }
    anna.get("/crm/views").await.refused(403, "forbidden");
    olga.delete(&path).await.is(204);
    assert!(names(&olga).await.is_empty() && names(&petr).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_canned_reply_is_filled_in_for_its_ticket() {
    let world = World::start().await;
    let admin = world.admin().await;
    let olga = world.support(&admin).await;
    let anna = world.student().registers().await;
    let name = anna.get("/me").await.is(200)["name"].as_str().unwrap().to_owned();
    let question = json!({ "title": "{{agent_name}}", "description": "?", "category": "Оплата" });
    let ticket = anna.post("/tickets", question).await.is(201)["id"].as_str().unwrap().to_owned();
    let text = |body: &str| json!({ "title": "Приветствие", "body": body });
    let bad = olga.post("/crm/canned-replies", text("{{password}}")).await.is_problem().is(422);
    assert_eq!(bad["/errors/0/pointer"], "/body");
    let body = "Здравствуйте, {{requester_name}}! «{{ticket_title}}» ({{ticket_category}})";
    let kept = olga.post("/crm/canned-replies", text(body)).await.is(201);
    let path = format!("/crm/canned-replies/{}", kept["id"].as_str().unwrap());
    let filled = admin.get(&format!("{path}/text?ticket={ticket}")).await.is(200);
    assert_eq!(filled["body"], format!("Здравствуйте, {name}! «{{{{agent_name}}}}» (Оплата)"));
    let changed = admin.call("PUT", &path).json(&text("Ждите")).send().await.is(200);
    assert_eq!(changed["body"], "Ждите");
    let list = olga.get("/crm/canned-replies").await.is(200);
    assert_eq!(list["data"][0]["title"], "Приветствие");
    let nobody = "01890000-0000-7000-8000-00000000abcd";
    olga.get(&format!("{path}/text?ticket={nobody}")).await.refused(404, "ticket_not_found");
    olga.delete(&path).await.is(204);
    olga.call("PUT", &path).json(&text("Ждите")).send().await.refused(404, "not_found");
    anna.get("/crm/canned-replies").await.refused(403, "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_changes_priority_category_and_tags_one_by_one() {
    let world = World::start().await;
    let admin = world.admin().await;
    let olga = world.support(&admin).await;
    let anna = world.student().registers().await;
    let question = json!({ "title": "Урок", "description": "?", "category": "Оплата" });
    let ticket = anna.post("/tickets", question).await.is(201)["id"].as_str().unwrap().to_owned();
    for (field, value) in
        [("priority", json!("urgent")), ("category", json!("Прочее")), ("tags", json!(["возврат"]))]
    {
        let path = format!("/crm/tickets/{ticket}/{field}");
        let changed = olga.post(&path, json!({ field: value.clone() })).await.is(200);
        assert_eq!(changed[field], value);
        anna.post(&path, json!({ field: value })).await.refused(403, "forbidden");
    }
    let nobody = "01890000-0000-7000-8000-00000000abcd";
    let path = format!("/crm/tickets/{nobody}/priority");
    olga.post(&path, json!({ "priority": "low" })).await.refused(404, "ticket_not_found");
}
