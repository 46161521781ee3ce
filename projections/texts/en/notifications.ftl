### Notifications. The id is the kind of the notification, with its case after the hyphen.
### .title is the title and the subject of a mail, .body is the text.
###
### $reader: the reader: teacher (of the lesson), student (of the lesson) or other
### $subject: the subject; $starts_at: start of the lesson, local time with its zone
### $teacher, $student: names

## Lessons

# Subject, time and teacher. The teacher does not read their own name.
lesson = { $subject }, { $starts_at }{ $reader ->
        [teacher] { "" }
       *[other] ; teacher: { $teacher }
    }

# For the teacher.
lesson_booked =
    .title = A lesson with you was booked
    .body = { lesson }; student: { $student }

# For the student; the way in which the seat was booked is after the hyphen.
lesson_booked-student =
    .title = Your lesson is booked
    .body = { lesson }
lesson_booked-teacher =
    .title = Your teacher booked a lesson for you
    .body = { lesson }
lesson_booked-request =
    .title = The lesson that you asked for
    .body = { lesson }
lesson_booked-waitlist =
    .title = You have a seat from the waitlist
    .body = { lesson }
lesson_booked-class =
    .title = A lesson of your class
    .body = { lesson }

# $by: the party that cancelled: student, teacher or system
lesson_cancelled =
    .title = Lesson cancelled
    .body = { lesson }; { $by ->
        [student] cancelled by the student
        [teacher] cancelled by the teacher
       *[system] cancelled by the school
    }{ $reader ->
        [student] { "" }
       *[other] : { $student }
    }

# $from: the former start; $has_student: yes if the booking of one student moved, and another person reads
lesson_moved =
    .title = Lesson moved
    .body = was: { $from }; now: { lesson }{ $has_student ->
        [yes] ; student: { $student }
       *[no] { "" }
    }

# $place, $former_place: the places; $has_place, $has_former_place: no if there was none, or the teacher's data is erased
lesson_place_changed =
    .title = Lesson in another place
    .body = { lesson }{ $has_place ->
        [yes] ; now: { $place }
       *[no] { "" }
    }{ $has_former_place ->
        [yes] ; was: { $former_place }
       *[no] { "" }
    }

lesson_reminder-day =
    .title = Your lesson is in a day
    .body = { lesson }
lesson_reminder-hour =
    .title = Your lesson is in an hour
    .body = { lesson }

# $to: the proposed start; $by: the person who proposed or declined; $has_author: yes or no
reschedule-proposed =
    .title = Another time is proposed
    .body = { lesson } → { $to }{ $has_author ->
        [yes] ; proposed by: { $by }
       *[no] { "" }
    }
reschedule-declined =
    .title = The other time was declined
    .body = { lesson } → { $to }{ $has_author ->
        [yes] ; declined by: { $by }
       *[no] { "" }
    }
reschedule-expired =
    .title = The proposed time was not answered
    .body = { lesson } → { $to }

# $rating: from 1 to 5
review =
    .title = Your lesson was reviewed: { $rating } of 5
    .body = { lesson }; student: { $student }

# For the teacher.
no_show_proposed =
    .title = The student was not in the lesson room
    .body = { lesson }; student: { $student }. Record the absence if the student had no lesson.

# $expires_at: local time with its zone
waitlist_offer =
    .title = There is a seat for you
    .body = { lesson }; kept for you until { $expires_at }

## Lesson requests

request = { $subject }, { $starts_at }

request_offered =
    .title = A student is looking for a teacher
    .body = { request }; student: { $student }; can be accepted until { $expires_at }

# $offered: number of asked teachers
request_matched =
    .title = { $offered ->
        [0] No teacher matches your request yet
       *[other] Your request was sent to teachers
    }
    .body = { request }{ $offered ->
        [0] { "" }
       *[other] ; teachers asked: { $offered }
    }

request_declined =
    .title = A teacher declined your request
    .body = { request }; teacher: { $teacher }
request_accepted =
    .title = Your request was accepted
    .body = { request }; teacher: { $teacher }
request_expired =
    .title = No teacher accepted your request
    .body = { request }

## Messages and tickets

message =
    .title = New message
    .body = From: { $by }

# $has_author: yes if the author is known
ticket_reply =
    .title = A reply to your ticket
    .body = { $has_author ->
        [yes] By: { $by }
       *[no] Open the ticket to read it
    }

# $status: name of the status
ticket_status =
    .title = The status of your ticket changed
    .body = Now: { $status }

# Statuses of a ticket, for its requester.
ticket_status-open = open
ticket_status-in_progress = in progress
ticket_status-waiting = waiting for your answer
ticket_status-resolved = resolved
ticket_status-closed = closed

## The external CRM, for admins

# $record: user or ticket; $person: the person of the record
crm_record = { $record ->
        [ticket] Ticket of: { $person }
       *[user] User: { $person }
    }
crm_sync-abandoned =
    .title = A delivery to the CRM was abandoned
    .body = { crm_record }
crm_sync-drift =
    .title = The CRM differs from the log
    .body = { crm_record }

## Security

security-signed_in =
    .title = New sign-in to your account
    .body = If this was not you, change your password and end the session.
security-password_changed =
    .title = Your password was changed
    .body = If this was not you, write to support.
security-email_changed =
    .title = Your e-mail address was changed
    .body = If this was not you, write to support.

# $role: name of the role
security-role_granted =
    .title = You were granted a role
    .body = Role: { $role }
