//! Plan of a year of the demo school: who joins when, and what happens in which week.
//!
//! The plan follows from its first day and the present alone.

use domain::Role;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::person::Person;
use crate::rng::SeededRng;

/// Seed of the school that lives for a year; `demo seed --seed` uses others.
pub(super) const SEED: u32 = 365;
/// Weeks in which the school has existed.
const WEEKS_BEFORE: i64 = 52;
/// Weeks after the present for which teachers have opened slots.
const WEEKS_AHEAD: i64 = 2;
/// Local hours at which lessons begin.
const HOURS: [i8; 6] = [10, 12, 14, 16, 18, 20];
/// Age of a ticket at which every ticket is settled.
const SETTLED_AFTER: SignedDuration = SignedDuration::from_hours(24 * 6);

/// A person of the school.
pub(super) struct Member {
    pub person: Person,
    pub joins: Timestamp,
    /// Week, counted from joining, after which a student books no lessons.
    stays_weeks: i64,
}

/// A slot of a teacher, with what becomes of it.
pub(super) struct PlannedLesson {
    /// Index of the teacher among the members.
    pub teacher: usize,
    /// Index of the student among the members; `None` for a slot that stays free.
    pub student: Option<usize>,
    pub starts_at: Timestamp,
    pub minutes: u16,
    /// Number for a choice among the teacher's subjects, and for the words.
    pub pick: u64,
    pub rating: u8,
}

/// A ticket of a student.
pub(super) struct PlannedTicket {
    pub student: usize,
    /// Index of its scenario, in a cycle.
    pub scenario: usize,
}

/// Something that happens at an instant. The number is the index of the person, the lesson or the ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Join(usize),
    Open(usize),
    Book(usize),
    Cancel(usize),
    Complete(usize),
    Miss(usize),
    Review(usize),
    Ask(usize),
    /// The steps of the ticket's scenario with these numbers.
    Answer(usize, u8),
    Settle(usize),
}

/// Everything that happens, in order of time.
pub(super) struct Plan {
    pub members: Vec<Member>,
    pub lessons: Vec<PlannedLesson>,
    pub tickets: Vec<PlannedTicket>,
    pub steps: Vec<(Timestamp, Step)>,
}

impl Plan {
    /// Plans the school from a year before `now` to some weeks after it. Member 0 is the demo teacher, member 1
    /// the demo student.
    pub fn new(now: Timestamp) -> Self {
        let first = monday(now - SignedDuration::from_hours(24 * 7 * WEEKS_BEFORE));
        let weeks = WEEKS_BEFORE + WEEKS_AHEAD;
        let mut plan =
            Self { members: Vec::new(), lessons: Vec::new(), tickets: Vec::new(), steps: Vec::new() };
        plan.join(Person::of_role(Role::Teacher), first, i64::MAX);
        plan.join(Person::of_role(Role::Student), first, i64::MAX);
        for week in 0..=weeks {
            let mut rng = SeededRng::new(SEED, week as u32);
            let starts = first + SignedDuration::from_hours(24 * 7 * week);
            plan.add_members(week, starts, &mut rng);
            plan.add_lessons(starts, &mut rng);
            plan.add_tickets(starts, &mut rng);
        }
        // Slots of the coming days are open already; nothing else happens ahead of time.
        plan.steps.retain(|(at, step)| *at <= now || matches!(step, Step::Open(_)));
        for (at, _) in &mut plan.steps {
            *at = (*at).min(now);
        }
        plan.steps.sort_by_key(|(at, _)| *at);
        plan
    }

    fn join(&mut self, person: Person, joins: Timestamp, stays_weeks: i64) {
        self.steps.push((joins, Step::Join(self.members.len())));
        self.members.push(Member { person, joins, stays_weeks });
    }

    /// Adds the people who join in a week: more from month to month, fewer in summer.
    fn add_members(&mut self, week: i64, starts: Timestamp, rng: &mut SeededRng) {
        let month = starts.to_zoned(TimeZone::UTC).month();
        let growth = 1 + week as u64 / 18;
        let students = if (6..=8).contains(&month) { growth / 2 } else { growth + rng.number_between(0, 2) };
        let teachers = match week {
            0 => 6,
            _ => u64::from(week % 6 == 0),
        };
        let roles = [(Role::Teacher, teachers), (Role::Student, students)];
        for (role, count) in roles {
            for _ in 0..count {
                let number = self.members.len() as u32;
                let person = Person::with_role(SEED, number, role);
                let joins = in_week(starts, rng, 0..=3);
                self.join(person, joins, rng.number_between(3, 60) as i64);
            }
        }
    }

    /// Adds the lessons of a week: most students have one, and teachers offer a few times that stay free.
    fn add_lessons(&mut self, starts: Timestamp, rng: &mut SeededRng) {
        let teachers = self.present(Role::Teacher, starts);
        let students = self.present(Role::Student, starts);
        for (place, teacher) in teachers.iter().copied().enumerate() {
            let mut times = week_times(starts, self.members[teacher].person.time_zone, rng);
            let own = students.iter().copied().filter(|student| *student % teachers.len() == place);
            // The demo student learns with the demo teacher.
            let own: Vec<usize> = if teacher == 0 {
                std::iter::once(1).chain(own.filter(|student| *student != 1)).collect()
            } else {
                own.filter(|student| *student != 1).collect()
            };
            for student in own {
                if student == 1 || rng.chance_of(62) {
                    self.add_lesson(teacher, Some(student), &mut times, rng);
                }
            }
            for _ in 0..rng.number_between(2, 4) {
                self.add_lesson(teacher, None, &mut times, rng);
            }
        }
    }

    fn add_lesson(
        &mut self,
        teacher: usize,
        student: Option<usize>,
        times: &mut Vec<Timestamp>,
        rng: &mut SeededRng,
    ) {
        let Some(starts_at) = times.pop() else { return };
        let lesson = self.lessons.len();
        let minutes = rng.choose(&[60, 60, 60, 90]);
        let rating = rng.choose(&[5, 5, 5, 5, 4, 4, 3]);
        let pick = rng.next();
        self.lessons.push(PlannedLesson { teacher, student, starts_at, minutes, pick, rating });
        let mut at = |span: SignedDuration, step: Step| self.steps.push((starts_at + span, step));
        at(-SignedDuration::from_hours(24 * 6 + 6), Step::Open(lesson));
        if student.is_none() {
            return;
        }
        let booked_before = rng.number_between(40 * 60, 24 * 60 * 5) as i64;
        at(-SignedDuration::from_mins(booked_before), Step::Book(lesson));
        let fate = rng.number_between(1, 100);
        let ends = SignedDuration::from_mins(i64::from(minutes) + 5);
        match fate {
            1..=9 => at(-SignedDuration::from_hours(rng.number_between(8, 30) as i64), Step::Cancel(lesson)),
            10..=12 => at(ends, Step::Miss(lesson)),
            _ => {
                at(ends, Step::Complete(lesson));
                if fate <= 55 {
                    at(
                        ends + SignedDuration::from_hours(rng.number_between(7, 30) as i64),
                        Step::Review(lesson),
                    );
                }
            }
        }
    }

    /// Adds the tickets of a week: one for about twelve students.
    fn add_tickets(&mut self, starts: Timestamp, rng: &mut SeededRng) {
        let students = self.present(Role::Student, starts);
        let count = (students.len() as u64).div_ceil(12) + rng.number_between(0, 1);
        for _ in 0..count.min(students.len() as u64) {
            let ticket = self.tickets.len();
            let student = rng.choose(&students);
            self.tickets.push(PlannedTicket { student, scenario: ticket });
            // On a working day, in business hours of Moscow.
            let day = rng.number_between(0, 4) as i64;
            let asked = starts + SignedDuration::from_hours(24 * day + rng.number_between(7, 12) as i64);
            let waits = SignedDuration::from_mins(rng.choose(&[8, 12, 18, 25, 45, 70]));
            let mut at = asked;
            self.steps.push((at, Step::Ask(ticket)));
            for number in 0..crate::tickets::most_steps() as u8 {
                at += if number < 2 {
                    waits
                } else {
                    SignedDuration::from_hours(rng.number_between(1, 5) as i64)
                };
                self.steps.push((at, Step::Answer(ticket, number)));
            }
            self.steps.push((asked + SETTLED_AFTER, Step::Settle(ticket)));
        }
    }

    /// Members of a role who have joined before the week and still come.
    fn present(&self, role: Role, starts: Timestamp) -> Vec<usize> {
        let came = |member: &Member| {
            let weeks = starts.duration_since(member.joins).as_hours() / (24 * 7);
            member.person.role == role
                && member.joins <= starts
                && (role == Role::Teacher || weeks <= member.stays_weeks)
        };
        (0..self.members.len()).filter(|index| came(&self.members[*index])).collect()
    }
}

fn monday(at: Timestamp) -> Timestamp {
    let date = at.to_zoned(TimeZone::UTC).date();
    let back = date.weekday().since(Weekday::Monday);
    let midnight =
        date.checked_sub(i32::from(back).days()).ok().and_then(|date| date.to_zoned(TimeZone::UTC).ok());
    midnight.map_or(at, |zoned| zoned.timestamp())
}

fn in_week(starts: Timestamp, rng: &mut SeededRng, days: std::ops::RangeInclusive<u64>) -> Timestamp {
    let day = rng.number_between(*days.start(), *days.end()) as i64;
    starts + SignedDuration::from_mins(24 * 60 * day + rng.number_between(6 * 60, 20 * 60) as i64)
}

/// Times of a teacher in a week, at most one for each hour of the list, in a mixed order.
fn week_times(starts: Timestamp, zone: &str, rng: &mut SeededRng) -> Vec<Timestamp> {
    let Ok(zone) = TimeZone::get(zone) else { return Vec::new() };
    let monday = starts.to_zoned(TimeZone::UTC).date();
    let mut times: Vec<Timestamp> = (0..7)
        .flat_map(|day| HOURS.map(|hour| (day, hour)))
        .filter_map(|(day, hour)| {
            let date = monday.checked_add(day.days()).ok()?;
            Some(date.at(hour, 0, 0, 0).to_zoned(zone.clone()).ok()?.timestamp())
        })
        .collect();
    for index in (1..times.len()).rev() {
        times.swap(index, rng.number_between(0, index as u64) as usize);
    }
    times
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_has_enough_of_everything_and_is_in_order() {
        let plan = Plan::new("2026-11-30T10:00:00Z".parse().unwrap());
        let count = |is: fn(&Step) -> bool| plan.steps.iter().filter(|(_, step)| is(step)).count();
        assert!(plan.steps.is_sorted_by_key(|(at, _)| *at));
        assert!((100..400).contains(&plan.members.len()), "{} members", plan.members.len());
        assert!((1_000..6_000).contains(&plan.lessons.len()), "{} lessons", plan.lessons.len());
        assert!(count(|step| matches!(step, Step::Cancel(_))) > 50);
        assert!(count(|step| matches!(step, Step::Review(_))) > 300);
        assert!(plan.tickets.len() > 100);
    }
}
