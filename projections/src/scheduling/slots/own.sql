-- $5 and $6: start and id of the slot behind which the page begins; $7: how many.
select to_jsonb(s) as "row!: Json<SlotRow>"
from app.slots s
where teacher = $1
  and ($2::timestamptz is null or starts_at >= $2)
  and ($3::timestamptz is null or starts_at < $3)
  and ($4::text is null or $4 = case
    when status <> 'offered' then status
    when seats_taken >= capacity then 'full'
    else 'open' end)
  and ($5::bigint is null
    or (starts_at, slot_id) > ('epoch'::timestamptz + $5 * interval '1 microsecond', $6::uuid))
order by starts_at, slot_id
limit $7
