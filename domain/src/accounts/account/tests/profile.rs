//! Tests of the profile: the fields of each role, and their values.

use serde_json::json;

use super::fixtures::*;
use crate::accounts::*;
use crate::{AccountId, Currency, Money, Personal, Role};

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(pointer, code)| ((*pointer).to_owned(), (*code).to_owned())).collect()
}

fn fields_refused_to(role: Role) -> Vec<String> {
    let refusal = when(vec![registered(role)], update(whole_profile()));
    refusal
        .problems()
        .into_iter()
        .map(|(pointer, code)| {
            assert_eq!(code, "not_for_role");
            pointer.trim_start_matches('/').to_owned()
        })
        .collect()
}

#[test]
fn a_teacher_has_no_fields_of_a_student() {
    assert_eq!(
        fields_refused_to(Role::Teacher),
        [
            "grade",
            "interests",
            "learning_style",
            "parent_name",
            "parent_phone",
            "preferred_durations",
            "preferred_formats",
            "school",
        ]
    );
}

#[test]
fn a_student_has_no_fields_of_a_teacher() {
    assert_eq!(
        fields_refused_to(Role::Student),
        [
            "country",
            "durations",
            "education",
            "experience_years",
            "formats",
            "grades",
            "hourly_rate",
            "lesson_types",
            "offline_available",
            "takes_requests",
            "teacher_type",
        ]
    );
}

#[test]
fn staff_have_a_name_a_place_and_a_word_about_themselves() {
    for role in [Role::Support, Role::Analyst, Role::Admin, Role::Auditor] {
        let command = update(json!({
            "name": "Анна", "nickname": "a.p", "locale": "en", "time_zone": "UTC", "bio": "Отвечаю", "city": "Омск",
        }));
        assert!(when(vec![registered(role)], command).accepted());
        assert_eq!(fields_refused_to(role).len(), ProfileField::ALL.len() - 6);
    }
}

#[test]
fn who_is_both_has_the_fields_of_both() {
    let both =
        vec![registered(Role::Teacher), AccountEvent::RoleGranted { role: Role::Student, reason: None }];
    assert!(when(both, update(whole_profile())).accepted());
}

#[test]
fn experience_is_counted_in_the_steps_of_the_role() {
    for (role, sound, strange) in
        [(Role::Teacher, "professional", "advanced"), (Role::Student, "advanced", "professional")]
    {
        assert!(when(vec![registered(role)], update(json!({ "experience": sound }))).accepted());
        let problems = when(vec![registered(role)], update(json!({ "experience": strange }))).problems();
        assert_eq!(problems, pairs(&[("/experience", "unknown_value")]));
    }
}

#[test]
fn a_partial_change_leaves_the_rest_alone() {
    let event = AccountEvent::ProfileUpdated {
        changes: Box::new(patch(json!({ "subjects": ["physics"], "bio": "О себе" })).unwrap().0),
        cleared: vec![],
    };
    let changed =
        when(vec![registered(Role::Student), event], update(json!({ "bio": null, "city": "Омск" })));
    changed.then(&[AccountEvent::ProfileUpdated {
        changes: Box::new(ProfileChanges {
            city: Some(own("Омск".to_owned())), ..ProfileChanges::default()
        }),
        cleared: vec![ProfileField::Bio],
    }]);
}

#[test]
fn what_everybody_has_can_not_be_emptied() {
    use ProfileField::{Locale, Name, Nickname, TimeZone};
    let command = AccountCommand::UpdateProfile {
        changes: Box::default(),
        cleared: vec![Name, Nickname, Locale, TimeZone],
    };
    assert_eq!(
        when(vec![registered(Role::Student)], command).problems(),
        pairs(&[
            ("/locale", "required"),
            ("/name", "required"),
            ("/nickname", "required"),
            ("/time_zone", "required"),
        ])
    );
}

#[test]
fn a_field_left_over_from_a_former_role_can_be_emptied_and_not_be_set() {
    let given = || {
        vec![
            registered(Role::Student),
            AccountEvent::ProfileUpdated {
                changes: Box::new(patch(json!({ "school": "Школа № 1" })).unwrap().0),
                cleared: vec![],
            },
            AccountEvent::RoleGranted { role: Role::Support, reason: None },
            AccountEvent::RoleRevoked { role: Role::Student, reason: None },
        ]
    };
    when(given(), update(json!({ "school": null }))).then(&[AccountEvent::ProfileUpdated {
        changes: Box::default(),
        cleared: vec![ProfileField::School],
    }]);
    let problems = when(given(), update(json!({ "school": "Школа № 2" }))).problems();
    assert_eq!(problems, pairs(&[("/school", "not_for_role")]));
}

#[test]
fn every_bad_value_is_named_at_once() {
    let changes = ProfileChanges {
        subjects: Some(vec!["physics".into(), "Физика".into(), "physics".into()]),
        goals: Some(vec!["ege".into(); 100]),
        durations: Some(vec![60, 61]),
        age: Some(own(4)),
        experience_years: Some(81),
        country: Some("ZZ".into()),
        hourly_rate: Some(Money { amount: -1, currency: Currency::parse("ZZZ").unwrap() }),
        city: Some(own("x".repeat(121))),
        bio: Some(own("\u{202E}".into())),
        teacher_type: Some("freelance".into()),
        education: Some(own(Education {
            university: Some(" ".into()),
            graduation_year: Some(1800),
            courses: vec!["Курс".into(), "КУРС".into()],
            ..Education::default()
        })),
        ..ProfileChanges::default()
    };
    let command = AccountCommand::UpdateProfile { changes: Box::new(changes), cleared: vec![] };
    assert_eq!(
        when(vec![registered(Role::Teacher)], command).problems(),
        pairs(&[
            ("/age", "out_of_range"),
            ("/bio", "forbidden_character"),
            ("/city", "too_long"),
            ("/country", "unknown_value"),
            ("/durations/1", "unknown_value"),
            ("/education/courses/1", "duplicate"),
            ("/education/graduation_year", "out_of_range"),
            ("/education/university", "empty"),
            ("/experience_years", "out_of_range"),
            ("/goals", "too_many"),
            ("/hourly_rate/amount", "out_of_range"),
            ("/hourly_rate/currency", "unknown_value"),
            ("/subjects/1", "unknown_value"),
            ("/subjects/2", "duplicate"),
            ("/teacher_type", "unknown_value"),
        ])
    );
}

#[test]
fn a_value_of_somebody_else_or_of_the_erased_is_refused() {
    let other = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000002"));
    let changes = ProfileChanges {
        nickname: Some(Personal::new(other, Nickname::parse("other").unwrap())),
        bio: Some(Personal::erased(ANNA)),
        ..ProfileChanges::default()
    };
    let command = AccountCommand::UpdateProfile { changes: Box::new(changes), cleared: vec![] };
    assert_eq!(
        when(vec![registered(Role::Student)], command).problems(),
        pairs(&[("/bio", "empty"), ("/nickname", "not_own")])
    );
}

#[test]
fn a_field_is_not_set_and_emptied_at_once() {
    let command = AccountCommand::UpdateProfile {
        changes: Box::new(patch(json!({ "city": "Омск" })).unwrap().0),
        cleared: vec![ProfileField::City],
    };
    let problems = when(vec![registered(Role::Student)], command).problems();
    assert_eq!(problems, pairs(&[("/city", "set_and_cleared")]));
}

#[test]
fn the_bounds_themselves_are_allowed() {
    let command = update(json!({
        "age": 120, "experience_years": 80, "hourly_rate": { "amount": 100_000_000, "currency": "RUB" },
        "bio": "я".repeat(4_000), "city": "г".repeat(120),
    }));
    assert!(when(vec![registered(Role::Teacher)], command).accepted());
    let free = update(json!({ "hourly_rate": { "amount": 0, "currency": "RUB" }, "age": 5 }));
    assert!(when(vec![registered(Role::Teacher)], free).accepted());
}
