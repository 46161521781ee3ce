//! Tests of the matching of requests and teachers.

use std::collections::BTreeSet;

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::money::Currency;
use crate::personal::Personal;
use crate::scheduling::LessonFormat;

const STUDENT: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000001"));
const TEACHER: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000002"));
const CODES: [&str; 12] = [
    "another_person",
    "active",
    "takes_requests",
    "subject",
    "grade",
    "goals",
    "format",
    "city",
    "duration",
    "experience",
    "price",
    "free_time",
];

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn rub(amount: i64) -> Money {
    Money { amount, currency: Currency::RUB }
}

fn codes(list: &[&str]) -> Vec<String> {
    list.iter().map(|code| (*code).to_owned()).collect()
}

/// Request with every criterion.
fn demanding() -> RequestTerms {
    RequestTerms {
        grade: "11".to_owned(),
        subject: "physics".to_owned(),
        goals: codes(&["ege"]),
        experience: Some("professional".to_owned()),
        duration_minutes: 90,
        format: LessonFormat::Offline,
        city: Some(Personal::new(STUDENT, "Орёл ".to_owned())),
        starts_at: at("2026-12-01T15:00:00Z"),
        max_price: Some(rub(300_000)),
    }
}

/// Teacher who meets every criterion.
fn ideal() -> TeacherFacts {
    TeacherFacts {
        active: true,
        takes_requests: true,
        subjects: codes(&["mathematics", "physics"]),
        grades: codes(&["10", "11"]),
        goals: codes(&["oge", "ege"]),
        formats: codes(&["online", "offline"]),
        durations: vec![60, 90],
        experience: Some("professional".to_owned()),
        city: Some("орел".to_owned()),
        hourly_rate: Some(rub(200_000)),
        busy: vec![busy("2026-12-01T13:00:00Z", 120), busy("2026-12-01T16:30:00Z", 30)],
    }
}

fn busy(from: &str, minutes: u16) -> Period {
    Period::of_minutes(at(from), minutes).unwrap()
}

fn reason_codes(reasons: &[Reason]) -> Vec<&str> {
    reasons.iter().map(|reason| reason.code.as_str()).collect()
}

fn against(terms: &RequestTerms, facts: &TeacherFacts) -> Vec<String> {
    match match_teacher(STUDENT, terms, TEACHER, facts) {
        Match::Included { .. } => Vec::new(),
        Match::Excluded { reasons } => reasons.into_iter().map(|reason| reason.code).collect(),
    }
}

#[test]
fn a_teacher_who_meets_every_rule_is_asked_and_told_all_of_them() {
    let Match::Included { reasons } = match_teacher(STUDENT, &demanding(), TEACHER, &ideal()) else {
        panic!("nothing stands against it");
    };
    assert_eq!(reason_codes(&reasons), CODES);
}

#[test]
fn each_rule_alone_keeps_a_teacher_out() {
    type Spoil = fn(&mut TeacherFacts);
    let spoilt: [(&str, Spoil); 18] = [
        ("active", |teacher| teacher.active = false),
        ("takes_requests", |teacher| teacher.takes_requests = false),
        ("subject", |teacher| teacher.subjects = codes(&["mathematics"])),
        ("subject", |teacher| teacher.subjects.clear()),
        ("grade", |teacher| teacher.grades = codes(&["10"])),
        ("grade", |teacher| teacher.grades.clear()),
        ("goals", |teacher| teacher.goals = codes(&["oge"])),
        ("goals", |teacher| teacher.goals.clear()),
        ("format", |teacher| teacher.formats = codes(&["online"])),
        ("format", |teacher| teacher.formats.clear()),
        ("city", |teacher| teacher.city = Some("Тверь".to_owned())),
        ("city", |teacher| teacher.city = None),
        ("duration", |teacher| teacher.durations = vec![60]),
        ("duration", |teacher| teacher.durations.clear()),
        ("experience", |teacher| teacher.experience = Some("beginner".to_owned())),
        ("experience", |teacher| teacher.experience = None),
        ("price", |teacher| teacher.hourly_rate = Some(rub(200_001))),
        ("free_time", |teacher| teacher.busy.push(busy("2026-12-01T15:30:00Z", 30))),
    ];
    for (code, spoil) in spoilt {
        let mut teacher = ideal();
        spoil(&mut teacher);
        assert_eq!(against(&demanding(), &teacher), [code]);
    }
}

#[test]
fn nobody_is_asked_for_their_own_request() {
    let own = match_teacher(TEACHER, &demanding(), TEACHER, &ideal());
    let Match::Excluded { reasons } = own else { panic!("they would teach themselves") };
    assert_eq!(reason_codes(&reasons), ["another_person"]);
}

#[test]
fn what_is_not_asked_for_is_no_rule() {
    let modest = RequestTerms {
        experience: None,
        format: LessonFormat::Online,
        city: None,
        max_price: None,
        ..demanding()
    };
    let teacher = TeacherFacts { experience: None, city: None, hourly_rate: None, ..ideal() };
    let Match::Included { reasons } = match_teacher(STUDENT, &modest, TEACHER, &teacher) else {
        panic!("nothing stands against it");
    };
    for code in ["experience", "city", "price"] {
        assert!(!reason_codes(&reasons).contains(&code), "{code}");
    }
}

#[test]
fn a_price_in_another_currency_is_no_price_below_the_limit() {
    let teacher = TeacherFacts {
        hourly_rate: Some(Money { amount: 1, currency: Currency::parse("EUR").unwrap() }),
        ..ideal()
    };
    assert_eq!(against(&demanding(), &teacher), ["price"]);
    let silent = TeacherFacts { hourly_rate: None, ..ideal() };
    assert!(against(&demanding(), &silent).is_empty());
}

/// Two lessons collide if they share a minute, not only if they begin together.
#[test]
fn times_collide_by_interval() {
    for (from, minutes, collides) in [
        ("2026-12-01T15:00:00Z", 90, true),
        ("2026-12-01T14:00:00Z", 61, true),
        ("2026-12-01T14:00:00Z", 60, false),
        ("2026-12-01T16:29:00Z", 30, true),
        ("2026-12-01T16:30:00Z", 30, false),
        ("2026-12-01T14:00:00Z", 240, true),
        ("2026-12-01T15:45:00Z", 15, true),
    ] {
        let teacher = TeacherFacts { busy: vec![busy(from, minutes)], ..ideal() };
        assert_eq!(!against(&demanding(), &teacher).is_empty(), collides, "{from} for {minutes}");
    }
}

#[test]
fn a_request_whose_student_is_erased_finds_nobody_in_no_city() {
    let erased = RequestTerms { city: Some(Personal::erased(STUDENT)), ..demanding() };
    assert_eq!(against(&erased, &ideal()), ["city"]);
    assert_eq!(against(&erased, &TeacherFacts { city: None, ..ideal() }), ["city"]);
}

#[test]
fn a_lesson_costs_its_part_of_an_hour() {
    assert_eq!(lesson_price(rub(250_000), 60), rub(250_000));
    assert_eq!(lesson_price(rub(250_000), 45), rub(187_500));
    assert_eq!(lesson_price(rub(100), 45), rub(75));
    assert_eq!(lesson_price(rub(1), 45), rub(0));
    assert_eq!(lesson_price(rub(i64::MAX), 120), rub(i64::MAX));
}

#[test]
fn no_city_gets_into_a_reason() {
    let spoilt = TeacherFacts { city: Some("Тайный город".to_owned()), ..ideal() };
    for facts in [ideal(), spoilt] {
        let told = format!("{:?}", match_teacher(STUDENT, &demanding(), TEACHER, &facts)).to_lowercase();
        assert!(!told.contains("орёл") && !told.contains("орел") && !told.contains("тайный"), "{told}");
    }
}

fn some_of(list: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    prop::sample::subsequence(list, 0..=list.len()).prop_map(|some| codes(&some))
}

fn any_terms() -> impl Strategy<Value = RequestTerms> {
    let what = (
        prop::sample::select(vec!["10", "11"]),
        prop::sample::select(vec!["physics", "chess"]),
        some_of(&["ege", "oge", "hobby"]),
        prop::option::of(prop::sample::select(vec!["beginner", "professional"])),
    );
    let how = (
        prop::sample::select(vec![30u16, 60, 90]),
        prop::sample::select(vec![LessonFormat::Online, LessonFormat::Offline, LessonFormat::MiniGroup]),
        prop::option::of(prop::sample::select(vec!["Орёл", "Тверь"])),
        0i64..300,
        prop::option::of(0i64..400_000),
    );
    (what, how).prop_map(|((grade, subject, goals, experience), how)| {
        let (duration_minutes, format, city, minute, max_price) = how;
        RequestTerms {
            grade: grade.to_owned(),
            subject: subject.to_owned(),
            goals,
            experience: experience.map(str::to_owned),
            duration_minutes,
            format,
            city: city.map(|city| Personal::new(STUDENT, city.to_owned())),
            starts_at: at("2026-12-01T12:00:00Z") + jiff::SignedDuration::from_mins(minute),
            max_price: max_price.map(rub),
        }
    })
}

fn any_teacher() -> impl Strategy<Value = TeacherFacts> {
    let lists = (
        some_of(&["physics", "chess"]),
        some_of(&["10", "11"]),
        some_of(&["ege", "oge", "hobby"]),
        some_of(&["online", "offline", "mini_group"]),
        prop::sample::subsequence(vec![30u16, 60, 90], 0..=3),
    );
    let rest = (
        prop::bool::weighted(0.9),
        prop::bool::weighted(0.9),
        prop::option::of(prop::sample::select(vec!["beginner", "professional"])),
        prop::option::of(prop::sample::select(vec!["орел", "Тверь"])),
        prop::option::of(0i64..400_000),
        prop::collection::vec((0i64..400, 1u16..120), 0..3),
    );
    (lists, rest).prop_map(|((subjects, grades, goals, formats, durations), rest)| {
        let (active, takes_requests, experience, city, rate, times) = rest;
        let from = |minute| at("2026-12-01T12:00:00Z") + jiff::SignedDuration::from_mins(minute);
        TeacherFacts {
            active,
            takes_requests,
            subjects,
            grades,
            goals,
            formats,
            durations,
            experience: experience.map(str::to_owned),
            city: city.map(str::to_owned),
            hourly_rate: rate.map(rub),
            busy: times.into_iter().filter_map(|(m, length)| Period::of_minutes(from(m), length)).collect(),
        }
    })
}

proptest! {
    #[test]
    fn every_decision_has_its_reasons_and_no_rule_speaks_twice(terms in any_terms(), teacher in any_teacher()) {
        let (Match::Included { reasons } | Match::Excluded { reasons }) =
            match_teacher(STUDENT, &terms, TEACHER, &teacher);
        prop_assert!(!reasons.is_empty());
        let told: BTreeSet<&str> = reason_codes(&reasons).into_iter().collect();
        prop_assert_eq!(told.len(), reasons.len());
        prop_assert!(told.iter().all(|code| CODES.contains(code)));
    }

    #[test]
    fn a_teacher_who_has_not_told_is_never_asked(
        terms in any_terms(), teacher in any_teacher(), forgotten in 0..5usize,
    ) {
        let mut teacher = teacher;
        match forgotten {
            0 => teacher.subjects.clear(),
            1 => teacher.grades.clear(),
            2 => teacher.goals.clear(),
            3 => teacher.formats.clear(),
            _ => teacher.durations.clear(),
        }
        prop_assert!(!against(&terms, &teacher).is_empty());
    }

    #[test]
    fn who_is_asked_is_free_all_the_time_and_teaches_what_is_asked_for(
        terms in any_terms(), teacher in any_teacher(),
    ) {
        if against(&terms, &teacher).is_empty() {
            let end = terms.starts_at + jiff::SignedDuration::from_mins(i64::from(terms.duration_minutes));
            for busy in &teacher.busy {
                prop_assert!(busy.ends_at <= terms.starts_at || busy.starts_at >= end);
            }
            prop_assert!(teacher.active && teacher.takes_requests);
            prop_assert!(teacher.subjects.contains(&terms.subject));
            prop_assert!(teacher.durations.contains(&terms.duration_minutes));
            prop_assert!(teacher.formats.contains(&terms.format.to_string()));
        }
    }

    /// A corrected criterion never causes a new mismatch, because the rules are independent.
    #[test]
    fn a_mended_objection_is_gone_and_no_other_comes(terms in any_terms(), teacher in any_teacher()) {
        let before = against(&terms, &teacher);
        let mended = TeacherFacts { busy: Vec::new(), active: true, ..teacher };
        let after = against(&terms, &mended);
        prop_assert!(after.iter().all(|code| before.contains(code)));
        prop_assert!(!after.iter().any(|code| code == "free_time" || code == "active"));
    }
}
