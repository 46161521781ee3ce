//! The numbers of the rules, each in one place.

use jiff::SignedDuration;

/// How long a seat is kept for who is about to book it.
pub const HOLD: SignedDuration = SignedDuration::from_mins(10);
/// How many seats one student may keep in one slot at a time.
pub const SEATS_MAX: u16 = 100;
/// How far ahead a time may be offered.
pub const AHEAD_MAX: SignedDuration = SignedDuration::from_hours(24 * 730);
/// How long an offer to somebody who waits stands, at most; it ends before the lesson begins.
pub const WAITLIST_OFFER: SignedDuration = SignedDuration::from_hours(2);
/// An offer ends so long before the lesson.
pub const WAITLIST_OFFER_BEFORE: SignedDuration = SignedDuration::from_mins(15);
/// How long a proposal to move a lesson stands, at most.
pub const PROPOSAL: SignedDuration = SignedDuration::from_hours(24);
/// A proposal ends so long before the present start, or the proposed one.
pub const PROPOSAL_BEFORE: SignedDuration = SignedDuration::from_hours(1);
/// A request is open until so long before the lesson that it asks for.
pub const REQUEST_BEFORE: SignedDuration = SignedDuration::from_hours(5);
/// So many requests of one student are open at a time.
pub const REQUESTS_OPEN_MAX: u8 = 5;
/// A lesson may be started so long before its time.
pub const START_EARLY: SignedDuration = SignedDuration::from_mins(15);
/// Reminders are sent so long before the lesson.
pub const REMINDER_DAY: SignedDuration = SignedDuration::from_hours(24);
pub const REMINDER_HOUR: SignedDuration = SignedDuration::from_hours(1);
/// How far ahead the slots of a series are opened.
pub const SERIES_WEEKS: i64 = 8;
/// The highest price, in minor units.
pub const PRICE_MAX: i64 = 100_000_000;
/// The longest texts, in characters.
pub const NOTE_LIMIT: usize = 1_000;
pub const PLACE_LIMIT: usize = 200;
pub const REASON_LIMIT: usize = 500;
pub const REPORT_LIMIT: usize = 10_000;
pub const REVIEW_LIMIT: usize = 4_000;
pub const COMMENT_LIMIT: usize = 1_000;
pub const CLASS_NAME_LIMIT: usize = 100;
pub const CLASS_DESCRIPTION_LIMIT: usize = 2_000;
