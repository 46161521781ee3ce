//! The live feed reaches every recipient of an event, and no other person.

use domain::messaging::{Conversation, ConversationEvent, ConversationKind};
use domain::notifications::{Cause, Channel, Inbox, InboxEvent, NotificationContent, RequestFacts};
use domain::scheduling::{
    Class, ClassEvent, HoldEnd, LessonRequest, LessonRequestEvent, Period, SlotEvent, WaitEnd, WaitlistEntry,
    WaitlistEvent,
};
use domain::support::{AssignedBy, Ticket, TicketEvent, welcome_ticket_id};
use domain::{
    AccountId, Actor, ConversationId, Currency, Event, HoldId, MessageId, Money, NoteId, Personal, Position,
    ReplyId, StreamId, WaitlistEntryId,
};
use projections::live::{feed_rows_between, feed_rows_for, find_contacts};
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use crate::school::{Offer, School};
use crate::tables::Tables;

/// Types of the person's feed rows after their registration.
async fn told(pool: &PgPool, person: AccountId) -> Vec<String> {
    let rows = feed_rows_for(pool, person, Position::START, Position(1_000_000), 1_000).await.unwrap();
    let kinds = rows.into_iter().map(|row| row.kind);
    kinds.filter(|kind| kind != "account_registered").collect()
}

fn says<E>(school: &mut School, stream: StreamId, event: E, of: impl Fn(E) -> Event) {
    school.history.record(stream, Actor::system("test"), of(event));
}

/// Neither another teacher nor another student of the same lesson is a recipient of a booking.
#[tokio::test]
async fn an_event_of_a_lesson_is_told_to_whom_it_concerns() {
    let mut school = School::new(90);
    let (vera, pavel) = (school.teacher("vera"), school.teacher("pavel"));
    let (anna, boris, clara) = (school.student("anna"), school.student("boris"), school.student("clara"));
    let slot = school.offers(vera, &Offer { capacity: 2, ..Offer::at("2026-06-01T10:00:00Z") });
    let hold_id = HoldId(Uuid::from_u128(1));
    let expires_at = "2026-05-01T10:00:00Z".parse().unwrap();
    school.says(slot, SlotEvent::SeatHeld { hold_id, student: anna, expires_at, offered_to: None });
    school.says(slot, SlotEvent::HoldReleased { hold_id, cause: HoldEnd::Expired });
    let booking = school.books(slot, anna);
    school.books(slot, boris);
    let entry_id = WaitlistEntryId(Uuid::from_u128(2));
    school.says(slot, SlotEvent::WaitlistEntered { entry_id, student: clara });
    let from = Period::of_minutes("2026-06-01T10:00:00Z".parse().unwrap(), 60).unwrap();
    let to = Period::of_minutes("2026-06-02T10:00:00Z".parse().unwrap(), 60).unwrap();
    school.says(slot, SlotEvent::LessonMoved { from, to, people: vec![vera, anna, boris] });
    school.says(slot, SlotEvent::WaitlistRemoved { entry_id, cause: WaitEnd::Left });
    school.cancels(slot, booking, anna, domain::scheduling::Party::Student, None);
    school.completes(slot, vera);
    let pool = Tables::of(&school.history.events).await.pool;
    let seat = ["seat_held", "hold_released", "seat_booked", "lesson_moved", "booking_cancelled"];
    assert_eq!(told(&pool, anna).await, seat);
    let whole = ["seat_booked", "lesson_moved", "lesson_started", "lesson_completed"];
    assert_eq!(told(&pool, boris).await, whole);
    assert_eq!(told(&pool, clara).await, ["waitlist_entered", "lesson_moved", "waitlist_removed"]);
    assert_eq!(told(&pool, vera).await.len(), 11);
    assert!(told(&pool, pavel).await.is_empty());
    let rows = feed_rows_for(&pool, boris, Position::START, Position(1_000_000), 1_000).await.unwrap();
    assert_eq!(rows[1].data["slot_id"], json!(slot));
    // All rows together, in order of position.
    let all = feed_rows_between(&pool, Position::START, Position(1_000_000)).await.unwrap();
    assert!(all.is_sorted_by_key(|row| row.position));
    assert_eq!(all.iter().filter(|row| row.account_id == boris).count(), rows.len());
}

#[tokio::test]
async fn requests_lines_and_classes_are_told_to_both_sides() {
    let mut school = School::new(91);
    let (vera, pavel) = (school.teacher("vera"), school.teacher("pavel"));
    let (anna, boris) = (school.student("anna"), school.student("boris"));
    let slot = school.offers(vera, &Offer::at("2026-06-01T10:00:00Z"));
    let request = StreamId::of::<LessonRequest>(Uuid::from_u128(3));
    let asked: LessonRequestEvent = serde_json::from_value(json!({ "LessonRequested": {
        "student": anna, "grade": "9", "subject": "mathematics", "goals": [], "duration_minutes": 60,
        "format": "online", "starts_at": "2026-06-01T10:00:00Z", "expires_at": "2026-06-01T05:00:00Z",
    }}))
    .unwrap();
    let offered = |teacher| LessonRequestEvent::RequestOffered { teacher, rules_version: 1, reasons: vec![] };
    let price = Money { amount: 1, currency: Currency::RUB };
    let accepted = LessonRequestEvent::RequestAccepted { teacher: vera, slot_id: slot, price };
    for event in [asked, offered(vera), offered(pavel), accepted] {
        says(&mut school, request.clone(), event, Event::Request);
    }
    let entry = StreamId::of::<WaitlistEntry>(Uuid::from_u128(4));
    let joined = WaitlistEvent::WaitlistJoined { slot_id: slot, student: boris, position: 1 };
    for event in [joined, WaitlistEvent::WaitlistLeft { closed: false }] {
        says(&mut school, entry.clone(), event, Event::Waitlist);
    }
    let class = StreamId::of::<Class>(Uuid::from_u128(5));
    let created = ClassEvent::ClassCreated {
        teacher: pavel,
        name: Personal::new(pavel, "Класс".to_owned()),
        description: None,
        subject: "mathematics".to_owned(),
        grade: "9".to_owned(),
        colour: "#112233".to_owned(),
        capacity: 10,
    };
    let added = ClassEvent::StudentAdded { student: boris };
    for event in [created, added, ClassEvent::ClassClosed {}] {
        says(&mut school, class.clone(), event, Event::Class);
    }
    let pool = Tables::of(&school.history.events).await.pool;
    let anna_heard = ["lesson_requested", "request_offered", "request_offered", "request_accepted"];
    assert_eq!(told(&pool, anna).await, anna_heard);
    assert_eq!(told(&pool, vera).await, ["slot_opened", "request_offered", "request_accepted"]);
    let pavel_heard =
        ["request_offered", "request_accepted", "class_created", "student_added", "class_closed"];
    assert_eq!(told(&pool, pavel).await, pavel_heard);
    let boris_heard = ["waitlist_joined", "waitlist_left", "student_added", "class_closed"];
    assert_eq!(told(&pool, boris).await, boris_heard);
    // A teacher who was not accepted does not see which lesson followed.
    let lost = feed_rows_for(&pool, pavel, Position::START, Position(1_000_000), 1_000).await.unwrap();
    let lost = lost.iter().find(|row| row.kind == "request_accepted").unwrap();
    assert!(lost.data.get("slot_id").is_none(), "{:?}", lost.data);
}

/// The requester gets no row for an internal note.
#[tokio::test]
async fn a_ticket_is_told_to_its_requester_and_the_agent_who_has_it() {
    let mut school = School::new(93);
    let (anna, olga, petr) = (school.student("anna"), school.student("olga"), school.student("petr"));
    school.history.opens_welcome_ticket(anna);
    let stream = StreamId::of::<Ticket>(welcome_ticket_id(anna));
    let assigned = |agent: AccountId, before: Option<AccountId>| TicketEvent::TicketAssigned {
        requester: anna,
        agent,
        before,
        by: AssignedBy::Manual,
        candidates: vec![],
    };
    let note = TicketEvent::InternalNoteAdded {
        requester: anna,
        note_id: NoteId(Uuid::from_u128(7)),
        author: olga,
        body: Personal::new(anna, "приватно".to_owned()),
    };
    let reply = TicketEvent::ReplyAdded {
        requester: anna,
        reply_id: ReplyId(Uuid::from_u128(8)),
        author: petr,
        assignee: Some(petr),
        body: Personal::new(anna, "приватно".to_owned()),
    };
    for event in [assigned(olga, None), note, assigned(petr, Some(olga)), reply] {
        says(&mut school, stream.clone(), event, Event::Ticket);
    }
    let pool = Tables::of(&school.history.events).await.pool;
    let heard = ["ticket_opened", "ticket_assigned", "ticket_assigned", "reply_added"];
    assert_eq!(told(&pool, anna).await, heard);
    assert_eq!(told(&pool, olga).await, ["ticket_assigned", "internal_note_added", "ticket_assigned"]);
    assert_eq!(told(&pool, petr).await, ["ticket_assigned", "reply_added"]);
}

/// A notification reaches its owner only. A muted one and the delivery of mails reach no recipient.
#[tokio::test]
async fn an_inbox_is_told_to_its_owner() {
    let mut school = School::new(94);
    let (anna, boris) = (school.student("anna"), school.student("boris"));
    let request = RequestFacts {
        request_id: Uuid::from_u128(2).into(),
        student: anna,
        subject: "mathematics".to_owned(),
        starts_at: "2026-06-01T10:00:00Z".parse().unwrap(),
    };
    let raised = |number: u64, muted: Channel| InboxEvent::NotificationRaised {
        notification_id: Uuid::from_u128(number.into()).into(),
        number,
        notice: NotificationContent::RequestExpired { request: request.clone() },
        cause: Cause { event_id: Uuid::from_u128(1), position: Position(1) },
        muted: vec![muted],
        email_wait: None,
    };
    let notification_id = Uuid::from_u128(1).into();
    for event in [
        raised(1, Channel::Email),
        raised(2, Channel::InApp),
        InboxEvent::NotificationDelivered { notification_id, channel: Channel::Email },
        InboxEvent::NotificationsRead { notification_ids: vec![], up_to: Some(1) },
        InboxEvent::NotificationDismissed { notification_id },
    ] {
        says(&mut school, StreamId::of::<Inbox>(anna), event, Event::Inbox);
    }
    let pool = Tables::of(&school.history.events).await.pool;
    let heard = ["notification_raised", "notifications_read", "notification_dismissed"];
    assert_eq!(told(&pool, anna).await, heard);
    assert!(told(&pool, boris).await.is_empty());
    let rows = feed_rows_for(&pool, anna, Position::START, Position(1_000_000), 1_000).await.unwrap();
    assert_eq!(rows[1].data["kind"], "request_expired");
}

/// A former participant gets no rows. A participant's own view is theirs alone. An erased person has no feed.
#[tokio::test]
async fn a_conversation_is_told_to_those_who_take_part_at_that_moment() {
    for in_one_batch in [true, false] {
        let mut school = School::new(92);
        let (anna, boris, clara) = (school.student("anna"), school.student("boris"), school.student("clara"));
        let id = ConversationId(Uuid::from_u128(6));
        let stream = StreamId::of::<Conversation>(id);
        let sent = |sequence: u64| ConversationEvent::MessageSent {
            message_id: MessageId(Uuid::from_u128(u128::from(sequence))),
            sequence,
            sender: anna,
            body: Personal::new(anna, "приватно".to_owned()),
            attachments: vec![],
            client_id: Uuid::from_u128(u128::from(sequence)),
        };
        let participants = vec![anna, boris];
        let kind = ConversationKind::Class;
        for event in [
            ConversationEvent::ConversationStarted { kind, participants, context: None },
            sent(1),
            ConversationEvent::ParticipantJoined { participant: clara },
            sent(2),
            ConversationEvent::ConversationRead { participant: clara, up_to: 2 },
            ConversationEvent::ConversationHidden { participant: clara },
            ConversationEvent::ParticipantLeft { participant: boris },
            sent(3),
        ] {
            says(&mut school, stream.clone(), event, Event::Conversation);
        }
        let seen = if in_one_batch { 0 } else { school.history.events.len() };
        let tables = Tables::of(&school.history.events[..seen]).await;
        school.history.erases(anna);
        says(&mut school, stream, sent(4), Event::Conversation);
        tables.apply(&school.history.events[seen..]).await;
        let pool = &tables.pool;
        assert_eq!(
            told(pool, boris).await,
            [
                "conversation_started",
                "message_sent",
                "participant_joined",
                "message_sent",
                "conversation_read",
                "participant_left",
            ]
        );
        let clara_heard = [
            "participant_joined",
            "message_sent",
            "conversation_read",
            "conversation_hidden",
            "participant_left",
            "message_sent",
            "message_sent",
        ];
        assert_eq!(told(pool, clara).await, clara_heard);
        assert_eq!(told(pool, anna).await, ["account_erased"]);
        let mut shared = find_contacts(pool, &[anna, boris, clara]).await.unwrap();
        shared.sort_unstable();
        let mut both = vec![(anna, clara), (clara, anna)];
        both.sort_unstable();
        assert_eq!(shared, both);
    }
}

/// Rows from which no client can resume at the end of the log are not written.
#[tokio::test]
async fn a_rebuild_leaves_the_feed_of_a_month() {
    let mut school = School::new(95);
    let (vera, anna) = (school.teacher("vera"), school.student("anna"));
    for days in [30, 20, 10, 2] {
        let slot = school.offers(vera, &Offer::at("2027-06-01T10:00:00Z"));
        school.books(slot, anna);
        school.history.wait(days);
    }
    let slot = school.offers(vera, &Offer::at("2027-06-01T12:00:00Z"));
    school.books(slot, anna);
    let events = &school.history.events;
    let live = Tables::empty().await;
    for event in events {
        live.apply(std::slice::from_ref(event)).await;
    }
    let rebuilt = Tables::empty().await;
    rebuilt.rebuild(events, 2).await;
    assert_eq!(rebuilt.dump().await, live.dump().await);
    // Of five bookings, those of 12 and 2 days ago and the last one.
    assert_eq!(told(&rebuilt.pool, anna).await, ["seat_booked"; 3]);
}
