//! Tests of parsing a profile patch from untrusted JSON.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::fixtures::*;
use crate::accounts::*;

fn problems(json: Value) -> Vec<(String, &'static str)> {
    patch(json).unwrap_err().into_iter().map(|problem| (problem.pointer, problem.code)).collect()
}

fn problem(json: Value) -> (String, &'static str) {
    let mut problems = problems(json);
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems.remove(0)
}

#[test]
fn every_field_can_be_set() {
    let (changes, cleared) = patch(whole_profile()).unwrap();
    assert_eq!(changes.fields(), ProfileField::ALL);
    assert!(cleared.is_empty());
    assert_eq!(changes.hourly_rate.unwrap().amount, 250_000);
    assert_eq!(changes.education.unwrap().known().unwrap().graduation_year, Some(2010));
    assert_eq!(changes.parent_phone.unwrap().subject(), ANNA);
}

#[test]
fn null_and_an_empty_list_empty_a_field() {
    let (changes, cleared) = patch(json!({ "bio": null, "subjects": [], "city": "Омск" })).unwrap();
    assert_eq!(changes.fields(), [ProfileField::City]);
    assert_eq!(cleared, [ProfileField::Bio, ProfileField::Subjects]);
    assert_eq!(problem(json!({ "name": null })), ("/name".into(), "required"));
}

#[test]
fn identity_and_computed_fields_are_no_fields_of_a_profile() {
    for name in [
        "email",
        "phone",
        "role",
        "roles",
        "rating",
        "reviews_count",
        "lessons_count",
        "password",
        "id",
        "avatar",
        "suspended",
    ] {
        assert_eq!(problem(json!({ name: 5 })), (format!("/{name}"), "unknown_field"));
        assert_eq!(problem(json!({ name: null })), (format!("/{name}"), "unknown_field"));
    }
}

#[test]
fn a_value_of_another_type_is_refused_in_every_field() {
    for field in ProfileField::ALL {
        let name = field.as_str();
        let wrong = match field {
            ProfileField::OfflineAvailable | ProfileField::TakesRequests => json!("true"),
            _ => json!(true),
        };
        assert_eq!(problem(json!({ name: wrong })), (format!("/{name}"), "wrong_type"));
    }
}

#[test]
fn whole_numbers_are_whole_and_fit() {
    assert_eq!(problem(json!({ "age": 15.0 })).1, "wrong_type");
    assert_eq!(problem(json!({ "age": "15" })).1, "wrong_type");
    assert_eq!(problem(json!({ "age": -1 })).1, "out_of_range");
    assert_eq!(problem(json!({ "age": 300 })).1, "out_of_range");
    assert_eq!(problem(json!({ "durations": [60, u64::MAX] })), ("/durations/1".into(), "out_of_range"));
    let rate = json!({ "hourly_rate": { "amount": u64::MAX, "currency": "RUB" } });
    assert_eq!(problem(rate), ("/hourly_rate/amount".into(), "out_of_range"));
}

#[test]
fn parts_are_checked_and_strange_parts_refused() {
    assert_eq!(
        problems(json!({ "hourly_rate": { "amount": -5, "currency": "roubles", "per": "week" } })),
        [
            ("/hourly_rate/currency".to_owned(), "unknown_value"),
            ("/hourly_rate/per".to_owned(), "unknown_field"),
        ]
    );
    assert_eq!(
        problems(json!({ "hourly_rate": { "amount": -5, "currency": "RUB" } })),
        [("/hourly_rate/amount".to_owned(), "out_of_range")]
    );
    assert_eq!(problem(json!({ "education": { "rank": 1 } })), ("/education/rank".into(), "unknown_field"));
    assert_eq!(
        problem(json!({ "education": { "courses": ["a", 1] } })),
        ("/education/courses/1".into(), "wrong_type")
    );
}

#[test]
fn what_nobody_sees_is_refused_in_every_text() {
    for strange in ["a\u{0}b", "a\u{202E}b", "a\u{2066}b", "a\u{200B}b", "a\u{7}b", "a\u{85}b"] {
        for name in ["name", "nickname", "bio", "city", "school", "parent_name", "experience"] {
            assert_eq!(
                problem(json!({ name: strange })),
                (format!("/{name}"), "forbidden_character"),
                "{strange:?}"
            );
        }
        assert_eq!(problem(json!({ "interests": [strange] })).1, "forbidden_character");
        assert_eq!(problem(json!({ "education": { "degree": strange } })).1, "forbidden_character");
    }
}

#[test]
fn long_input_gets_a_short_answer() {
    let many: serde_json::Map<_, _> =
        (0..5_000).map(|i| (format!("{i}{}", "x".repeat(500)), json!(1))).collect();
    let problems = parse_profile_patch(ANNA, &many).unwrap_err();
    assert_eq!(problems.len(), 100);
    assert!(problems.iter().all(|problem| problem.pointer.len() <= 65));
    assert_eq!(problem(json!({ "subjects": vec!["physics"; 10_000] })), ("/subjects".into(), "too_many"));
    assert_eq!(problem(json!({ "bio": "x".repeat(4_001) })), ("/bio".into(), "too_long"));
}

#[test]
fn line_breaks_of_a_bio_become_one_kind() {
    let (changes, _) = patch(json!({ "bio": "a\r\nb\rc\n" })).unwrap();
    assert_eq!(changes.bio.unwrap().known().unwrap(), "a\nb\nc");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        Just(json!("physics")),
        Just(json!("RUB")),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map("amount|currency|courses|degree|.{0,5}", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_reads_or_is_refused_and_never_panics(
        members in prop::collection::btree_map(
            prop_oneof![prop::sample::select(ProfileField::ALL).prop_map(|field| field.as_str().to_owned()), ".{0,8}"],
            any_json(),
            0..6,
        )
    ) {
        let members = members.into_iter().collect();
        if let Err(problems) = parse_profile_patch(ANNA, &members) {
            prop_assert!(!problems.is_empty());
            for problem in problems {
                prop_assert!(problem.pointer.starts_with('/'));
            }
        }
    }
}
