//! Invariants of an account for random commands in random order.

use std::collections::BTreeMap;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use proptest::prelude::*;
use serde_json::json;

use super::fixtures::*;
use crate::accounts::*;
use crate::property_testing::any_command;
use crate::{Claim, Decider, EventEffects, ObjectId, RefusalError, Role, SessionId};

fn any_role() -> impl Strategy<Value = Role> {
    prop::sample::select(Role::ALL.to_vec())
}

fn any_command() -> impl Strategy<Value = AccountCommand> {
    let address = prop::sample::select(vec!["a@x.example", "A@X.example", "b@x.example", "c@x.example"]);
    let nickname = prop::sample::select(vec!["aa", "AA", "bb", "cc"]);
    let text = "[a-z\u{0}\u{202E}]{0,5}";
    let field = prop::sample::select(ProfileField::ALL);
    let session_id = SessionId(ANNA.uuid());
    let named = nickname.prop_map(|nickname| update(json!({ "nickname": nickname })));
    let filled = (prop::collection::vec(field, 0..4), prop::collection::vec("[a-z]{0,4}", 0..3), any::<u8>())
        .prop_map(|(cleared, subjects, age)| AccountCommand::UpdateProfile {
            changes: Box::new(ProfileChanges {
                subjects: Some(subjects),
                age: Some(own(age)),
                ..ProfileChanges::default()
            }),
            cleared,
        });
    any_command!(AccountCommand {
        RegisterAccount: 1 => (any_role(), any::<bool>(), address.clone()).prop_map(|(role, by_admin, address)| {
            let new = Registration { by_admin, email: email(address), ..registration(role) };
            AccountCommand::RegisterAccount(new)
        }),
        VerifyEmail: 1 => Just(AccountCommand::VerifyEmail),
        ChangeEmail: 1 => address.clone().prop_map(|address| AccountCommand::ChangeEmail { email: email(address) }),
        ChangePhone: 1 => any::<bool>().prop_map(|some| AccountCommand::ChangePhone {
            phone: some.then(|| Phone::parse("+79990000009").unwrap()),
        }),
        RequestLink: 1 => prop::sample::select(LinkPurpose::ALL)
            .prop_map(|purpose| AccountCommand::RequestLink { purpose }),
        RecordPasswordChange: 1 => Just(AccountCommand::RecordPasswordChange),
        UpdateProfile: 2 => prop_oneof![named, filled],
        CorrectData: 1 => (text, address.clone()).prop_map(|(reason, address)| {
            AccountCommand::CorrectData(Box::new(Correction {
                reason: own(reason),
                email: Some(email(address)),
                phone: Some(None),
                changes: ProfileChanges::default(),
            }))
        }),
        RevealContacts: 1 => text.prop_map(|reason| AccountCommand::RevealContacts { reason: own(reason) }),
        ChangeAvatar: 1 => Just(AccountCommand::ChangeAvatar { object_id: ObjectId(ANNA.uuid()) }),
        GrantRole: 1 => (any_role(), text).prop_map(|(role, reason)| AccountCommand::GrantRole { role, reason }),
        RevokeRole: 1 => (any_role(), text).prop_map(|(role, reason)| AccountCommand::RevokeRole { role, reason }),
        SuspendAccount: 1 => text.prop_map(|reason| AccountCommand::SuspendAccount { reason }),
        ReinstateAccount: 1 => text.prop_map(|reason| AccountCommand::ReinstateAccount { reason }),
        EraseAccount: 1 => text.prop_map(|reason| AccountCommand::EraseAccount { reason }),
        RecordSignIn: 1 => text.prop_map(move |user_agent| AccountCommand::RecordSignIn { session_id, user_agent }),
        RecordSignInFailure: 1 => text.prop_map(|user_agent| AccountCommand::RecordSignInFailure { user_agent }),
        SignOut: 1 => Just(AccountCommand::SignOut { session_id }),
        RevokeSession: 1 => Just(AccountCommand::RevokeSession { session_id }),
    })
}

/// Returns the claims that the log would store after these events.
fn held(events: &[AccountEvent]) -> BTreeMap<&'static str, String> {
    let mut held = BTreeMap::new();
    for claim in events.iter().flat_map(EventEffects::claims) {
        match claim {
            Claim::Unique { scope, key } => {
                held.insert(scope, key.known().unwrap().clone());
            }
            Claim::ReleaseUnique { scope } => {
                held.remove(scope);
            }
            other => panic!("an account claims no time: {other:?}"),
        }
    }
    held
}

/// Returns the claims that the state requires.
fn due(account: &Account) -> BTreeMap<&'static str, String> {
    account.person().map_or_else(BTreeMap::new, |person| {
        let nickname = person.profile.nickname.as_ref().unwrap().known().unwrap();
        BTreeMap::from([
            (EMAIL_SCOPE, person.email.known().unwrap().normalized()),
            (NICKNAME_SCOPE, nickname.normalized()),
        ])
    })
}

/// Handles the commands one after another, as the framework does.
async fn live(commands: Vec<AccountCommand>) -> (Account, Vec<AccountEvent>) {
    let (mut account, mut history, clock) = (Account::default(), Vec::new(), clock());
    for command in commands {
        let before = account.clone();
        let decided = before.decide(&command, clock.now());
        let sink = EventSink::default();
        match account.handle(command, &clock, &sink).await {
            Ok(()) => {
                let events = sink.collect().await;
                assert_eq!(decided.unwrap(), events, "handling is deciding");
                history.extend(events);
            }
            Err(error) => {
                assert_eq!(account, before, "a refusal changes nothing");
                assert!(!error.refusal().reasons.is_empty(), "a refusal has a reason");
            }
        }
    }
    (account, history)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn the_state_is_the_fold_of_the_events(commands in prop::collection::vec(any_command(), 0..30)) {
        let (account, history) = run(live(commands));
        prop_assert_eq!(&fold(&history), &account);

        // An event reads back as it was written, and a snapshot equals the state.
        for event in &history {
            let json = serde_json::to_value(event).unwrap();
            prop_assert_eq!(&serde_json::from_value::<AccountEvent>(json).unwrap(), event);
        }
        let snapshot = serde_json::to_string(&account).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Account>(&snapshot).unwrap(), &account);
    }

    #[test]
    fn an_account_holds_one_address_and_one_nickname_while_it_lives(
        commands in prop::collection::vec(any_command(), 0..30)
    ) {
        let (account, history) = run(live(commands));
        prop_assert_eq!(held(&history), due(&account));
    }

    #[test]
    fn whoever_lives_has_a_role_a_name_and_a_sound_profile(
        commands in prop::collection::vec(any_command(), 0..30)
    ) {
        let (account, _) = run(live(commands));
        if let Some(person) = account.person() {
            prop_assert!(!person.roles.is_empty());
            prop_assert!(person.profile.name.is_some() && person.profile.time_zone.is_some());
            let percent = completeness(&person.roles, &person.profile, person.avatar.is_some());
            let missing = missing(&person.roles, &person.profile, person.avatar.is_some());
            prop_assert_eq!(percent == 100, missing.is_empty());
        }
    }
}

/// Runs a future that never waits.
fn run<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("deciding does not wait"),
    }
}
