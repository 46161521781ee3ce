//! Tests of opening a ticket.

use cqrs_es::Aggregate;
use proptest::prelude::*;

use super::fixtures::*;
use crate::support::*;
use crate::{Command, RefusalError, Role};

fn problems(ticket: NewTicket) -> Vec<(String, String)> {
    let refusal =
        given(vec![]).when(TicketCommand::OpenTicket(ticket)).inspect_result().unwrap_err().refusal();
    assert_eq!(refusal.code, "invalid_fields");
    refusal.reasons.into_iter().map(|reason| (reason.pointer.unwrap(), reason.code)).collect()
}

#[test]
fn the_welcome_ticket_reads_as_the_contract_says() {
    let teacher = welcome_ticket(ANNA, Role::Teacher, "Вера Лебедева").unwrap();
    assert_eq!(teacher.title, "Добро пожаловать, Вера Лебедева!");
    assert_eq!(
        teacher.description,
        "Новый пользователь преподавателя зарегистрировался на платформе. Необходимо проверить профиль и при \
         необходимости связаться для уточнения деталей."
    );
    assert_eq!(teacher.priority, Priority::Medium);
    assert_eq!(teacher.category, "Новые пользователи");
    assert_eq!(teacher.tags, ["регистрация", "новый пользователь", "преподавателя"]);
    let student = welcome_ticket(ANNA, Role::Student, "Анна").unwrap();
    assert_eq!(student.tags[2], "ученика");
    assert!(student.description.starts_with("Новый пользователь ученика "));
}

#[test]
fn staff_are_not_welcomed_by_a_ticket() {
    for role in Role::ALL.iter().copied().filter(|role| role.is_staff()) {
        assert_eq!(welcome_ticket(ANNA, role, "Анна"), None);
    }
}

#[test]
fn an_account_has_one_welcome_ticket_and_no_two_accounts_share_it() {
    assert_eq!(welcome_ticket_id(ANNA), welcome_ticket_id(ANNA));
    assert_ne!(welcome_ticket_id(ANNA), welcome_ticket_id(BORIS));
}

#[test]
fn the_longest_name_fits_into_the_welcome() {
    let long = welcome_ticket(ANNA, Role::Teacher, &"я".repeat(100)).unwrap();
    given(vec![]).when(TicketCommand::OpenTicket(long.clone())).then_expect_events(vec![opened(&long)]);
}

#[test]
fn a_ticket_opens_once() {
    let command = || TicketCommand::OpenTicket(ticket());
    given(vec![]).when(command()).then_expect_events(vec![opened(&ticket())]);
    let again = given(vec![opened(&ticket())]).when(command()).inspect_result().unwrap_err();
    assert_eq!(again.refusal().code, "ticket_already_opened");
}

#[test]
fn a_ticket_without_a_title_is_refused() {
    let blank = NewTicket { title: " ".to_owned(), ..ticket() };
    let refusal =
        given(vec![]).when(TicketCommand::OpenTicket(blank)).inspect_result().unwrap_err().refusal();
    assert_eq!(refusal.code, "title_missing");
    assert_eq!(refusal.reasons[0].pointer.as_deref(), Some("/title"));
}

#[test]
fn every_bad_text_is_named_at_once() {
    let bad = NewTicket {
        title: "x".repeat(201),
        description: "\u{0}".to_owned(),
        category: "call me".to_owned(),
        tags: vec!["a".to_owned(), "a".to_owned(), "\u{202E}".to_owned()],
        ..ticket()
    };
    let expected = [
        ("/title", "too_long"),
        ("/description", "forbidden_character"),
        ("/category", "unknown_value"),
        ("/tags/1", "duplicate"),
        ("/tags/2", "forbidden_character"),
    ];
    assert_eq!(problems(bad), expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
    let many = NewTicket { tags: (0..21).map(|i| i.to_string()).collect(), ..ticket() };
    assert_eq!(problems(many), [("/tags".to_owned(), "too_many".to_owned())]);
}

#[test]
fn a_command_and_its_event_show_no_text() {
    let command = TicketCommand::OpenTicket(ticket());
    for shown in [
        format!("{command:?}"),
        format!("{:?}", Command::Ticket(welcome_ticket_id(ANNA), command)),
        format!("{:?}", opened(&ticket())),
    ] {
        assert!(!shown.contains("Анна") && !shown.contains("проверить"), "{shown}");
    }
}

fn known(event: &TicketEvent) -> String {
    let TicketEvent::TicketOpened { title, .. } = event else { panic!("another event") };
    title.known().unwrap().clone()
}

proptest! {
    #[test]
    fn any_text_opens_a_ticket_or_is_refused(title in ".{0,210}", tags in prop::collection::vec(".{0,60}", 0..25)) {
        let new = NewTicket { title, tags, ..ticket() };
        let result = given(vec![]).when(TicketCommand::OpenTicket(new.clone())).inspect_result();
        match result {
            Ok(events) => {
                let mut state = Ticket::default();
                state.apply(events[0].clone());
                let case = state.case().unwrap();
                prop_assert_eq!((case.requester, case.status()), (ANNA, Status::Open));
                let kept = NewTicket { title: known(&events[0]), tags: case.tags.clone(), ..new };
                let again = given(vec![]).when(TicketCommand::OpenTicket(kept.clone())).inspect_result();
                prop_assert_eq!(again.unwrap(), [opened(&kept)], "what is kept is kept as it is");
            }
            Err(error) => prop_assert!(!error.refusal().reasons.is_empty()),
        }
    }
}
