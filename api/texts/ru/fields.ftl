### Неверные поля запроса. Идентификатор — код поля; предложение продолжает имя поля.

empty = не может быть пустым
required = обязательное поле
# $max: наибольшее число символов, или none
too_long = { $max ->
    [none] слишком длинное значение
    [one] длиннее { $max } символа
   *[other] длиннее { $max } символов
}
# $min: наименьшее число символов, или none
too_short = { $min ->
    [none] слишком короткое значение
    [one] короче { $min } символа
   *[other] короче { $min } символов
}
forbidden_character = содержит недопустимый символ
malformed = имеет неверный вид
reserved = может носить только сотрудник
staff_only = задаёт только сотрудник
# $allowed: известные значения, или none
unknown_value = { $allowed ->
    [none] нет в списке известных значений
   *[other] можно только: { $allowed }
}
# $min, $max: наименьшее и наибольшее число, или none
out_of_range = { $max ->
    [none] вне допустимых пределов
   *[other] не от { $min } до { $max }
}
wrong_type = имеет неверный тип
unknown_field = такого поля у запроса нет
unknown_parameter = такого параметра у запроса нет
repeated = указано больше одного раза
not_for_role = не для вашей роли
role_not_self_service = выдаётся только администратором
# $cause: почему; $advice: что поможет
guessable_password = легко угадать: { $cause ->
    [keys] это ряд клавиш
    [repeats] в нём повторы
    [common] такой у многих
    [similar] похож на пароль, который у многих
    [sequence] в нём последовательность вроде abc или 6543
    [dates] в нём дата или год
    [word] это одно слово
    [names] это имя
   *[other] программа подберёт его среди первых
}. { $advice ->
    [no_tricks] Заглавные буквы и замены символов почти не помогают; добавьте одно-два слова.
    [no_patterns] Не повторяйте символы, последовательности и ряды клавиш.
    [no_dates] Обойдитесь без дат и годов.
   *[other] Добавьте одно-два слова, лучше редких.
}
password_is_own_name = совпадает с вашим именем или адресом
# $max: наибольшее число значений, или none
too_many = { $max ->
    [none] слишком много значений
    [one] больше { $max } значения
   *[other] больше { $max } значений
}
not_own = принадлежит другому человеку
set_and_cleared = одновременно задано и очищено
staff_account = у сотрудника; это может только администратор
in_past = в прошлом
no_occurrence = не задаёт ни одной даты
before_from = раньше даты изменения
rule_part_malformed = содержит часть { $part }, которую нельзя прочитать
rule_part_unsupported = содержит { $part }: для уроков это не поддерживается
# $part: часть правила; $min, $max: наименьшее и наибольшее число в ней
rule_part_out_of_range = содержит в { $part } число не от { $min } до { $max } или ноль
# $other: другая часть
rule_part_not_beside = содержит { $part }: по RFC 5545 это нельзя рядом с { $other }
rule_part_missing = требует { $part }
rule_part_repeated = содержит { $part } больше одного раза
rule_ends_before_start = кончается раньше, чем начинается
own_account = ваша собственная; её удаляют от своего имени, с паролем
title_missing = не может быть пустым
# $allowed: группировки отчёта, или none
grouping_not_taken = { $allowed ->
    [none] так этот отчёт не группируется
   *[other] так этот отчёт не группируется; можно: { $allowed }
}
# $allowed: шаги отчёта, или none
interval_not_taken = { $allowed ->
    [none] этот отчёт не строится с таким шагом
   *[other] этот отчёт не строится с таким шагом; можно: { $allowed }
}
empty_range = не раньше конца периода
range_too_long = больше чем за пять лет до конца периода
too_many_points = даёт больше 1100 точек
unknown_definition = у этого отчёта нет такого определения
unknown_series = в этом отчёте нет такого ряда
unknown = нет в списке известных значений
unknown_currency = нет такой валюты
duplicate = указано больше одного раза
too_far = слишком далеко
unchanged = и так уже такое
unknown_attachment = это не ваш файл, который можно отправить
bad_participants = это вы сами
no_change = не называет поля, которое меняется
set_with_starts_at = указывается только без starts_at
not_both = указывается только без другого
same_time = совпадает с началом
same_as_time_from = совпадает с time_from
before_available_from = не позже available_from
beyond_the_log = такой позиции в журнале ещё нет

# Код без своего текста.
fallback = недопустимое значение
