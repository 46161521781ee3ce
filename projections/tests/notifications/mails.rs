//! Mails: batched, delayed, retried, abandoned, and without duplicates where that is possible.

use domain::Role;
use domain::accounts::{AccountCommand, Email};
use domain::notifications::{Channel, InboxCommand, InboxEvent, NotificationKind, Preference};
use domain::{AccountId, Command};

use crate::smtp::Mood;
use crate::world::{DIGEST, World};

fn state(state: &str, reason: Option<&str>) -> (String, Option<String>) {
    (state.to_owned(), reason.map(str::to_owned))
}

/// Changes the password; this is a critical kind, which is mailed at once.
async fn changes_password(world: &World, person: AccountId) {
    world.does(person, Command::Account(person, AccountCommand::RecordPasswordChange)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_does_not_take_now_is_tried_again_and_reported() {
    let world = World::new().await;
    let _running = world.start().await;
    let anna = world.registers(Role::Student).await;
    world.smtp.will(&[Mood::Busy, Mood::Cuts]);
    changes_password(&world, anna).await;
    assert_eq!(world.mails_of(anna).await, [state("waiting", Some("mail_server"))]);
    assert!(world.smtp.mails().is_empty());
    world.passes(1);
    assert_eq!(world.mails_of(anna).await, [state("waiting", Some("mail_server"))]);
    world.passes(1);
    assert_eq!(world.mails_of(anna).await, [state("delivered", None)]);
    assert_eq!(world.smtp.mails().len(), 1);
    assert_eq!(world.smtp.connections(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_that_is_not_there_ends_it_at_once() {
    let world = World::new().await;
    let _running = world.start().await;
    let anna = world.registers(Role::Student).await;
    world.smtp.will(&[Mood::Refuses]);
    changes_password(&world, anna).await;
    assert_eq!(world.mails_of(anna).await, [state("not_delivered", Some("failed"))]);
    world.passes(60);
    assert_eq!(world.mails_of(anna).await, [state("not_delivered", Some("failed"))]);
    assert_eq!(world.smtp.connections(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_never_answers_is_given_up_after_so_many_attempts() {
    let world = World::new().await;
    let _running = world.start().await;
    let anna = world.registers(Role::Student).await;
    world.smtp.will(&[Mood::Slow, Mood::Slow, Mood::Slow]);
    changes_password(&world, anna).await;
    for _ in 0..2 {
        assert_eq!(world.mails_of(anna).await, [state("waiting", Some("mail_server"))]);
        world.passes(2);
    }
    assert_eq!(world.mails_of(anna).await, [state("not_delivered", Some("failed"))]);
    assert_eq!(world.smtp.connections(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_whose_fate_is_unknown_goes_again_under_the_same_id() {
    let world = World::new().await;
    let _running = world.start().await;
    let anna = world.registers(Role::Student).await;
    world.smtp.will(&[Mood::CutsAfterTaking]);
    changes_password(&world, anna).await;
    world.is_quiet().await;
    world.passes(1);
    assert_eq!(world.mails_of(anna).await, [state("delivered", None)]);
    let mails = world.smtp.mails();
    assert_eq!(mails.len(), 2, "the server had it and did not say so");
    assert_eq!(mails[0].header("Message-ID"), mails[1].header("Message-ID"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_between_sending_and_saying_so_sends_nothing_under_another_id() {
    let world = World::new().await;
    let running = world.start().await;
    let anna = world.registers(Role::Student).await;
    changes_password(&world, anna).await;
    world.is_quiet().await;
    assert_eq!(world.smtp.mails().len(), 1);
    running.ends().await;
    // The state after a crash that follows the server's acceptance: the lease of the task has expired.
    sqlx::query(
        "update process.tasks
         set state = 'running', leased_until = clock_timestamp() - interval '1 second'
         where kind = 'mail_notification'",
    )
    .execute(&world.pool)
    .await
    .unwrap();
    let _running = world.start().await;
    assert_eq!(world.mails_of(anna).await, [state("delivered", None)]);
    assert_eq!(world.smtp.mails().len(), 1, "the inbox knows that it was delivered");
    let delivered = |event: &&InboxEvent| matches!(event, InboxEvent::NotificationDelivered { .. });
    assert_eq!(world.inbox(anna).await.iter().filter(delivered).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_of_a_quarter_of_an_hour_are_one_mail() {
    let world = World::new().await;
    let _running = world.start().await;
    let [anna, boris, vera] = [
        world.registers(Role::Student).await,
        world.registers(Role::Teacher).await,
        world.registers(Role::Teacher).await,
    ];
    world.writes(boris, anna, 1).await;
    world.writes(boris, anna, 2).await;
    assert_eq!(world.told(anna).await, ["message"], "one unread notification for the conversation");
    assert!(world.told(boris).await.is_empty());
    assert_eq!(world.mails_of(anna).await, [state("waiting", Some("digest"))]);
    world.passes(5);
    world.writes(vera, anna, 1).await;
    assert_eq!(world.told(anna).await, ["message", "message"]);
    world.passes(DIGEST - 6);
    world.is_quiet().await;
    assert!(world.smtp.mails().is_empty());
    world.passes(1);
    assert_eq!(world.mails_of(anna).await, [state("delivered", None), state("delivered", None)]);
    let mails = world.smtp.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].header("Subject"), "New messages: 2");
    assert!(!mails[0].text.contains("секретный"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_in_time_is_not_mailed_and_the_next_message_is_news_again() {
    let world = World::new().await;
    let _running = world.start().await;
    let (anna, boris) = (world.registers(Role::Student).await, world.registers(Role::Teacher).await);
    world.writes(boris, anna, 1).await;
    world.writes(boris, anna, 2).await;
    world.is_quiet().await;
    world.reads(anna, boris, 1).await;
    assert_eq!(world.told(anna).await, ["message"]);
    world.writes(boris, anna, 3).await;
    assert_eq!(world.told(anna).await, ["message"], "there is still something unread");
    world.reads(anna, boris, 3).await;
    world.is_quiet().await;
    world.passes(DIGEST);
    assert_eq!(world.mails_of(anna).await, [state("not_delivered", Some("already_read"))]);
    assert!(world.smtp.mails().is_empty());
    world.writes(boris, anna, 4).await;
    assert_eq!(world.told(anna).await, ["message", "message"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_hour_delays_a_mail_to_its_end_but_not_a_critical_one() {
    let world = World::new().await;
    let running = world.start().await;
    let (teacher, anna) = (world.registers(Role::Teacher).await, world.registers(Role::Student).await);
    world.wants_quiet(teacher).await;
    world.is_quiet().await;
    let slot = world.opens(teacher, 3 * 24 * 60, 1).await;
    world.books(slot, anna).await;
    assert_eq!(world.mails_of(teacher).await, [state("waiting", Some("quiet_hours"))]);
    assert_eq!(world.mails_of(anna).await, [state("delivered", None)]);
    changes_password(&world, teacher).await;
    assert_eq!(world.mails_of(teacher).await[1], state("delivered", None));
    // The timer is durable.
    running.ends().await;
    world.passes(91);
    let _running = world.start().await;
    assert_eq!(world.mails_of(teacher).await[0], state("delivered", None));
    assert_eq!(world.smtp.mails().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_switched_off_is_not_mailed_and_says_why() {
    let world = World::new().await;
    let _running = world.start().await;
    let (teacher, anna) = (world.registers(Role::Teacher).await, world.registers(Role::Student).await);
    let off = Preference { kind: NotificationKind::LessonBooked, channel: Channel::Email, on: false };
    world.does(teacher, Command::Inbox(teacher, InboxCommand::ChangePreferences(vec![off]))).await;
    let slot = world.opens(teacher, 3 * 24 * 60, 1).await;
    world.books(slot, anna).await;
    assert_eq!(world.told(teacher).await, ["lesson_booked"]);
    assert_eq!(world.mails_of(teacher).await, [state("not_delivered", Some("muted"))]);
    assert_eq!(world.smtp.mails().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn that_an_address_was_changed_is_told_at_the_old_one() {
    let world = World::new().await;
    let _running = world.start().await;
    let anna = world.registers(Role::Student).await;
    let email = Email::parse("thief@elsewhere.example").unwrap();
    world.does(anna, Command::Account(anna, AccountCommand::ChangeEmail { email })).await;
    assert_eq!(world.mails_of(anna).await, [state("delivered", None)]);
    assert!(world.smtp.mails()[0].to.ends_with("@school.example"), "{:?}", world.smtp.mails());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_suspended_gets_no_mail_and_who_is_erased_has_no_inbox() {
    let world = World::new().await;
    let _running = world.start().await;
    let (teacher, anna) = (world.registers(Role::Teacher).await, world.registers(Role::Student).await);
    world.suspends(teacher).await;
    let slot = world.opens(teacher, 3 * 24 * 60, 1).await;
    world.books(slot, anna).await;
    assert_eq!(world.mails_of(teacher).await, [state("not_delivered", Some("suspended"))]);
    world.erases(teacher).await;
    assert!(world.mails_of(teacher).await.is_empty());
}
