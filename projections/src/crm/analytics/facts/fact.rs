//! Facts: each counts one thing, from the event that adds it to the event that ends it.

use std::borrow::Cow;

use domain::{Currency, Money};
use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

domain::code_enum!(
    /// Measure of a fact. README.md defines each by events.
    Measure {
        Registered = "registered",
        Account = "account",
        Active = "active",
        Returned = "returned",
        ReturnedMonth = "returned_month",
        Funnel = "funnel",
        Booked = "booked",
        Cancelled = "cancelled",
        Held = "held",
        SeatHeld = "seat_held",
        LessonBooked = "lesson_booked",
        LessonHeld = "lesson_held",
        LessonSeatHeld = "lesson_seat_held",
        Unresolved = "unresolved",
        NoShow = "no_show",
        Offered = "offered",
        Taken = "taken",
        Request = "request",
        Waitlist = "waitlist",
        Ticket = "ticket",
        TicketCategory = "ticket_category",
        AskedTicket = "asked_ticket",
        AskedTicketCategory = "asked_ticket_category",
        Resolved = "resolved",
        FirstResponse = "first_response",
        FirstResponseElapsed = "first_response_elapsed",
        Resolution = "resolution",
        ResolutionElapsed = "resolution_elapsed",
        SlaFirstResponse = "sla_first_response",
        SlaResolution = "sla_resolution",
        Csat = "csat",
        Message = "message",
    }
);

impl sqlx::Type<sqlx::Postgres> for Measure {
    fn type_info() -> sqlx::postgres::PgTypeInfo {
        <str as sqlx::Type<sqlx::Postgres>>::type_info()
    }

    fn compatible(ty: &sqlx::postgres::PgTypeInfo) -> bool {
        <str as sqlx::Type<sqlx::Postgres>>::compatible(ty)
    }
}

impl<'r> sqlx::Decode<'r, sqlx::Postgres> for Measure {
    fn decode(value: sqlx::postgres::PgValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
        let name = <&str as sqlx::Decode<sqlx::Postgres>>::decode(value)?;
        Self::parse(name).ok_or_else(|| format!("{name} is no measure").into())
    }
}

/// Fact without its key. The recorder that adds it assigns the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fact {
    pub measure: Measure,
    /// Instant at which the fact counts.
    pub at: Timestamp,
    pub class: Cow<'static, str>,
    pub detail: Option<Cow<'static, str>>,
    pub value: i64,
    /// Currency of a value that is money.
    pub currency: Option<Currency>,
    pub subject: Option<String>,
    /// Teacher of a lesson, or agent of a ticket.
    pub owner: Option<Uuid>,
    /// Previous day on which an active person was active. `None` on the first.
    pub since: Option<Date>,
    pub entity_type: &'static str,
    pub entity_id: Uuid,
}

impl Fact {
    /// Returns a fact with the value 1 in a class.
    pub fn new(
        measure: Measure,
        at: Timestamp,
        class: impl Into<Cow<'static, str>>,
        (entity_type, entity_id): (&'static str, Uuid),
    ) -> Self {
        Self {
            measure,
            at,
            class: class.into(),
            detail: None,
            value: 1,
            currency: None,
            subject: None,
            owner: None,
            since: None,
            entity_type,
            entity_id,
        }
    }

    pub fn with_detail(self, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    pub fn with_value(self, value: i64) -> Self {
        Self { value, ..self }
    }

    pub fn with_money(self, money: Money) -> Self {
        Self { value: money.amount, currency: Some(money.currency), ..self }
    }

    pub fn with_owner(self, owner: Option<Uuid>) -> Self {
        Self { owner, ..self }
    }
}
