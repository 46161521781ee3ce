//! Steps of a past lesson, in order, with the command of each.

use domain::scheduling::{NoShow, SlotCommand};
use domain::{AccountId, Command, CommandContext};
use jiff::{SignedDuration, Timestamp};

use super::conversations::{LessonPair, send_conversation};
use super::lessons::{LessonDemo, LessonPlan, Lessons, Teacher};
use super::rng::SeededRng;
use super::{DemoError, dispatch_if_allowed, words};

/// Step of a past lesson.
#[derive(Clone, Copy)]
pub(super) enum PastStep {
    Open,
    Book(AccountId),
    /// The teacher and the student write to each other.
    Talk(LessonPair),
    Cancel(AccountId),
    Complete,
    /// The student did not come.
    Miss(AccountId),
    Review(AccountId, u8, Option<&'static str>),
}

impl LessonPlan {
    /// Plans a past lesson. The lessons of a teacher are on different days.
    pub(super) fn past(
        teacher: &Teacher,
        n: u8,
        now: Timestamp,
        students: &[AccountId],
        rng: &mut SeededRng,
    ) -> Self {
        let day = -2 - 4 * i32::from(n) - rng.number_between(0, 3) as i32;
        Self::new(teacher, n, (now, day), students, rng)
    }

    /// Returns what happens to a past lesson, with its time after the start of the lesson.
    pub(super) fn past_steps(&self, rng: &mut SeededRng) -> Vec<(SignedDuration, PastStep)> {
        let hours = SignedDuration::from_hours;
        let ends = SignedDuration::from_mins(i64::from(self.minutes) + 5);
        let (scenario, rating) = (rng.number_between(1, 10), rng.choose(&[5, 5, 5, 4, 4, 3]));
        let mut steps = vec![(-hours(24 * 7), PastStep::Open)];
        let Some(student) = self.student else { return steps };
        steps.push((-hours(24 * 3), PastStep::Book(student)));
        steps.push((-hours(24 * 2), PastStep::Talk(LessonPair { teacher: self.teacher, student })));
        if scenario == 1 {
            steps.push((-hours(30), PastStep::Cancel(student)));
            return steps;
        }
        steps.push((ends, PastStep::Complete));
        if scenario == 2 {
            steps.push((ends, PastStep::Miss(student)));
        } else if scenario <= 8 {
            let text = rng.chance_of(60).then(|| rng.choose(words::REVIEWS));
            steps.push((ends + hours(7), PastStep::Review(student, rating, text)));
        }
        steps
    }

    /// Returns the command of a step, with its context; `None` for a conversation, or if the slot is impossible.
    pub(super) fn past_command(
        &self,
        teacher: &Teacher,
        step: &PastStep,
    ) -> Option<(Command, CommandContext)> {
        let by = self.teacher;
        let (person, purpose, command) = match *step {
            PastStep::Open => (by, "open", SlotCommand::OpenSlot(Box::new(self.new_slot(teacher)?))),
            PastStep::Book(student) => (student, "book", self.booking(student)),
            PastStep::Talk(_) => return None,
            PastStep::Cancel(student) => (student, "cancel", self.cancellation(student)),
            PastStep::Complete => (by, "complete", SlotCommand::CompleteLesson { by }),
            PastStep::Miss(student) => {
                let who = NoShow::Booking { booking_id: self.booking_id, student };
                (by, "no-show", SlotCommand::RecordNoShow { by, who })
            }
            PastStep::Review(student, rating, text) => {
                let text = text.map(str::to_owned);
                (student, "review", SlotCommand::ReviewLesson { by: student, rating, text })
            }
        };
        Some((Command::Slot(self.slot_id, command), self.context(person, purpose)))
    }
}

impl LessonDemo<'_> {
    /// Seeds a past lesson, in a log that has events.
    ///
    /// # Errors
    /// [`DemoError`] if the log is unavailable.
    pub(super) async fn seed_past(
        &self,
        teacher: &Teacher,
        plan: &LessonPlan,
        rng: &mut SeededRng,
    ) -> Result<Lessons, DemoError> {
        let mut made = Lessons::default();
        for (_, step) in plan.past_steps(rng) {
            if let PastStep::Talk(pair) = step {
                send_conversation(self.bus, pair).await?;
                continue;
            }
            // A slot is opened and booked before its start, and held after it.
            let bus = match step {
                PastStep::Open | PastStep::Book(_) | PastStep::Cancel(_) => self.past,
                PastStep::Talk(_) | PastStep::Complete | PastStep::Miss(_) | PastStep::Review(..) => self.bus,
            };
            let Some((command, context)) = plan.past_command(teacher, &step) else { break };
            if !dispatch_if_allowed(bus, command, context).await? {
                break;
            }
            match step {
                PastStep::Open => made.offered = 1,
                PastStep::Book(_) => made.booked = 1,
                PastStep::Cancel(_) => made.cancelled = 1,
                PastStep::Complete => made.completed = 1,
                PastStep::Review(..) => made.reviewed = 1,
                PastStep::Talk(_) | PastStep::Miss(_) => {}
            }
        }
        Ok(made)
    }
}
