//! Labels of the series.

use domain::accounts::Locale;

/// Returns the label of a series. The label of a week is its first day.
pub(super) fn label(key: &str, locale: Locale) -> String {
    let Some((_, ru, en)) = LABELS.iter().find(|(known, _, _)| *known == key) else { return key.to_owned() };
    match locale {
        Locale::Ru => *ru,
        Locale::En => *en,
    }
    .to_owned()
}

const LABELS: &[(&str, &str, &str)] = &[
    ("total", "Всего", "Total"),
    ("other", "Прочие", "Other"),
    ("student", "Ученики", "Students"),
    ("teacher", "Преподаватели", "Teachers"),
    ("staff", "Сотрудники", "Staff"),
    ("support", "Поддержка", "Support"),
    ("analyst", "Аналитики", "Analysts"),
    ("admin", "Администраторы", "Admins"),
    ("auditor", "Аудиторы", "Auditors"),
    ("system", "Система", "System"),
    ("regular", "Обычные", "Regular"),
    ("trial", "Пробные", "Trial"),
    ("request", "По заявке", "By request"),
    ("waitlist", "Из листа ожидания", "From the waitlist"),
    ("class", "Группы", "Classes"),
    ("online", "Онлайн", "Online"),
    ("offline", "Очно", "Offline"),
    ("mini_group", "Мини-группы", "Mini-groups"),
    ("in_time", "Заранее", "In time"),
    ("late", "Поздно", "Late"),
    ("offered", "Предложено", "Offered"),
    ("booked", "Забронировано", "Booked"),
    ("utilisation", "Загрузка", "Utilisation"),
    ("held", "Проведено", "Held"),
    ("registered", "Регистрация", "Registered"),
    ("profile_filled", "Профиль заполнен", "Profile filled"),
    ("first_booking", "Первая запись", "First booking"),
    ("first_lesson_held", "Первый урок", "First lesson held"),
    ("second_booking", "Вторая запись", "Second booking"),
    ("accepted", "Приняты", "Accepted"),
    ("expired", "Истекли", "Expired"),
    ("cancelled", "Отменены", "Cancelled"),
    ("open", "Открыты", "Open"),
    ("conversion", "Конверсия", "Conversion"),
    ("waitlist_total", "Лист ожидания: всего", "Waitlist: total"),
    ("waitlist_booked", "Лист ожидания: записаны", "Waitlist: booked"),
    ("waitlist_conversion", "Лист ожидания: конверсия", "Waitlist: conversion"),
    ("low", "Низкий", "Low"),
    ("medium", "Средний", "Medium"),
    ("high", "Высокий", "High"),
    ("urgent", "Срочный", "Urgent"),
    ("in_progress", "В работе", "In progress"),
    ("waiting", "Ожидают ответа", "Waiting"),
    ("resolved", "Решены", "Resolved"),
    ("closed", "Закрыты", "Closed"),
    ("median", "Медиана", "Median"),
    ("p90", "90-й процентиль", "90th percentile"),
    ("median_elapsed", "Медиана, календарное время", "Median, elapsed time"),
    ("p90_elapsed", "90-й процентиль, календарное время", "90th percentile, elapsed time"),
    ("first_response", "Первый ответ в срок", "First response in time"),
    ("resolution", "Решение в срок", "Resolution in time"),
    ("average", "Средняя оценка", "Average rating"),
    ("direct", "Личные", "Direct"),
    ("lesson", "Уроки", "Lessons"),
];
