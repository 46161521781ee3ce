//! Texts of refusals about lesson requests.

use super::{Text, text};

pub(super) const PROBLEMS: &[Text] = &[
    text(
        "request_not_found",
        ("No such request", "There is no such request, or you were not asked for it."),
        ("Заявки нет", "Такой заявки нет, или она обращена не к вам."),
    ),
    text(
        "request_already_made",
        ("Already requested", "This request is there already."),
        ("Уже запрошено", "Такая заявка уже есть."),
    ),
    text(
        "request_too_late",
        ("Too late to ask", "A lesson can be requested only when it begins in more than five hours."),
        ("Слишком поздно", "Урок можно запросить не позже чем за пять часов до начала."),
    ),
    text(
        "too_many_requests_open",
        ("Too many open requests", "Take one of your open requests back, or wait until it is answered."),
        ("Слишком много заявок", "Отзовите одну из открытых заявок или дождитесь ответа на неё."),
    ),
    text(
        "request_overlaps",
        ("Already asked for that time", "Another of your open requests is for that time."),
        ("Время уже запрошено", "На это время у вас уже есть открытая заявка."),
    ),
    text(
        "request_taken",
        ("Already taken", "A teacher has accepted this request."),
        ("Заявка уже занята", "Эту заявку уже принял преподаватель."),
    ),
    text(
        "request_expired",
        ("Request expired", "Nobody accepted until five hours before the lesson."),
        ("Срок заявки истёк", "За пять часов до урока заявку никто не принял."),
    ),
    text(
        "request_cancelled",
        ("Request taken back", "The student does not want this lesson any more."),
        ("Заявка отозвана", "Ученику этот урок больше не нужен."),
    ),
    text(
        "request_declined",
        ("Already declined", "You have declined this request."),
        ("Вы отказались", "Вы уже отказались от этой заявки."),
    ),
    text(
        "price_above_maximum",
        ("Too expensive", "The price is above what the student would pay."),
        ("Цена слишком высока", "Цена выше той, на которую согласен ученик."),
    ),
];
