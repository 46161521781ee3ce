import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemError } from '~/api/problem';
import { Failed } from '~/ui/Failed';
import { NotFound } from '~/ui/NotFound';
import { useZone } from '~/ui/zone';
import { dayOf } from '~/ui/zones';
import { BookingPanel } from './BookingPanel';
import { type Slot, slotsQuery, teacherQuery } from './queries';
import { Reviews } from './Reviews';
import { TeacherAbout } from './TeacherAbout';
import { TeacherHead } from './TeacherHead';
import styles from './TeacherPage.module.css';
import { TeacherPageSkeleton } from './TeacherPageSkeleton';
import { WeekGrid } from './WeekGrid';
import { weekOf } from './week';

interface Props {
  id: string;
  slotId: string | undefined;
}

/** A teacher: who, the week of free times in the visitor's zone, the booking beside it. */
export function TeacherPage({ id, slotId }: Props) {
  const { t } = useTranslation('scheduling');
  const { zone } = useZone();
  const navigate = useNavigate();
  const teacher = useQuery(teacherQuery(id));
  const [shownDay, setShownDay] = useState<string | null>(null);

  const next = teacher.data?.next_free_slots ?? [];
  const asked = next.find((slot) => slot.id === slotId) ?? next[0];
  const day = shownDay ?? dayOf(asked ? new Date(asked.starts_at) : new Date(), zone);
  const week = weekOf(day, zone);
  const slots = useQuery({ ...slotsQuery(id, week.from, week.to), enabled: teacher.data !== undefined });
  // A held seat is not among the free ones, and stays on the page all the same.
  const [held, setHeld] = useState<Slot | null>(null);
  const chosen = [...(slots.data ?? []), held].find((slot) => slot?.id === slotId) ?? null;
  const shown = slots.data && withHeld(slots.data, held, week.from, week.to);

  const choose = (slot: string | undefined) => {
    setShownDay(day);
    void navigate({
      to: '/teachers/$id',
      params: { id },
      search: { slot },
      replace: true,
      resetScroll: false,
    });
  };

  if (teacher.error instanceof ProblemError && teacher.error.status === 404) return <NotFound />;
  if (teacher.error && !teacher.data) {
    return <Failed title={t('teacher.failed')} error={teacher.error} retry={() => void teacher.refetch()} />;
  }
  if (!teacher.data) return <TeacherPageSkeleton />;
  return (
    <div className={styles.page}>
      <div className={styles.main}>
        <TeacherHead teacher={teacher.data} />
        <WeekGrid
          teacher={teacher.data}
          week={week}
          slots={shown}
          error={slots.error}
          retry={() => void slots.refetch()}
          chosen={slotId}
          choose={choose}
          show={setShownDay}
        />
        <TeacherAbout teacher={teacher.data} />
        <Reviews teacher={teacher.data} />
      </div>
      <BookingPanel
        teacher={teacher.data}
        slot={chosen}
        slotId={slotId}
        others={slots.data ?? []}
        asked={slotId !== undefined && slots.isSuccess && !slots.isPlaceholderData}
        choose={choose}
        keep={setHeld}
      />
    </div>
  );
}

function withHeld(slots: Slot[], held: Slot | null, from: Date, to: Date): Slot[] {
  const at = held ? Date.parse(held.starts_at) : Number.NaN;
  const inWeek = at >= from.getTime() && at < to.getTime();
  if (!held || !inWeek || slots.some(({ id }) => id === held.id)) return slots;
  return [...slots, held].sort((a, b) => a.starts_at.localeCompare(b.starts_at));
}
