//! Parses a profile change from a client: a flat, partial object in which `null` empties a field.

use serde_json::{Map, Value};

use super::changes::{Education, ProfileChanges, ProfileField};
use super::validate::value_problems;
use crate::accounts::values::{
    Lines, Locale, Nickname, PersonName, Phone, TimeZoneName, ValueError, bounded_text,
};
use crate::field_problem::FieldProblem;
use crate::ids::AccountId;
use crate::money::{Currency, Money};
use crate::personal::Personal;

/// Longest list that is parsed; the rules of the fields have shorter bounds.
const ITEMS_LIMIT: usize = 100;
/// Longest text that is parsed, in characters.
const TEXT_LIMIT: usize = 4_000;
/// Largest number of reported problems, so that a person can read them.
const PROBLEMS_LIMIT: usize = 100;

/// Parses the new values and the emptied fields of the person `account_id` from untrusted JSON.
///
/// The aggregate checks the rules that depend on the person's roles. An empty list empties its field.
///
/// # Errors
/// [`FieldProblem`] for every field that is unknown or cannot be set here (`unknown_field`: e-mail, roles,
/// rating and counters are not in a profile), has another type (`wrong_type`), or has an invalid value.
pub fn parse_profile_patch(
    account_id: AccountId,
    patch: &Map<String, Value>,
) -> Result<(ProfileChanges, Vec<ProfileField>), Vec<FieldProblem>> {
    let mut reading = PatchParser { account_id, changes: ProfileChanges::default(), problems: Vec::new() };
    let mut cleared = Vec::new();
    for (name, value) in patch {
        match ProfileField::parse(name) {
            None => reading.problems.push(FieldProblem::of(name, "unknown_field")),
            Some(field) if is_empty(value) => cleared.push(field),
            Some(field) => reading.field(field, value),
        }
    }
    let PatchParser { changes, mut problems, .. } = reading;
    problems.extend(value_problems(account_id, &changes, &cleared));
    if problems.is_empty() {
        return Ok((changes, cleared));
    }
    problems.sort();
    problems.dedup();
    problems.truncate(PROBLEMS_LIMIT);
    Err(problems)
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

/// Parser of a patch, with its results so far. Paths are JSON pointers without the first slash.
struct PatchParser {
    account_id: AccountId,
    changes: ProfileChanges,
    problems: Vec<FieldProblem>,
}

impl PatchParser {
    fn field(&mut self, field: ProfileField, value: &Value) {
        let at = field.as_str();
        match field {
            ProfileField::Name => self.changes.name = self.personal(at, value, PersonName::parse),
            ProfileField::Nickname => self.changes.nickname = self.personal(at, value, Nickname::parse),
            ProfileField::Locale => {
                let parse = |text: &str| Locale::parse(text).ok_or(ValueError::Unknown);
                self.changes.locale = self.text(at, value, parse);
            }
            ProfileField::TimeZone => self.changes.time_zone = self.text(at, value, TimeZoneName::parse),
            ProfileField::Subjects => self.changes.subjects = self.texts(at, value),
            ProfileField::Goals => self.changes.goals = self.texts(at, value),
            ProfileField::Bio => self.changes.bio = self.personal(at, value, lines),
            ProfileField::Age => self.changes.age = self.whole(at, value).map(|age| self.own(age)),
            ProfileField::City => self.changes.city = self.personal(at, value, line),
            ProfileField::Grades => self.changes.grades = self.texts(at, value),
            ProfileField::Experience => self.changes.experience = self.text(at, value, line),
            ProfileField::Durations => self.changes.durations = self.minutes(at, value),
            ProfileField::Formats => self.changes.formats = self.texts(at, value),
            ProfileField::LessonTypes => self.changes.lesson_types = self.texts(at, value),
            ProfileField::HourlyRate => self.changes.hourly_rate = self.money(at, value),
            ProfileField::OfflineAvailable => self.changes.offline_available = self.yes_or_no(at, value),
            ProfileField::Country => self.changes.country = self.text(at, value, line),
            ProfileField::TakesRequests => self.changes.takes_requests = self.yes_or_no(at, value),
            ProfileField::TeacherType => self.changes.teacher_type = self.text(at, value, line),
            ProfileField::ExperienceYears => self.changes.experience_years = self.whole(at, value),
            ProfileField::Education => {
                self.changes.education = self.education(at, value).map(|education| self.own(education));
            }
            ProfileField::Grade => self.changes.grade = self.text(at, value, line),
            ProfileField::School => self.changes.school = self.personal(at, value, line),
            ProfileField::ParentName => {
                self.changes.parent_name = self.personal(at, value, PersonName::parse)
            }
            ProfileField::ParentPhone => self.changes.parent_phone = self.personal(at, value, Phone::parse),
            ProfileField::Interests => {
                self.changes.interests = self.texts(at, value).map(|interests| self.own(interests));
            }
            ProfileField::LearningStyle => self.changes.learning_style = self.text(at, value, line),
            ProfileField::PreferredFormats => self.changes.preferred_formats = self.texts(at, value),
            ProfileField::PreferredDurations => self.changes.preferred_durations = self.minutes(at, value),
        }
    }

    fn refuse<T>(&mut self, at: &str, code: &'static str) -> Option<T> {
        self.problems.push(FieldProblem::at(format!("/{at}"), code));
        None
    }

    fn own<T>(&self, value: T) -> Personal<T> {
        Personal::new(self.account_id, value)
    }

    fn text<T>(
        &mut self,
        at: &str,
        value: &Value,
        parse: impl Fn(&str) -> Result<T, ValueError>,
    ) -> Option<T> {
        let Some(text) = value.as_str() else { return self.refuse(at, "wrong_type") };
        match parse(text) {
            Ok(text) => Some(text),
            Err(error) => {
                self.problems.push(FieldProblem::of_value(format!("/{at}"), error));
                None
            }
        }
    }

    fn personal<T>(
        &mut self,
        at: &str,
        value: &Value,
        parse: impl Fn(&str) -> Result<T, ValueError>,
    ) -> Option<Personal<T>> {
        self.text(at, value, parse).map(|text| self.own(text))
    }

    fn yes_or_no(&mut self, at: &str, value: &Value) -> Option<bool> {
        value.as_bool().or_else(|| self.refuse(at, "wrong_type"))
    }

    /// Parses a whole number. 15.0 has the wrong type; 300 may be out of range.
    fn whole<T: TryFrom<i64>>(&mut self, at: &str, value: &Value) -> Option<T> {
        match value {
            Value::Number(number) if number.is_i64() || number.is_u64() => number
                .as_i64()
                .and_then(|number| T::try_from(number).ok())
                .or_else(|| self.refuse(at, "out_of_range")),
            _ => self.refuse(at, "wrong_type"),
        }
    }

    /// Parses a list; every item must parse.
    fn list<T>(
        &mut self,
        at: &str,
        value: &Value,
        mut item: impl FnMut(&mut Self, &str, &Value) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Some(items) = value.as_array() else { return self.refuse(at, "wrong_type") };
        if items.len() > ITEMS_LIMIT {
            self.problems.push(FieldProblem::at(format!("/{at}"), "too_many").with("max", ITEMS_LIMIT));
            return None;
        }
        let read: Vec<_> =
            items.iter().enumerate().map(|(i, value)| item(self, &format!("{at}/{i}"), value)).collect();
        read.into_iter().collect()
    }

    fn texts(&mut self, at: &str, value: &Value) -> Option<Vec<String>> {
        self.list(at, value, |reading, at, value| reading.text(at, value, line))
    }

    fn minutes(&mut self, at: &str, value: &Value) -> Option<Vec<u16>> {
        self.list(at, value, Self::whole)
    }

    /// Returns the members of an object that may have only these members.
    fn members<'a, const N: usize>(
        &mut self,
        at: &str,
        value: &'a Value,
        names: [&str; N],
    ) -> Option<[&'a Value; N]> {
        let Some(object) = value.as_object() else { return self.refuse(at, "wrong_type") };
        for name in object.keys().filter(|name| !names.contains(&name.as_str())) {
            self.problems.push(FieldProblem::inside(at, name, "unknown_field"));
        }
        Some(names.map(|name| object.get(name).unwrap_or(&Value::Null)))
    }

    fn money(&mut self, at: &str, value: &Value) -> Option<Money> {
        let [amount, currency] = self.members(at, value, ["amount", "currency"])?;
        let amount = self.whole(&format!("{at}/amount"), amount);
        let currency = self.text(&format!("{at}/currency"), currency, |text| {
            Currency::parse(text).ok_or(ValueError::Unknown)
        });
        Some(Money { amount: amount?, currency: currency? })
    }

    fn education(&mut self, at: &str, value: &Value) -> Option<Education> {
        let names = ["university", "degree", "graduation_year", "courses"];
        let [university, degree, year, courses] = self.members(at, value, names)?;
        let mut part = |name: &str, value: &Value| match value {
            Value::Null => None,
            text => self.text(&format!("{at}/{name}"), text, line),
        };
        let (university, degree) = (part("university", university), part("degree", degree));
        let graduation_year =
            if year.is_null() { None } else { self.whole(&format!("{at}/graduation_year"), year) };
        let courses =
            if courses.is_null() { Some(Vec::new()) } else { self.texts(&format!("{at}/courses"), courses) };
        Some(Education { university, degree, graduation_year, courses: courses? })
    }
}

/// Parses one line of text.
fn line(text: &str) -> Result<String, ValueError> {
    bounded_text(text, TEXT_LIMIT, Lines::Single)
}

/// Parses several lines of text; line breaks become `\n`.
fn lines(text: &str) -> Result<String, ValueError> {
    bounded_text(&text.replace("\r\n", "\n").replace('\r', "\n"), TEXT_LIMIT, Lines::Multi)
}
