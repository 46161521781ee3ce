//! The event catalogue: every version of every event, with examples, as `kafedra events` prints it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

use crate::event::ContextName;
use crate::personal::PERSONAL_MARK;

/// Version of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CatalogueEntry {
    pub context: ContextName,
    pub aggregate_type: &'static str,
    pub event_type: &'static str,
    pub event_version: &'static str,
    /// The payload as it was first written, then others of the same version, with a later optional field or
    /// another alternative of a field.
    pub examples: &'static [GoldenFile],
}

/// Golden file: an example of an event in `domain/golden/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoldenFile {
    pub name: &'static str,
    /// JSON text with invented people; personal values are marked and not sealed.
    pub payload: &'static str,
}

impl CatalogueEntry {
    /// Returns the newest example.
    fn newest_json(&self) -> Value {
        self.examples.last().expect("an entry has at least one example").json()
    }
}

impl GoldenFile {
    fn json(&self) -> Value {
        serde_json::from_str(self.payload).expect("the golden files are JSON: a test reads them all")
    }
}

/// Declares the entries from the names of the golden files: context, aggregate, event, version, and the
/// further examples of the version, named by what is new in them (`+ "place"` stands for
/// `….1.0+place.json`).
macro_rules! golden {
    ($(
        $context:ident / $aggregate:literal / $event:literal / $version:literal $( + $added:literal )*
    ),+ $(,)?) => {
        &[$( CatalogueEntry {
            context: ContextName::$context,
            aggregate_type: $aggregate,
            event_type: $event,
            event_version: $version,
            examples: &[
                golden!(@file $aggregate, ".", $event, ".", $version, ".json"),
                $( golden!(@file $aggregate, ".", $event, ".", $version, "+", $added, ".json"), )*
            ],
        }, )+]
    };
    (@file $($part:literal),+) => {
        GoldenFile {
            name: concat!($($part),+),
            payload: include_str!(concat!("../../golden/", $($part),+)),
        }
    };
}

/// Entries in the order of contexts, then of a life cycle. Entries and examples are never removed.
const ENTRIES: &[CatalogueEntry] = golden![
    Accounts / "Account" / "AccountRegistered" / "1.0",
    Accounts / "Account" / "EmailVerified" / "1.0",
    Accounts / "Account" / "EmailChanged" / "1.0",
    Accounts / "Account" / "PhoneChanged" / "1.0",
    Accounts / "Account" / "LinkRequested" / "1.0",
    Accounts / "Account" / "PasswordChanged" / "1.0",
    Accounts / "Account" / "ProfileUpdated" / "1.0" + "learning_style",
    Accounts / "Account" / "DataCorrected" / "1.0",
    Accounts / "Account" / "ContactsRevealed" / "1.0",
    Accounts / "Account" / "AvatarChanged" / "1.0",
    Accounts / "Account" / "RoleGranted" / "1.0",
    Accounts / "Account" / "RoleGranted" / "2.0",
    Accounts / "Account" / "RoleRevoked" / "1.0",
    Accounts / "Account" / "RoleRevoked" / "2.0",
    Accounts / "Account" / "AccountSuspended" / "1.0",
    Accounts / "Account" / "AccountSuspended" / "2.0",
    Accounts / "Account" / "AccountReinstated" / "1.0",
    Accounts / "Account" / "AccountReinstated" / "2.0",
    Accounts / "Account" / "AccountErased" / "1.0",
    Accounts / "Account" / "AccountErased" / "2.0",
    Accounts / "Account" / "SignedIn" / "1.0",
    Accounts / "Account" / "SignedOut" / "1.0",
    Accounts / "Account" / "SessionRevoked" / "1.0",
    Accounts / "Account" / "SignInFailed" / "1.0",
    Crm / "CrmLink" / "CrmSyncRequested" / "1.0",
    Crm / "CrmLink" / "CrmUserLinked" / "1.0",
    Crm / "CrmLink" / "CrmTicketLinked" / "1.0",
    Crm / "CrmLink" / "CrmDeliveryFailed" / "1.0",
    Crm / "CrmLink" / "CrmDeliveryAbandoned" / "1.0",
    Crm / "CrmLink" / "CrmDriftFound" / "1.0",
    Crm / "CrmLink" / "CrmDriftHealed" / "1.0",
    Messaging / "Conversation" / "ConversationStarted" / "1.0",
    Messaging / "Conversation" / "ParticipantJoined" / "1.0",
    Messaging / "Conversation" / "ParticipantLeft" / "1.0",
    Messaging / "Conversation" / "MessageSent" / "1.0",
    Messaging / "Conversation" / "MessageEdited" / "1.0",
    Messaging / "Conversation" / "MessageDeleted" / "1.0",
    Messaging / "Conversation" / "ConversationRead" / "1.0",
    Messaging / "Conversation" / "ConversationArchived" / "1.0",
    Messaging / "Conversation" / "ConversationUnarchived" / "1.0",
    Messaging / "Conversation" / "ConversationCleared" / "1.0",
    Messaging / "Conversation" / "ConversationHidden" / "1.0",
    Messaging / "Conversation" / "MessageReported" / "1.0",
    Messaging / "Conversation" / "ParticipantBlocked" / "1.0",
    Messaging / "Conversation" / "ParticipantUnblocked" / "1.0",
    Notifications / "Inbox" / "NotificationRaised" / "1.0" + "message" + "lesson_place_changed",
    Notifications / "Inbox" / "NotificationDelivered" / "1.0",
    Notifications / "Inbox" / "NotificationDelayed" / "1.0",
    Notifications / "Inbox" / "NotificationNotDelivered" / "1.0",
    Notifications / "Inbox" / "NotificationsRead" / "1.0",
    Notifications / "Inbox" / "NotificationDismissed" / "1.0",
    Notifications / "Inbox" / "PreferencesChanged" / "1.0",
    Notifications / "Inbox" / "QuietHoursChanged" / "1.0",
    Scheduling / "Slot" / "SlotOpened" / "1.0",
    Scheduling / "Slot" / "SlotChanged" / "1.0",
    Scheduling / "Slot" / "SlotWithdrawn" / "1.0",
    Scheduling / "Slot" / "SeatHeld" / "1.0",
    Scheduling / "Slot" / "HoldReleased" / "1.0",
    Scheduling / "Slot" / "SeatBooked" / "1.0",
    Scheduling / "Slot" / "BookingCancelled" / "1.0",
    Scheduling / "Slot" / "LessonCancelled" / "1.0",
    Scheduling / "Slot" / "RescheduleProposed" / "1.0",
    Scheduling / "Slot" / "RescheduleAccepted" / "1.0",
    Scheduling / "Slot" / "RescheduleDeclined" / "1.0",
    Scheduling / "Slot" / "RescheduleExpired" / "1.0",
    Scheduling / "Slot" / "LessonMoved" / "1.0",
    Scheduling / "Slot" / "BookingMovedOut" / "1.0",
    Scheduling / "Slot" / "BookingMovedIn" / "1.0",
    Scheduling / "Slot" / "LessonStarted" / "1.0",
    Scheduling / "Slot" / "LessonCompleted" / "1.0",
    Scheduling / "Slot" / "NoShowRecorded" / "1.0",
    Scheduling / "Slot" / "LessonReported" / "1.0",
    Scheduling / "Slot" / "LessonReviewed" / "1.0",
    Scheduling / "Slot" / "ReminderSent" / "1.0",
    Scheduling / "Slot" / "WaitlistEntered" / "1.0",
    Scheduling / "Slot" / "WaitlistRemoved" / "1.0",
    Scheduling / "AvailabilitySeries" / "SeriesDefined" / "1.0",
    Scheduling / "AvailabilitySeries" / "SeriesChanged" / "1.0" + "zone",
    Scheduling / "AvailabilitySeries" / "SeriesExceptionAdded" / "1.0",
    Scheduling / "AvailabilitySeries" / "SeriesEnded" / "1.0",
    Scheduling / "AvailabilitySeries" / "SeriesExtended" / "1.0",
    Scheduling / "WaitlistEntry" / "WaitlistJoined" / "1.0",
    Scheduling / "WaitlistEntry" / "SeatOffered" / "1.0",
    Scheduling / "WaitlistEntry" / "OfferAccepted" / "1.0",
    Scheduling / "WaitlistEntry" / "OfferDeclined" / "1.0",
    Scheduling / "WaitlistEntry" / "OfferExpired" / "1.0",
    Scheduling / "WaitlistEntry" / "WaitlistLeft" / "1.0",
    Scheduling / "Class" / "ClassCreated" / "1.0",
    Scheduling / "Class" / "ClassRenamed" / "1.0",
    Scheduling / "Class" / "ClassChanged" / "1.0",
    Scheduling / "Class" / "StudentAdded" / "1.0",
    Scheduling / "Class" / "StudentRemoved" / "1.0",
    Scheduling / "Class" / "ClassClosed" / "1.0",
    Scheduling / "LessonRequest" / "LessonRequested" / "1.0" + "place",
    Scheduling / "LessonRequest" / "RequestOffered" / "1.0" + "pointer",
    Scheduling / "LessonRequest" / "RequestMatched" / "1.0" + "pointer" + "next_wave_at",
    Scheduling / "LessonRequest" / "RequestDeclined" / "1.0",
    Scheduling / "LessonRequest" / "RequestAccepted" / "1.0",
    Scheduling / "LessonRequest" / "RequestCancelled" / "1.0",
    Scheduling / "LessonRequest" / "RequestExpired" / "1.0",
    Support / "Ticket" / "TicketOpened" / "1.0",
    Support / "Ticket" / "TicketOpened" / "2.0",
    Support / "Ticket" / "TicketAssigned" / "1.0",
    Support / "Ticket" / "TicketUnassigned" / "1.0",
    Support / "Ticket" / "PriorityChanged" / "1.0",
    Support / "Ticket" / "CategoryChanged" / "1.0",
    Support / "Ticket" / "CategoryChanged" / "2.0",
    Support / "Ticket" / "TagsChanged" / "1.0",
    Support / "Ticket" / "TagsChanged" / "2.0",
    Support / "Ticket" / "ReplyAdded" / "1.0",
    Support / "Ticket" / "InternalNoteAdded" / "1.0",
    Support / "Ticket" / "StatusChanged" / "1.0",
    Support / "Ticket" / "TicketReopened" / "1.0",
    Support / "Ticket" / "TicketMerged" / "1.0",
    Support / "Ticket" / "TicketUnmerged" / "1.0",
    Support / "Ticket" / "DuplicateReceived" / "1.0",
    Support / "Ticket" / "DuplicateReturned" / "1.0",
    Support / "Ticket" / "FirstResponseBreached" / "1.0",
    Support / "Ticket" / "ResolutionBreached" / "1.0",
    Support / "Ticket" / "SatisfactionRated" / "1.0",
    Video / "VideoSession" / "RoomOpened" / "1.0",
    Video / "VideoSession" / "ParticipantAdmitted" / "1.0",
    Video / "VideoSession" / "ParticipantJoined" / "1.0",
    Video / "VideoSession" / "ParticipantLeft" / "1.0",
    Video / "VideoSession" / "ParticipantRemoved" / "1.0",
    Video / "VideoSession" / "RecordingConsented" / "1.0",
    Video / "VideoSession" / "NoShowProposed" / "1.0",
    Video / "VideoSession" / "RoomClosed" / "1.0",
];

/// Returns all versions of all events.
pub fn catalogue() -> &'static [CatalogueEntry] {
    ENTRIES
}

/// Returns the catalogue as Markdown: the table, then an example of each event.
pub fn catalogue_markdown() -> String {
    let mut text = format!("# Events\n\n{}\n", catalogue_table());
    for entry in ENTRIES {
        let example = serde_json::to_string_pretty(&entry.newest_json()).expect("JSON can be written");
        let CatalogueEntry { aggregate_type, event_type, event_version, .. } = entry;
        write!(text, "\n## {aggregate_type}.{event_type} {event_version}\n\n```json\n{example}\n```\n")
            .expect("a String takes everything");
    }
    text
}

/// Returns the table with one line per event. An asterisk marks personal data, which an erasure removes.
pub(crate) fn catalogue_table() -> String {
    let mut table =
        "| Context | Aggregate | Event | Version | Fields (* personal) |\n|---|---|---|---|---|".to_owned();
    for entry in ENTRIES {
        let mut fields = BTreeSet::new();
        for example in entry.examples {
            collect_fields(&example.json()[entry.event_type], "", &mut fields);
        }
        let fields: Vec<_> = fields.into_iter().collect();
        let CatalogueEntry { context, aggregate_type, event_type, event_version, .. } = entry;
        let (context, fields) = (context.as_str(), fields.join(", "));
        write!(table, "\n| {context} | {aggregate_type} | {event_type} | {event_version} | {fields} |")
            .expect("a String takes everything");
    }
    table
}

/// Collects the paths of the members of an object. It enters a member that is an object, unless it is
/// personal.
fn collect_fields(value: &Value, prefix: &str, fields: &mut BTreeSet<String>) {
    let Some(members) = value.as_object() else { return };
    for (name, member) in members {
        match member.as_object() {
            Some(object) if object.contains_key(PERSONAL_MARK) => {
                fields.insert(format!("{prefix}{name}\\*"));
            }
            Some(_) => collect_fields(member, &format!("{prefix}{name}."), fields),
            None => {
                fields.insert(format!("{prefix}{name}"));
            }
        }
    }
}

#[cfg(test)]
mod tests;
