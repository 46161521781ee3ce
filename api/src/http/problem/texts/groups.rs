//! Texts of refusals about waitlists and classes.

use super::{Text, text};

pub(super) const PROBLEMS: &[Text] = &[
    text(
        "waitlist_closed",
        (
            "The line is closed",
            "The lesson begins too soon for anybody to be offered a seat; a free one can be booked at once.",
        ),
        (
            "Очередь закрыта",
            "До урока осталось слишком мало времени, чтобы предложить место; свободное можно забронировать сразу.",
        ),
    ),
    text(
        "seat_already_offered",
        ("A seat is offered already", "Another seat is offered to this place in the line."),
        ("Место уже предложено", "Этому месту в очереди уже предложено другое место."),
    ),
    text(
        "no_seat_offered",
        ("No seat is offered", "No seat is offered to you now: wait until it is your turn."),
        ("Место не предложено", "Сейчас вам не предложено место: дождитесь своей очереди."),
    ),
    text(
        "offer_expired",
        ("The offer has expired", "The time to answer is over; the seat has gone to the next in line."),
        ("Предложение истекло", "Время ответа вышло; место перешло к следующему в очереди."),
    ),
    text(
        "waitlist_left",
        ("Not in line any more", "You do not stand in this line any more."),
        ("Уже не в очереди", "Вы больше не стоите в этой очереди."),
    ),
    text(
        "class_not_found",
        ("No such class", "There is no such class, or it is not for you."),
        ("Нет такого класса", "Такого класса нет, или он не для вас."),
    ),
    text(
        "class_already_created",
        ("The class is there already", "This class has been created already."),
        ("Класс уже создан", "Этот класс уже создан."),
    ),
    text(
        "class_closed",
        ("The class is closed", "A closed class changes no more."),
        ("Класс закрыт", "Закрытый класс больше не меняется."),
    ),
    text(
        "class_full",
        ("The class is full", "There is no place left in the class: raise its capacity first."),
        ("Класс заполнен", "В классе нет мест: сначала увеличьте его вместимость."),
    ),
    text(
        "class_too_small",
        ("Too few places", "More students than that are in the class."),
        ("Слишком мало мест", "Учеников в классе больше."),
    ),
    text(
        "not_a_member",
        ("Not in the class", "The student is not in this class."),
        ("Не в классе", "Этого ученика нет в классе."),
    ),
    text(
        "own_class",
        ("One's own class", "A teacher is no student of their own class."),
        ("Собственный класс", "Преподаватель не может быть учеником своего класса."),
    ),
];
