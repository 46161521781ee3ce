//! Rows follow from events in any batches, and hold no data of erased people.

use domain::accounts::{AccountCommand, Locale, PersonName, Phone, ProfileChanges};
use domain::{AccountId, Personal, Role};
use jiff::Timestamp;
use projections::accounts::{
    AccountFilter, AccountSort, AccountStatus, TeacherFilter, TeacherSort, accounts, teacher, teachers,
};
use projections::crm::{ContactView, UserSort, Visibility, timeline, user, users};
use projections::support::{TicketFilter, TicketSort, tickets};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::history::{History, MARK};
use crate::tables::Tables;

const STAFF: ContactView = ContactView { visibility: Visibility::Full, locale: Locale::Ru };

fn noon() -> Timestamp {
    "2026-02-01T12:00:00Z".parse().unwrap()
}

/// Shows only the rows that differ.
fn assert_same(rows: &[String], expected: &[String], how: &str) {
    let only = |here: &[String], there: &[String]| -> Vec<String> {
        here.iter().filter(|row| !there.contains(row)).cloned().collect()
    };
    assert_eq!(only(rows, expected), only(expected, rows), "{how}");
}

#[tokio::test]
async fn rows_do_not_depend_on_how_events_are_batched() {
    for seed in 0..6 {
        let history = History::random(seed, 300);
        let whole = Tables::of(&history.events).await.dump().await;

        let single = Tables::empty().await;
        for event in &history.events {
            single.apply(std::slice::from_ref(event)).await;
        }
        assert_same(&single.dump().await, &whole, &format!("one by one, seed {seed}"));

        let split = Tables::empty().await;
        let mut random = StdRng::seed_from_u64(seed);
        let mut rest = &history.events[..];
        while !rest.is_empty() {
            let (batch, behind) = rest.split_at(random.random_range(1..=rest.len().min(60)));
            split.apply(batch).await;
            rest = behind;
        }
        assert_same(&split.dump().await, &whole, &format!("split, seed {seed}"));

        let rebuilt = Tables::empty().await;
        rebuilt.rebuild(&history.events, 40).await;
        assert_same(&rebuilt.dump().await, &whole, &format!("rebuilt, seed {seed}"));
    }
}

#[tokio::test]
async fn a_rebuild_after_erasure_gives_the_same_rows() {
    for seed in 10..16 {
        let history = History::random(seed, 300);
        assert!(!history.erased().is_empty(), "seed {seed} erases no person");
        let live = Tables::of(&history.events).await.dump().await;
        let rebuilt = Tables::of(&history.reopened()).await.dump().await;
        assert_same(&rebuilt, &live, &format!("seed {seed}"));
    }
}

#[tokio::test]
async fn erasure_leaves_no_personal_text_in_any_table() {
    for seed in 20..24 {
        let history = History::random(seed, 400);
        let rows = Tables::of(&history.events).await.dump().await.join("\n").to_lowercase();
        let (erased, people) = (history.erased(), history.people.len());
        assert!(!erased.is_empty() && erased.len() < people, "seed {seed} shows nothing");
        for n in 0..people {
            let mark = format!("{MARK}{n}");
            // The mark must not be the beginning of another person's number.
            let found = rows
                .match_indices(&mark)
                .any(|(at, _)| !rows[at + mark.len()..].starts_with(|c: char| c.is_ascii_digit()))
                || rows.contains(&format!("7999{:07}", 1_000_000 + n));
            assert_eq!(found, !erased.contains(&n), "person {n}, seed {seed}");
        }
    }
}

/// The API asks the aggregate for these fields; no list can leak what it does not hold.
#[tokio::test]
async fn school_and_parents_of_a_student_are_in_no_table() {
    let mut history = History::new(4);
    let anna = history.registers(Role::Student, "Анна", "anna");
    let before = history.events.len();
    history.changes_profile(
        anna,
        ProfileChanges {
            school: Some(Personal::new(anna, "Гимназия".to_owned())),
            parent_name: Some(Personal::new(anna, PersonName::parse("Ольга").unwrap())),
            parent_phone: Some(Personal::new(anna, Phone::parse("+74951234567").unwrap())),
            ..ProfileChanges::default()
        },
    );
    assert!(history.events.len() > before, "nothing was told");
    let rows = Tables::of(&history.events).await.dump().await.join("\n").to_lowercase();
    for secret in ["гимназия", "ольга", "4951234567"] {
        assert!(!rows.contains(secret), "{secret}");
    }
}

/// A person without a name is shown under a pseudonym.
#[tokio::test]
async fn an_erased_person_keeps_a_pseudonym_and_their_ticket() {
    let mut history = History::new(1);
    let anna = history.registers(Role::Student, "Анна", "anna");
    history.opens_welcome_ticket(anna);
    history.erases(anna);
    let pool = Tables::of(&history.events).await.pool;

    let row = user(&pool, anna, STAFF).await.unwrap().unwrap();
    assert_eq!((row.status, row.tickets_open), (AccountStatus::Erased, 1));
    assert!(row.name.starts_with("Удалённый пользователь "));
    assert_eq!((row.nickname, row.email, row.phone), (None, None, None));

    let filter = TicketFilter { requester: Some(anna), ..TicketFilter::default() };
    let found = tickets(&pool, &filter, TicketSort::default(), STAFF, noon(), None, 10).await.unwrap().rows;
    assert_eq!((found.len(), &found[0].title, &found[0].description), (1, &None, &None));
}

#[tokio::test]
async fn only_active_teachers_are_in_the_catalogue() {
    let mut history = History::new(2);
    let anna = history.registers(Role::Teacher, "Анна", "anna");
    let boris = history.registers(Role::Teacher, "Борис", "boris");
    let vera = history.registers(Role::Student, "Вера", "vera");
    let tables = Tables::of(&history.events).await;
    let shown = async || {
        let page =
            teachers(&tables.pool, &TeacherFilter::default(), TeacherSort::Newest, noon(), None, 10).await;
        let mut ids: Vec<_> = page.unwrap().rows.into_iter().map(|(row, _)| row.account_id).collect();
        let order = |id: &AccountId| [anna, boris, vera].iter().position(|known| known == id);
        ids.sort_by_key(order);
        ids
    };
    assert_eq!(shown().await, [anna, boris]);

    let mut seen = history.events.len();
    let mut then = async |history: &mut History, tables: &Tables| {
        tables.apply(&history.events[seen..]).await;
        seen = history.events.len();
    };
    history.suspends(anna);
    history.erases(boris);
    history.does(vera, AccountCommand::GrantRole { role: Role::Teacher, reason: String::new() });
    then(&mut history, &tables).await;
    assert_eq!(shown().await, [vera]);
    assert_eq!(teacher(&tables.pool, anna).await.unwrap(), None);

    history.does(anna, AccountCommand::ReinstateAccount { reason: String::new() });
    history.does(vera, AccountCommand::GrantRole { role: Role::Student, reason: String::new() });
    history.does(vera, AccountCommand::RevokeRole { role: Role::Teacher, reason: String::new() });
    then(&mut history, &tables).await;
    assert_eq!(shown().await, [anna]);
}

#[tokio::test]
async fn the_timeline_tells_everything_once_and_the_latest_first() {
    let mut history = History::new(3);
    let anna = history.registers(Role::Teacher, "Анна", "anna");
    let boris = history.registers(Role::Student, "Борис", "boris");
    history.opens_welcome_ticket(anna);
    history.suspends(anna);
    history.suspends(boris);
    let pool = Tables::of(&history.events).await.pool;

    const ENGLISH: ContactView = ContactView { visibility: Visibility::Full, locale: Locale::En };
    let first = timeline(&pool, anna, ENGLISH, None, 2).await.unwrap();
    let second = timeline(&pool, anna, ENGLISH, first.next.clone(), 2).await.unwrap();
    let texts: Vec<_> = first.rows.iter().chain(&second.rows).map(|row| row.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            format!("Account suspended. Reason: {MARK}0").as_str(),
            "Ticket opened, priority: medium",
            "Registered as teacher",
        ]
    );
    assert_eq!(second.next, None);
}

/// Pages of a list hold every row once, even if many rows have equal keys.
#[tokio::test]
async fn pages_have_neither_holes_nor_doubles_under_equal_keys() {
    let history = History::random(30, 500);
    let pool = Tables::of(&history.events).await.pool;
    for sort in UserSort::ALL.iter().copied() {
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let page = users(&pool, &Default::default(), sort, STAFF, after, 3).await.unwrap();
            seen.extend(page.rows.into_iter().map(|row| row.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let whole = users(&pool, &Default::default(), sort, STAFF, None, 1000).await.unwrap();
        assert_eq!(whole.next, None);
        assert_eq!(seen, whole.rows.iter().map(|row| row.id).collect::<Vec<_>>(), "{sort:?}");
        assert_eq!(seen.len(), history.people.len());
    }
    for sort in TeacherSort::ALL.iter().copied() {
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let page = teachers(&pool, &TeacherFilter::default(), sort, noon(), after, 2).await.unwrap();
            seen.extend(page.rows.into_iter().map(|(row, _)| row.account_id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let whole = teachers(&pool, &TeacherFilter::default(), sort, noon(), None, 1000).await.unwrap();
        assert_eq!(seen, whole.rows.iter().map(|(row, _)| row.account_id).collect::<Vec<_>>(), "{sort:?}");
        assert!(seen.len() > 4, "too few teachers to tell");
    }
    for sort in [AccountSort::Newest, AccountSort::Oldest] {
        let first = accounts(&pool, &AccountFilter::default(), sort, None, 7).await.unwrap();
        let rest = accounts(&pool, &AccountFilter::default(), sort, first.next, 1000).await.unwrap();
        assert_eq!(first.rows.len() + rest.rows.len(), history.people.len());
    }
}

#[tokio::test]
async fn a_cursor_of_another_order_is_refused() {
    let history = History::random(31, 100);
    let pool = Tables::of(&history.events).await.pool;
    let page = users(&pool, &Default::default(), UserSort::Newest, STAFF, None, 1).await.unwrap();
    assert!(page.next.is_some());
    assert!(users(&pool, &Default::default(), UserSort::Oldest, STAFF, page.next, 1).await.is_err());
}
