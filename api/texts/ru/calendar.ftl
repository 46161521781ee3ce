### Календарь занятий (iCalendar)

name = Кафедра: занятия

# $subject: предмет; $people: имена
lesson_with = { $subject }: { $people }

# $type: вид урока; $format: формат, строчными буквами
description = { $type }, { $format }

type-regular = Занятие
type-trial = Пробное занятие
format-online = онлайн
format-offline = очно
format-mini_group = мини-группа
