//! Fixtures: invented people, their histories, and the steps given, when, then.

use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::test::TestFramework;
use serde_json::{Value, json};

use crate::accounts::*;
use crate::{AccountId, Clock, FieldProblem, FixedClock, Personal, Refusal, RefusalError, Role};

pub const ANNA: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000001"));

pub fn clock() -> Arc<dyn Clock> {
    Arc::new(FixedClock::at("2026-11-23T09:00:00Z".parse().unwrap()))
}

pub fn own<T>(value: T) -> Personal<T> {
    Personal::new(ANNA, value)
}

pub fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

pub fn registration(role: Role) -> Registration {
    Registration {
        account_id: ANNA,
        role,
        by_admin: false,
        email: email("anna@school.example"),
        name: PersonName::parse("Анна Петрова").unwrap(),
        nickname: Nickname::parse("anna").unwrap(),
        phone: Some(Phone::parse("+7 999 000-00-01").unwrap()),
        locale: Locale::Ru,
        time_zone: TimeZoneName::default(),
        terms_version: "2026-01".to_owned(),
    }
}

pub fn registered(role: Role) -> AccountEvent {
    AccountEvent::AccountRegistered {
        role,
        email: own(email("anna@school.example")),
        name: own(PersonName::parse("Анна Петрова").unwrap()),
        nickname: own(Nickname::parse("anna").unwrap()),
        phone: Some(own(Phone::parse("+79990000001").unwrap())),
        locale: Locale::Ru,
        time_zone: TimeZoneName::default(),
        terms_version: "2026-01".to_owned(),
    }
}

pub fn suspended() -> AccountEvent {
    AccountEvent::AccountSuspended { reason: Some(Personal::new(ANNA, "spam".to_owned())) }
}

pub fn erased() -> AccountEvent {
    AccountEvent::AccountErased {
        account_id: ANNA,
        reason: Some(Personal::new(ANNA, "asked for".to_owned())),
    }
}

/// Result of a command.
pub struct Outcome(Result<Vec<AccountEvent>, AccountError>);

pub fn when(given: Vec<AccountEvent>, command: AccountCommand) -> Outcome {
    Outcome(TestFramework::<Account>::with(clock()).given(given).when(command).inspect_result())
}

impl Outcome {
    pub fn then(self, expected: &[AccountEvent]) {
        assert_eq!(self.0.expect("the command is accepted"), expected);
    }

    pub fn events(self) -> Vec<AccountEvent> {
        self.0.expect("the command is accepted")
    }

    pub fn accepted(&self) -> bool {
        self.0.is_ok()
    }

    pub fn refusal(self) -> Refusal {
        self.0.expect_err("the command is refused").refusal()
    }

    pub fn refused(self, code: &str) {
        assert_eq!(self.refusal().code, code);
    }

    /// Returns the problems of fields, as `(pointer, code)`.
    pub fn problems(self) -> Vec<(String, String)> {
        let refusal = self.refusal();
        assert_eq!(refusal.code, "invalid_fields");
        refusal.reasons.into_iter().map(|reason| (reason.pointer.unwrap_or_default(), reason.code)).collect()
    }
}

/// Returns the account after these events.
pub fn fold(events: &[AccountEvent]) -> Account {
    events.iter().cloned().fold(Account::default(), |mut account, event| {
        account.apply(event);
        account
    })
}

/// Returns a patch of Anna's profile, as she would send it.
pub fn patch(json: Value) -> Result<(ProfileChanges, Vec<ProfileField>), Vec<FieldProblem>> {
    let Value::Object(members) = json else { panic!("a patch is an object") };
    parse_profile_patch(ANNA, &members)
}

/// Returns the command of a valid patch.
pub fn update(json: Value) -> AccountCommand {
    let (changes, cleared) = patch(json).unwrap();
    AccountCommand::UpdateProfile { changes: Box::new(changes), cleared }
}

/// Returns every field with a valid value.
pub fn whole_profile() -> Value {
    json!({
        "name": "Анна", "nickname": "anna.p", "locale": "en", "time_zone": "Asia/Omsk",
        "subjects": ["mathematics", "physics"], "goals": ["ege"], "bio": "Первая строка\nвторая", "age": 38,
        "city": "Омск", "grades": ["9", "student"], "experience": "beginner", "durations": [30, 90],
        "formats": ["online", "mini_group"], "lesson_types": ["trial"],
        "hourly_rate": { "amount": 250_000, "currency": "RUB" }, "offline_available": true, "country": "RU",
        "takes_requests": false, "teacher_type": "both", "experience_years": 12,
        "education": { "university": "ОмГУ", "degree": "магистр", "graduation_year": 2010, "courses": ["Методика"] },
        "grade": "11", "school": "Школа № 1", "parent_name": "Ольга", "parent_phone": "+79990000002",
        "interests": ["шахматы"], "learning_style": "mixed", "preferred_formats": ["offline"],
        "preferred_durations": [60],
    })
}
