//! Cleanup after erasure: cancels upcoming bookings and offered slots, and ends waitlist entries.
//!
//! After a suspension, it ends only the waitlist entries.

use std::time::Duration;

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::accounts::{Account, AccountEvent};
use domain::scheduling::{Initiator, SlotCommand, WaitEnd, WaitlistCommand};
use domain::{AccountId, BookingId, Command, Event, RecordedEvent, SlotId, WaitlistEntryId};
use jiff::SignedDuration;
use jiff_sqlx::ToSqlx;
use projection_runtime::{NewTask, ProcessManager, Reaction, Task, TaskHandler, TaskOutcome, error_chain};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use uuid::Uuid;

use super::{HandlerContext, into_outcome};
use crate::handler_context::{DispatchResult, parse_payload};

const NAME: &str = "departures";
const KIND: &str = "leave_lessons";
/// Delay of the second run: a booking may have been in flight during the erasure.
const SECOND_RUN_DELAY: SignedDuration = SignedDuration::from_mins(5);
/// Interval between two polls of read models that are behind.
const POLL_INTERVAL: Duration = Duration::from_millis(50);
/// Largest number of polls in a row.
const POLLS_MAX: u32 = 100;

/// Process manager that schedules the cleanup after an account is erased or suspended.
#[derive(Clone, Copy, Debug, Default)]
pub struct SchedulingCleanup;

#[derive(Serialize, Deserialize)]
struct SchedulingCleanupTask {
    account_id: AccountId,
    /// True for a suspension: waitlist entries end, and bookings stay until a person cancels them.
    #[serde(rename = "lines_only", default, skip_serializing_if = "std::ops::Not::not")]
    waitlists_only: bool,
}

impl ProcessManager for SchedulingCleanup {
    fn name(&self) -> &'static str {
        NAME
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        aggregate_type == Account::TYPE
    }

    fn starts_at_beginning(&self) -> bool {
        true
    }

    fn react(&self, recorded: &RecordedEvent) -> Vec<Reaction> {
        let Event::Account(event) = &recorded.event else { return Vec::new() };
        let Ok(account_id) = recorded.stream.aggregate_id.parse::<AccountId>() else { return Vec::new() };
        let Some(waitlists_only) = leaves_waitlists_only(event) else { return Vec::new() };
        let payload = SchedulingCleanupTask { account_id, waitlists_only };
        let key = match waitlists_only {
            false => account_id.to_string(),
            true => format!("{account_id}:{}", recorded.sequence),
        };
        let payload = serde_json::to_value(payload).expect("an id always serialises to JSON");
        let leave = |key: String, due_at| {
            Reaction::Schedule(NewTask { kind: KIND, key, queue: None, due_at, payload: payload.clone() })
        };
        let second_key = format!("{key}:again");
        vec![leave(key, None), leave(second_key, Some(recorded.recorded_at + SECOND_RUN_DELAY))]
    }
}

/// Returns whether a person leaves only the waitlists; `None` if the event ends no commitment.
fn leaves_waitlists_only(event: &AccountEvent) -> Option<bool> {
    match event {
        AccountEvent::AccountErased { .. } => Some(false),
        AccountEvent::AccountSuspended { .. } => Some(true),
        AccountEvent::AccountRegistered { .. }
        | AccountEvent::EmailVerified {}
        | AccountEvent::EmailChanged { .. }
        | AccountEvent::PhoneChanged { .. }
        | AccountEvent::LinkRequested { .. }
        | AccountEvent::DataCorrected { .. }
        | AccountEvent::ContactsRevealed { .. }
        | AccountEvent::PasswordChanged {}
        | AccountEvent::ProfileUpdated { .. }
        | AccountEvent::AvatarChanged { .. }
        | AccountEvent::RoleGranted { .. }
        | AccountEvent::RoleRevoked { .. }
        | AccountEvent::AccountReinstated { .. }
        | AccountEvent::SignedIn { .. }
        | AccountEvent::SignedOut { .. }
        | AccountEvent::SessionRevoked { .. }
        | AccountEvent::SignInFailed { .. } => None,
    }
}

/// Task handler of [`SchedulingCleanup`].
#[derive(Clone)]
pub struct SchedulingCleanupHandler {
    pub context: HandlerContext,
    pub pool: PgPool,
}

/// Upcoming commitments of a person.
#[derive(Default)]
struct Commitments {
    /// Bookings as a student.
    bookings: Vec<(SlotId, BookingId)>,
    waitlist_entries: Vec<(SlotId, WaitlistEntryId)>,
    /// Slots as a teacher.
    slots: Vec<SlotId>,
}

#[async_trait]
impl TaskHandler for SchedulingCleanupHandler {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, task: &Task) -> TaskOutcome {
        into_outcome(async { self.clean_up(task, parse_payload(task)?).await }.await)
    }
}

impl SchedulingCleanupHandler {
    async fn clean_up(&self, task: &Task, payload: SchedulingCleanupTask) -> Result<(), TaskOutcome> {
        let SchedulingCleanupTask { account_id, waitlists_only } = payload;
        if waitlists_only && !self.context.is_suspended(task, account_id).await? {
            return Ok(());
        }
        let commitments = self.wait_for_commitments(task, account_id).await.map_err(|error| {
            tracing::error!(task = %task.id, cause = error_chain(&error), "cannot read upcoming bookings");
            self.context.retry_later(task, "cannot read upcoming bookings")
        })?;
        let behind = || self.context.retry_later(task, "the read models are behind");
        let commitments = commitments.ok_or_else(behind)?;
        self.leave_waitlists(task, &commitments.waitlist_entries).await?;
        if waitlists_only { Ok(()) } else { self.leave_lessons(task, commitments).await }
    }

    async fn leave_lessons(&self, task: &Task, commitments: Commitments) -> Result<(), TaskOutcome> {
        for (slot_id, booking_id) in commitments.bookings {
            let command = SlotCommand::CancelBooking { booking_id, by: Initiator::System, reason: None };
            // A refusal means that the lesson has begun, or the booking was moved.
            // The second run finds a moved booking.
            self.dispatch_commands(task, vec![Command::Slot(slot_id, command)], booking_id.uuid()).await?;
        }
        for slot_id in commitments.slots {
            let withdraw = SlotCommand::WithdrawSlot { by: Initiator::System, reason: None };
            let refused =
                self.dispatch_commands(task, vec![Command::Slot(slot_id, withdraw)], slot_id.uuid()).await?;
            if refused == Some("slot_booked") {
                let cancel = SlotCommand::CancelLesson { by: Initiator::System, reason: None };
                let lesson = Uuid::new_v5(&slot_id.uuid(), b"lesson");
                self.dispatch_commands(task, vec![Command::Slot(slot_id, cancel)], lesson).await?;
            }
        }
        Ok(())
    }

    async fn leave_waitlists(
        &self,
        task: &Task,
        waitlist_entries: &[(SlotId, WaitlistEntryId)],
    ) -> Result<(), TaskOutcome> {
        for (slot_id, entry_id) in waitlist_entries.iter().copied() {
            let commands = vec![
                Command::Slot(slot_id, SlotCommand::LeaveWaitlist { entry_id, cause: WaitEnd::Left }),
                Command::Waitlist(entry_id, WaitlistCommand::LeaveWaitlist { by: Initiator::System }),
            ];
            self.dispatch_commands(task, commands, entry_id.uuid()).await?;
        }
        Ok(())
    }

    /// Issues commands; returns the code of a refusal, or `None` if they are committed.
    async fn dispatch_commands(
        &self,
        task: &Task,
        commands: Vec<Command>,
        subject: Uuid,
    ) -> Result<Option<&'static str>, TaskOutcome> {
        match self.context.dispatch_all(task, NAME, commands, (subject, &task.key)).await? {
            DispatchResult::Committed => Ok(None),
            DispatchResult::Refused(refusal) => Ok(Some(refusal.code)),
        }
    }

    /// Waits up to five seconds for the read models; returns `None` if they stay behind.
    async fn wait_for_commitments(
        &self,
        task: &Task,
        person: AccountId,
    ) -> Result<Option<Commitments>, sqlx::Error> {
        for _ in 0..POLLS_MAX {
            if let Some(commitments) = self.load_commitments(task, person).await? {
                return Ok(Some(commitments));
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
        Ok(None)
    }

    /// Loads the commitments; `None` while the read models are behind the event of the task.
    async fn load_commitments(
        &self,
        task: &Task,
        person: AccountId,
    ) -> Result<Option<Commitments>, sqlx::Error> {
        let reached = sqlx::query_scalar!(
            r#"select coalesce(min(position), 0) as "seen!" from projection.checkpoints
               where name in ('slots', 'waitlist')"#
        )
        .fetch_one(&self.pool)
        .await?;
        if reached < task.cause_position.to_bigint() {
            return Ok(None);
        }
        let now = self.context.clock.now().to_sqlx();
        let bookings = sqlx::query!(
            "select slot_id, booking_id from app.bookings
             where student = $1 and status = 'booked' and starts_at > $2
             order by starts_at",
            person.uuid(),
            now as _,
        )
        .fetch_all(&self.pool)
        .await?;
        let waitlist_entries = sqlx::query!(
            "select slot_id, entry_id from app.waitlist
             where student = $1 and status in ('waiting', 'offered')
             order by joined_position",
            person.uuid(),
        )
        .fetch_all(&self.pool)
        .await?;
        let slots = sqlx::query_scalar!(
            "select slot_id from app.slots
             where teacher = $1 and status = 'offered' and starts_at > $2
             order by starts_at",
            person.uuid(),
            now as _,
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(Some(Commitments {
            bookings: bookings.iter().map(|row| (SlotId(row.slot_id), BookingId(row.booking_id))).collect(),
            waitlist_entries: waitlist_entries
                .iter()
                .map(|row| (SlotId(row.slot_id), WaitlistEntryId(row.entry_id)))
                .collect(),
            slots: slots.into_iter().map(SlotId).collect(),
        }))
    }
}
