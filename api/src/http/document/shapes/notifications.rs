//! Data of notifications.

use uuid::Uuid;

/// Ids, codes and instants of the subject of a notification. The kind decides which of them are present.
#[derive(utoipa::ToSchema)]
pub struct NotificationData {
    /// Lesson, for kinds about lessons.
    slot_id: Uuid,
    /// Account of the teacher.
    teacher: Uuid,
    /// Subject of the lesson or of the request.
    subject: String,
    /// Start of the lesson or of the request.
    starts_at: String,
    /// Booking, for kinds about one booking.
    booking_id: Uuid,
    /// Account of the student.
    student: Uuid,
    /// Way in which the seat was booked, for `lesson_booked`.
    booked_by: String,
    /// Party that cancelled, or account that proposed or answered.
    by: String,
    /// Former start, for `lesson_moved`.
    from: String,
    /// Present place, for `lesson_place_changed`; absent once the teacher's data was erased.
    place: String,
    /// Former place, for `lesson_place_changed`; absent without one, and once the teacher's data was erased.
    former_place: String,
    /// `day` or `hour`, for `lesson_reminder`.
    lead: String,
    /// Proposal, for `reschedule`.
    proposal_id: Uuid,
    /// `proposed`, `declined` or `expired` for `reschedule`; `signed_in`, `password_changed`, `email_changed` or
    /// `role_granted` for `security`.
    step: String,
    /// Proposed start, for `reschedule`.
    to: String,
    /// Rating from 1 to 5, for `review`.
    rating: u8,
    /// Lesson request, for kinds about requests.
    request_id: Uuid,
    /// End of the offer.
    expires_at: String,
    /// Number of asked teachers, for `request_matched`.
    offered: u32,
    /// Waitlist entry, for `waitlist_offer`.
    entry_id: Uuid,
    /// Conversation, for `message`.
    conversation_id: Uuid,
    /// First unread message, for `message`.
    message_id: Uuid,
    /// Account of the sender, for `message`.
    sender: Uuid,
    /// Ticket, for kinds about tickets.
    ticket_id: Uuid,
    /// Account of the author, for `ticket_reply`.
    author: Uuid,
    /// Present status of the ticket, for `ticket_status`.
    status: String,
    /// `abandoned` or `drift`, for `crm_sync`.
    trouble: String,
    /// Account of the record, for `crm_sync`.
    account_id: Uuid,
    /// New session, for `security`.
    session_id: Uuid,
    /// Granted role, for `security`.
    role: String,
}
