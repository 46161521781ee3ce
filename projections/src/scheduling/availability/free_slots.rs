//! Free slots of a teacher as a card shows them.

use std::collections::HashMap;

use domain::{AccountId, Currency, Money, SlotId};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use projection_runtime::paging::QueryError;
use sqlx::PgConnection;
use uuid::Uuid;

/// Number of next free slots that a card shows.
const NEXT_SLOTS_SHOWN: i64 = 3;

/// Free slots of a teacher in short; empty if the teacher has none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FreeSlots {
    /// Price of the cheapest free slot, in the requested currency if there is one.
    pub min_price: Option<Money>,
    /// First free slots, in order of time.
    pub next: Vec<NextFreeSlot>,
}

/// Slot in which any student can book a seat.
#[derive(Clone, Debug, PartialEq)]
pub struct NextFreeSlot {
    pub id: SlotId,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub zone: String,
    pub subject: String,
    pub lesson_type: String,
    pub format: String,
    pub price: Option<Money>,
}

struct FreeSlotRow {
    teacher: AccountId,
    slot_id: SlotId,
    starts_at: Timestamp,
    ends_at: Timestamp,
    zone: String,
    subject: String,
    lesson_type: String,
    format: String,
    price: i64,
    currency: String,
    min_price: i64,
    min_currency: String,
}

/// Loads the slots free at `now` of these teachers; a teacher without free slots is not in the result.
pub async fn free_slots_of_teachers(
    db: &mut PgConnection,
    teachers: &[Uuid],
    currency: Currency,
    now: Timestamp,
) -> Result<HashMap<AccountId, FreeSlots>, QueryError> {
    if teachers.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query_file_as!(
        FreeSlotRow,
        "src/scheduling/availability/offers.sql",
        teachers,
        now.to_sqlx() as _,
        currency.as_str(),
        NEXT_SLOTS_SHOWN,
    )
    .fetch_all(db)
    .await?;
    let mut found: HashMap<AccountId, FreeSlots> = HashMap::new();
    for row in rows {
        let offers = found.entry(row.teacher).or_default();
        offers.min_price = parse_money(row.min_price, &row.min_currency);
        offers.next.push(NextFreeSlot {
            id: row.slot_id,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            zone: row.zone,
            subject: row.subject,
            lesson_type: row.lesson_type,
            format: row.format,
            price: parse_money(row.price, &row.currency),
        });
    }
    Ok(found)
}

fn parse_money(amount: i64, currency: &str) -> Option<Money> {
    Currency::parse(currency).map(|currency| Money { amount, currency })
}
