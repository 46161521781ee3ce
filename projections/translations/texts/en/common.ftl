### Texts that all contexts use

# Name of a person who has erased their data.
# $code: six characters that tell such people apart
deleted_user = Deleted user { $code }

# Local time: a format of strftime.
local_time = %-d %b %Y, %H:%M

## Roles

role-student = student
role-teacher = teacher
role-support = support
role-analyst = analyst
role-admin = admin
role-auditor = auditor
role-unknown = unknown
