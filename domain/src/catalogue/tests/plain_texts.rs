//! Tests that every plain text of an event is a code: a text of a caller is personal.

use std::collections::BTreeSet;

use super::*;

/// Plain texts that are neither ids nor codes in snake case, with what bounds them.
const BOUNDED: &[&str] = &[
    "Account.AccountRegistered.terms_version: a constant of the program",
    "Account.AccountRegistered.time_zone: an IANA zone",
    "Account.ProfileUpdated.changes.country: ISO 3166",
    "Account.ProfileUpdated.changes.hourly_rate.currency: ISO 4217",
    "Account.ProfileUpdated.changes.time_zone: an IANA zone",
    "AvailabilitySeries.SeriesChanged.from: a date",
    "AvailabilitySeries.SeriesChanged.local_start: a local time",
    "AvailabilitySeries.SeriesChanged.rrule: a rule that was parsed",
    "AvailabilitySeries.SeriesChanged.template.price.currency: ISO 4217",
    "AvailabilitySeries.SeriesChanged.zone: an IANA zone",
    "AvailabilitySeries.SeriesDefined.local_start: a local time",
    "AvailabilitySeries.SeriesDefined.rrule: a rule that was parsed",
    "AvailabilitySeries.SeriesDefined.template.price.currency: ISO 4217",
    "AvailabilitySeries.SeriesDefined.zone: an IANA zone",
    "AvailabilitySeries.SeriesEnded.from: a date",
    "AvailabilitySeries.SeriesExceptionAdded.date: a date",
    "AvailabilitySeries.SeriesExtended.skipped: a date",
    "AvailabilitySeries.SeriesExtended.through: a date",
    "Class.ClassChanged.colour: six hexadecimal digits",
    "Class.ClassCreated.colour: six hexadecimal digits",
    "Conversation.MessageSent.attachments.media_type: one of the media types that are taken",
    "Inbox.QuietHoursChanged.quiet_hours.from: a time of day",
    "Inbox.QuietHoursChanged.quiet_hours.to: a time of day",
    "LessonRequest.LessonRequested.max_price.currency: ISO 4217",
    "LessonRequest.RequestAccepted.price.currency: ISO 4217",
    "LessonRequest.RequestMatched.excluded.reasons.facts.teacher: codes of the profile",
    "LessonRequest.RequestMatched.excluded.reasons.pointer: the name of a field",
    "LessonRequest.RequestOffered.reasons.facts.teacher: codes of the profile",
    "LessonRequest.RequestOffered.reasons.pointer: the name of a field",
    "Slot.BookingCancelled.fee.currency: ISO 4217",
    "Slot.BookingMovedIn.price.currency: ISO 4217",
    "Slot.SeatBooked.price.currency: ISO 4217",
    "Slot.SlotChanged.changes.price.currency: ISO 4217",
    "Slot.SlotOpened.price.currency: ISO 4217",
    "Slot.SlotOpened.zone: an IANA zone",
    "Ticket.CategoryChanged.category: a name of the dictionary",
    "Ticket.TagsChanged.tags: words without contacts, from staff",
    "Ticket.TicketOpened.category: a name of the dictionary",
    "Ticket.TicketOpened.tags: words without contacts, from staff and the system",
    "VideoSession.RoomOpened.node: a name of the configuration",
];

/// Returns true for ids, instants, numbers and codes in snake case.
fn is_code(text: &str) -> bool {
    let is_id = text.parse::<uuid::Uuid>().is_ok() || text.parse::<jiff::Timestamp>().is_ok();
    is_id || text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn collect_plain(value: &Value, path: &str, plain: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) if map.contains_key(PERSONAL_MARK) => {}
        Value::Object(map) => {
            map.iter().for_each(|(name, value)| collect_plain(value, &format!("{path}.{name}"), plain));
        }
        Value::Array(list) => list.iter().for_each(|value| collect_plain(value, path, plain)),
        Value::String(text) if !is_code(text) => drop(plain.insert(path.to_owned())),
        _ => {}
    }
}

/// A new field with a text fails here, until it is `Personal` or its bound is named above.
#[test]
fn every_plain_text_of_an_event_is_a_code() {
    let mut plain = BTreeSet::new();
    for entry in ENTRIES {
        let newest = decode(entry, entry.newest_json());
        if newest.event_version() != entry.event_version {
            continue;
        }
        for example in entry.examples {
            let path = format!("{}.{}", entry.aggregate_type, entry.event_type);
            collect_plain(&example.json()[entry.event_type], &path, &mut plain);
        }
    }
    let bounded: BTreeSet<String> =
        BOUNDED.iter().map(|line| line.split(':').next().unwrap_or_default().to_owned()).collect();
    assert_eq!(plain, bounded);
}
