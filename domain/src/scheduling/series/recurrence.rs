//! A recurrence rule in local time: which civil times it names, and where they lie in UTC.

/// A rule of RFC 5545 that was understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Recurrence;
