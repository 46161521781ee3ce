-- Reports of one teacher, agent or subject look at each of its facts of a year: found by whose they are. Those of a
-- subject are many, and are read from the index alone.
create index facts_owner on crm.facts (owner, measure, at) where owner is not null;
create index facts_subject on crm.facts (subject, measure, at)
  include (day, class, detail, since, value, unit, position, until, owner)
  where subject is not null;
