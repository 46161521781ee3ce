//! Tools for property tests of aggregates: random commands, and the checks of every history.

use std::fmt::Debug;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::decider::{Decider, RefusalError};

/// Strategy that draws from all commands of an enum. Each variant has a weight and a strategy;
/// a variant that is not listed does not compile.
macro_rules! any_command {
    ($command:ident { $( $variant:ident: $weight:literal => $strategy:expr ),+ $(,)? }) => {{
        const _: fn(&$command) = |command| match command { $( $command::$variant { .. } => {} )+ };
        proptest::strategy::Union::new_weighted(vec![$({
            let strategy = proptest::strategy::Strategy::prop_map($strategy, |command| {
                assert!(matches!(command, $command::$variant { .. }), "{command:?} stands in another's place");
                command
            });
            ($weight, proptest::strategy::Strategy::boxed(strategy))
        }),+])
    }};
}
pub(crate) use any_command;

/// Generates up to `most` commands, each some minutes after the previous one: mostly few, sometimes a day.
pub fn any_history<C: Debug>(
    command: impl Strategy<Value = C>,
    most: usize,
) -> impl Strategy<Value = Vec<(i64, C)>> {
    let wait = prop_oneof![20 => 0..3_i64, 3 => 5..130_i64, 1 => Just(24 * 60)];
    prop::collection::vec((wait, command), 0..most)
}

/// Decides the commands one after another and checks the rules of every aggregate. A refusal has a
/// reason, and an event reads back as it was written. The state follows from the events, and a snapshot
/// equals the state.
pub fn check_history<A>(start: Timestamp, steps: Vec<(i64, A::Command)>) -> Result<(), TestCaseError>
where
    A: Decider<Event: PartialEq + Debug> + Serialize + DeserializeOwned + PartialEq + Debug,
{
    let (mut state, mut again, mut now) = (A::default(), A::default(), start);
    for (minutes, command) in steps {
        now += SignedDuration::from_mins(minutes);
        match state.decide(&command, now) {
            Ok(events) => {
                for event in events {
                    let written = serde_json::to_value(&event).unwrap();
                    let read = serde_json::from_value::<A::Event>(written).unwrap();
                    prop_assert_eq!(&read, &event);
                    again.apply(read);
                    state.apply(event);
                }
            }
            Err(error) => prop_assert!(!error.refusal().reasons.is_empty(), "a refusal has a reason"),
        }
    }
    prop_assert_eq!(&again, &state);
    let snapshot = serde_json::to_value(&state).unwrap();
    prop_assert_eq!(&serde_json::from_value::<A>(snapshot).unwrap(), &state);
    Ok(())
}
