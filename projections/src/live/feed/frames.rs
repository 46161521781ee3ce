//! Types of the frames of events: the meaning of each, and the data that it has.

/// Type of the frame of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameType {
    /// Event name in snake_case.
    pub kind: &'static str,
    pub meaning: &'static str,
    /// Names of the shapes of its data. Recipients may get different ones.
    pub data: &'static [&'static str],
}

/// Declares the types: `type: shape … "meaning"`.
macro_rules! frame_types {
    ($($kind:ident: $($data:ident)|+, $meaning:literal;)+) => {
        &[$(FrameType {
            kind: stringify!($kind),
            meaning: $meaning,
            data: &[$(stringify!($data)),+],
        }),+]
    };
}

/// Types of the frames of all events that have recipients.
pub const FRAME_TYPES: &[FrameType] = frame_types! {
    account_registered: NoData, "The account was registered.";
    email_verified: NoData, "The e-mail address was verified.";
    email_changed: NoData, "The e-mail address has changed.";
    phone_changed: NoData, "The phone number has changed.";
    link_requested: NoData, "A link by e-mail was requested.";
    password_changed: NoData, "The password has changed.";
    profile_updated: NoData, "The profile has changed.";
    data_corrected: NoData, "An agent has corrected the data of the account.";
    contacts_revealed: NoData, "A member of staff has read the masked contacts of the account.";
    avatar_changed: NoData, "The picture has changed.";
    role_granted: RoleData, "The account has a new role.";
    role_revoked: RoleData, "The account no longer has a role.";
    account_suspended: NoData, "The account was suspended; its sockets close.";
    account_reinstated: NoData, "The account is active again.";
    account_erased: NoData, "The account was erased; its sockets close.";
    signed_in: SessionData, "A session has begun.";
    signed_out: SessionData, "A session was signed out; its sockets close.";
    session_revoked: SessionData, "A session was revoked; its sockets close.";
    sign_in_failed: NoData, "A sign-in has failed.";
    conversation_started: StartedConversationData, "A conversation has begun.";
    participant_joined: ParticipantData, "A person joined a conversation.";
    participant_left: ParticipantData, "A person left a conversation.";
    message_sent: SentMessageData, "A message was sent.";
    message_edited: ChangedMessageData, "A message was edited.";
    message_deleted: ChangedMessageData, "A message was deleted.";
    conversation_read: ReadPositionData, "A participant has read messages.";
    conversation_archived: ConversationData, "The caller has archived a conversation.";
    conversation_unarchived: ConversationData, "The caller no longer archives a conversation.";
    conversation_cleared: ClearedConversationData, "The caller has cleared a conversation.";
    conversation_hidden: ConversationData, "The caller has hidden a conversation.";
    message_reported: ReportedMessageData, "The caller has reported a message.";
    participant_blocked: ParticipantData, "The caller has blocked the other participant.";
    participant_unblocked: ParticipantData, "The caller has unblocked the other participant.";
    notification_raised: RaisedNotificationData, "A notification is in the inbox.";
    notifications_read: ReadNotificationsData, "Notifications were read.";
    notification_dismissed: DismissedNotificationData, "A notification was dismissed.";
    preferences_changed: PreferenceData, "A preference for notifications has changed.";
    quiet_hours_changed: NoData, "The quiet hours have changed.";
    slot_opened: SlotData, "The teacher offers a slot.";
    slot_changed: SlotData, "A slot has changed.";
    slot_withdrawn: SlotData, "A slot was withdrawn.";
    seat_held: HoldData, "A seat is reserved for some minutes.";
    hold_released: HoldData, "A reserved seat is free again.";
    seat_booked: BookingData, "A seat was booked.";
    booking_cancelled: BookingData, "A booking was cancelled.";
    lesson_cancelled: SlotData, "A lesson was cancelled.";
    reschedule_proposed: ProposalData, "Another time was proposed.";
    reschedule_accepted: ProposalData, "Another time was accepted.";
    reschedule_declined: ProposalData, "Another time was declined.";
    reschedule_expired: ProposalData, "A proposal of another time was not answered.";
    lesson_moved: SlotData, "A lesson has another time.";
    booking_moved_out: BookingData, "A booking has moved to another slot.";
    booking_moved_in: BookingData, "A booking has moved to this slot.";
    lesson_started: SlotData, "A lesson has begun.";
    lesson_completed: SlotData, "A lesson is over.";
    no_show_recorded: BookingData | SlotData, "A student, or the teacher, did not come.";
    lesson_reported: SlotData, "The teacher has reported on a lesson.";
    lesson_reviewed: BookingData, "A student has reviewed a lesson.";
    reminder_sent: ReminderData, "A lesson begins soon.";
    waitlist_entered: WaitlistEntryData, "A student waits for a seat.";
    waitlist_removed: WaitlistEntryData, "A student no longer waits for a seat.";
    series_defined: SeriesData, "The teacher has defined a series.";
    series_changed: SeriesData, "A series has changed.";
    series_exception_added: SeriesData, "A series leaves out a day.";
    series_ended: SeriesData, "A series has an end.";
    series_extended: SeriesData, "Further slots follow from a series.";
    waitlist_joined: WaitlistEntryData, "The caller waits for a seat.";
    seat_offered: SeatOfferData, "A seat became free and is offered to the caller.";
    offer_accepted: AcceptedOfferData, "The caller has taken the offered seat.";
    offer_declined: WaitlistEntryData, "The caller has declined the offered seat.";
    offer_expired: WaitlistEntryData, "The offered seat was not taken in time.";
    waitlist_left: WaitlistEntryData, "The caller no longer waits.";
    class_created: ClassData, "The teacher has created a class.";
    class_renamed: ClassData, "A class has another name.";
    class_changed: ClassData, "A class has changed.";
    student_added: ClassData, "A student joined a class.";
    student_removed: ClassData, "A student left a class.";
    class_closed: ClassData, "A class was closed.";
    lesson_requested: LessonRequestData, "The caller has asked for a lesson.";
    request_offered: LessonRequestData, "A lesson request was offered to a teacher.";
    request_matched: LessonRequestData, "The search for teachers has ended.";
    request_declined: LessonRequestData, "A teacher has declined a lesson request.";
    request_accepted: LessonRequestData | AcceptedLessonRequestData, "A teacher has accepted a lesson request.";
    request_cancelled: LessonRequestData, "A lesson request was taken back.";
    request_expired: LessonRequestData, "No teacher accepted a lesson request in time.";
    ticket_opened: TicketData, "A ticket was opened.";
    ticket_assigned: TicketData, "A ticket has an agent.";
    ticket_unassigned: TicketData, "A ticket no longer has an agent.";
    priority_changed: TicketData, "A ticket has another priority.";
    category_changed: TicketData, "A ticket has another category.";
    tags_changed: TicketData, "A ticket has other tags.";
    reply_added: TicketReplyData, "A ticket has a reply.";
    internal_note_added: TicketData, "A ticket has a note of the support desk.";
    status_changed: TicketData, "A ticket has another status.";
    ticket_reopened: TicketData, "A ticket is open again.";
    ticket_merged: TicketData, "A ticket was merged into another one.";
    ticket_unmerged: TicketData, "A ticket is no longer merged.";
    duplicate_received: TicketData, "Another ticket was merged into a ticket.";
    duplicate_returned: TicketData, "Another ticket is no longer merged into a ticket.";
    first_response_breached: TicketData, "The first response to a ticket is late.";
    resolution_breached: TicketData, "The resolution of a ticket is late.";
    satisfaction_rated: TicketData, "The requester has rated a ticket.";
};

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use domain::{CatalogueEntry, ContextName, Event};
    use serde_json::Value;
    use uuid::Uuid;

    use super::super::audiences::FeedAudiences;
    use super::super::model::recipients_of;
    use super::super::participants::FeedParticipants;
    use super::super::recipients::snake_case;
    use super::*;

    /// Events after which a person is no longer a recipient.
    const ENDINGS: [&str; 7] = [
        "BookingCancelled",
        "BookingMovedOut",
        "HoldReleased",
        "ParticipantLeft",
        "RequestDeclined",
        "TicketUnassigned",
        "WaitlistRemoved",
    ];

    fn events(entry: &CatalogueEntry) -> Vec<Event> {
        let decode = |payload| {
            Event::decode(entry.aggregate_type, entry.event_type, entry.event_version, payload).unwrap()
        };
        let payload = |text| {
            let mut payload: Value = serde_json::from_str(text).unwrap();
            // A notification that is switched off in the app has no frame.
            payload[entry.event_type].as_object_mut().unwrap().remove("muted");
            payload
        };
        entry.examples.iter().map(|file| decode(payload(file.payload))).collect()
    }

    /// Each event of the catalogue goes through the feed, after the earlier events of its aggregate.
    #[test]
    fn every_event_with_recipients_has_its_frame_and_every_frame_has_its_event() {
        let mut found: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for entry in domain::catalogue() {
            if matches!(entry.context, ContextName::Crm | ContextName::Video) {
                continue;
            }
            let key = (entry.aggregate_type.to_owned(), Uuid::from_u128(7));
            let (mut audiences, mut participants) = (FeedAudiences::default(), FeedParticipants::default());
            let earlier = domain::catalogue().iter().take_while(|other| *other != entry);
            for other in earlier.filter(|other| other.aggregate_type == entry.aggregate_type) {
                for event in events(other) {
                    if !ENDINGS.contains(&other.event_type) {
                        recipients_of(&key, &event, &mut audiences, &mut participants);
                    }
                }
            }
            for event in events(entry) {
                for data in recipients_of(&key, &event, &mut audiences, &mut participants).0.values() {
                    found.entry(snake_case(&event.event_type())).or_default().insert(data.name());
                }
            }
        }
        let documented: BTreeMap<_, BTreeSet<_>> = FRAME_TYPES
            .iter()
            .map(|kind| (kind.kind.to_owned(), kind.data.iter().copied().collect()))
            .collect();
        assert_eq!(FRAME_TYPES.len(), documented.len(), "a type stands twice");
        let names = |map: &BTreeMap<String, BTreeSet<&'static str>>| map.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&found), names(&documented));
        for (kind, data) in found {
            assert!(data.is_subset(&documented[&kind]), "{kind} has {data:?}");
        }
    }
}
