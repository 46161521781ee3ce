//! After a lesson, students who were not in its lesson room are proposed as absent, once.

use domain::scheduling::{NoShow, SlotCommand};
use domain::video::{LeaveCause, ParticipantRole, VideoSessionCommand};
use domain::{AccountId, Command, ConnectionId, Ids, RandomIds, RoomId, SlotId};
use fixtures::{eventually, person};

use crate::world::World;

/// Opens the lesson room of a lesson that begins in ten minutes and takes an hour.
async fn opens_room(world: &World, slot_id: SlotId) -> RoomId {
    let lesson_room_id = RoomId(RandomIds.next());
    let (at, lesson_ends_at) = (world.in_minutes(0), world.in_minutes(70));
    let command =
        VideoSessionCommand::OpenRoom { lesson_room_id, node: "rtc-1".to_owned(), at, lesson_ends_at };
    world.asks(Command::Video(slot_id, command)).await;
    lesson_room_id
}

async fn joins(
    world: &World,
    slot_id: SlotId,
    lesson_room_id: RoomId,
    participant: AccountId,
    role: ParticipantRole,
) -> ConnectionId {
    let connection_id = ConnectionId(RandomIds.next());
    let at = world.in_minutes(0);
    let command = VideoSessionCommand::RecordJoin { lesson_room_id, participant, role, connection_id, at };
    world.asks(Command::Video(slot_id, command)).await;
    connection_id
}

#[tokio::test(flavor = "multi_thread")]
async fn an_absent_student_is_proposed_once_after_the_lesson() {
    let world = World::new().await;
    let _running = (world.start().await, world.start().await);
    // The process manager starts after the last event, so it must know the log before the first one.
    world.is_quiet().await;
    let (teacher, anna, boris) = (person(), person(), person());
    let slot_id = world.opens(teacher, 10, 2).await;
    world.books(slot_id, anna).await;
    world.books(slot_id, boris).await;
    let lesson_room_id = opens_room(&world, slot_id).await;
    joins(&world, slot_id, lesson_room_id, teacher, ParticipantRole::Teacher).await;
    let connection_id = joins(&world, slot_id, lesson_room_id, anna, ParticipantRole::Student).await;
    let (cause, seconds, at) = (LeaveCause::Left, 60, world.in_minutes(1));
    let leave = VideoSessionCommand::RecordLeave { participant: anna, connection_id, cause, seconds, at };
    world.asks(Command::Video(slot_id, leave)).await;
    world.passes(70);
    world.is_quiet().await;
    assert_eq!(world.events("NoShowProposed").await, 0, "the lesson is over for less than a minute");
    world.passes(1);
    eventually("the absence is proposed", async || world.events("NoShowProposed").await == 1).await;
    // A second lesson room of the same lesson is no second proposal.
    opens_room(&world, slot_id).await;
    world.passes(120);
    world.is_quiet().await;
    assert_eq!(world.events("NoShowProposed").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_absence_is_proposed_without_the_teacher_or_after_a_decision() {
    let world = World::new().await;
    let _running = world.start().await;
    world.is_quiet().await;
    let (teacher, anna) = (person(), person());
    let alone = world.opens(person(), 10, 1).await;
    world.books(alone, person()).await;
    opens_room(&world, alone).await;
    let decided = world.opens(teacher, 10, 1).await;
    let booking_id = world.books(decided, anna).await;
    let lesson_room_id = opens_room(&world, decided).await;
    joins(&world, decided, lesson_room_id, teacher, ParticipantRole::Teacher).await;
    world.passes(30);
    let who = NoShow::Booking { booking_id, student: anna };
    world.of(decided, SlotCommand::RecordNoShow { by: teacher, who }).await;
    world.passes(45);
    world.is_quiet().await;
    assert_eq!(world.events("NoShowProposed").await, 0);
}
