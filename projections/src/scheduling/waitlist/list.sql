-- $1: the student; $2: one entry, or null; $3: with ended entries; $4: position of the entry before the page;
-- $5: limit. The latest entries come first. The number of earlier entries is counted for waitlisted students only.
select
  to_jsonb(entry) || jsonb_build_object(
    'ahead', line.ahead,
    'ahead_offered', line.ahead_offered,
    'teacher', slot.teacher,
    'teacher_name', teacher.name,
    'subject', slot.subject,
    'starts_at', slot.starts_at,
    'ends_at', slot.ends_at
  ) as "row!: Json<WaitlistEntryView>"
from app.waitlist as entry
cross join lateral (
  select count(*) as ahead, count(*) filter (where other.status = 'offered') as ahead_offered
  from app.waitlist as other
  where other.slot_id = entry.slot_id
    and other.status in ('waiting', 'offered')
    and entry.status in ('waiting', 'offered')
    and other.joined_position < entry.joined_position
) as line
left join app.slots as slot on slot.slot_id = entry.slot_id
left join app.accounts as teacher on teacher.account_id = slot.teacher
where entry.student = $1
  and ($2::uuid is null or entry.entry_id = $2)
  and ($3 or entry.status in ('waiting', 'offered'))
  and ($4::bigint is null or entry.joined_position < $4)
order by entry.joined_position desc
limit $5
