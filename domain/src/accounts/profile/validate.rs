//! Checks the values of a profile, independent of the roles.

use std::collections::HashSet;
use std::hash::Hash;

use super::changes::{Education, ProfileChanges, ProfileField};
use crate::accounts::values::{Lines, ValueError, bounded_text, fold_case};
use crate::countries::is_country;
use crate::dictionary::{DURATIONS_MINUTES, Vocabulary};
use crate::field_problem::FieldProblem;
use crate::ids::AccountId;
use crate::money::Money;
use crate::personal::Personal;

/// Longest texts, in characters.
const BIO_LIMIT: usize = 4_000;
const PLACE_LIMIT: usize = 120;
const STUDY_LIMIT: usize = 200;
const INTEREST_LIMIT: usize = 60;
/// Longest list of free texts.
const TEXTS_LIMIT: usize = 30;
/// Highest price of an hour, in minor units: a million roubles.
const HOURLY_RATE_LIMIT: i64 = 100_000_000;

/// Returns a problem for every field whose value is invalid for the person `account_id`, by the dictionary
/// and the bounds.
pub(super) fn value_problems(
    account_id: AccountId,
    changes: &ProfileChanges,
    cleared: &[ProfileField],
) -> Vec<FieldProblem> {
    let mut check = Validator { account_id, problems: Vec::new() };
    check.cleared(changes, cleared);

    // The types of parsed values ensure that they are valid; only their owner is left to check.
    check.own("name", changes.name.as_ref());
    check.own("nickname", changes.nickname.as_ref());
    check.own("parent_name", changes.parent_name.as_ref());
    check.own("parent_phone", changes.parent_phone.as_ref());

    if let Some(bio) = check.own("bio", changes.bio.as_ref()) {
        check.text("bio", bio, BIO_LIMIT, Lines::Multi);
    }
    for (field, place) in [("city", &changes.city), ("school", &changes.school)] {
        if let Some(place) = check.own(field, place.as_ref()) {
            check.text(field, place, PLACE_LIMIT, Lines::Single);
        }
    }
    if let Some(interests) = check.own("interests", changes.interests.as_ref()) {
        check.texts("interests", interests, INTEREST_LIMIT);
    }
    if let Some(education) = check.own("education", changes.education.as_ref()) {
        check.education(education);
    }

    check.codes("subjects", changes.subjects.as_deref(), Vocabulary::Subjects);
    check.codes("goals", changes.goals.as_deref(), Vocabulary::Goals);
    check.codes("grades", changes.grades.as_deref(), Vocabulary::Grades);
    check.codes("formats", changes.formats.as_deref(), Vocabulary::Formats);
    check.codes("lesson_types", changes.lesson_types.as_deref(), Vocabulary::LessonTypes);
    check.codes("preferred_formats", changes.preferred_formats.as_deref(), Vocabulary::Formats);
    check.code("grade", changes.grade.as_deref(), &[Vocabulary::Grades]);
    check.code("teacher_type", changes.teacher_type.as_deref(), &[Vocabulary::TeacherTypes]);
    check.code("learning_style", changes.learning_style.as_deref(), &[Vocabulary::LearningStyles]);
    let levels = [Vocabulary::TeacherExperience, Vocabulary::StudentExperience];
    check.code("experience", changes.experience.as_deref(), &levels);
    check.durations("durations", changes.durations.as_deref());
    check.durations("preferred_durations", changes.preferred_durations.as_deref());

    if let Some(age) = check.own("age", changes.age.as_ref()) {
        check.range(i64::from(*age), 5..=120, "age");
    }
    if let Some(years) = changes.experience_years {
        check.range(i64::from(years), 0..=80, "experience_years");
    }
    if let Some(country) = &changes.country {
        check.that(is_country(country), "country", "unknown_value");
    }
    if let Some(rate) = changes.hourly_rate {
        check.rate(rate);
    }
    check.problems
}

/// Validator, with the problems found so far. Paths are JSON pointers without the first slash.
struct Validator {
    account_id: AccountId,
    problems: Vec<FieldProblem>,
}

impl Validator {
    fn that(&mut self, is_sound: bool, place: &str, code: &'static str) {
        if !is_sound {
            self.problems.push(FieldProblem::at(format!("/{place}"), code));
        }
    }

    /// Checks that a number is in its range, which the problem names.
    fn range(&mut self, number: i64, range: std::ops::RangeInclusive<i64>, place: &str) {
        if !range.contains(&number) {
            let problem = FieldProblem::at(format!("/{place}"), "out_of_range");
            self.problems.push(problem.with("min", range.start()).with("max", range.end()));
        }
    }

    fn at_most(&mut self, count: usize, max: usize, place: &str) {
        if count > max {
            self.problems.push(FieldProblem::at(format!("/{place}"), "too_many").with("max", max));
        }
    }

    /// Checks that a code is known. The problem names the known ones.
    fn known<T: AsRef<str>>(&mut self, is_known: bool, place: &str, known: &[T]) {
        if !is_known {
            let allowed: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
            let problem = FieldProblem::at(format!("/{place}"), ValueError::Unknown.code());
            self.problems.push(problem.with("allowed", allowed.join(", ")));
        }
    }

    fn cleared(&mut self, changes: &ProfileChanges, cleared: &[ProfileField]) {
        use ProfileField::{Locale, Name, Nickname, TimeZone};
        let set = changes.fields();
        for field in cleared {
            self.that(!matches!(field, Name | Nickname | Locale | TimeZone), field.as_str(), "required");
            self.that(!set.contains(field), field.as_str(), "set_and_cleared");
        }
    }

    /// Returns the value, if it exists and belongs to this person. Another person's key must not seal it.
    fn own<'a, T>(&mut self, place: &str, value: Option<&'a Personal<T>>) -> Option<&'a T> {
        let value = value?;
        self.that(value.subject() == self.account_id, place, "not_own");
        self.that(!value.is_erased(), place, "empty");
        value.known()
    }

    fn text(&mut self, place: &str, text: &str, max: usize, lines: Lines) {
        if let Err(error) = bounded_text(text, max, lines) {
            self.problems.push(FieldProblem::of_value(format!("/{place}"), error));
        }
    }

    /// Checks a list of distinct free texts.
    fn texts(&mut self, place: &str, texts: &[String], max: usize) {
        self.at_most(texts.len(), TEXTS_LIMIT, place);
        for (i, text) in texts.iter().enumerate().take(TEXTS_LIMIT) {
            self.text(&format!("{place}/{i}"), text, max, Lines::Single);
        }
        let compared: Vec<_> = texts.iter().take(TEXTS_LIMIT).map(|text| fold_case(text)).collect();
        self.different(place, &compared);
    }

    fn different<T: Eq + Hash>(&mut self, place: &str, items: &[T]) {
        let mut seen = HashSet::new();
        for (i, item) in items.iter().enumerate() {
            self.that(seen.insert(item), &format!("{place}/{i}"), "duplicate");
        }
    }

    fn code(&mut self, place: &str, code: Option<&str>, lists: &[Vocabulary]) {
        if let Some(code) = code {
            let known: Vec<&str> = lists.iter().flat_map(|list| list.codes()).copied().collect();
            self.known(known.contains(&code), place, &known);
        }
    }

    fn codes(&mut self, place: &str, codes: Option<&[String]>, list: Vocabulary) {
        let Some(codes) = self.bounded(place, codes, list.codes().len()) else { return };
        for (i, code) in codes.iter().enumerate() {
            self.code(&format!("{place}/{i}"), Some(code), &[list]);
        }
        self.different(place, codes);
    }

    fn durations(&mut self, place: &str, durations: Option<&[u16]>) {
        let Some(durations) = self.bounded(place, durations, DURATIONS_MINUTES.len()) else { return };
        for (i, minutes) in durations.iter().enumerate() {
            let place = format!("{place}/{i}");
            let known = DURATIONS_MINUTES.map(|minutes| minutes.to_string());
            self.known(DURATIONS_MINUTES.contains(minutes), &place, &known);
        }
        self.different(place, durations);
    }

    /// Returns the items, unless there are more than `max`.
    fn bounded<'a, T>(&mut self, place: &str, items: Option<&'a [T]>, max: usize) -> Option<&'a [T]> {
        let items = items?;
        self.at_most(items.len(), max, place);
        (items.len() <= max).then_some(items)
    }

    fn rate(&mut self, rate: Money) {
        self.range(rate.amount, 0..=HOURLY_RATE_LIMIT, "hourly_rate/amount");
        self.that(rate.currency.is_in_use(), "hourly_rate/currency", ValueError::Unknown.code());
    }

    fn education(&mut self, education: &Education) {
        let texts = [("university", &education.university), ("degree", &education.degree)];
        for (part, text) in texts {
            if let Some(text) = text {
                self.text(&format!("education/{part}"), text, STUDY_LIMIT, Lines::Single);
            }
        }
        if let Some(year) = education.graduation_year {
            self.range(i64::from(year), 1930..=2100, "education/graduation_year");
        }
        self.texts("education/courses", &education.courses, STUDY_LIMIT);
    }
}
