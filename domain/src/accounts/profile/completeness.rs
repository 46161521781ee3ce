//! Completeness of a profile, by role, in percent.

use std::collections::BTreeSet;

use super::changes::{ProfileChanges, ProfileField};
use super::rules::is_for;
use crate::actor::Role;
use crate::personal::Personal;

/// Name of a missing picture in the list; a picture is not a field of the profile.
const AVATAR: &str = "avatar";
/// Weight of the picture.
const AVATAR_WEIGHT: u32 = 10;

/// Returns the completeness of a profile: the weight of the filled fields among the fields that count for
/// the roles. It is in whole percent, rounded down; 100 means that nothing is missing.
pub fn completeness(roles: &BTreeSet<Role>, profile: &ProfileChanges, has_avatar: bool) -> u8 {
    let parts = parts(roles, profile, has_avatar);
    let whole: u32 = parts.iter().map(|part| part.weight).sum();
    let told: u32 = parts.iter().filter(|part| part.is_told).map(|part| part.weight).sum();
    u8::try_from(told * 100 / whole).expect("a part is not more than the whole")
}

/// Returns the names of the empty fields that count for the roles, by descending weight.
pub fn missing(roles: &BTreeSet<Role>, profile: &ProfileChanges, has_avatar: bool) -> Vec<&'static str> {
    let mut parts = parts(roles, profile, has_avatar);
    parts.retain(|part| !part.is_told);
    parts.sort_by_key(|part| std::cmp::Reverse(part.weight));
    parts.into_iter().map(|part| part.name).collect()
}

/// Part of the profile that counts, and whether it is filled.
struct ProfileSection {
    name: &'static str,
    weight: u32,
    is_told: bool,
}

fn parts(roles: &BTreeSet<Role>, profile: &ProfileChanges, has_avatar: bool) -> Vec<ProfileSection> {
    let fields = ProfileField::ALL.iter().filter(|field| is_for(roles, **field) && weight(**field) > 0);
    let avatar = ProfileSection { name: AVATAR, weight: AVATAR_WEIGHT, is_told: has_avatar };
    fields
        .map(|field| ProfileSection {
            name: field.as_str(),
            weight: weight(*field),
            is_told: is_told(profile, *field),
        })
        .chain([avatar])
        .collect()
}

/// Returns the weight of a field by its value for a match. Subjects and the price count most, then grades,
/// goals and formats, then the fields that help people to trust and plan. A parent's name and number, a
/// student's school and an age count 0, so that a person does not give them for a percentage. Yes-or-no
/// fields and fields that do not apply to every person also count 0.
fn weight(field: ProfileField) -> u32 {
    use ProfileField::*;
    match field {
        Subjects | HourlyRate => 20,
        Grades | Grade | Goals | Formats | PreferredFormats => 15,
        Bio | Name | Experience | Education | TimeZone => 10,
        Durations | PreferredDurations | LessonTypes | ExperienceYears | City | Country | TeacherType
        | Interests | LearningStyle | Nickname => 5,
        Locale | Age | School | ParentName | ParentPhone | OfflineAvailable | TakesRequests => 0,
    }
}

fn is_told(profile: &ProfileChanges, field: ProfileField) -> bool {
    fn known<T>(value: &Option<Personal<T>>) -> bool {
        value.as_ref().is_some_and(|value| !value.is_erased())
    }
    fn listed<T>(items: &Option<Vec<T>>) -> bool {
        items.as_ref().is_some_and(|items| !items.is_empty())
    }
    match field {
        ProfileField::Name => known(&profile.name),
        ProfileField::Nickname => known(&profile.nickname),
        ProfileField::Locale => profile.locale.is_some(),
        ProfileField::TimeZone => profile.time_zone.is_some(),
        ProfileField::Subjects => listed(&profile.subjects),
        ProfileField::Goals => listed(&profile.goals),
        ProfileField::Bio => known(&profile.bio),
        ProfileField::Age => known(&profile.age),
        ProfileField::City => known(&profile.city),
        ProfileField::Grades => listed(&profile.grades),
        ProfileField::Experience => profile.experience.is_some(),
        ProfileField::Durations => listed(&profile.durations),
        ProfileField::Formats => listed(&profile.formats),
        ProfileField::LessonTypes => listed(&profile.lesson_types),
        ProfileField::HourlyRate => profile.hourly_rate.is_some(),
        ProfileField::OfflineAvailable => profile.offline_available.is_some(),
        ProfileField::Country => profile.country.is_some(),
        ProfileField::TakesRequests => profile.takes_requests.is_some(),
        ProfileField::TeacherType => profile.teacher_type.is_some(),
        ProfileField::ExperienceYears => profile.experience_years.is_some(),
        ProfileField::Education => known(&profile.education),
        ProfileField::Grade => profile.grade.is_some(),
        ProfileField::School => known(&profile.school),
        ProfileField::ParentName => known(&profile.parent_name),
        ProfileField::ParentPhone => known(&profile.parent_phone),
        ProfileField::Interests => known(&profile.interests),
        ProfileField::LearningStyle => profile.learning_style.is_some(),
        ProfileField::PreferredFormats => listed(&profile.preferred_formats),
        ProfileField::PreferredDurations => listed(&profile.preferred_durations),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::{Nickname, PersonName, TimeZoneName};
    use crate::ids::AccountId;

    fn registered() -> ProfileChanges {
        let anna: AccountId = "0198c0de-0000-7000-8000-000000000001".parse().unwrap();
        ProfileChanges {
            name: Some(Personal::new(anna, PersonName::parse("Анна").unwrap())),
            nickname: Some(Personal::new(anna, Nickname::parse("anna").unwrap())),
            time_zone: Some(TimeZoneName::default()),
            ..ProfileChanges::default()
        }
    }

    #[test]
    fn a_new_account_is_neither_empty_nor_complete() {
        for role in Role::ALL.iter().copied() {
            let percent = completeness(&BTreeSet::from([role]), &registered(), false);
            assert!((1..100).contains(&percent), "{role}: {percent}");
        }
    }

    #[test]
    fn a_profile_is_complete_exactly_when_nothing_is_missing() {
        let staff = BTreeSet::from([Role::Support]);
        let mut profile = registered();
        assert_eq!(missing(&staff, &profile, true), ["bio", "city"]);
        let subject = profile.name.as_ref().unwrap().subject();
        profile.bio = Some(Personal::new(subject, "Помогаю".to_owned()));
        profile.city = Some(Personal::new(subject, "Казань".to_owned()));
        assert_eq!(completeness(&staff, &profile, true), 100);
        assert!(missing(&staff, &profile, true).is_empty());
    }

    #[test]
    fn nobody_is_asked_for_a_parent_or_an_age() {
        let missing = missing(&BTreeSet::from([Role::Student]), &registered(), false);
        assert_eq!(missing.first(), Some(&"subjects"));
        for private in ["age", "school", "parent_name", "parent_phone"] {
            assert!(!missing.contains(&private));
        }
    }

    #[test]
    fn an_empty_list_and_an_erased_value_count_as_missing() {
        let student = BTreeSet::from([Role::Student]);
        let before = completeness(&student, &registered(), false);
        let mut profile = registered();
        profile.subjects = Some(vec![]);
        profile.bio = Some(Personal::erased(profile.name.as_ref().unwrap().subject()));
        assert_eq!(completeness(&student, &profile, false), before);
    }
}
