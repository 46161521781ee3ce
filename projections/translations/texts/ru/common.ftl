### Тексты, общие для всех разделов

# Имя человека, который удалил свои данные.
# $code: шесть знаков, по которым таких людей различают
deleted_user = Удалённый пользователь { $code }

# Местное время: формат strftime.
local_time = %d.%m.%Y %H:%M

## Роли

role-student = ученик
role-teacher = преподаватель
role-support = поддержка
role-analyst = аналитик
role-admin = администратор
role-auditor = аудитор
role-unknown = неизвестная
