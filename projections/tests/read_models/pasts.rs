//! A list as of a position equals the list of an installation whose log ends there.

use domain::accounts::Locale;
use domain::scheduling::Party;
use domain::{AccountId, Position, RecordedEvent};
use jiff::Timestamp;
use projections::crm::analytics::AsOf;
use projections::crm::{
    ContactView, CrmSnapshot, UserFilter, UserSort, Visibility, count_users, timeline, user, users,
};
use projections::read_models;
use projections::support::{TicketFilter, TicketSort, count_tickets, ticket, tickets};
use rand::Rng;
use rand::seq::IndexedRandom;
use sqlx::PgConnection;

use crate::history::MARK;
use crate::school::{Offer, School};
use crate::tables::Tables;

const STAFF: ContactView = ContactView { visibility: Visibility::Full, locale: Locale::Ru };

fn now() -> Timestamp {
    "2026-02-01T12:00:00Z".parse().unwrap()
}

/// A school with every kind of event.
fn busy(seed: u64) -> School {
    let mut school = School::new(seed);
    let mut lessons = Vec::new();
    for _ in 0..250 {
        school.history.step();
        let mut pick = || *school.history.people.choose(&mut school.history.random).unwrap();
        let (teacher, student) = (pick(), pick());
        if teacher == student {
            continue;
        }
        match school.history.random.random_range(0..6) {
            0 => {
                let slot =
                    school.offers(teacher, &Offer { capacity: 3, ..Offer::at("2026-06-01T10:00:00Z") });
                let booking = school.books(slot, student);
                lessons.push((slot, booking, student, teacher));
            }
            choice => {
                let Some((slot, booking, student, teacher)) =
                    lessons.choose(&mut school.history.random).copied()
                else {
                    continue;
                };
                match choice {
                    1 | 2 => school.completes(slot, teacher),
                    3 => school.misses(slot, booking, student),
                    4 => school.reviews(slot, booking, (student, teacher), 4),
                    _ => school.cancels(slot, booking, student, Party::Student, None),
                }
            }
        }
    }
    school
}

/// Instant of the last event.
fn at_end_of(log: &[RecordedEvent]) -> AsOf {
    let instant = log.last().map_or(Timestamp::UNIX_EPOCH, |last| last.recorded_at);
    AsOf { instant, position: Position(log.len() as u64) }
}

/// Content of all lists, as text.
async fn shown(db: &mut PgConnection, people: &[AccountId]) -> Vec<String> {
    let mut lines = Vec::new();
    for sort in UserSort::ALL.iter().copied() {
        let page = users(&mut *db, &UserFilter::default(), sort, STAFF, None, 1_000).await.unwrap();
        lines.extend(page.rows.iter().map(|row| format!("{sort:?} {row:?}")));
    }
    for sort in TicketSort::ALL {
        let filter = TicketFilter::default();
        let page = tickets(&mut *db, &filter, *sort, STAFF, now(), None, 1_000).await.unwrap();
        lines.extend(page.rows.iter().map(|row| format!("{sort:?} {row:?}")));
        for row in page.rows {
            let one = ticket(&mut *db, row.ticket_id, now()).await.unwrap();
            assert_eq!(one, Some(row));
        }
    }
    for (number, person) in people.iter().enumerate() {
        lines.push(format!("{:?}", user(&mut *db, *person, STAFF).await.unwrap()));
        let page = timeline(&mut *db, *person, STAFF, None, 1_000).await.unwrap();
        lines.extend(page.rows.iter().map(|row| format!("{person} {row:?}")));
        let q = Some(format!("{MARK}{number}").as_str().into());
        let filter = TicketFilter { q: q.clone(), ..TicketFilter::default() };
        lines.push(format!("found {}", count_tickets(&mut *db, &filter, STAFF, now()).await.unwrap()));
        let filter = UserFilter { q, ..UserFilter::default() };
        lines.push(format!("found {}", count_users(&mut *db, &filter, STAFF).await.unwrap()));
    }
    lines
}

/// Removes texts that staff wrote about erased people: the log keeps them, and lists drop them.
fn forgotten(line: String, gone: &[String]) -> String {
    gone.iter().fold(line, |line, mark| line.replace(&format!(". Причина: {mark}\""), "\""))
}

#[tokio::test]
async fn lists_as_of_a_position_are_those_of_a_log_that_ends_there() {
    for seed in 60..62 {
        let mut school = busy(seed);
        let people = school.history.people.clone();
        assert!(!school.history.erased().is_empty(), "seed {seed} erases no person");
        let head = school.history.events.len();
        let live = Tables::of(&school.history.events).await;
        let log = school.history.reopened();
        let gone: Vec<String> = school.history.erased().iter().map(|n| format!("{MARK}{n}")).collect();
        let present = shown(&mut live.pool.acquire().await.unwrap(), &people).await;
        let mut positions = vec![0, 1, head - 1, head];
        positions.extend((0..4).map(|_| school.history.random.random_range(0..head)));
        for position in positions {
            let fresh = Tables::of(&log[..position]).await;
            let expected = shown(&mut fresh.pool.acquire().await.unwrap(), &people).await;
            let expected: Vec<String> = expected.into_iter().map(|line| forgotten(line, &gone)).collect();
            let mut past =
                CrmSnapshot::begin_as_of(&live.pool, at_end_of(&log[..position])).await.unwrap().unwrap();
            let lines = shown(past.db(), &people).await;
            let differing = lines.iter().zip(&expected).find(|(line, expected)| line != expected);
            assert_eq!(differing, None, "seed {seed}, position {position} of {head}");
            assert_eq!(lines.len(), expected.len(), "seed {seed}, position {position} of {head}");
            assert_eq!(lines == present, position == head, "seed {seed}, position {position} of {head}");
        }
        let again = shown(&mut live.pool.acquire().await.unwrap(), &people).await;
        assert_eq!(again, present, "the past leaves nothing behind");
    }
}

/// Tables of older code kept no versions: changed rows would be missing.
#[tokio::test]
async fn tables_of_older_code_tell_nothing_of_the_past() {
    let log = busy(63).history.events;
    let live = Tables::of(&log).await;
    for name in ["crm_users", "tickets"] {
        let version = read_models().iter().find(|model| model.name() == name).unwrap().version();
        for (version, tells) in [(version - 1, false), (version, true)] {
            sqlx::query(
                "insert into projection.checkpoints (name, position, version) values ($1, 100, $2)
                 on conflict (name) do update set version = excluded.version",
            )
            .bind(name)
            .bind(version)
            .execute(&live.pool)
            .await
            .unwrap();
            assert_eq!(
                CrmSnapshot::begin_as_of(&live.pool, at_end_of(&log[..50])).await.unwrap().is_some(),
                tells,
                "{name} {version}"
            );
        }
    }
}
