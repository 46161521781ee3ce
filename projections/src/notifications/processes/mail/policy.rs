//! Policy of mail delivery: now, later or not at all, with the reason.

use domain::notifications::NonDelivery;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::notifications::{MailRow, MailSettings};

/// Decision about a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MailDecision {
    Send,
    /// End of the quiet hours.
    Wait(Timestamp),
    GiveUp(NonDelivery),
}

/// Decides about a mail. A critical notification is sent regardless of the settings, and also if it has been
/// read.
pub(super) fn decide(
    row: &MailRow,
    settings: &MailSettings,
    now: Timestamp,
    zone: &TimeZone,
) -> MailDecision {
    let kind = row.notice.kind();
    let useful_until = row.notice.useful_until();
    let is_late = |at: Timestamp| useful_until.is_some_and(|end| end <= at);
    if is_late(now) {
        return MailDecision::GiveUp(NonDelivery::TooLate);
    }
    if kind.is_critical() {
        return MailDecision::Send;
    }
    if !settings.is_enabled(kind) {
        return MailDecision::GiveUp(NonDelivery::Muted);
    }
    if row.is_seen {
        return MailDecision::GiveUp(NonDelivery::AlreadyRead);
    }
    match settings.quiet_hours.and_then(|hours| hours.quiet_until(now, zone)) {
        None => MailDecision::Send,
        Some(end) if is_late(end) => MailDecision::GiveUp(NonDelivery::QuietHours),
        Some(end) => MailDecision::Wait(end),
    }
}

#[cfg(test)]
mod tests {
    use domain::notifications::{LessonFacts, LocalTime, NotificationContent, QuietHours, SecurityStep};
    use domain::scheduling::ReminderLead;
    use domain::{AccountId, NotificationId, Position, SlotId};
    use uuid::Uuid;

    use super::*;

    fn row(notice: NotificationContent, is_seen: bool) -> MailRow {
        MailRow {
            account_id: AccountId(Uuid::nil()),
            notification_id: NotificationId(Uuid::nil()),
            notice,
            cause_position: Position(1),
            is_seen,
            is_awaited: true,
        }
    }

    fn reminder(starts_at: &str) -> NotificationContent {
        let lesson = LessonFacts {
            slot_id: SlotId(Uuid::nil()),
            teacher: AccountId(Uuid::nil()),
            subject: "physics".to_owned(),
            starts_at: starts_at.parse().unwrap(),
        };
        NotificationContent::LessonReminder { lesson, lead: ReminderLead::Hour }
    }

    fn security() -> NotificationContent {
        NotificationContent::Security { step: SecurityStep::SignedIn, session_id: None, role: None }
    }

    fn at_night() -> (MailSettings, Timestamp) {
        let time = |text| LocalTime::parse(text).unwrap();
        let quiet_hours = QuietHours::between(time("22:00"), time("08:00"));
        let settings = MailSettings { muted: vec!["security".to_owned()], quiet_hours };
        (settings, "2026-11-25T23:00:00Z".parse().unwrap())
    }

    #[test]
    fn a_quiet_hour_delays_what_helps_in_the_morning_and_drops_what_does_not() {
        let (settings, now) = at_night();
        let decision = |notice| decide(&row(notice, false), &settings, now, &TimeZone::UTC);
        let morning = "2026-11-26T08:00:00Z".parse().unwrap();
        assert_eq!(decision(reminder("2026-11-26T09:00:00Z")), MailDecision::Wait(morning));
        assert_eq!(decision(reminder("2026-11-26T07:00:00Z")), MailDecision::GiveUp(NonDelivery::QuietHours));
        assert_eq!(decision(reminder("2026-11-25T22:59:00Z")), MailDecision::GiveUp(NonDelivery::TooLate));
    }

    #[test]
    fn critical_ones_go_at_night_though_they_were_read_and_muted_by_hand() {
        let (settings, now) = at_night();
        assert_eq!(decide(&row(security(), true), &settings, now, &TimeZone::UTC), MailDecision::Send);
    }

    #[test]
    fn what_was_read_or_muted_meanwhile_does_not_go() {
        let now = "2026-11-25T12:00:00Z".parse().unwrap();
        let notice = reminder("2026-11-25T13:00:00Z");
        let read = decide(&row(notice.clone(), true), &MailSettings::default(), now, &TimeZone::UTC);
        assert_eq!(read, MailDecision::GiveUp(NonDelivery::AlreadyRead));
        let settings = MailSettings { muted: vec!["lesson_reminder".to_owned()], quiet_hours: None };
        let muted = decide(&row(notice, false), &settings, now, &TimeZone::UTC);
        assert_eq!(muted, MailDecision::GiveUp(NonDelivery::Muted));
    }
}
