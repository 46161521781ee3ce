-- $1: the person who asks; $2: accounts; $3: the person may see everyone. An account is in the result if the
-- person may know it. `in_full` is false for a fellow student, whose first name alone is shown.
select account.account_id, account.name, account.avatar, account.roles,
  relation.in_full as "in_full!"
from app.accounts as account
cross join lateral (
  select
    $3::boolean
    or account.account_id = $1
    or exists (select from app.teachers as teacher where teacher.account_id = account.account_id and teacher.shown)
    or exists (
      select from app.bookings as booking
      where booking.status in ('booked', 'no_show')
        and ((booking.teacher = $1 and booking.student = account.account_id)
          or (booking.student = $1 and booking.teacher = account.account_id)))
    or exists (
      select from app.class_students as member
      join app.classes as class using (class_id)
      where (class.teacher = $1 and member.student = account.account_id)
        or (member.student = $1 and class.teacher = account.account_id))
    or exists (
      select from app.conversation_participants as own
      join app.conversation_participants as other using (conversation_id)
      join app.conversations as conversation using (conversation_id)
      where own.account_id = $1
        and other.account_id = account.account_id
        and (conversation.kind = 'direct' or 'student' <> all(account.roles) or $4::boolean)) as in_full
) as relation
where account.account_id = any($2)
  and (relation.in_full
    or exists (
      select from app.conversation_participants as own
      join app.conversation_participants as other using (conversation_id)
      where own.account_id = $1
        and not own.gone
        and other.account_id = account.account_id))
order by account.account_id
