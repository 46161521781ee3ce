//! Takes who is erased out of what is to come: their bookings, their offered times, their places in lines;
//! and who is suspended out of the lines alone.

use std::time::Duration;

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::accounts::{Account, AccountEvent};
use domain::scheduling::{Agent, SlotCommand, WaitEnd, WaitlistCommand};
use domain::{AccountId, BookingId, Command, Event, Recorded, SlotId, WaitlistEntryId};
use jiff::SignedDuration;
use jiff_sqlx::ToSqlx;
use projection_runtime::{NewTask, Outcome, Process, Reaction, Task, TaskHandler, chain};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use uuid::Uuid;

use super::{Acting, outcome};
use crate::acting::{Decided, wish};

const NAME: &str = "departures";
const KIND: &str = "leave_lessons";
/// When it is looked again: a booking may have been on its way while the account was erased.
const AGAIN: SignedDuration = SignedDuration::from_mins(5);
/// How often the read models are asked while they are behind, and how many times in a row.
const PAUSE: Duration = Duration::from_millis(50);
const PATIENCE: u32 = 100;

/// Asks for it when an account is erased or suspended.
#[derive(Clone, Copy, Debug, Default)]
pub struct Departures;

#[derive(Serialize, Deserialize)]
struct Wish {
    account_id: AccountId,
    /// Only the lines, as long as the person is suspended: what is booked stays, until somebody cancels it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    lines_only: bool,
}

impl Process for Departures {
    fn name(&self) -> &'static str {
        NAME
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        aggregate_type == Account::TYPE
    }

    fn react(&self, recorded: &Recorded) -> Vec<Reaction> {
        let Event::Account(event) = &recorded.event else { return Vec::new() };
        let (wish, key) = if let AccountEvent::AccountErased { account_id, .. } = event {
            (Wish { account_id: *account_id, lines_only: false }, account_id.to_string())
        } else if let AccountEvent::AccountSuspended { .. } = event
            && let Ok(account_id) = recorded.stream.aggregate_id.parse::<AccountId>()
        {
            (Wish { account_id, lines_only: true }, format!("{account_id}:{}", recorded.sequence))
        } else {
            return Vec::new();
        };
        let payload = serde_json::to_value(wish).expect("an id is a text");
        let leave = |key: String, due_at| {
            Reaction::Do(NewTask { kind: KIND, key, lane: None, due_at, payload: payload.clone() })
        };
        let again = format!("{key}:again");
        vec![leave(key, None), leave(again, Some(recorded.recorded_at + AGAIN))]
    }
}

/// Does the tasks of [`Departures`].
#[derive(Clone)]
pub struct DeparturesHandler {
    pub acting: Acting,
    pub pool: PgPool,
}

/// Where the person is to be.
#[derive(Default)]
struct Places {
    /// As a student.
    bookings: Vec<(SlotId, BookingId)>,
    lines: Vec<(SlotId, WaitlistEntryId)>,
    /// As a teacher.
    slots: Vec<SlotId>,
}

#[async_trait]
impl TaskHandler for DeparturesHandler {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, task: &Task) -> Outcome {
        outcome(async { self.leave(task, wish(task)?).await }.await)
    }
}

impl DeparturesHandler {
    async fn leave(&self, task: &Task, wish: Wish) -> Result<(), Outcome> {
        let Wish { account_id, lines_only } = wish;
        if lines_only && !self.acting.is_suspended(task, account_id).await? {
            return Ok(());
        }
        let places = self.places_when_seen(task, account_id).await.map_err(|error| {
            tracing::error!(task = %task.id, cause = chain(&error), "what is to come can not be read");
            self.acting.later(task, "what is to come can not be read")
        })?;
        let behind = || self.acting.later(task, "the read models are behind the erasure");
        let places = places.ok_or_else(behind)?;
        self.leave_lines(task, &places.lines).await?;
        if lines_only { Ok(()) } else { self.leave_lessons(task, places).await }
    }

    async fn leave_lessons(&self, task: &Task, places: Places) -> Result<(), Outcome> {
        for (slot_id, booking_id) in places.bookings {
            let command = SlotCommand::CancelBooking { booking_id, by: Agent::System, reason: None };
            // Refused: the lesson has begun, or the booking is elsewhere and comes with the next look.
            self.issue(task, vec![Command::Slot(slot_id, command)], booking_id.uuid()).await?;
        }
        for slot_id in places.slots {
            let withdraw = SlotCommand::WithdrawSlot { by: Agent::System, reason: None };
            let refused = self.issue(task, vec![Command::Slot(slot_id, withdraw)], slot_id.uuid()).await?;
            if refused == Some("slot_booked") {
                let cancel = SlotCommand::CancelLesson { by: Agent::System, reason: None };
                let lesson = Uuid::new_v5(&slot_id.uuid(), b"lesson");
                self.issue(task, vec![Command::Slot(slot_id, cancel)], lesson).await?;
            }
        }
        Ok(())
    }

    async fn leave_lines(&self, task: &Task, lines: &[(SlotId, WaitlistEntryId)]) -> Result<(), Outcome> {
        for (slot_id, entry_id) in lines.iter().copied() {
            let commands = vec![
                Command::Slot(slot_id, SlotCommand::LeaveWaitlist { entry_id, cause: WaitEnd::Left }),
                Command::Waitlist(entry_id, WaitlistCommand::LeaveWaitlist { by: Agent::System }),
            ];
            self.issue(task, commands, entry_id.uuid()).await?;
        }
        Ok(())
    }

    /// The code of a refusal; `None` where it is done.
    async fn issue(
        &self,
        task: &Task,
        commands: Vec<Command>,
        subject: Uuid,
    ) -> Result<Option<&'static str>, Outcome> {
        match self.acting.together(task, NAME, commands, (subject, &task.key)).await? {
            Decided::Committed => Ok(None),
            Decided::Refused(refusal) => Ok(Some(refusal.code)),
        }
    }

    /// Waits a little for the read models; `None` where they stay behind.
    async fn places_when_seen(&self, task: &Task, person: AccountId) -> Result<Option<Places>, sqlx::Error> {
        for _ in 0..PATIENCE {
            if let Some(places) = self.places(task, person).await? {
                return Ok(Some(places));
            }
            tokio::time::sleep(PAUSE).await;
        }
        Ok(None)
    }

    /// `None` while the read models have not seen the erasure.
    async fn places(&self, task: &Task, person: AccountId) -> Result<Option<Places>, sqlx::Error> {
        let seen = sqlx::query_scalar!(
            r#"select coalesce(min(position), 0) as "seen!" from projection.checkpoints
               where name in ('slots', 'waitlist')"#
        )
        .fetch_one(&self.pool)
        .await?;
        if seen < task.cause_position.cast_signed() {
            return Ok(None);
        }
        let now = self.acting.clock.now().to_sqlx();
        let bookings = sqlx::query!(
            "select slot_id, booking_id from app.bookings
             where student = $1 and stage = 'booked' and starts_at > $2
             order by starts_at",
            person.uuid(),
            now as _,
        )
        .fetch_all(&self.pool)
        .await?;
        let lines = sqlx::query!(
            "select slot_id, entry_id from app.waitlist
             where student = $1 and stage in ('waiting', 'offered')
             order by joined_position",
            person.uuid(),
        )
        .fetch_all(&self.pool)
        .await?;
        let slots = sqlx::query_scalar!(
            "select slot_id from app.slots
             where teacher = $1 and stage = 'offered' and starts_at > $2
             order by starts_at",
            person.uuid(),
            now as _,
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(Some(Places {
            bookings: bookings.iter().map(|row| (SlotId(row.slot_id), BookingId(row.booking_id))).collect(),
            lines: lines.iter().map(|row| (SlotId(row.slot_id), WaitlistEntryId(row.entry_id))).collect(),
            slots: slots.into_iter().map(SlotId).collect(),
        }))
    }
}
