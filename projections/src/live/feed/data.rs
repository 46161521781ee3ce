//! Data of live frames: ids and codes, never texts of a person.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use uuid::Uuid;

/// Declares the data of frames: one struct for each shape, and the enum of all of them.
macro_rules! frame_data {
    ($(
        $(#[$about:meta])*
        $name:ident { $( $(#[$of_field:meta])* $field:ident: $kind:ty ),* $(,)? }
    )+) => {
        $(
            $(#[$about])*
            #[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
            pub(super) struct $name { $( $(#[$of_field])* pub(super) $field: $kind, )* }

            impl From<$name> for FrameData {
                fn from(data: $name) -> Self {
                    FrameData::$name(data)
                }
            }
        )+

        /// Data of the frame of an event.
        #[derive(Clone, Debug, PartialEq, Serialize)]
        #[serde(untagged)]
        #[expect(clippy::enum_variant_names, reason = "each variant has the name of its shape")]
        pub(super) enum FrameData { $($name($name)),+ }

        impl FrameData {
            /// Returns the name of the shape.
            #[cfg(test)]
            pub(super) fn name(&self) -> &'static str {
                match self { $(FrameData::$name(_) => stringify!($name)),+ }
            }
        }

        /// Returns the schemas of all shapes, by name.
        pub fn frame_data_schemas() -> BTreeMap<&'static str, Schema> {
            let mut generator = SchemaGenerator::default();
            BTreeMap::from([$((stringify!($name), $name::json_schema(&mut generator))),+])
        }
    };
}

frame_data! {
    /// Nothing: the type says all.
    NoData {}
    /// Session of the account.
    SessionData {
        /// Id of the session.
        session_id: Uuid,
    }
    /// Role of the account.
    RoleData { role: &'static str }
    /// Slot or lesson.
    SlotData { slot_id: Uuid }
    /// Proposal of another time for a lesson.
    ProposalData { slot_id: Uuid, proposal_id: Uuid }
    /// Booking of a lesson.
    BookingData { slot_id: Uuid, booking_id: Uuid }
    /// Hold of a seat.
    HoldData { slot_id: Uuid, hold_id: Uuid }
    /// Entry of the waitlist of a lesson.
    WaitlistEntryData { slot_id: Uuid, entry_id: Uuid }
    /// Seat that is offered to a waitlist entry.
    SeatOfferData { slot_id: Uuid, entry_id: Uuid, hold_id: Uuid, expires_at: String }
    /// Seat that a waitlist entry has got.
    AcceptedOfferData { slot_id: Uuid, entry_id: Uuid, booking_id: Uuid }
    /// Reminder of a lesson.
    ReminderData { slot_id: Uuid, lead: &'static str }
    /// Lesson request.
    LessonRequestData { request_id: Uuid }
    /// Lesson request with the lesson that came of it.
    AcceptedLessonRequestData { request_id: Uuid, slot_id: Uuid }
    /// Class.
    ClassData { class_id: Uuid }
    /// Series of slots.
    SeriesData {
        /// Id of the series.
        series_id: Uuid,
    }
    /// Conversation.
    ConversationData { conversation_id: Uuid }
    /// Conversation with its kind.
    StartedConversationData { conversation_id: Uuid, kind: &'static str }
    /// Participant of a conversation.
    ParticipantData { conversation_id: Uuid, account_id: Uuid }
    /// New message.
    SentMessageData { conversation_id: Uuid, message_id: Uuid, sequence: u64, sender_id: Uuid }
    /// Changed message.
    ChangedMessageData { conversation_id: Uuid, message_id: Uuid, sequence: u64 }
    /// Reported message.
    ReportedMessageData { conversation_id: Uuid, message_id: Uuid }
    /// Read position of a participant.
    ReadPositionData {
        conversation_id: Uuid,
        account_id: Uuid,
        /// Number of the last message that the participant has read.
        up_to: u64,
    }
    /// Conversation whose earlier messages are hidden from the caller.
    ClearedConversationData {
        conversation_id: Uuid,
        /// Number of the last hidden message.
        up_to: u64,
    }
    /// Ticket.
    TicketData { ticket_id: Uuid }
    /// Reply to a ticket.
    TicketReplyData { ticket_id: Uuid, reply_id: Uuid }
    /// New notification.
    RaisedNotificationData { notification_id: Uuid, kind: &'static str }
    /// Dismissed notification.
    DismissedNotificationData { notification_id: Uuid }
    /// Notifications that were read.
    ReadNotificationsData {
        notification_ids: Vec<Uuid>,
        /// Number in the inbox up to which all are read; null if only the named ones are.
        up_to: Option<u64>,
    }
    /// Preference for a kind of notification and a channel.
    PreferenceData { kind: &'static str, channel: &'static str }
}
