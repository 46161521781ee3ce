-- $1 notes with text $2 at $3; 'broken' is an event that cannot be decoded, 'foreign' one that the read model
-- does not handle
with head as (select coalesce(max(position), 0) as position from fixture.events),
made as (
    insert into fixture.events
    select p, case when $2 = 'foreign' then 'Account' else 'CrmLink' end, md5((p % 7)::text)::uuid::text, p,
           case $2 when 'broken' then 'NobodyKnows' when 'foreign' then 'EmailVerified' else 'CrmUserLinked' end, '1.0', $3,
           case $2 when 'broken' then '{"NobodyKnows":{}}' when 'foreign' then '{"EmailVerified":{}}' else format('{"CrmUserLinked":{"external_id":%s}}', to_json($2::text)) end,
           format('{"actor":"system:test","source":"policy","correlation_id":"%s","command_id":"%s"}',
                  md5('c' || p)::uuid, md5('d' || p)::uuid),
           sha256(convert_to(p || $2, 'utf8'))
    from head, generate_series(head.position + 1, head.position + $1) as p
    returning position
)
select max(position) from made
