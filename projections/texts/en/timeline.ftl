### Timeline of a person. The id is the event type.
### The value of a variable is a code, or none if it is absent; yes or no; a number; a name.

## Common parts

# $reason: the reason, if $has_reason is yes
because = { $has_reason ->
        [yes] . Reason: { $reason }
       *[no] { "" }
    }
# Subject, time and other person of a lesson, and the reason
about = { about_subject }{ about_time }{ about_person }{ because }
about_subject = { $subject ->
        [none] { "" }
       *[other] : { $subject }
    }
# $starts_at, $new_time: local time or none; $zone: time zone
about_time = { $starts_at ->
        [none] { "" }
       *[other] , { $starts_at }{ about_new_time } ({ $zone })
    }
about_new_time = { $new_time ->
        [none] { "" }
       *[other] {" "}→ { $new_time }
    }
# $person: name of the other person; $part: side of this timeline: teacher or student
about_person = { $has_person ->
        [no] { "" }
       *[yes] ; { about_role }: { $person }
    }
about_role = { $part ->
        [teacher] student
       *[other] teacher
    }
# What is delivered to the external CRM
crm_record = { $what ->
        [ticket] ticket
       *[other] user
    }
# $crm_cause: the cause; $status: the HTTP code or none
crm_failure = ({ $crm_cause }{ crm_status })
crm_status = { $status ->
        [none] { "" }
       *[other] , HTTP { $status }
    }
# Name of the other: the agent for the requester, the requester for the agent
agent_or_requester = { $has_person ->
        [no] { "" }
       *[yes] {" "}({ requester_mark }{ $person })
    }
requester_mark = { $part ->
        [agent] requester:{" "}
       *[other] { "" }
    }

## Accounts

AccountRegistered = Registered as { $role }
EmailVerified = E-mail address confirmed
LinkRequested = Requested a link by mail: { $purpose ->
    [password_recovery] new password
    [invitation] first password
   *[email_verification] confirmation of the address
}
DataCorrected = Data corrected by staff{ because }
ContactsRevealed = Contacts revealed to staff{ because }
EmailChanged = E-mail address changed
PhoneChanged = { $removed ->
        [yes] Phone number removed
       *[other] Phone number changed
    }
PasswordChanged = Password changed
# $profile_fields, $profile_cleared: names of fields or none
ProfileUpdated = { $profile_fields ->
        [none] emptied: { $profile_cleared }
       *[other] Profile changed: { $profile_fields }{ profile_emptied }
    }
profile_emptied = { $profile_cleared ->
        [none] { "" }
       *[other] ; emptied: { $profile_cleared }
    }
AvatarChanged = Picture changed
RoleGranted = Role granted: { $role }{ because }
RoleRevoked = Role revoked: { $role }{ because }
AccountSuspended = Account suspended{ because }
AccountReinstated = Account reinstated{ because }
AccountErased = Personal data erased
SignedIn = Signed in
SignedOut = Signed out
SessionRevoked = Session ended
SignInFailed = Failed attempt to sign in

## External CRM

CrmSyncRequested = Delivery to the CRM requested: { crm_record }
CrmUserLinked = User delivered to the CRM
CrmTicketLinked = Ticket delivered to the CRM
CrmDeliveryFailed = Delivery to the CRM failed: { crm_record } { crm_failure }, attempt { $attempt }
CrmDeliveryAbandoned = Delivery to the CRM abandoned: { crm_record } { crm_failure }, attempt { $attempt }
CrmDriftFound = The CRM differs: { crm_record } ({ $drift })
CrmDriftHealed = The CRM was corrected: { crm_record } ({ $drift })

## Lessons

SlotOpened = Lesson time offered{ about }
SlotChanged = Lesson changed ({ $lesson_fields }){ about }
SlotWithdrawn = Lesson time withdrawn{ about }
SeatHeld = { $offered ->
        [yes] Seat offered to the waitlist
       *[other] Seat held
    }{ about }
HoldReleased = { $cause ->
        [expired] Hold expired
       *[other] Hold released
    }{ about }
SeatBooked = { $part ->
        [teacher] A student was booked
       *[other] Lesson booked
    }{ booked_how }{ about }
booked_how = { $booked_by ->
        [teacher] {" "}by the teacher
        [request] {" "}by a request
        [waitlist] {" "}from the waitlist
        [class] {" "}with the class
       *[other] { "" }
    }
if_late = { $late ->
        [yes] , late
       *[other] { "" }
    }
if_charged = { $charged ->
        [yes] , at a charge
       *[other] { "" }
    }
BookingCancelled = Booking cancelled by { $party }{ if_late }{ if_charged }{ about }
LessonCancelled = Lesson cancelled by { $party }{ about }
RescheduleProposed = Another time proposed by { $party }{ about }
RescheduleAccepted = Another time accepted by { $party }{ about }
RescheduleDeclined = Another time declined by { $party }{ about }
RescheduleExpired = Proposal of another time ended{ about }
LessonMoved = Lesson moved{ about }
BookingMovedOut = Booking moved to another lesson{ about }
BookingMovedIn = Booking moved from another lesson{ about }
LessonStarted = Lesson started{ about }
LessonCompleted = Lesson completed{ about }
NoShowRecorded = { $absent ->
        [teacher] The teacher did not come
       *[other] The student did not come
    }{ about }
LessonReported = Lesson reported{ about }
LessonReviewed = Lesson reviewed: { $rating } of 5{ about }
ReminderSent = { $lead ->
        [day] Reminded a day before the lesson
       *[other] Reminded an hour before the lesson
    }{ about }

## Waitlists

WaitlistEntered = A student waits for a seat{ about }
WaitlistRemoved = A student no longer waits{ about }
WaitlistJoined = Waits for a seat, place { $place }{ about }
SeatOffered = Seat offered from the waitlist{ about }
OfferAccepted = Offered seat accepted{ about }
OfferDeclined = Offered seat declined{ about }
OfferExpired = Offered seat not accepted in time{ about }
WaitlistLeft = { $closed ->
        [yes] The waitlist was closed
       *[other] Left the waitlist
    }{ about }

## Lesson requests

LessonRequested = Lesson requested{ about }
RequestMatched = Teachers found for the request: { $offered } of { $considered }{ about }
RequestOffered = Request offered to the teacher{ about }
RequestDeclined = The teacher declined the request{ about }
RequestAccepted = { $lost ->
        [yes] Another teacher accepted the request
       *[other] Request accepted
    }{ about }
RequestCancelled = Request cancelled{ about }
RequestExpired = Request expired{ about }

## Classes and series

ClassCreated = Class created{ about }
ClassRenamed = Class renamed{ about }
ClassChanged = Class changed{ about }
StudentAdded = Student added to the class{ about }
StudentRemoved = Student removed from the class{ about }
ClassClosed = Class closed{ about }
SeriesDefined = Series of times defined{ about }
SeriesChanged = Series of times changed from { $date }{ about }
SeriesExceptionAdded = No time on { $date }{ about }
SeriesEnded = Series of times ended from { $date }{ about }
SeriesExtended = Times opened by the series up to { $date }: { $opened } opened, { $skipped } skipped{ about }

## Conversations

ConversationStarted = { $kind ->
        [class] Conversation of a class started
        [lesson] Conversation of a lesson started
       *[other] Conversation started
    }
# Also of a lesson room, in which the person has a role.
ParticipantJoined = { $lesson_room_role ->
        [none] Joined a conversation
        [observer] Joined the lesson room as an observer
       *[other] Joined the lesson room
    }
# Also of a lesson room, in which every end of a stay has a cause.
ParticipantLeft = { $cause ->
        [none] Left a conversation
       *[other] Left the lesson room after { $stay_minutes } min { $stay_seconds } s{ stay_end }
    }
MessageSent = { $attachments ->
        [0] Message sent
       *[other] Message sent, attachments: { $attachments }
    }
MessageEdited = Message edited
MessageDeleted = Message deleted
ConversationRead = Messages read
ConversationArchived = Conversation archived
ConversationUnarchived = Conversation taken out of the archive
ConversationCleared = Conversation cleared for oneself
ConversationHidden = Conversation hidden for oneself
MessageReported = Message reported
ParticipantBlocked = The other person blocked
ParticipantUnblocked = The other person unblocked

## Lesson rooms

RoomOpened = Lesson room opened
RoomClosed = Lesson room closed
ParticipantAdmitted = Admitted to the lesson room
# $cause: why the stay ended
stay_end = { $cause ->
        [left] { "" }
        [removed] { "" }
        [to_lobby] { "" }
        [replaced] {" "}(moved to another connection)
        [drained] {" "}(moved to another connection)
        [ended] {" "}(the lesson ended)
       *[other] {" "}(connection lost)
    }
ParticipantRemoved = { $banned ->
        [yes] Banned from the lesson room
       *[other] Removed from the lesson room
    }
RecordingConsented = { $agreed ->
        [yes] Agreed to a recording of the lesson
       *[other] Refused a recording of the lesson
    }
NoShowProposed = The student was not in the lesson room

## Tickets

TicketOpened = Ticket opened, priority: { $priority }
TicketAssigned = { $by ->
        [round_robin] Ticket assigned by turn
       *[other] Ticket assigned
    }{ agent_or_requester }
TicketUnassigned = Ticket unassigned{ agent_or_requester }
PriorityChanged = Priority of the ticket: { $priority_from } → { $priority_to }
CategoryChanged = Category of the ticket changed
TagsChanged = Tags of the ticket changed
ReplyAdded = { $own ->
        [yes] The requester replied in the ticket
       *[other] Support replied in the ticket{ agent_or_requester }
    }
InternalNoteAdded = Internal note in the ticket{ agent_or_requester }
StatusChanged = Status of the ticket: { $status_from } → { $status_to }
TicketReopened = { $cause ->
        [reply] Ticket reopened by a reply of the requester
       *[other] Ticket reopened
    }
TicketMerged = Ticket merged into another
TicketUnmerged = Ticket separated again
DuplicateReceived = A duplicate was merged into the ticket
DuplicateReturned = A duplicate was separated from the ticket
FirstResponseBreached = First response to the ticket overdue
ResolutionBreached = Resolution of the ticket overdue
SatisfactionRated = Support rated: { $rating } of 5{ agent_or_requester }

## Notifications

NotificationRaised = Notification: { $notification }{ $muted ->
        [yes] {" "}(switched off)
       *[other] { "" }
    }
NotificationDelivered = Notification delivered { $channel_name }
NotificationDelayed = Delivery of a notification delayed: { $delay }
NotificationNotDelivered = Notification not delivered { $channel_name }: { $non_delivery }
NotificationsRead = Notifications read
NotificationDismissed = Notification dismissed
PreferencesChanged = Notifications { $channel_name } switched { $on ->
        [yes] on
       *[other] off
    }: { $notification }
QuietHoursChanged = { $quiet_from ->
        [none] Quiet hours given up
       *[other] Quiet hours: from { $quiet_from } to { $quiet_to }
    }

## Parties of a lesson

party-student = the student
party-teacher = the teacher
party-system = the system

## Causes of a failed delivery to the CRM

crm_cause-timeout = no answer in time
crm_cause-connection = no connection
crm_cause-refused = refused
crm_cause-throttled = too many requests
crm_cause-unavailable = the CRM has a fault
crm_cause-unreadable = unreadable answer
crm_cause-gone = the record is gone there
crm_cause-unknown = unknown cause

## Differences of the CRM

drift-missing = the record was missing there
drift-duplicated = there was more than one record there
drift-differs = fields were different
drift-unknown = how is not known

## Channels

channel-email = by e-mail
channel-in_app = in the app

## Causes of a delayed delivery

delay-digest = messages are gathered
delay-quiet_hours = quiet hours
delay-mail_server = the mail server did not take it

## Reasons for no delivery

non_delivery-muted = switched off
non_delivery-quiet_hours = quiet hours
non_delivery-already_read = read already
non_delivery-unverified = the e-mail address is not confirmed
non_delivery-too_late = too late
non_delivery-no_address = no address
non_delivery-suspended = account suspended
non_delivery-failed = the mail server refused

## Kinds of notifications

notification-lesson_booked = lesson booked
notification-lesson_cancelled = lesson cancelled
notification-lesson_moved = lesson moved
notification-lesson_place_changed = another place of a lesson
notification-lesson_reminder = lesson reminder
notification-reschedule = proposal to move a lesson
notification-review = review of a lesson
notification-no_show_proposed = probable absence of a student
notification-request_offered = lesson request
notification-request_matched = search for teachers
notification-request_declined = request declined
notification-request_accepted = request accepted
notification-request_expired = request expired
notification-waitlist_offer = seat from the waitlist
notification-message = new message
notification-ticket_reply = reply to a ticket
notification-ticket_status = status of a ticket
notification-crm_sync = delivery to the CRM
notification-security = security

## Priorities of tickets

ticket_priority-low = low
ticket_priority-medium = medium
ticket_priority-high = high
ticket_priority-urgent = urgent

## Statuses of tickets

ticket_status-open = open
ticket_status-in_progress = in progress
ticket_status-waiting = waiting for the requester
ticket_status-resolved = resolved
ticket_status-closed = closed

## Fields of a lesson

lesson_field-time = time
lesson_field-subject = subject
lesson_field-lesson_type = lesson type
lesson_field-format = format
lesson_field-price = price
lesson_field-capacity = seats
lesson_field-min_participants = least number of students
lesson_field-goals = goals
lesson_field-grades = grades
lesson_field-place = place

## Fields of a profile

profile_field-name = name
profile_field-nickname = nickname
profile_field-locale = language
profile_field-time_zone = time zone
profile_field-subjects = subjects
profile_field-goals = goals
profile_field-bio = about
profile_field-age = age
profile_field-city = city
profile_field-grades = grades
profile_field-experience = experience
profile_field-durations = lesson lengths
profile_field-formats = formats
profile_field-lesson_types = lesson types
profile_field-hourly_rate = hourly rate
profile_field-offline_available = lessons in person
profile_field-country = country
profile_field-takes_requests = takes requests
profile_field-teacher_type = kind of teacher
profile_field-experience_years = years of teaching
profile_field-education = education
profile_field-grade = grade
profile_field-school = school
profile_field-parent_name = parent's name
profile_field-parent_phone = parent's phone
profile_field-interests = interests
profile_field-learning_style = learning style
profile_field-preferred_formats = preferred formats
profile_field-preferred_durations = preferred lesson lengths
