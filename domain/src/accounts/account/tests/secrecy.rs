//! Tests that `Debug` hides personal data, because commands are logged and operators read panics.

use super::fixtures::*;
use crate::accounts::*;
use crate::{Command, Role, SessionId};

const TOLD: [&str; 8] = [
    "secret@school.example",
    "Секретова",
    "secret_nick",
    "79990001234",
    "Секретоград",
    "SecretAgent",
    "тайна",
    "ТГУ",
];

fn assert_silent(shown: &str) {
    for told in TOLD {
        assert!(!shown.contains(told), "{told} is shown by {shown}");
    }
}

#[test]
fn no_command_event_or_state_shows_what_is_personal() {
    let new = Registration {
        email: email("secret@school.example"),
        name: PersonName::parse("Секретова").unwrap(),
        nickname: Nickname::parse("secret_nick").unwrap(),
        phone: Some(Phone::parse("+79990001234").unwrap()),
        ..registration(Role::Teacher)
    };
    let session_id = SessionId(ANNA.uuid());
    let commands = [
        AccountCommand::RegisterAccount(new),
        AccountCommand::ChangeEmail { email: email("secret@school.example") },
        AccountCommand::ChangePhone { phone: Some(Phone::parse("+79990001234").unwrap()) },
        AccountCommand::RecordSignIn { session_id, user_agent: "SecretAgent".to_owned() },
        AccountCommand::RecordSignInFailure { user_agent: "SecretAgent".to_owned() },
        update(serde_json::json!({
            "name": "Секретова", "nickname": "secret_nick", "city": "Секретоград", "bio": "тайна",
            "education": { "university": "ТГУ" },
        })),
    ];
    let mut given = vec![];
    for command in commands {
        assert_silent(&format!("{:?}", Command::Account(ANNA, command.clone())));
        if let AccountCommand::RegisterAccount(registration) = &command {
            assert_silent(&format!("{registration:?}"));
        }
        let events = when(given.clone(), command).events();
        assert_silent(&format!("{events:?}"));
        given.extend(events);
    }
    let state = fold(&given);
    assert_silent(&format!("{state:?}"));
    assert!(state.person().is_some());
}
