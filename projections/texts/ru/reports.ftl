### Отчёты: названия рядов. После дефиса — ключ ряда.

series-total = Всего
series-other = Прочие
series-student = Ученики
series-teacher = Преподаватели
series-staff = Сотрудники
series-support = Поддержка
series-analyst = Аналитики
series-admin = Администраторы
series-auditor = Аудиторы
series-system = Система
series-regular = Обычные
series-trial = Пробные
series-request = По заявке
series-waitlist = Из листа ожидания
series-class = Группы
series-online = Онлайн
series-offline = Очно
series-mini_group = Мини-группы
series-in_time = Заранее
series-late = Поздно
series-offered = Предложено
series-booked = Забронировано
series-utilisation = Загрузка
series-held = Проведено
series-registered = Регистрация
series-profile_filled = Профиль заполнен
series-first_booking = Первая запись
series-first_lesson_held = Первый урок
series-second_booking = Вторая запись
series-accepted = Приняты
series-expired = Истекли
series-cancelled = Отменены
series-open = Открыты
series-conversion = Конверсия
series-waitlist_total = Лист ожидания: всего
series-waitlist_booked = Лист ожидания: записаны
series-waitlist_conversion = Лист ожидания: конверсия
series-low = Низкий
series-medium = Средний
series-high = Высокий
series-urgent = Срочный
series-in_progress = В работе
series-waiting = Ожидают ответа
series-resolved = Решены
series-closed = Закрыты
series-median = Медиана
series-p90 = 90-й процентиль
series-median_elapsed = Медиана, календарное время
series-p90_elapsed = 90-й процентиль, календарное время
series-first_response = Первый ответ в срок
series-resolution = Решение в срок
series-average = Средняя оценка
series-direct = Личные
series-lesson = Уроки
series-price = Стоимость мест

# Группы измерения
series-none = Без значения
series-web = Веб-клиент
series-agent = Через агента

# Что считает отчёт
report-registrations = Зарегистрировавшиеся люди, по роли при регистрации.
report-active_users = Разные люди, которые что-то делали в системе, по типу.
report-bookings = Забронированные места, по времени брони.
report-lessons_held = Уроки, которые завершены и на которых были учитель и ученик, по времени завершения; с date_of=lesson по началу урока.
report-cancellations = Отменённые брони, по времени отмены.
report-no_shows = Отмеченные неявки учеников и учителей.
report-utilisation = Минуты предложенных и забронированных слотов, по началу слота. Слот с одним занятым местом считается целиком.
report-revenue = Стоимость забронированных мест по времени брони и посещённых мест по времени завершения, в одной валюте. С date_of=lesson — занятых сейчас и посещённых мест, по началу урока.
report-funnel = Ученики, зарегистрированные за период, и шаги, до которых они с тех пор дошли, без ограничения по времени.
report-retention = Доля зарегистрированных за неделю, кто был активен в каждую следующую неделю.
report-requests = Заявки на урок и места в очереди с их исходами; конверсия — доля среди решённых.
report-tickets = Открытые обращения, по нынешнему приоритету или статусу; приветственные — только с указанием канала.
report-ticket_categories = Открытые обращения по нынешней категории: двадцать самых больших и остальные; приветственные — только с указанием канала.
report-response_times = Медиана и девяностый процентиль времени до первого ответа, в рабочих часах и календарных.
report-resolution_times = Медиана и девяностый процентиль времени до решения, в рабочих часах и календарных.
report-sla = Доля обращений, на которые ответили и которые решили вовремя, по времени открытия.
report-csat = Оценки обращений их авторами и среднее.
report-messages = Отправленные сообщения, по виду беседы.
report-unresolved = Прошедшие уроки, которые не завершены и не отменены, по времени окончания, со стоимостью мест.
