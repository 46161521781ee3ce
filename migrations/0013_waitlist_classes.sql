-- Read models of the line for a seat and of classes. They follow from the events alone; no foreign keys,
-- no triggers (projections/README.md).

-- waitlist ----------------------------------------------------------------------------------------
create table app.waitlist (
  entry_id uuid primary key,
  slot_id uuid not null,
  student uuid not null,
  stage text not null check (stage in ('waiting', 'offered', 'accepted', 'declined', 'expired', 'left')),
  -- Ended because there was nothing to wait for any more.
  closed boolean not null,
  -- Of the entry in the whole log: the order of the line.
  joined_position bigint not null,
  joined_at timestamptz not null,
  offer_expires_at timestamptz,
  booking_id uuid,
  ended_at timestamptz,
  version bigint not null
) with (fillfactor = 80);
create index waitlist_student on app.waitlist (student, joined_position desc);
create index waitlist_line on app.waitlist (slot_id, joined_position) where stage in ('waiting', 'offered');
comment on table app.waitlist is 'Places in the lines for seats, also those that have ended';

-- classes -----------------------------------------------------------------------------------------
create table app.classes (
  class_id uuid primary key,
  teacher uuid not null,
  -- Personal to the teacher: null once that person is erased.
  name text,
  description text,
  subject text not null,
  grade text not null,
  colour text not null,
  capacity smallint not null,
  closed boolean not null,
  created_at timestamptz not null,
  version bigint not null
);
create index classes_teacher on app.classes (teacher, created_at, class_id);
comment on table app.classes is 'Classes: groups of students of one teacher';

create table app.class_students (
  class_id uuid not null,
  student uuid not null,
  added_at timestamptz not null,
  primary key (class_id, student)
);
create index class_students_student on app.class_students (student, class_id);
comment on table app.class_students is 'Who is in which class now';
