### Лента событий человека. Идентификатор — вид события.
### Значение переменной — код или none, если его нет; yes или no; число; название.

## Общие части

# $reason: причина, если $has_reason — yes
because = { $has_reason ->
        [yes] . Причина: { $reason }
       *[no] { "" }
    }
# Предмет, время и другой участник урока, и причина
about = { about_subject }{ about_time }{ about_person }{ because }
about_subject = { $subject ->
        [none] { "" }
       *[other] : { $subject }
    }
# $starts_at, $new_time: местное время или none; $zone: часовой пояс
about_time = { $starts_at ->
        [none] { "" }
       *[other] , { $starts_at }{ about_new_time } ({ $zone })
    }
about_new_time = { $new_time ->
        [none] { "" }
       *[other] {" "}→ { $new_time }
    }
# $person: имя другого участника; $part: чья это лента: teacher или student
about_person = { $has_person ->
        [no] { "" }
       *[yes] ; { about_role }: { $person }
    }
about_role = { $part ->
        [teacher] ученик
       *[other] преподаватель
    }
# Что передаётся во внешнюю CRM
crm_record = { $what ->
        [ticket] обращение
       *[other] пользователь
    }
# $crm_cause: причина; $status: код HTTP или none
crm_failure = ({ $crm_cause }{ crm_status })
crm_status = { $status ->
        [none] { "" }
       *[other] , HTTP { $status }
    }
# Имя другого: сотрудника для заявителя, заявителя для сотрудника
agent_or_requester = { $has_person ->
        [no] { "" }
       *[yes] {" "}({ requester_mark }{ $person })
    }
requester_mark = { $part ->
        [agent] заявитель:{" "}
       *[other] { "" }
    }

## Учётные записи

AccountRegistered = Регистрация: { $role }
EmailVerified = Адрес почты подтверждён
LinkRequested = Запрошена ссылка по почте: { $purpose ->
    [password_recovery] новый пароль
    [invitation] первый пароль
   *[email_verification] подтверждение адреса
}
DataCorrected = Данные исправлены сотрудником{ because }
ContactsRevealed = Контакты показаны сотруднику{ because }
EmailChanged = Адрес почты изменён
PhoneChanged = { $removed ->
        [yes] Телефон удалён
       *[other] Телефон изменён
    }
PasswordChanged = Пароль изменён
# $profile_fields, $profile_cleared: названия полей или none
ProfileUpdated = { $profile_fields ->
        [none] очищено: { $profile_cleared }
       *[other] Профиль изменён: { $profile_fields }{ profile_emptied }
    }
profile_emptied = { $profile_cleared ->
        [none] { "" }
       *[other] ; очищено: { $profile_cleared }
    }
AvatarChanged = Фотография изменена
RoleGranted = Назначена роль: { $role }{ because }
RoleRevoked = Снята роль: { $role }{ because }
AccountSuspended = Доступ приостановлен{ because }
AccountReinstated = Доступ восстановлен{ because }
AccountErased = Данные пользователя удалены
SignedIn = Вход
SignedOut = Выход
SessionRevoked = Сеанс завершён
SignInFailed = Неудачная попытка входа

## Внешняя CRM

CrmSyncRequested = Запрошена передача в CRM: { crm_record }
CrmUserLinked = Пользователь передан в CRM
CrmTicketLinked = Обращение передано в CRM
CrmDeliveryFailed = Не удалось передать в CRM: { crm_record } { crm_failure }, попытка { $attempt }
CrmDeliveryAbandoned = Передача в CRM прекращена: { crm_record } { crm_failure }, попытка { $attempt }
CrmDriftFound = Расхождение с CRM: { crm_record } ({ $drift })
CrmDriftHealed = Исправлено расхождение с CRM: { crm_record } ({ $drift })

## Уроки

SlotOpened = Предложено время для урока{ about }
SlotChanged = Условия урока изменены ({ $lesson_fields }){ about }
SlotWithdrawn = Время для урока снято{ about }
SeatHeld = { $offered ->
        [yes] Место предложено из листа ожидания
       *[other] Место придержано
    }{ about }
HoldReleased = { $cause ->
        [expired] Придержанное место освободилось по сроку
       *[other] Придержанное место отпущено
    }{ about }
SeatBooked = { $part ->
        [teacher] Ученик записан на урок
       *[other] Запись на урок
    }{ booked_how }{ about }
booked_how = { $booked_by ->
        [teacher] {" "}преподавателем
        [request] {" "}по заявке
        [waitlist] {" "}из листа ожидания
        [class] {" "}вместе с группой
       *[other] { "" }
    }
if_late = { $late ->
        [yes] , поздно
       *[other] { "" }
    }
if_charged = { $charged ->
        [yes] , с удержанием
       *[other] { "" }
    }
BookingCancelled = Запись отменена ({ $party }{ if_late }){ if_charged }{ about }
LessonCancelled = Урок отменён ({ $party }){ about }
RescheduleProposed = Предложен перенос урока ({ $party }){ about }
RescheduleAccepted = Согласие на перенос урока ({ $party }){ about }
RescheduleDeclined = Перенос урока отклонён ({ $party }){ about }
RescheduleExpired = Предложение о переносе больше не действует{ about }
LessonMoved = Урок перенесён{ about }
BookingMovedOut = Запись ушла на другой урок{ about }
BookingMovedIn = Запись пришла с другого урока{ about }
LessonStarted = Урок начат{ about }
LessonCompleted = Урок проведён{ about }
NoShowRecorded = { $absent ->
        [teacher] Преподаватель не пришёл на урок
       *[other] Ученик не пришёл на урок
    }{ about }
LessonReported = Отчёт об уроке написан{ about }
LessonReviewed = Отзыв об уроке: { $rating } из 5{ about }
ReminderSent = { $lead ->
        [day] Напоминание за сутки до урока
       *[other] Напоминание за час до урока
    }{ about }

## Листы ожидания

WaitlistEntered = Ученик в листе ожидания{ about }
WaitlistRemoved = Ученик больше не в листе ожидания{ about }
WaitlistJoined = В листе ожидания, номер { $place }{ about }
SeatOffered = Предложено место из листа ожидания{ about }
OfferAccepted = Предложенное место принято{ about }
OfferDeclined = Предложенное место отклонено{ about }
OfferExpired = Предложенное место не принято вовремя{ about }
WaitlistLeft = { $closed ->
        [yes] Лист ожидания закрыт
       *[other] Выход из листа ожидания
    }{ about }

## Заявки на урок

LessonRequested = Заявка на урок{ about }
RequestMatched = Подбор преподавателей по заявке: { $offered } из { $considered }{ about }
RequestOffered = Заявка предложена преподавателю{ about }
RequestDeclined = Преподаватель отклонил заявку{ about }
RequestAccepted = { $lost ->
        [yes] Заявку принял другой преподаватель
       *[other] Заявка принята
    }{ about }
RequestCancelled = Заявка отменена{ about }
RequestExpired = Срок заявки истёк{ about }

## Группы и серии

ClassCreated = Группа создана{ about }
ClassRenamed = Группа переименована{ about }
ClassChanged = Группа изменена{ about }
StudentAdded = Ученик принят в группу{ about }
StudentRemoved = Ученик исключён из группы{ about }
ClassClosed = Группа закрыта{ about }
SeriesDefined = Задано расписание{ about }
SeriesChanged = Расписание изменено с { $date }{ about }
SeriesExceptionAdded = Исключение в расписании: { $date }{ about }
SeriesEnded = Расписание окончено с { $date }{ about }
SeriesExtended = Время открыто по расписанию до { $date }: открыто { $opened }, пропущено { $skipped }{ about }

## Беседы

ConversationStarted = { $kind ->
        [class] Начата беседа группы
        [lesson] Начата беседа урока
       *[other] Начата беседа
    }
# Также вход в видеокомнату: там у человека есть роль.
ParticipantJoined = { $lesson_room_role ->
        [none] Вступление в беседу
        [observer] Вход на видеоурок наблюдателем
       *[other] Вход на видеоурок
    }
# Также выход из видеокомнаты: у него всегда есть причина.
ParticipantLeft = { $cause ->
        [none] Выход из беседы
       *[other] Выход с видеоурока, пробыл { $stay_minutes } мин { $stay_seconds } с{ stay_end }
    }
MessageSent = { $attachments ->
        [0] Отправлено сообщение
       *[other] Отправлено сообщение, вложений: { $attachments }
    }
MessageEdited = Сообщение изменено
MessageDeleted = Сообщение удалено
ConversationRead = Сообщения прочитаны
ConversationArchived = Беседа убрана в архив
ConversationUnarchived = Беседа возвращена из архива
ConversationCleared = Беседа очищена у себя
ConversationHidden = Беседа скрыта у себя
MessageReported = Жалоба на сообщение
ParticipantBlocked = Собеседник заблокирован
ParticipantUnblocked = Собеседник разблокирован

## Видеокомнаты

RoomOpened = Открыта видеокомната урока
RoomClosed = Закрыта видеокомната урока
ParticipantAdmitted = Вход в видеокомнату разрешён
# $cause: почему человек вышел
stay_end = { $cause ->
        [left] { "" }
        [removed] { "" }
        [to_lobby] { "" }
        [replaced] {" "}(переход на другое соединение)
        [drained] {" "}(переход на другое соединение)
        [ended] {" "}(урок завершён)
       *[other] {" "}(связь прервалась)
    }
ParticipantRemoved = { $banned ->
        [yes] Удалён с видеоурока без права вернуться
       *[other] Удалён с видеоурока
    }
RecordingConsented = { $agreed ->
        [yes] Согласие на запись урока
       *[other] Отказ от записи урока
    }
NoShowProposed = Ученика не было на видеоуроке

## Обращения

TicketOpened = Открыто обращение, приоритет: { $priority }
TicketAssigned = { $by ->
        [round_robin] Обращение назначено по очереди
       *[other] Обращение назначено
    }{ agent_or_requester }
TicketUnassigned = Назначение обращения снято{ agent_or_requester }
PriorityChanged = Приоритет обращения: { $priority_from } → { $priority_to }
CategoryChanged = Категория обращения изменена
TagsChanged = Метки обращения изменены
ReplyAdded = { $own ->
        [yes] Ответ заявителя в обращении
       *[other] Ответ поддержки в обращении{ agent_or_requester }
    }
InternalNoteAdded = Внутренняя заметка в обращении{ agent_or_requester }
StatusChanged = Состояние обращения: { $status_from } → { $status_to }
TicketReopened = { $cause ->
        [reply] Обращение снова открыто ответом заявителя
       *[other] Обращение снова открыто
    }
TicketMerged = Обращение объединено с другим
TicketUnmerged = Обращение отделено обратно
DuplicateReceived = К обращению присоединено повторное
DuplicateReturned = Повторное обращение отделено
FirstResponseBreached = Просрочен первый ответ на обращение
ResolutionBreached = Просрочено решение обращения
SatisfactionRated = Оценка работы поддержки: { $rating } из 5{ agent_or_requester }

## Уведомления

NotificationRaised = Уведомление: { $notification }{ $muted ->
        [yes] {" "}(отключено)
       *[other] { "" }
    }
NotificationDelivered = Уведомление доставлено { $channel_name }
NotificationDelayed = Доставка уведомления отложена: { $delay }
NotificationNotDelivered = Уведомление не доставлено { $channel_name }: { $non_delivery }
NotificationsRead = Уведомления прочитаны
NotificationDismissed = Уведомление удалено
PreferencesChanged = Уведомления { $channel_name } { $on ->
        [yes] включены
       *[other] отключены
    }: { $notification }
QuietHoursChanged = { $quiet_from ->
        [none] Тихие часы отменены
       *[other] Тихие часы: с { $quiet_from } до { $quiet_to }
    }

## Стороны урока

party-student = ученик
party-teacher = преподаватель
party-system = система

## Почему передача в CRM не удалась

crm_cause-timeout = нет ответа вовремя
crm_cause-connection = нет связи
crm_cause-refused = отказ
crm_cause-throttled = слишком много запросов
crm_cause-unavailable = сбой на стороне CRM
crm_cause-unreadable = ответ не читается
crm_cause-gone = запись там удалена
crm_cause-unknown = причина неизвестна

## Чем CRM отличалась

drift-missing = записи там не было
drift-duplicated = запись там была не одна
drift-differs = поля отличались
drift-unknown = как именно, неизвестно

## Каналы

channel-email = по почте
channel-in_app = в приложении

## Почему доставка отложена

delay-digest = собираются сообщения
delay-quiet_hours = тихие часы
delay-mail_server = почтовый сервер не принял

## Почему не доставлено

non_delivery-muted = отключено
non_delivery-quiet_hours = тихие часы
non_delivery-already_read = уже прочитано
non_delivery-unverified = адрес почты не подтверждён
non_delivery-too_late = слишком поздно
non_delivery-no_address = нет адреса
non_delivery-suspended = доступ приостановлен
non_delivery-failed = почтовый сервер отказал

## Виды уведомлений

notification-lesson_booked = запись на урок
notification-lesson_cancelled = отмена урока
notification-lesson_moved = перенос урока
notification-lesson_place_changed = другое место урока
notification-lesson_reminder = напоминание об уроке
notification-reschedule = предложение перенести урок
notification-review = отзыв об уроке
notification-no_show_proposed = вероятная неявка ученика
notification-request_offered = заявка ученика
notification-request_matched = подбор преподавателей
notification-request_declined = отказ от заявки
notification-request_accepted = заявка принята
notification-request_expired = заявка истекла
notification-waitlist_offer = место из листа ожидания
notification-message = новое сообщение
notification-ticket_reply = ответ на обращение
notification-ticket_status = статус обращения
notification-crm_sync = передача в CRM
notification-security = безопасность

## Приоритеты обращений

ticket_priority-low = низкий
ticket_priority-medium = средний
ticket_priority-high = высокий
ticket_priority-urgent = срочный

## Состояния обращений

ticket_status-open = открыто
ticket_status-in_progress = в работе
ticket_status-waiting = ждёт ответа заявителя
ticket_status-resolved = решено
ticket_status-closed = закрыто

## Условия урока

lesson_field-time = время
lesson_field-subject = предмет
lesson_field-lesson_type = вид урока
lesson_field-format = формат
lesson_field-price = цена
lesson_field-capacity = число мест
lesson_field-min_participants = наименьшее число участников
lesson_field-goals = цели
lesson_field-grades = классы
lesson_field-place = место

## Поля профиля

profile_field-name = имя
profile_field-nickname = псевдоним
profile_field-locale = язык
profile_field-time_zone = часовой пояс
profile_field-subjects = предметы
profile_field-goals = цели
profile_field-bio = о себе
profile_field-age = возраст
profile_field-city = город
profile_field-grades = классы
profile_field-experience = опыт
profile_field-durations = длительность уроков
profile_field-formats = форматы
profile_field-lesson_types = виды уроков
profile_field-hourly_rate = цена за час
profile_field-offline_available = очные уроки
profile_field-country = страна
profile_field-takes_requests = приём заявок
profile_field-teacher_type = тип преподавателя
profile_field-experience_years = стаж
profile_field-education = образование
profile_field-grade = класс
profile_field-school = школа
profile_field-parent_name = имя родителя
profile_field-parent_phone = телефон родителя
profile_field-interests = интересы
profile_field-learning_style = стиль обучения
profile_field-preferred_formats = желаемые форматы
profile_field-preferred_durations = желаемая длительность
