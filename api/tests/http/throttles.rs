//! Throttles count networks; a stranger's attempts do not lock the owner out.

use serde_json::{Value, json};

use crate::world::{PASSWORD, World, bearer, person};

const SESSION: &str = "/api/v1/session";

fn credentials(password: &str) -> Value {
    json!({ "email": "anna@example.org", "password": password })
}

/// A world behind a proxy: the forwarded address is the client.
async fn behind_a_proxy() -> World {
    World::with(|settings| settings.trusted_proxies.push("0.0.0.0/32".parse().unwrap())).await
}

#[tokio::test]
async fn an_ipv6_customer_has_one_bucket_at_every_throttle() {
    let world = World::with(|settings| {
        settings.trusted_proxies.push("0.0.0.0/32".parse().unwrap());
        settings.limits.registration_per_minute = 1;
        settings.limits.registration_burst = 5;
    })
    .await;
    let mut refused = [0, 0];
    for host in 1..=25 {
        let address = format!("2001:db8:1:2::{host:x}");
        let from = [("x-forwarded-for", address.as_str())];
        let wrong = json!({ "email": format!("p{host}@example.org"), "password": "wrong password" });
        let attempt = world.post(SESSION, &from, &wrong).await;
        refused[0] += u32::from(attempt.status == 429);
        let mut new = person(&format!("new{host}"));
        new["password"] = json!("short");
        refused[1] += u32::from(world.post("/api/v1/accounts", &from, &new).await.status == 429);
    }
    assert!(refused.iter().all(|count| *count >= 10), "refused sign-ins and registrations: {refused:?}");
}

#[tokio::test]
async fn strangers_do_not_lock_the_owner_out() {
    let world = behind_a_proxy().await;
    let home = ("x-forwarded-for", "198.51.100.7");
    let registered = world.post("/api/v1/accounts", &[home], &person("anna")).await;
    let token = bearer(&registered.is(201).body);
    let mut refused = 0;
    for host in 1..=150 {
        let address = format!("192.0.2.{host}");
        let attempt =
            world.post(SESSION, &[("x-forwarded-for", &address)], &credentials("wrong password")).await;
        refused += u32::from(attempt.status == 429);
    }
    assert!(refused > 0, "attempts from many networks are slowed down too");
    world.post(SESSION, &[home], &credentials(PASSWORD)).await.is(200);
    let change = json!({ "current_password": PASSWORD, "new_password": "other tuman nad rekoy" });
    let anywhere = [("authorization", token.as_str()), ("x-forwarded-for", "192.0.2.1")];
    world.post("/api/v1/me/password", &anywhere, &change).await.is(200);
}

/// A browser that has signed in before is known by its cookie, from any network.
#[tokio::test]
async fn a_known_browser_is_not_locked_out_on_the_road() {
    let world = behind_a_proxy().await;
    let registered =
        world.post("/api/v1/accounts", &[("x-forwarded-for", "198.51.100.7")], &person("anna")).await;
    let cookies: Vec<_> = registered.headers.get_all("set-cookie").iter().collect();
    let device = cookies.iter().find_map(|cookie| {
        let cookie = cookie.to_str().unwrap();
        cookie.starts_with("kafedra_device=").then(|| cookie.split(';').next().unwrap().to_owned())
    });
    let device = device.expect("a browser gets a cookie by which it is known");
    for host in 1..=150 {
        let address = format!("192.0.2.{host}");
        world.post(SESSION, &[("x-forwarded-for", &address)], &credentials("wrong password")).await;
    }
    let road = [("x-forwarded-for", "198.51.100.200"), ("cookie", device.as_str())];
    world.post(SESSION, &road[..1], &credentials(PASSWORD)).await.refused(429, "too_many_attempts");
    world.post(SESSION, &road, &credentials(PASSWORD)).await.is(200);
}
