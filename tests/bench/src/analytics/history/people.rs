//! People who register, fill in their profile and sign in.

use commands::BackfillError;
use domain::accounts::{
    AccountCommand, Email, Locale, Nickname, PersonName, ProfileChanges, Registration, TimeZoneName,
};
use domain::{AccountId, Command, Currency, Money, Role, SessionId};
use jiff::{SignedDuration, Timestamp};

use super::week::Weeks;
use super::{CommandActor, HistoryGenerator, Member};
use crate::teachers::SUBJECTS;

const GIVEN: [&str; 8] = ["Иван", "Анна", "Ольга", "Павел", "Вера", "Борис", "Мария", "Олег"];
const FAMILY: [&str; 8] = ["Ким", "Гринь", "Шевчук", "Дубов", "Роман", "Седых", "Вольф", "Мельник"];
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

impl HistoryGenerator {
    /// Registers the new people of a day; all agents and half of the teachers exist from the first day on.
    pub(super) fn add_registrations(&mut self, day: usize, weeks: &Weeks) -> Result<(), BackfillError> {
        let size = self.size;
        let half = size.teachers / 2;
        let (agents, early) = if day == 0 { (size.agents, half) } else { (0, 0) };
        let teachers = early + weeks.part(size.teachers - half, day);
        // A tenth of the students exists from the first day on as well.
        let tenth = size.students / 10;
        let students = if day == 0 { tenth } else { 0 } + weeks.part(size.students - tenth, day);
        for (role, count) in [(Role::Support, agents), (Role::Teacher, teachers), (Role::Student, students)] {
            for _ in 0..count {
                let at = self.instant_in(day);
                let member = self.register(at, role)?;
                match role {
                    Role::Teacher => self.teachers.push(member),
                    Role::Student => self.students.push(member),
                    _ => self.agents.push(member),
                }
            }
        }
        Ok(())
    }

    fn register(&mut self, at: Timestamp, role: Role) -> Result<Member, BackfillError> {
        self.people += 1;
        let member = Member { number: self.people, id: AccountId(self.id(at)), role };
        let registration = self.registration(member);
        let who = if role.is_staff() { CommandActor::System("admin") } else { CommandActor::Member(member) };
        self.account(at, who, member, AccountCommand::RegisterAccount(registration))?;
        let after = |minutes| at + SignedDuration::from_mins(minutes);
        if !self.chance_of_one_in(10) {
            self.account(after(2), member.into(), member, AccountCommand::VerifyEmail)?;
        }
        if !role.is_staff() && !self.chance_of_one_in(4) {
            let changes = Box::new(self.profile(role));
            let told = AccountCommand::UpdateProfile { changes, cleared: Vec::new() };
            self.account(after(9), member.into(), member, told)?;
        }
        Ok(member)
    }

    fn registration(&mut self, member: Member) -> Registration {
        let sound = "invented words are acceptable to the domain";
        let number = member.number;
        let name = format!("{} {}", GIVEN[self.rng.below(8)], FAMILY[self.rng.below(8)]);
        Registration {
            account_id: member.id,
            role: member.role,
            by_admin: member.role.is_staff(),
            email: Email::parse(&format!("p{number}@bench.example")).expect(sound),
            name: PersonName::parse(&name).expect(sound),
            nickname: Nickname::parse(&format!("p{number}")).expect(sound),
            phone: None,
            locale: Locale::Ru,
            time_zone: TimeZoneName::default(),
            terms_version: "bench".to_owned(),
        }
    }

    fn profile(&mut self, role: Role) -> ProfileChanges {
        let subjects = Some(vec![SUBJECTS[self.rng.below(SUBJECTS.len())].to_owned()]);
        let texts = |codes: &[&str]| Some(codes.iter().map(|code| (*code).to_owned()).collect());
        if role != Role::Teacher {
            return ProfileChanges {
                subjects,
                grade: Some((1 + self.rng.below(11)).to_string()),
                ..ProfileChanges::default()
            };
        }
        let rate = 80_000 + 10_000 * self.rng.below(18) as i64;
        ProfileChanges {
            subjects,
            grades: texts(&["8", "9", "10", "11"]),
            formats: texts(&["online"]),
            lesson_types: texts(&["regular", "trial"]),
            durations: Some(vec![60]),
            hourly_rate: Some(Money { amount: rate, currency: Currency::RUB }),
            takes_requests: Some(true),
            ..ProfileChanges::default()
        }
    }

    pub(super) fn add_sign_in(&mut self, day: usize) -> Result<(), BackfillError> {
        let Some(member) = self.random_person() else { return Ok(()) };
        // At most one sign-in per person and day.
        if !self.is_free(member, self.midnight(day)) {
            return Ok(());
        }
        let at = self.instant_in(day);
        let session_id = SessionId(self.id(at));
        let user_agent = BROWSER.to_owned();
        let signs_in = AccountCommand::RecordSignIn { session_id, user_agent };
        self.account(at, member.into(), member, signs_in)?;
        if self.chance_of_one_in(5) {
            let out = at + SignedDuration::from_mins(50);
            self.account(out, member.into(), member, AccountCommand::SignOut { session_id })?;
        }
        Ok(())
    }

    /// A random person; one in three is a regular, and regulars come as often as all others together.
    fn random_person(&mut self) -> Option<Member> {
        let list = match self.rng.below(20) {
            0 => &self.agents,
            1..=3 => &self.teachers,
            _ => &self.students,
        };
        if list.is_empty() {
            return None;
        }
        let number = self.rng.below(list.len());
        let number = if self.rng.below(3) == 0 { number } else { number - number % 3 };
        list.get(number).copied()
    }

    fn account(
        &mut self,
        at: Timestamp,
        who: CommandActor,
        member: Member,
        command: AccountCommand,
    ) -> Result<bool, BackfillError> {
        self.record(at, who, vec![Command::Account(member.id, command)])
    }
}
