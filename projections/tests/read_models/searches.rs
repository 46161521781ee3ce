//! Searches and filters find every match that the reader may see, and nothing else.

use domain::accounts::{Locale, ProfileChanges};
use domain::{Actor, Currency, Event, Money, Personal, Position, Role};
use futures::TryStreamExt;
use projections::accounts::{
    AccountFilter, TeacherFilter, TeacherSort, count_accounts, count_teachers, teachers,
};
use projections::audit::{EventFilter, event_positions, event_positions_stream};
use projections::crm::{
    ContactView, UserFilter, UserSort, UserType, Visibility, count_users, users, users_stream,
};
use sqlx::PgPool;

use crate::history::{History, MARK, phone};
use crate::tables::Tables;

const STAFF: ContactView = ContactView { visibility: Visibility::Full, locale: Locale::Ru };
const ANALYST: ContactView = ContactView { visibility: Visibility::Masked, locale: Locale::Ru };

/// A teacher on whom each filter can be tried.
async fn catalogue() -> PgPool {
    let mut history = History::new(40);
    let alyona = history.registers(Role::Teacher, "Алёна Королёва", "alyona");
    history.changes_profile(
        alyona,
        ProfileChanges {
            bio: Some(Personal::new(alyona, "Готовлю к экзаменам. Teaching children since 2010".to_owned())),
            subjects: Some(vec!["mathematics".to_owned()]),
            goals: Some(vec!["ege".to_owned()]),
            grades: Some(vec!["9".to_owned()]),
            durations: Some(vec![45, 60]),
            formats: Some(vec!["online".to_owned(), "offline".to_owned()]),
            lesson_types: Some(vec!["trial".to_owned()]),
            experience: Some("experienced".to_owned()),
            city: Some(Personal::new(alyona, "Орёл".to_owned())),
            takes_requests: Some(true),
            hourly_rate: Some(Money { amount: 150_000, currency: Currency::RUB }),
            ..ProfileChanges::default()
        },
    );
    history.registers(Role::Teacher, "John Smith", "smith");
    Tables::of(&history.events).await.pool
}

async fn found(pool: &PgPool, filter: TeacherFilter) -> Vec<String> {
    let now = "2026-02-01T00:00:00Z".parse().unwrap();
    let page = teachers(pool, &filter, TeacherSort::Newest, now, None, 10).await.unwrap();
    assert_eq!(count_teachers(pool, &filter, now).await.unwrap(), page.rows.len() as u64);
    page.rows.into_iter().filter_map(|(row, _)| row.nickname).collect()
}

#[tokio::test]
async fn teachers_are_found_by_words_in_russian_and_english() {
    let pool = catalogue().await;
    for q in [
        "алена",
        "АЛЁНА",
        "кор ал",
        "экзамен",
        "экзамены",
        "children",
        "child teach",
        "mathem",
        "математику",
        "алена матем",
    ] {
        assert_eq!(
            found(&pool, TeacherFilter { q: Some(q.into()), ..Default::default() }).await,
            ["alyona"],
            "{q}"
        );
    }
    assert_eq!(found(&pool, TeacherFilter { q: Some("SMI".into()), ..Default::default() }).await, ["smith"]);
    for q in ["& | !", "'", "алена шахматы", "нет такого", "%", "\0"] {
        assert!(
            found(&pool, TeacherFilter { q: Some(q.into()), ..Default::default() }).await.is_empty(),
            "{q:?}"
        );
    }
    assert_eq!(found(&pool, TeacherFilter { q: Some("  ".into()), ..Default::default() }).await.len(), 2);
}

#[tokio::test]
async fn every_filter_of_the_catalogue_filters() {
    let pool = catalogue().await;
    let rub = |amount| Some(Money { amount, currency: Currency::RUB });
    let none = TeacherFilter::default;
    let hits = [
        TeacherFilter { subject: Some("mathematics".into()), ..none() },
        TeacherFilter { grade: Some("9".into()), ..none() },
        TeacherFilter { goal: Some("ege".into()), ..none() },
        TeacherFilter { experience: Some("experienced".into()), ..none() },
        TeacherFilter { format: Some("offline".into()), ..none() },
        TeacherFilter { duration: Some(45), ..none() },
        TeacherFilter { lesson_type: Some("trial".into()), ..none() },
        TeacherFilter { city: Some(" ОРЕЛ ".into()), ..none() },
        TeacherFilter { max_price: rub(150_000), ..none() },
        TeacherFilter { takes_requests: Some(true), ..none() },
    ];
    for filter in hits {
        assert_eq!(found(&pool, filter.clone()).await, ["alyona"], "{filter:?}");
    }
    let misses = [
        TeacherFilter { subject: Some("chess".into()), ..none() },
        TeacherFilter { subject: Some("\0".into()), ..none() },
        TeacherFilter { duration: Some(90), ..none() },
        TeacherFilter { duration: Some(u16::MAX), ..none() },
        TeacherFilter { min_rating: Some(1.0), ..none() },
        TeacherFilter { max_price: rub(149_999), ..none() },
    ];
    for filter in misses {
        assert!(found(&pool, filter.clone()).await.is_empty(), "{filter:?}");
    }
}

#[tokio::test]
async fn an_analyst_sees_contacts_masked_and_can_not_search_for_them() {
    let mut history = History::new(41);
    history.registers(Role::Student, "Анна Белова", "anna");
    let pool = Tables::of(&history.events).await.pool;
    let number = String::from(phone(0));
    let asks = async |q: &str, reader| {
        let filter = UserFilter { q: Some(q.into()), ..UserFilter::default() };
        let rows = users(&pool, &filter, UserSort::Newest, reader, None, 10).await.unwrap().rows;
        assert_eq!(count_users(&pool, &filter, reader).await.unwrap(), rows.len() as u64);
        rows
    };
    let by_staff = asks("белова", STAFF).await;
    let by_analyst = asks("белова", ANALYST).await;
    assert_eq!(by_staff[0].phone.as_ref(), Some(&number));
    assert_eq!(by_analyst[0].phone.as_deref(), Some("+7•••••00"));
    assert_eq!(by_analyst[0].email.as_deref(), Some("п•••@e•••.com"));

    for contact in [number.as_str(), "+7 999 100-00-00", &format!("{MARK}0@example.com"), "example"] {
        assert_eq!(asks(contact, STAFF).await.len(), 1, "{contact}");
        assert_eq!(asks(contact, ANALYST).await.len(), 0, "{contact}");
    }
    let filter = AccountFilter {
        q: Some(number.as_str().into()),
        role: Some(Role::Student),
        ..AccountFilter::default()
    };
    assert_eq!(count_accounts(&pool, &filter).await.unwrap(), 1);
}

#[tokio::test]
async fn users_are_counted_and_exported_by_the_same_filter() {
    let history = History::random(42, 300);
    let pool = Tables::of(&history.events).await.pool;
    let mut sum = 0;
    for kind in UserType::ALL.iter().copied() {
        let filter = UserFilter { kind: Some(kind), ..UserFilter::default() };
        let exported: Vec<_> =
            users_stream(&pool, &filter, UserSort::Oldest, STAFF).try_collect().await.unwrap();
        assert!(exported.iter().all(|row| row.kind == kind));
        assert_eq!(count_users(&pool, &filter, STAFF).await.unwrap(), exported.len() as u64);
        sum += exported.len();
    }
    assert_eq!(sum, history.people.len(), "every person has one type");

    let all: Vec<_> =
        users_stream(&pool, &UserFilter::default(), UserSort::Oldest, STAFF).try_collect().await.unwrap();
    let middle = all[all.len() / 2].registered_at;
    let before = UserFilter { registered_to: Some(middle), ..UserFilter::default() };
    let since = UserFilter { registered_from: Some(middle), ..UserFilter::default() };
    let (before, since) =
        (count_users(&pool, &before, STAFF).await.unwrap(), count_users(&pool, &since, STAFF).await.unwrap());
    assert_eq!(before + since, all.len() as u64);
    assert!(before > 0 && since > 0);
}

#[tokio::test]
async fn the_index_finds_the_positions_of_every_filter() {
    let history = History::random(43, 300);
    let pool = Tables::of(&history.events).await.pool;
    let sample = &history.events[history.events.len() / 2];
    let none = EventFilter::default;
    let filters = [
        none(),
        EventFilter { stream_type: Some("Account".into()), ..none() },
        EventFilter { stream_id: Some(sample.stream.aggregate_id.clone()), ..none() },
        EventFilter { event_type: Some("ProfileUpdated".into()), ..none() },
        EventFilter { actor: Some(Actor::system("crm_delivery")), ..none() },
        EventFilter { correlation_id: Some(sample.metadata.correlation_id), ..none() },
        EventFilter { from: Some(sample.recorded_at), ..none() },
        EventFilter { to: Some(sample.recorded_at), ..none() },
        EventFilter { event_type: Some("\0".into()), ..none() },
        EventFilter { from: Some("2200-01-01T00:00:00Z".parse().unwrap()), ..none() },
    ];
    for (n, filter) in filters.into_iter().enumerate() {
        let expected: Vec<Position> = history
            .events
            .iter()
            .filter(|event| {
                let is = |wanted: &Option<String>, text: &str| wanted.as_deref().is_none_or(|w| w == text);
                is(&filter.stream_type, &event.stream.aggregate_type)
                    && is(&filter.stream_id, &event.stream.aggregate_id)
                    && is(&filter.event_type, &Event::event_type(&event.event))
                    && filter.actor.as_ref().is_none_or(|actor| *actor == event.metadata.actor)
                    && filter.correlation_id.is_none_or(|id| id == event.metadata.correlation_id)
                    && filter.from.is_none_or(|from| event.recorded_at >= from)
                    && filter.to.is_none_or(|to| event.recorded_at < to)
            })
            .map(|event| event.position)
            .collect();
        let all: Vec<Position> =
            event_positions_stream(&pool, &filter, Position::START).try_collect().await.unwrap();
        assert_eq!(all, expected, "filter {n}");
        let after = expected.first().copied().unwrap_or_default();
        let some = event_positions(&pool, &filter, after, 3).await.unwrap();
        assert_eq!(some, expected.iter().skip(1).take(3).copied().collect::<Vec<_>>(), "filter {n}");
    }
}
