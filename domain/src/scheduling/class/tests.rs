//! Tests of a class: rules by given, when, then, and invariants of random commands.

use std::collections::BTreeSet;
use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use proptest::prelude::*;

use super::*;
use crate::property_testing::any_command;
use crate::scheduling::terms::Initiator;
use crate::{AccountId, Clock, Decider, FixedClock, Personal, Refusal, RefusalError};

const TEACHER: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000002"));
const ANNA: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000001"));
const BORIS: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000003"));
const STRANGER: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000009"));

fn given(events: Vec<ClassEvent>) -> AggregateTestExecutor<Class> {
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::at("2026-11-24T09:00:00Z".parse().unwrap()));
    TestFramework::with(clock).given(events)
}

fn refused(events: Vec<ClassEvent>, command: ClassCommand) -> Refusal {
    given(events).when(command).inspect_result().unwrap_err().refusal()
}

fn terms() -> ClassTerms {
    ClassTerms {
        name: "Алгебра, вечер".to_owned(),
        description: Some("Готовимся к экзамену".to_owned()),
        subject: "algebra".to_owned(),
        grade: "9".to_owned(),
        colour: "#3366CC".to_owned(),
        capacity: 2,
    }
}

fn own(text: &str) -> Personal<String> {
    Personal::new(TEACHER, text.to_owned())
}

fn created() -> ClassEvent {
    ClassEvent::ClassCreated {
        teacher: TEACHER,
        name: own("Алгебра, вечер"),
        description: Some(own("Готовимся к экзамену")),
        subject: "algebra".to_owned(),
        grade: "9".to_owned(),
        colour: "#3366cc".to_owned(),
        capacity: 2,
    }
}

fn create(terms: ClassTerms) -> ClassCommand {
    ClassCommand::CreateClass { teacher: TEACHER, terms: Box::new(terms) }
}

fn change(by: AccountId, changes: ClassChanges) -> ClassCommand {
    ClassCommand::ChangeClass { by, changes: Box::new(changes) }
}

fn add(student: AccountId) -> ClassCommand {
    ClassCommand::AddStudent { by: TEACHER, student }
}

fn added(student: AccountId) -> ClassEvent {
    ClassEvent::StudentAdded { student }
}

fn remove(by: Initiator, student: AccountId) -> ClassCommand {
    ClassCommand::RemoveStudent { by, student }
}

#[test]
fn a_class_is_created_once_and_its_words_are_its_teachers() {
    given(vec![]).when(create(terms())).then_expect_events(vec![created()]);
    assert_eq!(refused(vec![created()], create(terms())).code, "class_already_created");
}

#[test]
fn every_bad_field_is_named_at_once() {
    let bad = ClassTerms {
        name: " ".to_owned(),
        description: Some("я".repeat(2_001)),
        subject: "alchemy".to_owned(),
        grade: "12".to_owned(),
        colour: "red".to_owned(),
        capacity: 101,
    };
    let refusal = refused(vec![], create(bad));
    assert_eq!(refusal.code, "invalid_fields");
    let problems: Vec<_> = refusal
        .reasons
        .iter()
        .map(|reason| (reason.pointer.as_deref().unwrap(), reason.code.as_str()))
        .collect();
    let expected = [
        ("/name", "empty"),
        ("/description", "too_long"),
        ("/subject", "unknown_value"),
        ("/grade", "unknown_value"),
        ("/colour", "malformed"),
        ("/capacity", "out_of_range"),
    ];
    assert_eq!(problems, expected);
    for colour in ["#12345", "#1234567", "#12345g", "123456", "#ффф"] {
        let bad = ClassTerms { colour: colour.to_owned(), ..terms() };
        assert_eq!(refused(vec![], create(bad)).reasons[0].pointer.as_deref(), Some("/colour"), "{colour}");
    }
}

#[test]
fn a_change_tells_only_what_differs() {
    let changes = ClassChanges {
        name: Some(" Алгебра, утро ".to_owned()),
        subject: Some("algebra".to_owned()),
        colour: Some("#3366cc".to_owned()),
        capacity: Some(5),
        ..ClassChanges::default()
    };
    given(vec![created()]).when(change(TEACHER, changes)).then_expect_events(vec![
        ClassEvent::ClassRenamed { name: own("Алгебра, утро") },
        ClassEvent::ClassChanged {
            description: None,
            subject: None,
            grade: None,
            colour: None,
            capacity: Some(5),
        },
    ]);
}

#[test]
fn what_is_already_so_is_no_event() {
    let same = ClassChanges {
        name: Some("Алгебра, вечер".to_owned()),
        description: Some("Готовимся к экзамену".to_owned()),
        grade: Some("9".to_owned()),
        capacity: Some(2),
        ..ClassChanges::default()
    };
    given(vec![created()]).when(change(TEACHER, same)).then_expect_events(vec![]);
    given(vec![created(), added(ANNA)]).when(add(ANNA)).then_expect_events(vec![]);
    given(vec![created(), ClassEvent::ClassClosed {}])
        .when(ClassCommand::CloseClass { by: Initiator::Person(TEACHER) })
        .then_expect_events(vec![]);
}

#[test]
fn a_blank_description_takes_it_away() {
    let blank = ClassChanges { description: Some("  ".to_owned()), ..ClassChanges::default() };
    let events = given(vec![created()]).when(change(TEACHER, blank.clone())).inspect_result().unwrap();
    let mut class = Class::default();
    [created()].into_iter().chain(events.clone()).for_each(|event| class.apply(event));
    assert_eq!(class.created().unwrap().description, None);
    given([vec![created()], events].concat()).when(change(TEACHER, blank)).then_expect_events(vec![]);
}

#[test]
fn a_class_takes_no_more_students_than_it_has_places() {
    given(vec![created(), added(ANNA)]).when(add(BORIS)).then_expect_events(vec![added(BORIS)]);
    let full = refused(vec![created(), added(ANNA), added(BORIS)], add(STRANGER));
    assert_eq!(full.code, "class_full");
    assert_eq!(full.reasons[0].facts["capacity"], "2");
    assert_eq!(refused(vec![created()], add(TEACHER)).code, "own_class");
    let less = ClassChanges { capacity: Some(1), ..ClassChanges::default() };
    let small = refused(vec![created(), added(ANNA), added(BORIS)], change(TEACHER, less));
    assert_eq!((small.code, small.reasons[0].facts["students"].as_str()), ("class_too_small", "2"));
}

#[test]
fn a_student_leaves_by_themselves_and_no_other_student_removes_them() {
    let history = vec![created(), added(ANNA), added(BORIS)];
    for by in [Initiator::Person(ANNA), Initiator::Person(TEACHER), Initiator::System] {
        given(history.clone())
            .when(remove(by, ANNA))
            .then_expect_events(vec![ClassEvent::StudentRemoved { student: ANNA }]);
    }
    for by in [BORIS, STRANGER] {
        assert_eq!(refused(history.clone(), remove(Initiator::Person(by), ANNA)).code, "class_not_found");
    }
    assert_eq!(refused(history, remove(Initiator::Person(TEACHER), STRANGER)).code, "not_a_member");
}

#[test]
fn outsiders_are_told_that_there_is_no_such_class() {
    let commands = [
        change(ANNA, ClassChanges::default()),
        ClassCommand::AddStudent { by: STRANGER, student: BORIS },
        remove(Initiator::Person(STRANGER), STRANGER),
        ClassCommand::CloseClass { by: Initiator::Person(ANNA) },
    ];
    for command in commands {
        for history in [vec![], vec![created(), added(ANNA)], vec![created(), ClassEvent::ClassClosed {}]] {
            assert_eq!(refused(history, command.clone()).code, "class_not_found", "{command:?}");
        }
    }
}

#[test]
fn a_closed_class_changes_no_more() {
    let closed = vec![created(), added(ANNA), ClassEvent::ClassClosed {}];
    let name = ClassChanges { name: Some("Другое".to_owned()), ..ClassChanges::default() };
    for command in [
        change(TEACHER, name),
        add(BORIS),
        remove(Initiator::Person(TEACHER), ANNA),
        remove(Initiator::Person(ANNA), ANNA),
        remove(Initiator::System, ANNA),
    ] {
        assert_eq!(refused(closed.clone(), command.clone()).code, "class_closed", "{command:?}");
    }
}

#[test]
fn a_command_and_its_event_show_no_words_of_people() {
    for shown in [format!("{:?}", create(terms())), format!("{:?}", created())] {
        assert!(!shown.contains("Алгебра") && !shown.contains("экзамен"), "{shown}");
    }
}

fn any_command() -> impl Strategy<Value = ClassCommand> {
    let person = || prop::sample::select(vec![TEACHER, ANNA, BORIS, STRANGER]);
    let agent = || prop_oneof![person().prop_map(Initiator::Person), Just(Initiator::System)];
    let name = || prop::option::of(prop::sample::select(vec!["а", "б", " ", "\u{202E}"]));
    let subject = prop::option::of(prop::sample::select(vec!["algebra", "physics", "alchemy"]));
    any_command!(ClassCommand {
        CreateClass: 1 => (0_u16..4).prop_map(|capacity| create(ClassTerms { capacity, ..terms() })),
        ChangeClass: 2 => (person(), name(), name(), subject, prop::option::of(0_u16..4)).prop_map(
            |(by, name, description, subject, capacity)| {
                let [name, description, subject] = [name, description, subject].map(|text| text.map(str::to_owned));
                change(by, ClassChanges { name, description, subject, capacity, ..ClassChanges::default() })
            }
        ),
        AddStudent: 4 => (person(), person()).prop_map(|(by, student)| ClassCommand::AddStudent { by, student }),
        RemoveStudent: 2 => (agent(), person()).prop_map(|(by, student)| ClassCommand::RemoveStudent { by, student }),
        CloseClass: 1 => agent().prop_map(|by| ClassCommand::CloseClass { by }),
    })
}

proptest! {
    #[test]
    fn whatever_people_do_a_class_keeps_its_promises(commands in prop::collection::vec(any_command(), 0..40)) {
        let now = "2026-11-24T09:00:00Z".parse().unwrap();
        let (mut class, mut history) = (Class::default(), Vec::new());
        for command in commands {
            let before = class.clone();
            match class.decide(&command, now) {
                Ok(events) => {
                    if before.created().is_some_and(|class| class.closed) {
                        prop_assert!(events.is_empty(), "a closed class changes no more");
                    }
                    events.iter().cloned().for_each(|event| class.apply(event));
                    if !events.is_empty() {
                        prop_assert_ne!(&class, &before, "an event tells a difference");
                    }
                    history.extend(events);
                }
                Err(error) => prop_assert!(!error.refusal().reasons.is_empty(), "a refusal has a reason"),
            }
            if let Some(class) = class.created() {
                prop_assert!(class.size() <= class.capacity);
                prop_assert!(!class.students.contains(&class.teacher));
            }
        }
        let written: Vec<ClassEvent> = serde_json::from_str(&serde_json::to_string(&history).unwrap()).unwrap();
        let mut again = Class::default();
        written.into_iter().for_each(|event| again.apply(event));
        prop_assert_eq!(&again, &class);
        let snapshot = serde_json::to_string(&class).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Class>(&snapshot).unwrap(), &class);
        let mut members = BTreeSet::new();
        for event in &history {
            match event {
                ClassEvent::StudentAdded { student } => prop_assert!(members.insert(*student)),
                ClassEvent::StudentRemoved { student } => prop_assert!(members.remove(student)),
                ClassEvent::ClassCreated { .. }
                | ClassEvent::ClassRenamed { .. }
                | ClassEvent::ClassChanged { .. }
                | ClassEvent::ClassClosed {} => {}
            }
        }
        prop_assert_eq!(class.created().map(|class| class.students.clone()).unwrap_or_default(), members);
    }
}
