//! The profile of a person: its fields, the fields of each role, and the completeness.

mod changes;
mod completeness;
mod patch;
mod rules;
mod validate;

pub use changes::{Education, ProfileChanges, ProfileField};
pub use completeness::{completeness, missing};
pub use patch::parse_profile_patch;
pub(super) use rules::profile_problems;
