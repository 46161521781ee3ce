//! `demo seed`: seeds a school of invented people. A repetition changes nothing.

use domain::accounts::{AccountCommand, Email};
use domain::{AccountId, Actor, CommandContext, DispatchError, Position, Role, SessionId};
use futures::{StreamExt, TryStreamExt};
use serde::Serialize;
use uuid::Uuid;

use super::accounts::register_agent;
use super::lessons::{LessonDemo, Lessons, Teacher};
use super::person::{Person, Scenario};
use super::ports::{Accounts, AccountsError};
use super::tickets::{Tickets, seed_tickets};
use super::{DemoError, cause, person_context, profile};

/// Number of people who are seeded concurrently.
const IN_FLIGHT: usize = 64;

/// Content of a demo school, and the number of new people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Seeded {
    pub people: u32,
    /// People who were not registered before.
    pub registered: u32,
    pub students: u32,
    pub teachers: u32,
    /// Still suspended at the end.
    pub suspended: u32,
    pub changed_email: u32,
    pub sign_ins: u32,
    /// Position of the last event about these people.
    pub position: Position,
    #[serde(flatten)]
    pub lessons: Lessons,
    #[serde(flatten)]
    pub tickets: Tickets,
}

/// A registered person of the school.
pub(super) struct SeededPerson {
    pub number: u32,
    pub id: AccountId,
    pub role: Role,
}

/// Seeds the people 1..=`people` of the school with this seed; all get the password of the hash. Calls
/// `on_person` after each person.
///
/// # Errors
/// [`DemoError`] if Postgres is unavailable, or another person has a name of this school. A repeated call
/// continues where the first one failed.
pub async fn seed(
    accounts: &dyn Accounts,
    lesson_demo: LessonDemo<'_>,
    seed: u32,
    people: u32,
    password_hash: &str,
    on_person: impl Fn(),
) -> Result<Seeded, DemoError> {
    let seed_person = |number| {
        let on_person = &on_person;
        async move {
            let seeded = seed_person(accounts, seed, number, password_hash).await;
            on_person();
            seeded
        }
    };
    let (seeded, mut members) = futures::stream::iter(1..=people)
        .map(seed_person)
        .buffer_unordered(IN_FLIGHT)
        .try_fold((Seeded::default(), Vec::new()), async |(sum, mut members), (one, member)| {
            members.push(member);
            Ok((sum.plus(one), members))
        })
        .await?;
    members.sort_by_key(|member| member.number);
    let lessons = seed_lessons(lesson_demo, seed, &members).await?;
    let agent = register_agent(accounts, password_hash).await?;
    let students = members.iter().filter(|member| member.role == Role::Student).map(|member| member.id);
    let tickets = seed_tickets(lesson_demo, agent, &students.collect::<Vec<_>>()).await?;
    Ok(Seeded { lessons, tickets, ..seeded })
}

/// Seeds the lessons of all teachers. Each teacher has other students, so that no lessons of a student overlap
/// and the result is the same in every repetition.
async fn seed_lessons(
    lesson_demo: LessonDemo<'_>,
    seed: u32,
    members: &[SeededPerson],
) -> Result<Lessons, DemoError> {
    let weeks = assign_students(seed, members)
        .into_iter()
        .map(|(teacher, own)| async move { lesson_demo.seed_weeks(&teacher, &own).await });
    let weeks: Vec<_> = weeks.collect();
    futures::stream::iter(weeks)
        .buffer_unordered(IN_FLIGHT)
        .try_fold(Lessons::default(), async |sum, one| Ok(sum.plus(one)))
        .await
}

/// Returns the teachers, each with their students.
pub(super) fn assign_students(seed: u32, members: &[SeededPerson]) -> Vec<(Teacher, Vec<AccountId>)> {
    let of = |role| members.iter().filter(move |member| member.role == role);
    let students: Vec<AccountId> = of(Role::Student).map(|member| member.id).collect();
    let count = of(Role::Teacher).count();
    of(Role::Teacher)
        .enumerate()
        .map(|(index, member)| {
            let own: Vec<AccountId> = students.iter().skip(index).step_by(count).copied().collect();
            let person = Person::numbered(seed, member.number);
            let told = profile::build_profile(&person, member.id);
            let teacher = Teacher {
                id: member.id,
                time_zone: person.time_zone,
                subjects: told.subjects.unwrap_or_default(),
                rate: told.hourly_rate.map_or(0, |rate| rate.amount),
                rng: person.rng,
            };
            (teacher, own)
        })
        .collect()
}

impl Seeded {
    fn plus(self, other: Self) -> Self {
        Self {
            people: self.people + other.people,
            registered: self.registered + other.registered,
            students: self.students + other.students,
            teachers: self.teachers + other.teachers,
            suspended: self.suspended + other.suspended,
            changed_email: self.changed_email + other.changed_email,
            sign_ins: self.sign_ins + other.sign_ins,
            position: self.position.max(other.position),
            lessons: self.lessons.plus(other.lessons),
            tickets: self.tickets.plus(other.tickets),
        }
    }
}

async fn seed_person(
    accounts: &dyn Accounts,
    seed: u32,
    number: u32,
    password_hash: &str,
) -> Result<(Seeded, SeededPerson), DemoError> {
    let person = Person::numbered(seed, number);
    let scenario = person.scenario();
    let cause = cause_of(seed, number);
    let fresh = AccountId(accounts.next_id());
    let context = person_context(fresh, person.role, cause, "register");
    let enrolled = accounts.register(person.registration(fresh), password_hash, context).await?;
    let plan = SeedPlan { accounts, id: enrolled.account_id, role: person.role, cause };
    let position = match plan.run(&person, &scenario).await {
        Err(error) if is_suspended_or_erased(&error) => enrolled.position,
        position => position?.max(enrolled.position),
    };
    let member = SeededPerson { number, id: enrolled.account_id, role: person.role };
    let seeded = Seeded {
        people: 1,
        registered: u32::from(!enrolled.replayed),
        students: u32::from(person.role == Role::Student),
        teachers: u32::from(person.role == Role::Teacher),
        suspended: u32::from(scenario.suspended.is_some() && !scenario.reinstated),
        changed_email: u32::from(scenario.new_email.is_some()),
        sign_ins: scenario.sign_ins.len() as u32,
        position,
        lessons: Lessons::default(),
        tickets: Tickets::default(),
    };
    Ok((seeded, member))
}

/// Returns the cause of the commands about a person.
pub(super) fn cause_of(seed: u32, number: u32) -> Uuid {
    cause(&format!("{seed}/{number}"))
}

/// Returns the session of a visit. No table contains its token, so that it cannot be used.
pub(super) fn session_of(cause: Uuid, visit: usize) -> SessionId {
    Uuid::new_v5(&cause, format!("session-{visit}").as_bytes()).into()
}

/// Returns `true` if the person was suspended or erased before the demo was complete.
fn is_suspended_or_erased(error: &DemoError) -> bool {
    let DemoError::Accounts(AccountsError::Dispatch(DispatchError::Refused(refusal))) = error else {
        return false;
    };
    matches!(refusal.code, "account_suspended" | "account_erased")
}

/// Dispatches the commands of one person, with command ids that are the same in every repetition.
struct SeedPlan<'a> {
    accounts: &'a dyn Accounts,
    id: AccountId,
    role: Role,
    cause: Uuid,
}

impl SeedPlan<'_> {
    /// Dispatches all commands in order; returns the position of the last event.
    async fn run(&self, person: &Person, scenario: &Scenario) -> Result<Position, DemoError> {
        let mut position = Position::START;
        if scenario.verifies {
            position = self.dispatch("verify", AccountCommand::VerifyEmail).await?;
        }
        if scenario.fills_profile {
            let changes = Box::new(profile::build_profile(person, self.id));
            let command = AccountCommand::UpdateProfile { changes, cleared: Vec::new() };
            position = self.dispatch("profile", command).await?;
        }
        if scenario.fails_sign_in {
            let user_agent = super::words::USER_AGENTS[0].to_owned();
            position = self.dispatch("forgets", AccountCommand::RecordSignInFailure { user_agent }).await?;
        }
        for (visit, (user_agent, signs_out)) in scenario.sign_ins.iter().enumerate() {
            position = position.max(self.sign_in(visit, user_agent, *signs_out).await?);
        }
        if let Some(email) = &scenario.new_email {
            let email = Email::parse(email).expect("demo words are acceptable to the domain");
            position = self.accounts.change_email(self.id, &email, self.context("email")).await?;
        }
        if let Some(reason) = scenario.suspended {
            let reason = reason.to_owned();
            position = self.dispatch_as_system("suspend", AccountCommand::SuspendAccount { reason }).await?;
        }
        if scenario.reinstated {
            let reason = "settled".to_owned();
            position =
                self.dispatch_as_system("reinstate", AccountCommand::ReinstateAccount { reason }).await?;
        }
        Ok(position)
    }

    async fn sign_in(&self, visit: usize, user_agent: &str, signs_out: bool) -> Result<Position, DemoError> {
        let session_id = session_of(self.cause, visit);
        let user_agent = user_agent.to_owned();
        let sign_in = AccountCommand::RecordSignIn { session_id, user_agent };
        let position = self.dispatch(&format!("sign-in-{visit}"), sign_in).await?;
        if !signs_out {
            return Ok(position);
        }
        self.dispatch(&format!("sign-out-{visit}"), AccountCommand::SignOut { session_id }).await
    }

    async fn dispatch(&self, purpose: &str, command: AccountCommand) -> Result<Position, DemoError> {
        Ok(self.accounts.command(self.id, command, self.context(purpose)).await?)
    }

    async fn dispatch_as_system(
        &self,
        purpose: &str,
        command: AccountCommand,
    ) -> Result<Position, DemoError> {
        let context = CommandContext { actor: Actor::system("demo"), role: None, ..self.context(purpose) };
        Ok(self.accounts.command(self.id, command, context).await?)
    }

    fn context(&self, purpose: &str) -> CommandContext {
        person_context(self.id, self.role, self.cause, purpose)
    }
}
