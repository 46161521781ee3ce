//! Texts of refusals about slots, bookings and lessons.

use super::{Text, text};

pub(super) const PROBLEMS: &[Text] = &[
    text(
        "not_your_student",
        ("Not your student", "You give seats to students who have, or had, a lesson with you."),
        ("Не ваш ученик", "Записать можно ученика, у которого с вами есть или был урок."),
    ),
    text(
        "slot_not_found",
        ("No such time", "There is no such slot or lesson, or not for you."),
        ("Нет такого времени", "Такого времени или урока нет, или оно не для вас."),
    ),
    text(
        "booking_not_found",
        ("No such booking", "There is no such booking, or nobody is booked."),
        ("Нет такой записи", "Такой записи нет, или никто не записан."),
    ),
    text(
        "hold_not_found",
        ("No such hold", "No seat is kept under this id; it may have ended."),
        ("Место не удерживается", "Места с таким id нет; возможно, удержание истекло."),
    ),
    text(
        "waitlist_entry_not_found",
        ("Not in the line", "There is no such place in the line."),
        ("Нет в очереди", "Такого места в очереди нет."),
    ),
    text(
        "proposal_not_found",
        ("No open proposal", "There is nothing that could be accepted or declined."),
        ("Нет предложения", "Принимать или отклонять нечего."),
    ),
    text(
        "slot_already_opened",
        ("Already offered", "This slot is there already."),
        ("Уже предложено", "Это время уже предложено."),
    ),
    text(
        "slot_in_past",
        ("The time is past", "The lesson has begun, or its time is over."),
        ("Время прошло", "Урок уже начался, или его время прошло."),
    ),
    text(
        "slot_closed",
        ("Not open", "The slot is not open any more; reasons say what became of it."),
        ("Уже закрыто", "Это время уже не открыто; что с ним стало — в reasons."),
    ),
    text(
        "slot_taken",
        ("No seat is free", "Somebody was faster, or the free seats belong to those who wait."),
        ("Мест нет", "Кто-то успел раньше, или свободные места ждут очередь."),
    ),
    text(
        "already_booked",
        ("Booked already", "The student has a seat in this lesson."),
        ("Уже записан", "Ученик уже записан на этот урок."),
    ),
    text(
        "already_held",
        ("Kept already", "You keep a seat in this slot already."),
        ("Уже удерживается", "Вы уже удерживаете место на это время."),
    ),
    text(
        "own_slot",
        ("Your own slot", "A teacher does not book their own slot."),
        ("Ваше собственное время", "Преподаватель не записывается к самому себе."),
    ),
    text(
        "slot_booked",
        (
            "Somebody is booked",
            "A booked slot keeps its time and is not withdrawn: cancel or reschedule the lesson.",
        ),
        ("Уже есть запись", "Время с записью не меняют и не снимают: отмените или перенесите урок."),
    ),
    text(
        "seats_taken",
        ("Seats are taken", "There can not be fewer seats than are taken."),
        ("Места заняты", "Мест не может быть меньше, чем занято."),
    ),
    text(
        "hold_expired",
        ("No longer kept", "The seat was kept for a while, and that time is over."),
        ("Удержание истекло", "Место удерживалось, но это время вышло."),
    ),
    text("too_early", ("Too early", "It is not its time yet."), ("Ещё рано", "Для этого ещё не время.")),
    text(
        "lesson_over",
        ("The lesson is over", "The time of the lesson has passed."),
        ("Урок окончен", "Время урока прошло."),
    ),
    text(
        "lesson_not_held",
        ("Not held", "The lesson has not been held."),
        ("Урок не состоялся", "Урок не был проведён."),
    ),
    text(
        "lesson_already_completed",
        ("Completed already", "A lesson is completed once."),
        ("Уже завершён", "Урок завершают один раз."),
    ),
    text(
        "already_proposed",
        ("A proposal is open", "Answer the open proposal first, or wait until it expires."),
        ("Есть предложение", "Сначала ответьте на открытое предложение или дождитесь его срока."),
    ),
    text(
        "own_proposal",
        ("Your own proposal", "The other side answers a proposal."),
        ("Ваше предложение", "На предложение отвечает другая сторона."),
    ),
    text(
        "proposal_expired",
        ("Too late for that", "The proposal has expired, or there is no time left to answer it."),
        ("Срок вышел", "Срок предложения истёк, или на ответ уже нет времени."),
    ),
    text(
        "not_alone",
        ("You are not alone", "In a lesson of several students only the teacher proposes another time."),
        ("Вы не один", "На уроке с несколькими учениками перенос предлагает преподаватель."),
    ),
    text(
        "late_move",
        (
            "Too late to move",
            "So short before the lesson a booking can not be moved; reasons name the hours.",
        ),
        ("Поздно переносить", "Так незадолго до урока запись не переносят; сколько часов — в reasons."),
    ),
    text(
        "another_teacher",
        ("Another teacher", "A booking moves only to another slot of the same teacher."),
        ("Другой преподаватель", "Запись переносят только на другое время того же преподавателя."),
    ),
    text(
        "not_attended",
        ("Not attended", "Who was not there does not review the lesson."),
        ("Вас не было", "Отзыв оставляет тот, кто был на уроке."),
    ),
    text(
        "already_reviewed",
        ("Reviewed already", "A lesson is reviewed once."),
        ("Отзыв уже есть", "Отзыв об уроке оставляют один раз."),
    ),
    text(
        "seat_free",
        ("A seat is free", "There is no need to wait: book it."),
        ("Есть место", "Ждать не нужно: можно записаться."),
    ),
    text(
        "already_waiting",
        ("You stand in line", "A seat will be offered to you when your turn comes."),
        ("Вы в очереди", "Место предложат, когда подойдёт ваша очередь."),
    ),
    text(
        "line_moved",
        ("The line has moved", "Your place would be another by now: ask again."),
        ("Очередь сдвинулась", "Ваше место было бы уже другим: повторите."),
    ),
    text(
        "not_first_in_line",
        ("Not the first in line", "Somebody else is the first in line."),
        ("Не первый в очереди", "Первый в очереди кто-то другой."),
    ),
    text(
        "time_conflict",
        ("Somebody is elsewhere", "The teacher or a student has another lesson at that time."),
        ("Время занято", "У преподавателя или ученика в это время другой урок."),
    ),
];
