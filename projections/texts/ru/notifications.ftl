### Уведомления. Идентификатор — вид уведомления, после дефиса — его случай.
### .title — заголовок и тема письма, .body — текст.
###
### $reader: кто читает: teacher (преподаватель урока), student (ученик урока) или other
### $subject: предмет; $starts_at: начало урока, местное время с поясом
### $teacher, $student: имена

## Уроки

# Предмет, время и преподаватель. Сам преподаватель себя не читает.
lesson = { $subject }, { $starts_at }{ $reader ->
        [teacher] { "" }
       *[other] ; преподаватель: { $teacher }
    }

# Для преподавателя.
lesson_booked =
    .title = К вам записались на урок
    .body = { lesson }; ученик: { $student }

# Для ученика; после дефиса — кто или что записало его.
lesson_booked-student =
    .title = Вы записаны на урок
    .body = { lesson }
lesson_booked-teacher =
    .title = Преподаватель записал вас на урок
    .body = { lesson }
lesson_booked-request =
    .title = Урок по вашей заявке
    .body = { lesson }
lesson_booked-waitlist =
    .title = Вы записаны на урок из листа ожидания
    .body = { lesson }
lesson_booked-class =
    .title = Урок вашей группы
    .body = { lesson }

# $by: кто отменил: student, teacher или system
lesson_cancelled =
    .title = Урок отменён
    .body = { lesson }; { $by ->
        [student] отменил ученик
        [teacher] отменил преподаватель
       *[system] отменено школой
    }{ $reader ->
        [student] { "" }
       *[other] : { $student }
    }

# $from: прежнее начало; $has_student: yes, если перенесена запись одного ученика, и читает не он
lesson_moved =
    .title = Урок перенесён
    .body = был: { $from }; теперь: { lesson }{ $has_student ->
        [yes] ; ученик: { $student }
       *[no] { "" }
    }

# $place, $former_place: места; $has_place, $has_former_place: no, если места не было или данные преподавателя стёрты
lesson_place_changed =
    .title = Урок в другом месте
    .body = { lesson }{ $has_place ->
        [yes] ; теперь: { $place }
       *[no] { "" }
    }{ $has_former_place ->
        [yes] ; было: { $former_place }
       *[no] { "" }
    }

lesson_reminder-day =
    .title = Урок через сутки
    .body = { lesson }
lesson_reminder-hour =
    .title = Урок через час
    .body = { lesson }

# $to: предложенное начало; $by: кто предложил или отклонил; $has_author: yes или no
reschedule-proposed =
    .title = Предложено другое время урока
    .body = { lesson } → { $to }{ $has_author ->
        [yes] ; предлагает: { $by }
       *[no] { "" }
    }
reschedule-declined =
    .title = Перенос урока отклонён
    .body = { lesson } → { $to }{ $has_author ->
        [yes] ; отклонил(а): { $by }
       *[no] { "" }
    }
reschedule-expired =
    .title = На перенос урока не ответили
    .body = { lesson } → { $to }

# $rating: от 1 до 5
review =
    .title = Отзыв об уроке: { $rating } из 5
    .body = { lesson }; ученик: { $student }

# Для преподавателя.
no_show_proposed =
    .title = Ученик не был на видеоуроке
    .body = { lesson }; ученик: { $student }. Отметьте неявку, если урока с ним не было.

# $expires_at: местное время с поясом
waitlist_offer =
    .title = Для вас есть место
    .body = { lesson }; место ждёт до { $expires_at }

## Заявки на урок

request = { $subject }, { $starts_at }

request_offered =
    .title = Ученик ищет преподавателя
    .body = { request }; ученик: { $student }; принять можно до { $expires_at }

# $offered: скольких преподавателей спросили
request_matched =
    .title = { $offered ->
        [0] Подходящих преподавателей пока нет
       *[other] Заявка отправлена преподавателям
    }
    .body = { request }{ $offered ->
        [0] { "" }
       *[other] ; преподавателей спрошено: { $offered }
    }

request_declined =
    .title = Преподаватель отказался от заявки
    .body = { request }; преподаватель: { $teacher }
request_accepted =
    .title = Ваша заявка принята
    .body = { request }; преподаватель: { $teacher }
request_expired =
    .title = Заявку никто не принял
    .body = { request }

## Сообщения и обращения

message =
    .title = Новое сообщение
    .body = От кого: { $by }

# $has_author: yes, если известно, кто отвечает
ticket_reply =
    .title = Ответ на обращение
    .body = { $has_author ->
        [yes] Отвечает: { $by }
       *[no] Откройте обращение, чтобы прочитать
    }

# $status: название состояния
ticket_status =
    .title = Статус обращения изменён
    .body = Теперь: { $status }

# Состояния обращения, для того, кто обратился.
ticket_status-open = открыто
ticket_status-in_progress = в работе
ticket_status-waiting = ждёт вашего ответа
ticket_status-resolved = решено
ticket_status-closed = закрыто

## Внешняя CRM, для администраторов

# $record: user или ticket; $person: чья запись
crm_record = { $record ->
        [ticket] Обращение пользователя: { $person }
       *[user] Пользователь: { $person }
    }
crm_sync-abandoned =
    .title = Передача в CRM прекращена
    .body = { crm_record }
crm_sync-drift =
    .title = Расхождение с CRM
    .body = { crm_record }

## Безопасность

security-signed_in =
    .title = Вход с нового устройства
    .body = Если это были не вы, смените пароль и завершите сеанс.
security-password_changed =
    .title = Пароль изменён
    .body = Если это были не вы, напишите в поддержку.
security-email_changed =
    .title = Адрес почты изменён
    .body = Если это были не вы, напишите в поддержку.

# $role: название роли
security-role_granted =
    .title = Вам назначена роль
    .body = Роль: { $role }
