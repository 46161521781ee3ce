-- A notification of another place holds the place, a text of the teacher. The erasure of a teacher finds these rows
-- by this index and removes the text.
create index notifications_place on app.notifications ((data #>> '{place,$personal,subject}'))
  where kind = 'lesson_place_changed';
