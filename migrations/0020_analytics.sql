-- Facts: what counts in the reports of analysts, from the event that makes it to the one that ends it. Read model
-- `analytics` (projections/src/crm/analytics/README.md): it follows from the events alone; no foreign keys, no
-- triggers. Nothing in it is personal, so an erasure leaves every figure as it was.

create table crm.facts (
  position bigint not null,
  -- Facts of one event are numbered.
  ordinal smallint not null,
  measure text collate "C" not null,
  at timestamptz not null,
  day date not null,
  class text not null,
  detail text not null,
  value bigint not null,
  unit text not null,
  subject text,
  owner uuid,
  since date not null,
  entity_type text not null,
  entity_id uuid not null,
  recorded_day date not null,
  until bigint,
  ended_day date,
  primary key (position, ordinal)
) with (fillfactor = 90);
create index facts_measure on crm.facts (measure, at);
create index facts_recorded on crm.facts (recorded_day, measure);
create index facts_ended on crm.facts (ended_day, measure) where until is not null;

comment on table crm.facts is 'What counts in reports; as of a position those facts hold with position <= it and until null or beyond it';
comment on column crm.facts.position is 'The event that makes the fact, by its place in the log';
comment on column crm.facts.ordinal is 'Facts of one event are numbered from 0';
comment on column crm.facts.measure is 'What is measured (projections/src/crm/analytics/README.md)';
comment on column crm.facts.at is 'When it counts';
comment on column crm.facts.day is 'The local day of "at" in the zone of the school';
comment on column crm.facts.class is 'By what it is told apart first, e.g. the type of a lesson; what it is, depends on the measure';
comment on column crm.facts.detail is 'By what it is told apart besides; empty where there is nothing';
comment on column crm.facts.value is 'How much: 1, minutes, seconds, a rating, or minor units of "unit"';
comment on column crm.facts.unit is 'ISO 4217 currency of money; empty for everything else';
comment on column crm.facts.subject is 'Of the lesson or request';
comment on column crm.facts.owner is 'The teacher of the lesson, the agent of the ticket';
comment on column crm.facts.since is 'Of "active": the local day before on which this person was active; -infinity for the first, and elsewhere';
comment on column crm.facts.entity_type is 'What the fact is about: account, booking, lesson, lesson_request, waitlist_entry, ticket, message';
comment on column crm.facts.recorded_day is 'The local day on which the event was recorded';
comment on column crm.facts.until is 'The event that ends the fact; null while it holds';
comment on column crm.facts.ended_day is 'The local day on which that event was recorded';

-- Facts counted by day, so that a report over a year reads some thousand rows. A fact is taken off on the day on
-- which the event that ends it was recorded: the days before an instant, and the facts of its day, give every
-- figure as it was then.
create table crm.fact_days (
  measure text collate "C" not null,
  day date not null,
  recorded_day date not null,
  class text collate "C" not null,
  detail text collate "C" not null,
  unit text collate "C" not null,
  since date not null,
  facts bigint not null,
  total bigint not null,
  primary key (measure, day, recorded_day, class, detail, unit, since)
) with (fillfactor = 80);

comment on table crm.fact_days is 'How many facts of a day were made and ended on which day, and the sum of their values';
comment on column crm.fact_days.day is 'The local day on which the facts count';
comment on column crm.fact_days.recorded_day is 'The local day on which they were made, or ended';
comment on column crm.fact_days.facts is 'Made less ended';
comment on column crm.fact_days.total is 'The values of those made less the values of those ended';

-- What the fold has to know of each entity to see what an event changes; read by nobody else.
create table crm.fact_states (
  entity_type text collate "C" not null,
  entity_id uuid not null,
  -- JSON; text, as nobody looks into it.
  state text not null,
  primary key (entity_id, entity_type)
) with (fillfactor = 80);

comment on table crm.fact_states is 'What the read model analytics remembers of each person, slot, request, ticket and conversation; for itself only';
comment on column crm.fact_states.state is 'JSON';
