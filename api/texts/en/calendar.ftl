### Calendar of lessons (iCalendar)

name = Kafedra: lessons

# $subject: the subject; $people: names
lesson_with = { $subject }: { $people }

# $type: lesson type; $format: format, in lower case
description = { $type }, { $format }

type-regular = Lesson
type-trial = Trial lesson
format-online = online
format-offline = in person
format-mini_group = small group
