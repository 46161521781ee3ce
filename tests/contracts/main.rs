//! What the house promises to those who build in it and to those who call it.
#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

mod house;
