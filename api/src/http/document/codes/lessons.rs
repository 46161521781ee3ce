//! Codes of slots, lessons, classes, series, requests and lesson rooms.

use super::{CodeList, code_list};

pub(super) fn lists() -> Vec<CodeList> {
    vec![
        code_list!("LessonType", "Type of a lesson.", domain::scheduling::LessonType {
            Regular => "Lesson of a course.",
            Trial => "First lesson, to get to know each other.",
        }),
        code_list!("LessonFormat", "Format of a lesson.", domain::scheduling::LessonFormat {
            Online => "In the lesson room.",
            Offline => "At the meeting place.",
            MiniGroup => "In the lesson room, with several students.",
        }),
        code_list!("LessonParty", "Party that acted on a lesson.", domain::scheduling::Party {
            Student => "The student of the booking.",
            Teacher => "The teacher of the lesson.",
            System => "The installation, after an erasure or a deadline.",
        }),
        code_list!("ReminderLead", "Time between a reminder and the lesson.", domain::scheduling::ReminderLead {
            Day => "One day.",
            Hour => "One hour.",
        }),
        code_list!("LessonSort", "Order of lessons.", {
            "starts_at" => "Earliest first.",
            "-starts_at" => "Latest first.",
        }),
        code_list!("StudentSort", "Order of the students of a teacher.", {
            "name" => "By name.",
            "next_lesson_at" => "Next lesson first.",
            "-last_lesson_at" => "Last lesson first.",
            "-lessons_held" => "Most lessons first.",
        }),
        code_list!("LessonRole", "Role of the caller in a lesson or a class.", {
            "teacher" => "The caller teaches.",
            "student" => "The caller has or had a seat.",
        }),
        code_list!("SlotStatus", "Status of a slot.", domain::scheduling::SlotAvailability {
            Open => "A seat is free.",
            Full => "All seats are taken.",
            Started => "The lesson has begun.",
            Completed => "The lesson is over.",
            Withdrawn => "The teacher took the offer back.",
            Cancelled => "The lesson was cancelled.",
        }),
        code_list!("LessonStatus", "Status of a lesson for the caller.", projections::scheduling::LessonStatus {
            Scheduled => "The lesson has not begun.",
            Started => "The lesson has begun.",
            Completed => "The lesson is over.",
            Cancelled => "The lesson, or the caller's own booking, is cancelled.",
        }),
        code_list!("BookingStatus", "Status of a booking.", domain::scheduling::BookingStatus {
            Booked => "The student has a seat.",
            Cancelled => "The booking was cancelled.",
            MovedOut => "The booking moved to another slot.",
            NoShow => "The student did not come.",
        }),
        code_list!("BookedBy", "Way in which a seat was booked.", domain::scheduling::BookedBy {
            Student => "By the student.",
            Teacher => "By the teacher.",
            Request => "By the acceptance of a lesson request.",
            Waitlist => "By the acceptance of a seat that became free.",
            Class => "As a member of the class.",
        }),
        code_list!("ClassStatus", "Status of a class.", projections::scheduling::ClassStatus {
            Open => "Its lessons can be booked.",
            Closed => "The teacher closed it.",
        }),
        code_list!("ClassStatusFilter", "Selection of classes by status.", {
            "open" => "Open classes.",
            "closed" => "Closed classes.",
            "all" => "Classes of any status.",
        }),
        code_list!("SeriesStatus", "Status of a series.", {
            "active" => "Slots follow from today onwards.",
            "ended" => "No slot follows from today onwards.",
        }),
        code_list!("SeriesConflictCause", "Cause of a conflict of an occurrence.", {
            "lesson" => "The teacher or a member of the class has another lesson then.",
            "series" => "The previous occurrence has not ended yet.",
        }),
        code_list!("LessonRequestStatus", "Status of a lesson request.", {
            "open" => "Teachers may accept it.",
            "accepted" => "A teacher accepted it.",
            "cancelled" => "The student took it back.",
            "expired" => "No teacher accepted it in time.",
        }),
        code_list!("WaitlistStatus", "Status of a waitlist entry.", {
            "waiting" => "The student waits for a seat.",
            "offered" => "A free seat is offered.",
            "accepted" => "The student took the seat.",
            "declined" => "The student declined the seat.",
            "expired" => "The offer ended without an answer, or the lesson began.",
            "left" => "The student left the waitlist.",
        }),
        code_list!("WaitlistFilter", "Selection of waitlist entries.", {
            "waiting" => "Present entries, with or without an offer.",
            "all" => "Ended entries as well.",
        }),
        code_list!("UnseatedCause", "Reason why a class member has no seat.", {
            "slot_taken" => "All seats are taken.",
            "time_conflict" => "The student has another lesson then.",
            "account_suspended" => "The student's account is suspended.",
            "not_yet" => "The seat will be booked soon.",
        }),
        code_list!("AttendeeRole", "Role of a person in a lesson room.", domain::video::ParticipantRole {
            Teacher => "The teacher of the lesson.",
            Student => "A student of the lesson.",
            Observer => "A member of staff who sees and hears, and is seen by all.",
        }),
        code_list!("StayEnd", "Cause of the end of a stay.", domain::video::LeaveCause {
            Left => "The person left.",
            Lost => "The connection was lost and not resumed in time.",
            Removed => "The teacher removed the person.",
            ToLobby => "The teacher sent the person to the lobby.",
            Replaced => "A newer connection of the person took over.",
            Ended => "The teacher ended the lesson room.",
            Drained => "The node was stopped and people moved to another one.",
            NodeLost => "The node died; the stay ended at its last sign of life.",
            RoomClosed => "The lesson room closed without another end of the stay.",
        }),
        code_list!("MatchingRule", "Rule of the search for teachers.", {
            "another_person" => "The teacher is not the student.",
            "active" => "The teacher's account is active.",
            "takes_requests" => "The teacher accepts lesson requests.",
            "subject" => "The teacher teaches the subject.",
            "grade" => "The teacher teaches the grade.",
            "goals" => "The teacher serves a goal.",
            "format" => "The teacher teaches in the format.",
            "city" => "The teacher meets people in the city.",
            "duration" => "The teacher gives lessons of the duration.",
            "experience" => "The teacher has the experience.",
            "price" => "The lesson costs at most the maximum price.",
            "free_time" => "The teacher has no other lesson then.",
            "enough_others" => "The teacher matches, and is asked in a later wave.",
        }),
        code_list!("LessonRequestSelection", "Selection of lesson requests.", {
            "me" => "Open requests that were offered to the caller and that the caller has not declined.",
        }),
    ]
}
