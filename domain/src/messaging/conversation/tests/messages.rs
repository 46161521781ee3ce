//! Tests of sending, editing, deleting and reporting messages.

use super::fixtures::*;
use crate::Personal;
use crate::messaging::limits::{ATTACHMENTS_MAX, BODY_LIMIT};
use crate::messaging::{Attachment, ConversationCommand, ConversationEvent, message_id, send_command_id};

#[test]
fn messages_are_numbered_without_holes_in_the_order_of_their_sending() {
    given(vec![direct()]).when(send(ANNA, 1, "Здравствуйте!")).then_expect_events(vec![sent(
        ANNA,
        1,
        "Здравствуйте!",
    )]);
    given(vec![direct(), sent(ANNA, 1, "a"), sent(BORIS, 2, "b")])
        .when(send(ANNA, 3, "c"))
        .then_expect_events(vec![sent(ANNA, 3, "c")]);
}

#[test]
fn who_takes_no_part_neither_sends_nor_learns_that_there_is_a_conversation() {
    for command in [
        send(VERA, 1, "a"),
        ConversationCommand::MarkRead { by: VERA, up_to: 1 },
        ConversationCommand::Archive { by: VERA },
        ConversationCommand::Unarchive { by: VERA },
        ConversationCommand::Clear { by: VERA },
        ConversationCommand::Hide { by: VERA },
        ConversationCommand::DeleteMessage { message: message(ANNA, 1), by: VERA },
        ConversationCommand::EditMessage { message: message(ANNA, 1), by: VERA, body: "x".to_owned() },
        ConversationCommand::ReportMessage { message: message(ANNA, 1), by: VERA, reason: "x".to_owned() },
    ] {
        let name = command.name();
        assert_eq!(
            refused(vec![direct(), sent(ANNA, 1, "a")], command.clone()),
            "conversation_not_found",
            "{name}"
        );
        assert_eq!(refused(vec![], command), "conversation_not_found", "{name}");
    }
}

#[test]
fn only_who_wrote_a_message_edits_or_deletes_it() {
    let history = || vec![direct(), sent(ANNA, 1, "a")];
    let edit =
        |by| ConversationCommand::EditMessage { message: message(ANNA, 1), by, body: " b ".to_owned() };
    let delete = |by| ConversationCommand::DeleteMessage { message: message(ANNA, 1), by };
    assert_eq!(refused(history(), edit(BORIS)), "not_the_author");
    assert_eq!(refused(history(), delete(BORIS)), "not_the_author");
    let message_id = message(ANNA, 1).message_id;
    given(history()).when(edit(ANNA)).then_expect_events(vec![ConversationEvent::MessageEdited {
        message_id,
        sequence: 1,
        body: Personal::new(ANNA, "b".to_owned()),
    }]);
    let deleted = ConversationEvent::MessageDeleted { message_id, sequence: 1, by: ANNA };
    given(history()).when(delete(ANNA)).then_expect_events(vec![deleted.clone()]);

    let after = || [history(), vec![deleted.clone()]].concat();
    assert_eq!(refused(after(), edit(ANNA)), "message_deleted");
    given(after()).when(delete(ANNA)).then_expect_events(vec![]);
}

#[test]
fn a_message_that_was_cleared_away_or_never_sent_is_not_there_to_be_changed() {
    let delete = |sequence| ConversationCommand::DeleteMessage { message: message(ANNA, sequence), by: ANNA };
    let history = vec![
        direct(),
        sent(ANNA, 1, "a"),
        ConversationEvent::ConversationCleared { participant: ANNA, up_to: 1 },
    ];
    assert_eq!(refused(history.clone(), delete(1)), "message_not_found");
    assert_eq!(refused(history.clone(), delete(2)), "message_not_found");
    assert_eq!(refused(history, delete(0)), "message_not_found");
}

#[test]
fn anothers_message_is_reported_with_a_reason() {
    let history = || vec![direct(), sent(ANNA, 1, "a")];
    let report = |by, reason: &str| ConversationCommand::ReportMessage {
        message: message(ANNA, 1),
        by,
        reason: reason.to_owned(),
    };
    given(history()).when(report(BORIS, "spam")).then_expect_events(vec![
        ConversationEvent::MessageReported {
            message_id: message(ANNA, 1).message_id,
            sequence: 1,
            by: BORIS,
            reason: Personal::new(BORIS, "spam".to_owned()),
        },
    ]);
    assert_eq!(refused(history(), report(ANNA, "spam")), "own_message");
    assert_eq!(refused(history(), report(BORIS, " ")), "invalid_fields");
}

#[test]
fn a_message_says_something_within_the_limit() {
    for body in ["", " \n ", "\u{0}", &"я".repeat(BODY_LIMIT + 1)] {
        assert_eq!(refused(vec![direct()], send(ANNA, 1, body)), "invalid_fields", "{}", body.len());
    }
    assert!(given(vec![direct()]).when(send(ANNA, 1, &"я".repeat(BODY_LIMIT))).inspect_result().is_ok());
}

#[test]
fn a_picture_needs_no_words_but_there_are_not_too_many() {
    let picture = Attachment {
        object_id: crate::ObjectId(client_id(9)),
        name: Personal::new(ANNA, "доска.png".to_owned()),
        media_type: "image/png".to_owned(),
        bytes: 10,
    };
    let with = |count, body: &str| {
        let mut draft = draft(ANNA, 1, body);
        draft.attachments = vec![picture.clone(); count];
        ConversationCommand::SendMessage(Box::new(draft))
    };
    assert!(given(vec![direct()]).when(with(1, "")).inspect_result().is_ok());
    assert!(given(vec![direct()]).when(with(ATTACHMENTS_MAX, "a")).inspect_result().is_ok());
    assert_eq!(refused(vec![direct()], with(ATTACHMENTS_MAX + 1, "a")), "invalid_fields");
}

/// A message that a client sends twice is stored once, because it has one id and one command.
#[test]
fn the_id_of_a_message_follows_from_what_its_sender_calls_it() {
    let conversation = crate::messaging::direct_conversation_id(ANNA, BORIS);
    let id = |who, n| message_id(conversation, who, client_id(n));
    assert_eq!(id(ANNA, 1), id(ANNA, 1));
    assert_ne!(id(ANNA, 1), id(ANNA, 2));
    assert_ne!(id(ANNA, 1), id(BORIS, 1));
    let command = send_command_id(conversation, ANNA, client_id(1));
    assert_eq!(command, send_command_id(conversation, ANNA, client_id(1)));
    assert_ne!(command.0, id(ANNA, 1).uuid());
}

#[test]
fn commands_show_no_text() {
    for command in [
        send(ANNA, 1, "secret"),
        ConversationCommand::EditMessage { message: message(ANNA, 1), by: ANNA, body: "secret".to_owned() },
        ConversationCommand::ReportMessage {
            message: message(ANNA, 1),
            by: ANNA,
            reason: "secret".to_owned(),
        },
    ] {
        assert!(!format!("{command:?}").contains("secret"));
    }
}
