select count(*) as "count!"
from users
where ($1::text is null or type = $1)
  and ($2::text is null or status = $2)
  and ($3::text is null
       or (not $4 and search @@ (to_tsquery('simple', $3) || to_tsquery('russian', $3)))
       or ($4::boolean and search_contacts @@ (to_tsquery('simple', $3) || to_tsquery('russian', $3))))
  and ($5::timestamptz is null or registered_at >= $5)
  and ($6::timestamptz is null or registered_at < $6)
