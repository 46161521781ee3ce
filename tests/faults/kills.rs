//! `kill -9` of every process role during registrations, and the loss of the whole stream.

use std::time::Duration;

use futures::{StreamExt, stream};
use rustix::process::Signal;
use tests::{Settings, World, all_have_caught_up, eventually, signal};
use tokio::time::timeout;

use crate::insistent::registers;
use crate::verdict::{Expected, all_is_well};

fn own_servers() -> Settings {
    Settings { own_servers: true, ..Settings::default() }
}

/// 1,000 registrations while each process role is killed: each acknowledged registration is there exactly
/// once, everywhere.
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_registrations_survive_the_death_of_every_part() {
    let mut world = World::with(own_servers()).await;
    let mut second = world.another_app().await;
    let admin = world.admin().await;
    let clients = [world.client().clone(), second.client.clone()];
    let newcomers = (0..1_000).map(|n| tests::Newcomer::new(&clients[n % 2], "student"));
    let mut arriving = stream::iter(newcomers).map(registers).buffer_unordered(16);
    let mut people = Vec::new();
    loop {
        world.app.is_kept_alive();
        second.is_kept_alive();
        let Ok(arrived) = timeout(Duration::from_millis(500), arriving.next()).await else { continue };
        let Some(person) = arrived else { break };
        people.push(Expected::registered(person));
        match people.len() {
            150 => {
                world.app.starts();
            }
            350 => signal(world.servers.postgres(), Signal::KILL),
            550 => signal(world.servers.nats(), Signal::KILL),
            700 => {
                second.starts();
            }
            850 => {
                world.app.starts();
                signal(world.servers.postgres(), Signal::KILL);
                signal(world.servers.nats(), Signal::KILL);
            }
            _ => {}
        }
    }
    drop(arriving);
    assert_eq!(people.len(), 1_000);
    for app in [&mut world.app, &mut second] {
        app.is_ready_again().await;
    }
    all_is_well(&world, &admin, &people).await;
}

/// The stream is a cache: after its deletion, or the loss of its disk, the relay fills it with the same
/// messages.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_stream_is_written_again_as_it_was() {
    let world = World::with(own_servers()).await;
    let admin = world.admin().await;
    let mut people = Vec::new();
    for n in 0..30 {
        people.push(Expected::registered(world.student().registers().await));
        if n == 10 {
            eventually("there is a stream", || async {
                if world.stream.last_sequence().await > 10 { Ok(()) } else { Err("not yet".into()) }
            })
            .await;
            world.stream.is_removed().await;
        }
        if n == 20 {
            signal(world.servers.nats(), Signal::KILL);
            let store = world.folder.path().join("servers/nats/store");
            assert!(store.is_dir(), "{}", store.display());
            // The restarted server may write there already; the test kills it until the folder is gone.
            for _ in 0..20 {
                let _ = std::fs::remove_dir_all(&store);
                if !store.exists() {
                    break;
                }
                signal(world.servers.nats(), Signal::KILL);
            }
        }
    }
    all_is_well(&world, &admin, &people).await;
}

/// A command is accepted while NATS is unavailable, and is visible, because Postgres is the truth.
#[tokio::test(flavor = "multi_thread")]
async fn a_registration_needs_no_nats() {
    let world = World::with(own_servers()).await;
    let admin = world.admin().await;
    signal(world.servers.nats(), Signal::STOP);
    let anna = world.student().registers().await;
    let boris = world.student().registers().await;
    eventually("the read models have them without NATS", || all_have_caught_up(&admin)).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    signal(world.servers.nats(), Signal::CONT);
    let people = [anna, boris].map(Expected::registered);
    all_is_well(&world, &admin, &people).await;
}
