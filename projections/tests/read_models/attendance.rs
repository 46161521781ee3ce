//! Attendance of a lesson: its stays with their ends, its proposed absences, and entries in timelines.

use cqrs_es::Aggregate;
use domain::accounts::Locale;
use domain::video::{LeaveCause, ParticipantRole, VideoSession, VideoSessionEvent};
use domain::{AccountId, Actor, BookingId, ConnectionId, Event, RoomId, SlotId, StreamId};
use projections::crm::{ContactView, Visibility, timeline};
use projections::video::load_attendance;
use uuid::Uuid;

use crate::school::{Offer, School};
use crate::tables::Tables;

fn says(school: &mut School, slot: SlotId, event: VideoSessionEvent) {
    let actor = Actor::system("video_reports");
    school.history.record(StreamId::of::<VideoSession>(slot), actor, Event::Video(event));
}

fn joined(participant: AccountId, role: ParticipantRole, connection: u128, at: &str) -> VideoSessionEvent {
    VideoSessionEvent::ParticipantJoined {
        lesson_room_id: RoomId(Uuid::from_u128(1)),
        participant,
        role,
        connection_id: ConnectionId(Uuid::from_u128(connection)),
        joined_at: at.parse().unwrap(),
    }
}

fn left(
    participant: AccountId,
    connection: u128,
    cause: LeaveCause,
    seconds: i64,
    at: &str,
) -> VideoSessionEvent {
    VideoSessionEvent::ParticipantLeft {
        participant,
        connection_id: ConnectionId(Uuid::from_u128(connection)),
        cause,
        seconds,
        left_at: at.parse().unwrap(),
    }
}

#[tokio::test]
async fn a_lesson_has_its_stays_and_absences_in_any_batches_and_after_an_erasure() {
    let mut school = School::new(81);
    let (vera, anna, boris) = (school.teacher("vera"), school.student("anna"), school.student("boris"));
    let slot = school.offers(vera, &Offer { capacity: 2, ..Offer::at("2026-06-01T10:00:00Z") });
    school.books(slot, anna);
    school.books(slot, boris);
    let other = school.offers(vera, &Offer::at("2026-06-02T10:00:00Z"));
    says(&mut school, slot, joined(vera, ParticipantRole::Teacher, 1, "2026-06-01T09:58:00Z"));
    says(&mut school, slot, joined(anna, ParticipantRole::Student, 2, "2026-06-01T10:00:01Z"));
    says(&mut school, slot, left(anna, 2, LeaveCause::Lost, 30, "2026-06-01T10:00:31Z"));
    says(&mut school, slot, joined(anna, ParticipantRole::Student, 3, "2026-06-01T10:00:40Z"));
    // The same connection id in another lesson is another stay.
    says(&mut school, other, joined(anna, ParticipantRole::Student, 3, "2026-06-02T10:00:00Z"));
    says(&mut school, slot, left(anna, 3, LeaveCause::Left, 3_560, "2026-06-01T11:00:00Z"));
    let booking_id = BookingId(Uuid::from_u128(77));
    says(&mut school, slot, VideoSessionEvent::NoShowProposed { booking_id, student: boris });
    let events = &school.history.events;

    let whole = Tables::of(events).await;
    let single = Tables::empty().await;
    for event in events {
        single.apply(std::slice::from_ref(event)).await;
    }
    let rebuilt = Tables::empty().await;
    rebuilt.rebuild(events, 3).await;
    let rows = whole.dump().await;
    assert_eq!(single.dump().await, rows);
    assert_eq!(rebuilt.dump().await, rows);

    let seen = load_attendance(&whole.pool, slot).await.unwrap();
    let stays: Vec<_> =
        seen.stays.iter().map(|stay| (stay.participant, stay.cause, stay.left_at.is_some())).collect();
    assert_eq!(
        stays,
        [(vera, None, false), (anna, Some(LeaveCause::Lost), true), (anna, Some(LeaveCause::Left), true)]
    );
    assert_eq!(seen.proposed.into_iter().collect::<Vec<_>>(), [booking_id]);
    assert_eq!(load_attendance(&whole.pool, other).await.unwrap().stays.len(), 1);

    let entries = timeline(
        &whole.pool,
        anna,
        ContactView { visibility: Visibility::Full, locale: Locale::En },
        None,
        100,
    )
    .await
    .unwrap();
    let texts: Vec<_> = entries.rows.iter().map(|row| row.text.as_str()).collect();
    assert!(texts.iter().any(|text| text.starts_with("Left the lesson room after 59 min 20 s")), "{texts:?}");
    assert_eq!(texts.iter().filter(|text| text.starts_with("Joined the lesson room")).count(), 3);

    school.history.erases(anna);
    let after = Tables::of(&school.history.events).await;
    let kept = load_attendance(&after.pool, slot).await.unwrap();
    assert_eq!(kept.stays.len(), 3, "the lesson keeps the stays of a pseudonym");
}

#[test]
fn the_stream_of_a_session_is_that_of_its_slot() {
    let slot = SlotId(Uuid::from_u128(5));
    assert_eq!(StreamId::of::<VideoSession>(slot).to_string(), format!("{}/{slot}", VideoSession::TYPE));
}
