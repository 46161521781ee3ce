//! Rules of a profile: the fields of each role, and the checks of a change.

use std::collections::BTreeSet;

use super::changes::{ProfileChanges, ProfileField};
use super::validate::value_problems;
use crate::accounts::reserved_names::check_public_name;
use crate::actor::Role;
use crate::dictionary::Vocabulary;
use crate::field_problem::FieldProblem;
use crate::ids::AccountId;
use crate::personal::Personal;

/// Checks new values and emptied fields of the person `account_id` against the roles, the present profile
/// and the dictionary. Returns a problem for every invalid field, not only the first.
pub fn profile_problems(
    account_id: AccountId,
    roles: &BTreeSet<Role>,
    held: &ProfileChanges,
    changes: &ProfileChanges,
    cleared: &[ProfileField],
) -> Vec<FieldProblem> {
    let mut problems = role_problems(roles, held, changes, cleared);
    problems.extend(value_problems(account_id, changes, cleared));
    if !roles.iter().any(|role| role.is_staff()) {
        problems.extend(name_problems(changes));
    }
    problems.sort();
    problems.dedup();
    problems
}

/// Returns the problems of a name or a nickname that only staff may bear, or that holds an address.
fn name_problems(changes: &ProfileChanges) -> Vec<FieldProblem> {
    let name = changes.name.as_ref().and_then(Personal::known).map(|name| name.as_str());
    let nickname = changes.nickname.as_ref().and_then(Personal::known).map(|nickname| nickname.as_str());
    let problem = |(field, text): (&str, Option<&str>)| {
        let error = check_public_name(text?).err()?;
        Some(FieldProblem::of(field, error.code()))
    };
    [("name", name), ("nickname", nickname)].into_iter().filter_map(problem).collect()
}

/// Returns whether a person with these roles has the field.
pub(super) fn is_for(roles: &BTreeSet<Role>, field: ProfileField) -> bool {
    use ProfileField::*;
    match field {
        Name | Nickname | Locale | TimeZone | Bio | City => true,
        Subjects | Goals | Age | Experience => {
            roles.contains(&Role::Teacher) || roles.contains(&Role::Student)
        }
        Grades | Durations | Formats | LessonTypes | HourlyRate | OfflineAvailable | Country
        | TakesRequests | TeacherType | ExperienceYears | Education => roles.contains(&Role::Teacher),
        Grade | School | ParentName | ParentPhone | Interests | LearningStyle | PreferredFormats
        | PreferredDurations => roles.contains(&Role::Student),
    }
}

/// Returns the problems of fields that the roles do not have. A person may still empty a field of a former
/// role, because they may remove their own data.
fn role_problems(
    roles: &BTreeSet<Role>,
    held: &ProfileChanges,
    changes: &ProfileChanges,
    cleared: &[ProfileField],
) -> Vec<FieldProblem> {
    let held = held.fields();
    let left_over = |field: &ProfileField| held.contains(field);
    let set = changes.fields().into_iter();
    let emptied = cleared.iter().copied().filter(|field| !left_over(field));
    let mut problems: Vec<_> = set
        .chain(emptied)
        .filter(|field| !is_for(roles, *field))
        .map(|field| FieldProblem::of(field.as_str(), "not_for_role"))
        .collect();
    if let Some(level) = &changes.experience
        && is_for(roles, ProfileField::Experience)
    {
        let fits = |role, levels: Vocabulary| roles.contains(&role) && levels.knows(level);
        if !fits(Role::Teacher, Vocabulary::TeacherExperience)
            && !fits(Role::Student, Vocabulary::StudentExperience)
        {
            problems.push(FieldProblem::of("experience", "unknown_value"));
        }
    }
    problems
}
