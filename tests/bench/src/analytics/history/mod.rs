//! A large school with more than a year of history, decided by its aggregates at past instants.
//! The same seed gives the same school.

mod conversations;
mod lessons;
mod people;
mod requests;
#[cfg(test)]
mod tests;
mod tickets;
mod waitlist;
mod week;

use std::collections::HashSet;

use commands::{Backfill, BackfillError, MasterKey};
use domain::{AccountId, Actor, Command, CommandContext, CommandId, ConversationId, Position, Role, Source};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use sqlx::postgres::PgConnectOptions;
use uuid::{Builder, Uuid};

use self::week::Weeks;
use crate::rng::SeededRng;

/// Days before the end at which the school begins.
const DAYS: usize = 400;
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// Moscow, the time zone of the school's days; it has no clock changes.
const ZONE: Offset = Offset::constant(3);

/// Number of entities of each kind, for a number of events.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub students: usize,
    pub teachers: usize,
    pub agents: usize,
    pub lessons: usize,
    pub sign_ins: usize,
    pub tickets: usize,
    pub requests: usize,
}

impl Size {
    /// A fiftieth of the events is people, a fifth is lessons.
    pub fn of_events(events: usize) -> Self {
        let people = events / 50;
        let (teachers, agents) = ((people / 20).max(4), (people / 1_000).max(2));
        Self {
            students: people.saturating_sub(teachers + agents).max(20),
            teachers,
            agents,
            lessons: events / 5,
            sign_ins: events / 7,
            tickets: events / 80,
            requests: events / 150,
        }
    }
}

/// A person of the school.
#[derive(Clone, Copy)]
struct Member {
    number: u32,
    id: AccountId,
    role: Role,
}

/// Actor of a command.
#[derive(Clone, Copy)]
enum CommandActor {
    Member(Member),
    System(&'static str),
}

impl From<Member> for CommandActor {
    fn from(member: Member) -> Self {
        CommandActor::Member(member)
    }
}

/// A school during its generation.
struct HistoryGenerator {
    past: Backfill,
    rng: SeededRng,
    size: Size,
    begins: Timestamp,
    ends: Timestamp,
    /// Students who existed at the beginning of the day.
    students: Vec<Member>,
    teachers: Vec<Member>,
    agents: Vec<Member>,
    people: u32,
    /// Occupied hours by person, counted from the beginning.
    busy: HashSet<(u32, i64)>,
    talked: HashSet<ConversationId>,
    /// Students who have made a lesson request.
    asked: HashSet<u32>,
}

/// Fills the empty log of a database; returns the position of its last event.
/// Calls `on_day` with the number of finished days and of all days.
pub(crate) async fn build(
    database: &PgConnectOptions,
    master: &MasterKey,
    (seed, size): (u64, Size),
    now: Timestamp,
    on_day: impl Fn(u64, u64),
) -> Result<Position, BackfillError> {
    let zone = TimeZone::fixed(ZONE);
    let today = now.to_zoned(zone).start_of_day().map_or(now, |day| day.timestamp());
    let begins = today - HOUR * 24 * DAYS as i32;
    let mut school = HistoryGenerator {
        past: Backfill::start(database, master).await?,
        rng: SeededRng(seed),
        size,
        begins,
        ends: now,
        students: Vec::new(),
        teachers: Vec::new(),
        agents: Vec::new(),
        people: 0,
        busy: HashSet::new(),
        talked: HashSet::new(),
        asked: HashSet::new(),
    };
    let weeks = Weeks::from(begins.to_zoned(TimeZone::fixed(ZONE)).weekday(), DAYS);
    for day in 0..DAYS {
        school.generate_day(day, &weeks)?;
        let tomorrow = school.midnight(day + 1);
        school.past.append_until(tomorrow).await?;
        on_day(day as u64 + 1, DAYS as u64);
    }
    school.past.finish().await
}

impl HistoryGenerator {
    fn generate_day(&mut self, day: usize, weeks: &Weeks) -> Result<(), BackfillError> {
        let size = self.size;
        for _ in 0..weeks.part(size.sign_ins, day) {
            self.add_sign_in(day)?;
        }
        for _ in 0..weeks.part(size.lessons, day) {
            self.add_lesson(day)?;
        }
        for _ in 0..weeks.part(size.requests, day) {
            self.add_lesson_request(day)?;
        }
        for _ in 0..weeks.part(size.tickets, day) {
            self.add_ticket(day)?;
        }
        // New people come last, so that they act only from the next day on.
        self.add_registrations(day, weeks)
    }

    /// Records the commands; returns `false` if their instant is after the end.
    fn record(
        &mut self,
        at: Timestamp,
        who: impl Into<CommandActor>,
        commands: Vec<Command>,
    ) -> Result<bool, BackfillError> {
        if at >= self.ends {
            return Ok(false);
        }
        let (actor, role, source) = match who.into() {
            CommandActor::Member(member) => (Actor::Account(member.id), Some(member.role), Source::Api),
            CommandActor::System(process) => (Actor::system(process), None, Source::Policy),
        };
        let context = CommandContext {
            actor,
            role,
            source,
            correlation_id: self.id(at),
            causation_id: None,
            command_id: CommandId(self.id(at)),
            traceparent: None,
            request_id: None,
            expected_versions: Vec::new(),
        };
        self.past.record(at, context, commands)?;
        Ok(true)
    }

    /// An id in the order of time, as the program makes them.
    fn id(&mut self, at: Timestamp) -> Uuid {
        let chance = [self.rng.next().to_be_bytes(), self.rng.next().to_be_bytes()].concat();
        let chance = chance[..10].try_into().expect("sixteen bytes have ten");
        Builder::from_unix_timestamp_millis(at.as_millisecond().unsigned_abs(), chance).into_uuid()
    }

    fn midnight(&self, day: usize) -> Timestamp {
        self.begins + HOUR * 24 * day as i32
    }

    /// A random second between seven in the morning and ten in the evening.
    fn instant_in(&mut self, day: usize) -> Timestamp {
        let morning = self.midnight(day) + HOUR * 7;
        self.between(morning, morning + HOUR * 15)
    }

    /// A random second between two instants; the first instant if there is none.
    fn between(&mut self, from: Timestamp, to: Timestamp) -> Timestamp {
        let seconds = to.duration_since(from).as_secs().max(1);
        from + SignedDuration::from_secs(self.rng.below(seconds as usize) as i64)
    }

    /// Occupies an hour of a person; returns whether it was free.
    fn is_free(&mut self, member: Member, at: Timestamp) -> bool {
        let hour = at.duration_since(self.begins).as_hours();
        self.busy.insert((member.number, hour))
    }

    fn chance_of_one_in(&mut self, so_many: usize) -> bool {
        self.rng.below(so_many) == 0
    }
}
