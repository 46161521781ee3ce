### Refusals: lesson rooms. The id is the code.

stay_not_found =
    .title = Not in the lesson room
    .detail = The person did not join the lesson room by this connection.
video_closed =
    .title = The lesson room is closed
    .detail = A lesson room closes 30 minutes after the end of its lesson.
no_video =
    .title = No lesson room
    .detail = This lesson takes place in person, is cancelled, or has no students.
not_in_lesson =
    .title = Not in this lesson
    .detail = Only its teacher and its booked students enter a lesson room.
video_unavailable =
    .title = Video is unavailable
    .detail = No video node takes lessons now. Try again shortly.
