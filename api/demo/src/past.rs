//! The past of a demo school: in an empty log, people join over most of a year before their lessons.
//!
//! The commands are those of [`seed`](super::seed()) with the same ids, so that it then finds them carried out and adds
//! the rest with the present clock.

use std::collections::HashSet;

use domain::accounts::{AccountCommand, Email};
use domain::{AccountId, Command, CommandContext};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::conversations::conversation_commands;
use super::lessons::{LessonPlan, PAST, PAST_LESSONS, Teacher};
use super::past_steps::PastStep;
use super::person::Person;
use super::ports::PastLog;
use super::rng::SeededRng;
use super::seed::{SeededPerson, assign_students, cause_of, session_of};
use super::{DemoError, person_context, profile};

/// Time over which the people join. It ends before the first lesson.
const JOINING: SignedDuration = SignedDuration::from_hours(24 * 320);

/// Something that happens at an instant. The numbers are those of the person and the visit, or the indexes of the lesson
/// and of its step.
#[derive(Clone, Copy)]
enum Occurrence {
    Join(u32),
    Visit(u32, usize),
    Lesson(usize, usize),
}

/// A lesson with its steps.
struct PastLesson {
    teacher: usize,
    plan: LessonPlan,
    steps: Vec<PastStep>,
}

/// Records the registrations, the visits and the past lessons of a school into an empty log.
///
/// Returns the registered people with their addresses, who need credentials to sign in. `planned` is the instant around
/// which lessons are planned. What would be after `now` is left out.
///
/// # Errors
/// [`DemoError::Past`] if the log does not take a command.
pub fn record_past(
    log: &mut dyn PastLog,
    seed: u32,
    people: u32,
    (planned, now): (Timestamp, Timestamp),
) -> Result<Vec<(AccountId, Email)>, DemoError> {
    let members: Vec<SeededPerson> = (1..=people)
        .map(|number| {
            let id = AccountId(Uuid::new_v5(&cause_of(seed, number), b"account"));
            SeededPerson { number, id, role: Person::numbered(seed, number).role }
        })
        .collect();
    let joins_until = planned.min(now) - PAST - SignedDuration::from_hours(24);
    let mut steps = plan_people(seed, people, joins_until, now);
    let teachers = assign_students(seed, &members);
    let lessons = plan_lessons(&teachers, planned, &mut steps);
    steps.retain(|(at, _)| *at <= now);
    steps.sort_by_key(|(at, _)| *at);
    let mut registered = Vec::new();
    let mut talked = HashSet::new();
    for (at, step) in steps {
        match step {
            Occurrence::Join(number) => {
                let (id, email, commands) = join_commands(seed, &members[number as usize - 1]);
                record_all(log, at, commands)?;
                registered.push((id, email));
            }
            Occurrence::Visit(number, visit) => {
                record_all(log, at, visit_commands(seed, &members[number as usize - 1], visit))?;
            }
            Occurrence::Lesson(lesson, step) => {
                let PastLesson { teacher, plan, steps } = &lessons[lesson];
                match steps[step] {
                    // A pair writes once, as a repeated command has no effect.
                    PastStep::Talk(pair) if !talked.insert((pair.teacher, pair.student)) => {}
                    PastStep::Talk(pair) => record_all(log, at, conversation_commands(pair))?,
                    step => record_all(log, at, plan.past_command(&teachers[*teacher].0, &step))?,
                }
            }
        }
    }
    Ok(registered)
}

fn record_all(
    log: &mut dyn PastLog,
    at: Timestamp,
    commands: impl IntoIterator<Item = (Command, CommandContext)>,
) -> Result<(), DemoError> {
    for (command, context) in commands {
        log.record(at, command, context)?;
    }
    Ok(())
}

/// Plans when each person joins and signs in: the first joined first.
fn plan_people(
    seed: u32,
    people: u32,
    joins_until: Timestamp,
    now: Timestamp,
) -> Vec<(Timestamp, Occurrence)> {
    let mut steps = Vec::new();
    for number in 1..=people {
        let mut rng = SeededRng::new(seed, number);
        let share = JOINING.as_secs() * i64::from(number - 1) / i64::from(people);
        let minutes = rng.number_between(0, 12 * 60) as i64;
        let joins =
            joins_until - JOINING + SignedDuration::from_secs(share) - SignedDuration::from_mins(minutes);
        steps.push((joins, Occurrence::Join(number)));
        let visits = Person::numbered(seed, number).scenario().sign_ins.len();
        let between = now.duration_since(joins) / (visits as i32 + 2);
        for visit in 0..visits {
            steps.push((joins + between * (visit as i32 + 1), Occurrence::Visit(number, visit)));
        }
    }
    steps
}

/// Plans the past lessons of all teachers, as [`seed`](super::seed()) does.
fn plan_lessons(
    teachers: &[(Teacher, Vec<AccountId>)],
    planned: Timestamp,
    steps: &mut Vec<(Timestamp, Occurrence)>,
) -> Vec<PastLesson> {
    let mut lessons = Vec::new();
    for (index, (teacher, students)) in teachers.iter().enumerate() {
        let mut rng = teacher.rng.clone();
        for n in 0..PAST_LESSONS {
            let plan = LessonPlan::past(teacher, n, planned, students, &mut rng);
            let past = plan.past_steps(&mut rng);
            let Some(starts_at) = plan.starts_at else { continue };
            let lesson = lessons.len();
            for (number, (after, _)) in past.iter().enumerate() {
                steps.push((starts_at + *after, Occurrence::Lesson(lesson, number)));
            }
            let past = past.into_iter().map(|(_, step)| step).collect();
            lessons.push(PastLesson { teacher: index, plan, steps: past });
        }
    }
    lessons
}

/// Returns the commands that register a person, and complete the profile.
fn join_commands(seed: u32, member: &SeededPerson) -> (AccountId, Email, Vec<(Command, CommandContext)>) {
    let person = Person::numbered(seed, member.number);
    let scenario = person.scenario();
    let registration = person.registration(member.id);
    let email = registration.email.clone();
    let mut commands = vec![("register", AccountCommand::RegisterAccount(registration))];
    if scenario.verifies {
        commands.push(("verify", AccountCommand::VerifyEmail));
    }
    if scenario.fills_profile {
        let changes = Box::new(profile::build_profile(&person, member.id));
        commands.push(("profile", AccountCommand::UpdateProfile { changes, cleared: Vec::new() }));
    }
    let prepare = |(purpose, command)| account_command(seed, member, purpose, command);
    (member.id, email, commands.into_iter().map(prepare).collect())
}

/// Returns the commands of a sign-in, and of its sign-out.
fn visit_commands(seed: u32, member: &SeededPerson, visit: usize) -> Vec<(Command, CommandContext)> {
    let scenario = Person::numbered(seed, member.number).scenario();
    let (user_agent, signs_out) = scenario.sign_ins[visit];
    let session_id = session_of(cause_of(seed, member.number), visit);
    let user_agent = user_agent.to_owned();
    let sign_in = AccountCommand::RecordSignIn { session_id, user_agent };
    let mut commands = vec![account_command(seed, member, &format!("sign-in-{visit}"), sign_in)];
    if signs_out {
        let sign_out = AccountCommand::SignOut { session_id };
        commands.push(account_command(seed, member, &format!("sign-out-{visit}"), sign_out));
    }
    commands
}

fn account_command(
    seed: u32,
    member: &SeededPerson,
    purpose: &str,
    command: AccountCommand,
) -> (Command, CommandContext) {
    let context = person_context(member.id, member.role, cause_of(seed, member.number), purpose);
    (Command::Account(member.id, command), context)
}
