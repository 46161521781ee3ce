//! Tests of registration, roles, suspension, erasure and sign-ins.

use super::fixtures::*;
use crate::accounts::*;
use crate::{Claim, ClaimRefused, EventEffects, ObjectId, Personal, RefusalError, Role, SessionId};

fn reason() -> String {
    "because".to_owned()
}

fn said() -> Option<Personal<String>> {
    Some(Personal::new(ANNA, reason()))
}

fn session_id() -> SessionId {
    SessionId(ANNA.uuid())
}

/// Returns a command of every kind except registration.
fn all_commands() -> Vec<AccountCommand> {
    vec![
        AccountCommand::VerifyEmail,
        AccountCommand::RequestLink { purpose: LinkPurpose::PasswordRecovery },
        AccountCommand::ChangeEmail { email: email("other@school.example") },
        AccountCommand::ChangePhone { phone: None },
        AccountCommand::RecordPasswordChange,
        update(serde_json::json!({ "city": "Омск" })),
        AccountCommand::ChangeAvatar { object_id: ObjectId(ANNA.uuid()) },
        AccountCommand::GrantRole { role: Role::Admin, reason: reason() },
        AccountCommand::RevokeRole { role: Role::Student, reason: reason() },
        AccountCommand::SuspendAccount { reason: reason() },
        AccountCommand::ReinstateAccount { reason: reason() },
        AccountCommand::EraseAccount { reason: reason() },
        AccountCommand::RecordSignIn { session_id: session_id(), user_agent: "curl".to_owned() },
        AccountCommand::RecordSignInFailure { user_agent: "curl".to_owned() },
        AccountCommand::SignOut { session_id: session_id() },
        AccountCommand::RevokeSession { session_id: session_id() },
    ]
}

#[test]
fn students_and_teachers_register_themselves_and_nobody_else_does() {
    for role in [Role::Student, Role::Teacher] {
        when(vec![], AccountCommand::RegisterAccount(registration(role))).then(&[registered(role)]);
    }
    for role in [Role::Support, Role::Analyst, Role::Admin, Role::Auditor] {
        let refusal = when(vec![], AccountCommand::RegisterAccount(registration(role))).refusal();
        assert_eq!(refusal.code, "role_not_self_service");
        assert_eq!(refusal.reasons[0].pointer.as_deref(), Some("/role"));
    }
}

#[test]
fn an_admin_registers_staff() {
    let staff = Registration { by_admin: true, ..registration(Role::Auditor) };
    when(vec![], AccountCommand::RegisterAccount(staff)).then(&[registered(Role::Auditor)]);
}

#[test]
fn an_account_registers_once_even_after_its_erasure() {
    let again = || AccountCommand::RegisterAccount(registration(Role::Student));
    when(vec![registered(Role::Student)], again()).refused("account_already_registered");
    when(vec![registered(Role::Student), erased()], again()).refused("account_already_registered");
}

#[test]
fn terms_without_a_version_are_refused() {
    let new = Registration { terms_version: "\u{0}".to_owned(), ..registration(Role::Student) };
    let problems = when(vec![], AccountCommand::RegisterAccount(new)).problems();
    assert_eq!(problems, [("/terms_version".to_owned(), "malformed".to_owned())]);
}

#[test]
fn nothing_can_be_asked_of_nobody() {
    for command in all_commands() {
        when(vec![], command).refused("account_not_found");
    }
}

#[test]
fn nothing_can_be_asked_of_the_erased_but_to_stay_erased() {
    for command in all_commands() {
        let gone = vec![registered(Role::Student), erased()];
        match command {
            AccountCommand::EraseAccount { .. } => when(gone, command).then(&[]),
            _ => when(gone, command).refused("account_erased"),
        }
    }
}

#[test]
fn the_suspended_sign_in_and_change_nothing() {
    let given = || vec![registered(Role::Student), suspended()];
    for command in all_commands() {
        match command.name() {
            "VerifyEmail"
            | "ChangeEmail"
            | "ChangePhone"
            | "RequestLink"
            | "RecordPasswordChange"
            | "UpdateProfile"
            | "ChangeAvatar" => when(given(), command).refused("account_suspended"),
            "RevokeRole" => when(given(), command).refused("last_role"),
            "SuspendAccount" => when(given(), command).then(&[]),
            _ => assert!(when(given(), command).accepted()),
        }
    }
}

#[test]
fn a_reinstated_account_acts_again() {
    let given =
        vec![registered(Role::Student), suspended(), AccountEvent::AccountReinstated { reason: said() }];
    when(given, AccountCommand::VerifyEmail).then(&[AccountEvent::EmailVerified {}]);
    when(vec![registered(Role::Student)], AccountCommand::ReinstateAccount { reason: reason() })
        .refused("account_not_suspended");
}

#[test]
fn what_is_already_so_makes_no_event() {
    let given = || vec![registered(Role::Teacher), AccountEvent::EmailVerified {}];
    for command in [
        AccountCommand::VerifyEmail,
        AccountCommand::ChangeEmail { email: email("anna@school.example") },
        AccountCommand::ChangePhone { phone: Some(Phone::parse("+79990000001").unwrap()) },
        AccountCommand::GrantRole { role: Role::Teacher, reason: reason() },
        update(serde_json::json!({ "name": "Анна Петрова", "locale": "ru", "city": null })),
    ] {
        when(given(), command).then(&[]);
    }
    let object_id = ObjectId(ANNA.uuid());
    let seen = vec![registered(Role::Teacher), AccountEvent::AvatarChanged { object_id }];
    when(seen, AccountCommand::ChangeAvatar { object_id }).then(&[]);
}

#[test]
fn a_new_address_has_to_be_verified_again() {
    let new = own(email("new@school.example"));
    let given = vec![
        registered(Role::Student),
        AccountEvent::EmailVerified {},
        AccountEvent::EmailChanged { email: new },
    ];
    when(given, AccountCommand::VerifyEmail).then(&[AccountEvent::EmailVerified {}]);
}

#[test]
fn the_telephone_number_can_be_taken_away() {
    when(vec![registered(Role::Student)], AccountCommand::ChangePhone { phone: None })
        .then(&[AccountEvent::PhoneChanged { phone: None }]);
}

#[test]
fn the_last_role_stays_and_only_a_held_role_goes() {
    let revoke = |role| AccountCommand::RevokeRole { role, reason: reason() };
    when(vec![registered(Role::Student)], revoke(Role::Student)).refused("last_role");
    when(vec![registered(Role::Student)], revoke(Role::Admin)).refused("role_not_held");
    let both =
        vec![registered(Role::Student), AccountEvent::RoleGranted { role: Role::Admin, reason: said() }];
    when(both, revoke(Role::Student))
        .then(&[AccountEvent::RoleRevoked { role: Role::Student, reason: said() }]);
}

#[test]
fn a_reason_holds_nothing_that_the_log_can_not_hold() {
    for (text, code) in [("\u{0}".to_owned(), "forbidden_character"), ("x".repeat(501), "too_long")] {
        let suspend = AccountCommand::SuspendAccount { reason: text };
        let problems = when(vec![registered(Role::Student)], suspend).problems();
        assert_eq!(problems, [("/reason".to_owned(), code.to_owned())]);
    }
}

#[test]
fn an_odd_browser_signs_in_and_is_shown_without_control_characters() {
    let user_agent = format!("odd\u{0}{}", "x".repeat(10_000));
    let command = AccountCommand::RecordSignIn { session_id: session_id(), user_agent };
    let shown = format!("odd{}", "x".repeat(397));
    when(vec![registered(Role::Student)], command)
        .then(&[AccountEvent::SignedIn { session_id: session_id(), user_agent: own(shown) }]);
}

#[test]
fn registration_claims_the_folded_address_and_nickname() {
    let claims = registered(Role::Student).claims();
    assert_eq!(
        claims,
        [
            Claim::Unique { scope: EMAIL_SCOPE, key: own("anna@school.example".to_owned()) },
            Claim::Unique { scope: NICKNAME_SCOPE, key: own("anna".to_owned()) },
        ]
    );
}

#[test]
fn erasure_frees_both_claims_and_names_whose_key_goes() {
    assert_eq!(erased().erases(), Some(ANNA));
    assert_eq!(
        erased().claims(),
        [Claim::ReleaseUnique { scope: EMAIL_SCOPE }, Claim::ReleaseUnique { scope: NICKNAME_SCOPE }]
    );
    assert_eq!(registered(Role::Student).erases(), None);
}

#[test]
fn a_held_claim_says_which_of_the_two_is_taken() {
    let refusal = |scope: &str| AccountError::claim_refused(ClaimRefused::Unique { scope: scope.to_owned() });
    assert_eq!(refusal(EMAIL_SCOPE).code, "email_taken");
    assert_eq!(refusal(NICKNAME_SCOPE).code, "nickname_taken");
}

/// A verified address needs no link to verify it, but its person may still forget the password.
#[test]
fn a_link_is_requested_while_it_is_needed() {
    for purpose in LinkPurpose::ALL.iter().copied() {
        let request = || AccountCommand::RequestLink { purpose };
        when(vec![registered(Role::Student)], request()).then(&[AccountEvent::LinkRequested { purpose }]);
        let verified = vec![registered(Role::Student), AccountEvent::EmailVerified {}];
        match purpose {
            LinkPurpose::EmailVerification => when(verified, request()).then(&[]),
            LinkPurpose::PasswordRecovery | LinkPurpose::Invitation => {
                when(verified, request()).then(&[AccountEvent::LinkRequested { purpose }]);
            }
        }
    }
}

/// A correction keeps its reason before the changes; without a change there is nothing to keep.
#[test]
fn a_correction_has_its_reason_and_only_what_differs() {
    let correct = |address: &str, phone| {
        AccountCommand::CorrectData(Box::new(Correction {
            reason: own(reason()),
            email: Some(email(address)),
            phone,
            changes: ProfileChanges::default(),
        }))
    };
    let given = || {
        vec![
            registered(Role::Student),
            AccountEvent::EmailChanged { email: own(email("now@x.example")) },
            AccountEvent::PhoneChanged { phone: None },
        ]
    };
    when(given(), correct("now@x.example", Some(None))).then(&[]);
    when(given(), correct("new@x.example", Some(None))).then(&[
        AccountEvent::DataCorrected { reason: own(reason()) },
        AccountEvent::EmailChanged { email: own(email("new@x.example")) },
    ]);
}

/// Contacts are revealed with a reason only, of a suspended person too, and each time is an event.
#[test]
fn k2_a_reveal_of_contacts_has_a_reason_each_time() {
    let reveal = |text: &str| AccountCommand::RevealContacts { reason: own(text.to_owned()) };
    let revealed = [AccountEvent::ContactsRevealed { reason: own("payment".to_owned()) }];
    let suspended = AccountEvent::AccountSuspended { reason: None };
    when(vec![registered(Role::Student), suspended], reveal(" payment ")).then(&revealed);
    when(vec![registered(Role::Student), revealed[0].clone()], reveal("payment")).then(&revealed);
    when(vec![registered(Role::Student)], reveal(" ")).refused("invalid_fields");
    when(vec![], reveal("payment")).refused("account_not_found");
}
