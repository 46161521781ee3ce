//! A school that has lived for a year, with lessons, talks and tickets of every week.
//!
//! It is recorded into an empty log, as of the instants at which everything would have happened. So the reports
//! have figures of a year.

mod plan;

use std::collections::HashSet;

use domain::accounts::{AccountCommand, Email};
use domain::scheduling::{Booker, Initiator, NewBooking, NoShow, SlotCommand};
use domain::support::{Status, TicketCommand, welcome_ticket, welcome_ticket_id};
use domain::{AccountId, BookingId, Command, CommandContext, Currency, Money, Role, SlotId, TicketId};
use jiff::Timestamp;
use uuid::Uuid;

use self::plan::{Plan, PlannedLesson, SEED, Step};
use super::accounts::role_commands;
use super::conversations::{LessonPair, conversation_commands};
use super::lessons::new_slot;
use super::person::Person;
use super::portraits::{Portrait, Portraits};
use super::ports::PastLog;
use super::profile;
use super::tickets::TicketDemo;
use super::{DemoError, cause, person_context, system_context, words};

/// Content of a school of a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchoolYear {
    /// The registered people with their addresses, who need credentials to sign in.
    pub people: Vec<(AccountId, Email)>,
    /// Pictures of some of them, which must be stored.
    pub portraits: Vec<Portrait>,
    /// Number of commands that were carried out.
    pub commands: usize,
}

/// Records the year before `now` into an empty log: one demo person of each role, and the people of the school.
///
/// # Errors
/// [`DemoError::Past`] if the log does not take a command.
pub fn record_year(log: &mut dyn PastLog, now: Timestamp) -> Result<SchoolYear, DemoError> {
    let plan = Plan::new(now);
    let mut school = School {
        log,
        at: plan.steps.first().map_or(now, |(at, _)| *at),
        ids: vec![None; plan.members.len()],
        talked: HashSet::new(),
        agent: AccountId(Uuid::nil()),
        portraits: Portraits::new(),
        year: SchoolYear { people: Vec::new(), portraits: Vec::new(), commands: 0 },
        plan: &plan,
    };
    school.register_roles()?;
    for (at, step) in &plan.steps {
        school.at = *at;
        school.take(*step)?;
    }
    Ok(school.year)
}

/// The school at the instant `at`.
struct School<'a> {
    log: &'a mut dyn PastLog,
    plan: &'a Plan,
    at: Timestamp,
    /// Ids of the members who have joined.
    ids: Vec<Option<AccountId>>,
    /// Pairs of a teacher and a student who have written to each other.
    talked: HashSet<(usize, usize)>,
    agent: AccountId,
    portraits: Portraits,
    year: SchoolYear,
}

/// A lesson whose teacher has joined.
struct Lesson<'a> {
    plan: &'a PlannedLesson,
    slot_id: SlotId,
    booking_id: BookingId,
    teacher: AccountId,
    student: Option<AccountId>,
}

impl<'a> School<'a> {
    fn take(&mut self, step: Step) -> Result<(), DemoError> {
        match step {
            Step::Join(index) => self.join(index),
            Step::Open(lesson) => self.open(lesson),
            Step::Book(lesson) => self.book(lesson),
            Step::Cancel(lesson) => self.cancel(lesson),
            Step::Complete(lesson) => self.complete(lesson),
            Step::Miss(lesson) => self.miss(lesson),
            Step::Review(lesson) => self.review(lesson),
            Step::Ask(ticket) => {
                let scenario = self.plan.tickets[ticket].scenario;
                let commands = self.ticket(ticket).map(|demo| demo.open_commands(scenario));
                self.record_all(commands.unwrap_or_default())
            }
            Step::Answer(ticket, number) => {
                let scenario = self.plan.tickets[ticket].scenario;
                let answer =
                    self.ticket(ticket).and_then(|demo| demo.answer_command(scenario, usize::from(number)));
                self.record_all(answer)
            }
            Step::Settle(ticket) => {
                let commands = self.ticket(ticket).map(|demo| demo.settle_commands());
                self.record_all(commands.into_iter().flatten())
            }
        }
    }

    fn record(&mut self, command: Command, context: CommandContext) -> Result<bool, DemoError> {
        let taken = self.log.record(self.at, command, context)?;
        self.year.commands += usize::from(taken);
        Ok(taken)
    }

    fn record_all(
        &mut self,
        commands: impl IntoIterator<Item = (Command, CommandContext)>,
    ) -> Result<(), DemoError> {
        for (command, context) in commands {
            self.record(command, context)?;
        }
        Ok(())
    }

    /// Registers one person of each role. The teacher and the student are the first two members.
    fn register_roles(&mut self) -> Result<(), DemoError> {
        for role in Role::ALL.iter().copied() {
            let (id, email, commands) = role_commands(role);
            self.record_all(commands)?;
            self.year.people.push((id, email));
            self.show(&Person::of_role(role), id)?;
            match role {
                Role::Teacher => self.ids[0] = Some(id),
                Role::Student => self.ids[1] = Some(id),
                Role::Support => self.agent = id,
                Role::Analyst | Role::Admin | Role::Auditor => {}
            }
        }
        for index in [0, 1] {
            self.welcome(index)?;
        }
        Ok(())
    }

    /// Registers a member with a profile.
    fn join(&mut self, index: usize) -> Result<(), DemoError> {
        if self.ids[index].is_some() {
            return Ok(());
        }
        let person = &self.plan.members[index].person;
        let cause = cause(&format!("{SEED}/{index}"));
        let id = AccountId(Uuid::new_v5(&cause, b"account"));
        let registration = person.registration(id);
        let email = registration.email.clone();
        let changes = Box::new(profile::build_profile(person, id));
        let commands = [
            ("register", AccountCommand::RegisterAccount(registration)),
            ("verify", AccountCommand::VerifyEmail),
            ("profile", AccountCommand::UpdateProfile { changes, cleared: Vec::new() }),
        ];
        for (purpose, command) in commands {
            self.record(Command::Account(id, command), person_context(id, person.role, cause, purpose))?;
        }
        self.ids[index] = Some(id);
        self.year.people.push((id, email));
        self.show(person, id)?;
        self.welcome(index)
    }

    /// Gives a member a picture, if there is one left.
    fn show(&mut self, person: &Person, id: AccountId) -> Result<(), DemoError> {
        let Some(portrait) = self.portraits.take(person, id) else { return Ok(()) };
        let command = AccountCommand::ChangeAvatar { object_id: portrait.object_id };
        let context = person_context(id, person.role, portrait.object_id.uuid(), "portrait");
        self.record(Command::Account(id, command), context)?;
        self.year.portraits.push(portrait);
        Ok(())
    }

    /// Opens the welcome ticket of a member; the agent has looked at it.
    fn welcome(&mut self, index: usize) -> Result<(), DemoError> {
        let person = &self.plan.members[index].person;
        let Some(id) = self.ids[index] else { return Ok(()) };
        let Some(ticket) = welcome_ticket(id, person.role, &person.name) else { return Ok(()) };
        let (ticket_id, cause) = (welcome_ticket_id(id), id.uuid());
        let open = Command::Ticket(ticket_id, TicketCommand::OpenTicket(ticket));
        self.record(open, system_context(cause, "welcome"))?;
        let settle = Command::Ticket(ticket_id, TicketCommand::ChangeStatus { to: Status::Resolved });
        let context = person_context(self.agent, Role::Support, cause, "welcomed");
        self.record(settle, context)?;
        Ok(())
    }

    fn lesson(&self, index: usize) -> Option<Lesson<'a>> {
        let plan = &self.plan.lessons[index];
        let teacher = self.ids[plan.teacher]?;
        let name = format!("demo-year-{}", plan.starts_at);
        let slot_id = SlotId(Uuid::new_v5(&teacher.uuid(), name.as_bytes()));
        Some(Lesson {
            plan,
            slot_id,
            booking_id: BookingId(Uuid::new_v5(&slot_id.uuid(), b"demo-booking")),
            teacher,
            student: plan.student.and_then(|student| self.ids[student]),
        })
    }

    /// Returns a lesson with the student who has booked it.
    fn booked_lesson(&self, index: usize) -> Option<(Lesson<'a>, AccountId)> {
        let lesson = self.lesson(index)?;
        let student = lesson.student?;
        Some((lesson, student))
    }

    fn open(&mut self, index: usize) -> Result<(), DemoError> {
        let Some(lesson) = self.lesson(index) else { return Ok(()) };
        let person = &self.plan.members[lesson.plan.teacher].person;
        let profile = profile::build_profile(person, lesson.teacher);
        let subjects = profile.subjects.unwrap_or_default();
        let subject = match subjects.len() as u64 {
            0 => "mathematics",
            known => &subjects[(lesson.plan.pick % known) as usize],
        };
        let rate = profile.hourly_rate.map_or(120_000, |rate| rate.amount);
        let amount = rate * i64::from(lesson.plan.minutes) / 60;
        let price = Money { amount, currency: Currency::RUB };
        let (starts_at, minutes) = (lesson.plan.starts_at, lesson.plan.minutes);
        match new_slot(lesson.teacher, starts_at, minutes, person.time_zone, subject, price) {
            Some(new) => {
                self.act(&lesson, lesson.teacher, "open", SlotCommand::OpenSlot(Box::new(new))).map(drop)
            }
            None => Ok(()),
        }
    }

    fn book(&mut self, index: usize) -> Result<(), DemoError> {
        let Some((lesson, student)) = self.booked_lesson(index) else { return Ok(()) };
        let pick = lesson.plan.pick / 3;
        let note = (lesson.plan.pick % 3 == 0)
            .then(|| words::NOTES[(pick % words::NOTES.len() as u64) as usize].to_owned());
        let booker = Booker::Student(student);
        let booking = NewBooking { booking_id: lesson.booking_id, booker, note, hold_id: None };
        let booked = self.act(&lesson, student, "book", SlotCommand::BookSeat(Box::new(booking)))?;
        let pair = (lesson.plan.teacher, lesson.plan.student.unwrap_or_default());
        if booked && self.talked.insert(pair) {
            self.record_all(conversation_commands(LessonPair { teacher: lesson.teacher, student }))?;
        }
        Ok(())
    }

    fn cancel(&mut self, index: usize) -> Result<(), DemoError> {
        let Some((lesson, student)) = self.booked_lesson(index) else { return Ok(()) };
        let (booking_id, by) = (lesson.booking_id, Initiator::Person(student));
        let command = SlotCommand::CancelBooking { booking_id, by, reason: None };
        self.act(&lesson, student, "cancel", command).map(drop)
    }

    fn complete(&mut self, index: usize) -> Result<(), DemoError> {
        let Some(lesson) = self.lesson(index) else { return Ok(()) };
        let by = lesson.teacher;
        self.act(&lesson, by, "complete", SlotCommand::CompleteLesson { by }).map(drop)
    }

    /// The student did not come.
    fn miss(&mut self, index: usize) -> Result<(), DemoError> {
        self.complete(index)?;
        let Some((lesson, student)) = self.booked_lesson(index) else { return Ok(()) };
        let who = NoShow::Booking { booking_id: lesson.booking_id, student };
        let command = SlotCommand::RecordNoShow { by: lesson.teacher, who };
        self.act(&lesson, lesson.teacher, "no-show", command).map(drop)
    }

    fn review(&mut self, index: usize) -> Result<(), DemoError> {
        let Some((lesson, student)) = self.booked_lesson(index) else { return Ok(()) };
        let pick = lesson.plan.pick / 2;
        let text = (lesson.plan.pick % 2 == 0)
            .then(|| words::REVIEWS[(pick % words::REVIEWS.len() as u64) as usize].to_owned());
        let command = SlotCommand::ReviewLesson { by: student, rating: lesson.plan.rating, text };
        self.act(&lesson, student, "review", command).map(drop)
    }

    /// Records a command to a slot. Returns `false` if a rule refuses it.
    fn act(
        &mut self,
        lesson: &Lesson<'_>,
        person: AccountId,
        purpose: &str,
        command: SlotCommand,
    ) -> Result<bool, DemoError> {
        let role = if person == lesson.teacher { Role::Teacher } else { Role::Student };
        let context = person_context(person, role, lesson.slot_id.uuid(), purpose);
        self.record(Command::Slot(lesson.slot_id, command), context)
    }

    fn ticket(&self, index: usize) -> Option<TicketDemo> {
        let requester = self.ids[self.plan.tickets[index].student]?;
        let ticket_id = TicketId(Uuid::new_v5(&requester.uuid(), format!("demo-year-{index}").as_bytes()));
        Some(TicketDemo { ticket_id, requester, agent: self.agent })
    }
}
