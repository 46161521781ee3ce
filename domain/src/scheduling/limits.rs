//! Limits of scheduling rules.

use jiff::SignedDuration;

/// Duration of a hold.
pub const HOLD: SignedDuration = SignedDuration::from_mins(10);
/// Maximum number of holds of one student in one slot.
pub const SEATS_MAX: u16 = 100;
/// Maximum time between now and the start of an offered slot.
pub const AHEAD_MAX: SignedDuration = SignedDuration::from_hours(24 * 730);
/// Maximum duration of a seat offer to a waitlisted student; it ends before the lesson starts.
pub const WAITLIST_OFFER: SignedDuration = SignedDuration::from_hours(2);
/// Time before the lesson at which a seat offer ends.
pub const WAITLIST_OFFER_BEFORE: SignedDuration = SignedDuration::from_mins(15);
/// Maximum duration of a reschedule proposal.
pub const PROPOSAL: SignedDuration = SignedDuration::from_hours(24);
/// Time before the present start, or the proposed one, at which a proposal ends.
pub const PROPOSAL_BEFORE: SignedDuration = SignedDuration::from_hours(1);
/// Time before the requested start at which a lesson request expires.
pub const REQUEST_BEFORE: SignedDuration = SignedDuration::from_hours(5);
/// Maximum number of open requests of one student.
pub const REQUESTS_OPEN_MAX: u8 = 5;
/// Time before its start from which a lesson may be started.
pub const START_EARLY: SignedDuration = SignedDuration::from_mins(15);
/// Times before the lesson at which reminders are sent.
pub const REMINDER_DAY: SignedDuration = SignedDuration::from_hours(24);
pub const REMINDER_HOUR: SignedDuration = SignedDuration::from_hours(1);
/// Time ahead for which the slots of a series are opened.
pub const SERIES_WEEKS: i64 = 8;
/// Maximum price, in minor units.
pub const PRICE_MAX: i64 = 100_000_000;
/// Maximum length of texts, in characters.
pub const NOTE_LIMIT: usize = 1_000;
pub const PLACE_LIMIT: usize = 200;
pub const REASON_LIMIT: usize = 500;
pub const REPORT_LIMIT: usize = 10_000;
pub const REVIEW_LIMIT: usize = 4_000;
pub const COMMENT_LIMIT: usize = 1_000;
pub const CLASS_NAME_LIMIT: usize = 100;
pub const CLASS_DESCRIPTION_LIMIT: usize = 2_000;
