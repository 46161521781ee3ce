//! Every kind of notification is raised by its event and reaches its recipients only.

use domain::accounts::AccountCommand;
use domain::crm::{CrmLinkCommand, Drift, FailureCause, SyncSubject};
use domain::scheduling::{
    Initiator, LessonFormat, LessonRequestCommand, NewRequest, Offer, RequestTerms, SlotCommand,
    WaitlistCommand,
};
use domain::support::{Channel, NewTicket, Priority, Status, TicketCommand};
use domain::video::{ParticipantRole, VideoSessionCommand};
use domain::{
    AccountId, Command, ConnectionId, HoldId, Ids, Money, ProposalId, RandomIds, ReplyId, RequestId, Role,
    RoomId, SessionId, SlotId, TicketId, WaitlistEntryId,
};

use crate::world::World;

const DAY: i64 = 24 * 60;

struct People {
    teacher: AccountId,
    anna: AccountId,
    stranger: AccountId,
}

impl People {
    async fn of(world: &World) -> Self {
        Self {
            teacher: world.registers(Role::Teacher).await,
            anna: world.registers(Role::Student).await,
            stranger: world.registers(Role::Student).await,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lesson_is_booked_reminded_of_and_cancelled() {
    let world = World::new().await;
    let _running = world.start().await;
    let People { teacher, anna, stranger } = People::of(&world).await;
    let slot = world.opens(teacher, 3 * DAY, 2).await;
    world.books(slot, anna).await;
    assert_eq!(world.told(teacher).await, ["lesson_booked"]);
    assert_eq!(world.told(anna).await, ["lesson_booked"]);
    world.passes(2 * DAY);
    assert_eq!(world.told(anna).await, ["lesson_booked", "lesson_reminder"]);
    assert_eq!(world.told(teacher).await, ["lesson_booked", "lesson_reminder"]);
    let cancel = SlotCommand::CancelLesson { by: Initiator::Person(teacher), reason: None };
    world.does(teacher, Command::Slot(slot, cancel)).await;
    assert_eq!(world.told(anna).await, ["lesson_booked", "lesson_reminder", "lesson_cancelled"]);
    assert_eq!(world.told(teacher).await.len(), 2, "who cancels is not told of it");
    assert!(world.told(stranger).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_teacher_is_told_of_a_student_who_was_not_in_the_lesson_room() {
    let world = World::new().await;
    let _running = world.start().await;
    let People { teacher, anna, .. } = People::of(&world).await;
    let slot = world.opens(teacher, 3 * DAY, 1).await;
    let booking_id = world.books(slot, anna).await;
    let join = VideoSessionCommand::RecordJoin {
        lesson_room_id: RoomId(RandomIds.next()),
        participant: teacher,
        role: ParticipantRole::Teacher,
        connection_id: ConnectionId(RandomIds.next()),
        at: world.in_minutes(0),
    };
    world.asks(Command::Video(slot, join)).await;
    world.asks(Command::Video(slot, VideoSessionCommand::ProposeNoShow { booking_id, student: anna })).await;
    assert_eq!(world.told(teacher).await, ["lesson_booked", "no_show_proposed"]);
    assert_eq!(world.told(anna).await, ["lesson_booked"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_teacher_is_told_that_a_student_does_not_come() {
    let world = World::new().await;
    let _running = world.start().await;
    let People { teacher, anna, .. } = People::of(&world).await;
    let slot = world.opens(teacher, 3 * DAY, 2).await;
    let booking_id = world.books(slot, anna).await;
    let cancel = SlotCommand::CancelBooking { booking_id, by: Initiator::Person(anna), reason: None };
    world.does(anna, Command::Slot(slot, cancel)).await;
    assert_eq!(world.told(teacher).await, ["lesson_booked", "lesson_cancelled"]);
    assert_eq!(world.told(anna).await, ["lesson_booked"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_is_told_to_the_other_side_and_its_end_to_who_made_it() {
    let world = World::new().await;
    let _running = world.start().await;
    let People { teacher, anna, .. } = People::of(&world).await;
    let slot = world.opens(teacher, 9 * DAY, 1).await;
    world.books(slot, anna).await;
    let propose = async |by, days: i64| {
        let proposal_id = ProposalId(RandomIds.next());
        let starts_at = world.in_minutes(days * DAY);
        let propose = SlotCommand::ProposeReschedule { proposal_id, by, starts_at };
        world.does(by, Command::Slot(slot, propose)).await;
    };
    propose(teacher, 10).await;
    assert_eq!(world.told(anna).await, ["lesson_booked", "reschedule"]);
    world.does(anna, Command::Slot(slot, SlotCommand::DeclineReschedule { by: anna })).await;
    assert_eq!(world.told(teacher).await, ["lesson_booked", "reschedule"]);
    propose(anna, 11).await;
    assert_eq!(world.told(teacher).await, ["lesson_booked", "reschedule", "reschedule"]);
    world.does(teacher, Command::Slot(slot, SlotCommand::AcceptReschedule { by: teacher })).await;
    assert_eq!(world.told(anna).await, ["lesson_booked", "reschedule", "lesson_moved"]);
    assert_eq!(world.told(teacher).await.len(), 3, "who agrees is not told that it moved");
    propose(teacher, 12).await;
    world.passes(4 * DAY);
    let told = world.told(teacher).await;
    assert_eq!(told.iter().filter(|kind| **kind == "reschedule").count(), 3, "no answer: {told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_student_hears_of_every_step_of_a_request() {
    let world = World::new().await;
    let _running = world.start().await;
    let People { teacher, anna, stranger } = People::of(&world).await;
    let other = world.registers(Role::Teacher).await;
    let request_id = RequestId(RandomIds.next());
    let request = |command| Command::Request(request_id, command);
    let terms = RequestTerms {
        grade: "11".to_owned(),
        subject: "physics".to_owned(),
        goals: vec!["ege".to_owned()],
        experience: None,
        duration_minutes: 60,
        format: LessonFormat::Online,
        city: None,
        starts_at: world.in_minutes(2 * DAY),
        max_price: None,
    };
    let new = NewRequest { student: anna, place: 0, terms, comment: None };
    world.does(anna, request(LessonRequestCommand::RequestLesson(Box::new(new)))).await;
    let offers = [teacher, other].map(|teacher| Offer { teacher, reasons: vec![] }).to_vec();
    let found = LessonRequestCommand::OfferRequest {
        rules_version: 1,
        considered: 2,
        offers,
        excluded: vec![],
        next_wave_at: None,
    };
    world.asks(request(found)).await;
    assert_eq!(world.told(teacher).await, ["request_offered"]);
    assert_eq!(world.told(other).await, ["request_offered"]);
    assert_eq!(world.told(anna).await, ["request_matched"]);
    world.does(other, request(LessonRequestCommand::DeclineRequest { teacher: other })).await;
    let price = Money { amount: 100_000, currency: domain::Currency::RUB };
    let accept = LessonRequestCommand::AcceptRequest { teacher, slot_id: SlotId(RandomIds.next()), price };
    world.does(teacher, request(accept)).await;
    assert_eq!(world.told(anna).await, ["request_matched", "request_declined", "request_accepted"]);
    assert_eq!(world.told(teacher).await, ["request_offered"]);
    assert!(world.told(stranger).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seat_from_the_line_is_told_to_whom_it_is_offered() {
    let world = World::new().await;
    let _running = world.start().await;
    let People { teacher, anna, stranger } = People::of(&world).await;
    let slot = world.opens(teacher, 3 * DAY, 1).await;
    let entry_id = WaitlistEntryId(RandomIds.next());
    let join = WaitlistCommand::JoinWaitlist { slot_id: slot, student: anna, position: 1 };
    world.does(anna, Command::Waitlist(entry_id, join)).await;
    let (hold_id, expires_at) = (HoldId(RandomIds.next()), world.in_minutes(60));
    world.asks(Command::Waitlist(entry_id, WaitlistCommand::ReceiveOffer { hold_id, expires_at })).await;
    assert_eq!(world.told(anna).await, ["waitlist_offer"]);
    assert!(world.told(stranger).await.is_empty() && world.told(teacher).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_is_told_to_the_other_side_and_a_status_to_the_requester() {
    let world = World::new().await;
    let _running = world.start().await;
    let People { anna, stranger, .. } = People::of(&world).await;
    let agent = world.registers(Role::Support).await;
    let ticket_id = TicketId(RandomIds.next());
    let ticket = |command| Command::Ticket(ticket_id, command);
    let new = NewTicket {
        requester: anna,
        title: "Не открывается урок".to_owned(),
        description: "Пишет об ошибке".to_owned(),
        priority: Priority::Medium,
        category: "Уроки".to_owned(),
        tags: vec![],
        channel: Channel::Web,
    };
    world.does(anna, ticket(TicketCommand::OpenTicket(new))).await;
    world.does(agent, ticket(TicketCommand::AssignTicket { agent })).await;
    let reply_id = ReplyId(RandomIds.next());
    let body = "Посмотрим".to_owned();
    world.does(agent, ticket(TicketCommand::ReplyAsAgent { reply_id, by: agent, body })).await;
    assert_eq!(world.told(anna).await, ["ticket_reply"]);
    let reply_id = ReplyId(RandomIds.next());
    let body = "Спасибо".to_owned();
    world.does(anna, ticket(TicketCommand::ReplyAsRequester { reply_id, by: anna, body })).await;
    assert_eq!(world.told(agent).await, ["ticket_reply"]);
    world.does(agent, ticket(TicketCommand::ChangeStatus { to: Status::Resolved })).await;
    assert_eq!(world.told(anna).await, ["ticket_reply", "ticket_status"]);
    assert_eq!(world.told(agent).await, ["ticket_reply"]);
    assert!(world.told(stranger).await.is_empty());
}

/// Only admins are notified of problems with the CRM.
#[tokio::test(flavor = "multi_thread")]
async fn trouble_with_the_crm_is_told_to_admins_once_until_they_have_read_it() {
    let world = World::new().await;
    let _running = world.start().await;
    let People { teacher, anna, .. } = People::of(&world).await;
    let (admin, support) = (world.registers(Role::Admin).await, world.registers(Role::Support).await);
    let (what, cause) = (SyncSubject::User, FailureCause::Refused);
    for person in [anna, teacher] {
        let abandon = CrmLinkCommand::AbandonDelivery { what, attempts: 12, status: Some(422), cause };
        world.asks(Command::CrmLink(person, abandon)).await;
    }
    let drift = CrmLinkCommand::RecordDrift { what, drift: Drift::Missing };
    world.asks(Command::CrmLink(anna, drift)).await;
    assert_eq!(world.told(admin).await, ["crm_sync", "crm_sync"], "one of each trouble");
    for person in [anna, teacher, support] {
        assert!(world.told(person).await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_to_ones_account_is_told_and_a_known_device_is_not() {
    let world = World::new().await;
    let running = world.start().await;
    let People { anna, stranger, .. } = People::of(&world).await;
    let signs_in = async |user_agent: &str| {
        let session_id = SessionId(RandomIds.next());
        let sign_in = AccountCommand::RecordSignIn { session_id, user_agent: user_agent.to_owned() };
        world.does(anna, Command::Account(anna, sign_in)).await;
    };
    signs_in("Firefox").await;
    signs_in("Firefox").await;
    assert_eq!(world.told(anna).await, ["security"]);
    signs_in("curl").await;
    world.does(anna, Command::Account(anna, AccountCommand::RecordPasswordChange)).await;
    let grant = AccountCommand::GrantRole { role: Role::Teacher, reason: "преподаёт".to_owned() };
    world.asks(Command::Account(anna, grant)).await;
    assert_eq!(world.told(anna).await, ["security"; 4]);
    assert!(world.told(stranger).await.is_empty());
    // Tasks that run again cause no duplicate notification.
    running.ends().await;
    sqlx::query("update process.tasks set state = 'waiting', attempts = 0 where kind = 'notify'")
        .execute(&world.pool)
        .await
        .unwrap();
    let _running = world.start().await;
    assert_eq!(world.told(anna).await, ["security"; 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_is_told_to_the_teacher() {
    let world = World::new().await;
    let _running = world.start().await;
    let People { teacher, anna, .. } = People::of(&world).await;
    let slot = world.opens(teacher, 3 * DAY, 1).await;
    world.books(slot, anna).await;
    world.passes(3 * DAY);
    world.does(teacher, Command::Slot(slot, SlotCommand::StartLesson { by: teacher })).await;
    world.passes(60);
    world.does(teacher, Command::Slot(slot, SlotCommand::CompleteLesson { by: teacher })).await;
    let review = SlotCommand::ReviewLesson { by: anna, rating: 5, text: None };
    world.does(anna, Command::Slot(slot, review)).await;
    assert_eq!(world.told(teacher).await.last(), Some(&"review"));
}
