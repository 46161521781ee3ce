//! The ticket list filters, searches and sorts; counters follow every step of a ticket.

use domain::support::{Channel, Priority, Status, TicketCommand, merge};
use domain::{AccountId, Command, Role, TicketId};
use jiff::{SignedDuration, Timestamp};
use projections::accounts::AccountStatus;
use projections::crm::{ContactView, Visibility, user};
use projections::support::{
    Assignee, SlaState, TicketFilter, TicketRow, TicketSort, count_tickets, find_assignment_candidates,
    tickets,
};
use sqlx::PgPool;

use crate::history::History;
use crate::tables::Tables;

const STAFF: ContactView = ContactView { visibility: Visibility::Full, locale: domain::accounts::Locale::Ru };

/// Noon of a working day in Moscow, long after every history.
fn now() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

async fn found(pool: &PgPool, filter: TicketFilter) -> Vec<TicketId> {
    let page = tickets(pool, &filter, TicketSort::Oldest, STAFF, now(), None, 100).await.unwrap();
    let mut ids: Vec<_> = page.rows.into_iter().map(|row| row.ticket_id).collect();
    // Several tickets may be opened at one instant.
    ids.sort();
    assert_eq!(count_tickets(pool, &filter, STAFF, now()).await.unwrap(), ids.len() as u64);
    ids
}

fn sorted(mut ids: Vec<TicketId>) -> Vec<TicketId> {
    ids.sort();
    ids
}

async fn searched(pool: &PgPool, q: &str) -> Vec<TicketId> {
    found(pool, TicketFilter { q: Some(q.into()), ..TicketFilter::default() }).await
}

fn moves(history: &mut History, by: AccountId, id: TicketId, to: Status) {
    history.does_at_desk(by, id, TicketCommand::ChangeStatus { to });
}

#[tokio::test]
async fn words_are_found_in_titles_replies_and_notes_whatever_their_ending() {
    let mut history = History::new(1);
    let anna = history.registers(Role::Student, "Анна Смирнова", "anna");
    let olga = history.registers(Role::Support, "Ольга", "olga");
    let one = history.opens_ticket(anna, "Не проходит оплата урока", Priority::High);
    let two = history.opens_ticket(anna, "Invoices are missing", Priority::Low);
    history.replies(olga, one, "Деньги вернутся на карту");
    history.notes(olga, two, "Бухгалтерия ищет счета, спросить у Петровой");
    let tables = Tables::of(&history.events).await;
    for (q, expected) in [
        ("оплаты", vec![one]),
        ("оплату урок", vec![one]),
        ("картой", vec![one]),
        ("бухгалтерию", vec![two]),
        ("Петров", vec![two]),
        ("invoice", vec![two]),
        ("смирнова", vec![one, two]),
        ("подробности", vec![one, two]),
        ("ничего", vec![]),
        ("!&|", vec![]),
    ] {
        assert_eq!(searched(&tables.pool, q).await, sorted(expected), "{q}");
    }
    history.erases(anna);
    tables.apply(&history.events[history.events.len() - 1..]).await;
    for q in ["оплаты", "картой", "бухгалтерию", "invoice", "смирнова"] {
        assert_eq!(searched(&tables.pool, q).await, [], "{q} is gone with its person");
    }
    assert_eq!(found(&tables.pool, TicketFilter::default()).await, sorted(vec![one, two]), "tickets stay");
}

#[tokio::test]
async fn tickets_are_filtered_by_what_they_are_and_who_has_them() {
    let mut history = History::new(2);
    let anna = history.registers(Role::Student, "Анна", "anna");
    let boris = history.registers(Role::Student, "Борис", "boris");
    let olga = history.registers(Role::Support, "Ольга", "olga");
    let one = history.opens_ticket(anna, "один", Priority::Urgent);
    let two = history.opens_ticket(boris, "два", Priority::Low);
    let three = history.opens_ticket(boris, "три", Priority::Medium);
    history.does_at_desk(olga, one, TicketCommand::AssignTicket { agent: olga });
    moves(&mut history, olga, two, Status::Waiting);
    moves(&mut history, olga, three, Status::Resolved);
    let pool = Tables::of(&history.events).await.pool;
    let all = TicketFilter::default;
    let cases = [
        (TicketFilter { statuses: vec![Status::Open], ..all() }, vec![one]),
        (TicketFilter { statuses: vec![Status::Waiting, Status::Resolved], ..all() }, vec![two, three]),
        (TicketFilter { priorities: vec![Priority::Urgent], ..all() }, vec![one]),
        (TicketFilter { assignee: Some(Assignee::Agent(olga)), ..all() }, vec![one]),
        (TicketFilter { assignee: Some(Assignee::Nobody), ..all() }, vec![two, three]),
        (TicketFilter { requester: Some(boris), ..all() }, vec![two, three]),
        (TicketFilter { tag: Some("оплата".to_owned()), ..all() }, vec![one, two, three]),
        (TicketFilter { category: Some("Уроки".to_owned()), ..all() }, vec![]),
        (TicketFilter { sla: Some(SlaState::Breached), ..all() }, vec![one]),
        (TicketFilter { sla: Some(SlaState::Paused), ..all() }, vec![two]),
        (TicketFilter { sla: Some(SlaState::Met), ..all() }, vec![three]),
        (TicketFilter { sla: Some(SlaState::OnTrack), ..all() }, vec![]),
    ];
    for (filter, expected) in cases {
        assert_eq!(found(&pool, filter.clone()).await, sorted(expected), "{filter:?}");
    }
}

/// Every order holds over all pages, without a duplicate or a missing row.
#[tokio::test]
async fn every_order_holds_over_all_pages() {
    let mut history = History::random(3, 500);
    let anna = history.registers(Role::Student, "Анна", "anna");
    for n in 0..7 {
        history.opens_ticket(anna, &format!("вопрос {n}"), Priority::ALL[n % 4]);
    }
    let pool = Tables::of(&history.events).await.pool;
    for sort in TicketSort::ALL.iter().copied() {
        let whole =
            tickets(&pool, &TicketFilter::default(), sort, STAFF, now(), None, 1_000).await.unwrap().rows;
        assert!(whole.len() > 10);
        let (mut rows, mut after) = (Vec::<TicketRow>::new(), None);
        loop {
            let page = tickets(&pool, &TicketFilter::default(), sort, STAFF, now(), after, 3).await.unwrap();
            rows.extend(page.rows);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(rows, whole, "{sort:?}");
        let ordered = |key: fn(&TicketRow) -> i64| rows.is_sorted_by_key(key);
        assert!(match sort {
            TicketSort::Newest => ordered(|row| -row.opened_at.as_microsecond()),
            TicketSort::Oldest => ordered(|row| row.opened_at.as_microsecond()),
            TicketSort::LatelyUpdated => ordered(|row| -row.updated_at.as_microsecond()),
            TicketSort::LongUntouched => ordered(|row| row.updated_at.as_microsecond()),
            TicketSort::MostUrgent => ordered(|row| -(Priority::parse(&row.priority).unwrap() as i64)),
            TicketSort::LeastUrgent => ordered(|row| Priority::parse(&row.priority).unwrap() as i64),
            TicketSort::DueFirst => ordered(|row| row.due_at.map_or(i64::MAX, Timestamp::as_microsecond)),
        });
    }
}

/// The count falls as well as rises.
#[tokio::test]
async fn open_tickets_are_counted_up_and_down() {
    let mut history = History::new(4);
    let anna = history.registers(Role::Student, "Анна", "anna");
    let olga = history.registers(Role::Support, "Ольга", "olga");
    let reader = ContactView { visibility: Visibility::Full, locale: domain::accounts::Locale::Ru };
    let one = history.opens_ticket(anna, "один", Priority::High);
    let two = history.opens_ticket(anna, "два", Priority::High);
    let tables = Tables::of(&history.events).await;
    let mut seen = history.events.len();
    let mut open = async |history: &History| {
        tables.apply(&history.events[seen..]).await;
        seen = history.events.len();
        user(&tables.pool, anna, reader).await.unwrap().unwrap().tickets_open
    };
    assert_eq!(open(&history).await, 2);
    moves(&mut history, olga, one, Status::Resolved);
    assert_eq!(open(&history).await, 1);
    moves(&mut history, olga, one, Status::Closed);
    assert_eq!(open(&history).await, 1);
    moves(&mut history, olga, one, Status::Open);
    assert_eq!(open(&history).await, 2);
    for command in merge(two, anna, one).unwrap() {
        let Command::Ticket(id, command) = command else { panic!("a ticket's") };
        history.does_at_desk(olga, id, command);
    }
    assert_eq!(open(&history).await, 1);
    history.does_at_desk(olga, two, TicketCommand::Unmerge { from: one });
    assert_eq!(open(&history).await, 2);
}

#[tokio::test]
async fn candidates_are_the_active_agents_with_their_load() {
    let mut history = History::new(5);
    let anna = history.registers(Role::Student, "Анна", "anna");
    let olga = history.registers(Role::Support, "Ольга", "olga");
    let petr = history.registers(Role::Support, "Пётр", "petr");
    let away = history.registers(Role::Support, "Нина", "nina");
    let ticket = history.opens_ticket(anna, "один", Priority::High);
    let done = history.opens_ticket(anna, "два", Priority::High);
    for id in [ticket, done] {
        history.does_at_desk(petr, id, TicketCommand::AssignTicket { agent: petr });
    }
    moves(&mut history, petr, done, Status::Closed);
    history.suspends(away);
    let pool = Tables::of(&history.events).await.pool;
    let mut loads: Vec<_> = find_assignment_candidates(&pool)
        .await
        .unwrap()
        .into_iter()
        .map(|candidate| (candidate.agent, candidate.open_tickets, candidate.last_assigned_at.is_some()))
        .collect();
    loads.sort_by_key(|(_, open, _)| *open);
    assert_eq!(loads, [(olga, 0, false), (petr, 1, true)]);
}

#[tokio::test]
async fn what_is_due_stands_in_the_row_and_welcome_tickets_promise_nothing() {
    let mut history = History::new(6);
    let anna = history.registers(Role::Student, "Анна", "anna");
    history.opens_welcome_ticket(anna);
    let ticket = history.opens_ticket(anna, "срочно", Priority::Urgent);
    let pool = Tables::of(&history.events).await.pool;
    let opened_at = history.now();
    let page =
        tickets(&pool, &TicketFilter::default(), TicketSort::DueFirst, STAFF, opened_at, None, 10).await;
    let rows = page.unwrap().rows;
    assert_eq!(rows[0].ticket_id, ticket);
    assert!(rows[0].due_at.unwrap() > opened_at);
    assert_eq!(rows[0].due_at, rows[0].first_response_due_at);
    assert_eq!((rows[1].channel.as_str(), rows[1].sla.as_str()), (Channel::System.as_str(), "none"));
    let late = rows[0].due_at.unwrap() + SignedDuration::from_secs(1);
    let filter = TicketFilter { sla: Some(SlaState::Breached), ..TicketFilter::default() };
    assert_eq!(count_tickets(&pool, &filter, STAFF, opened_at).await.unwrap(), 0);
    assert_eq!(count_tickets(&pool, &filter, STAFF, late).await.unwrap(), 1);
    let row = user(&pool, anna, STAFF);
    assert_eq!(row.await.unwrap().unwrap().status, AccountStatus::Active);
}
