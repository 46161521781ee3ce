import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '~/features/accounts/queries';
import { Failed } from '~/ui/Failed';
import { useProblemText } from '~/ui/problems';
import { Bone } from '~/ui/Skeleton';
import { toast } from '~/ui/toasts';
import { useNarrow } from '~/ui/useNarrow';
import { useFormats, useZone } from '~/ui/zone';
import { dayOf } from '~/ui/zones';
import { monthOf, weekOf } from '../week';
import { Agenda } from './Agenda';
import styles from './Calendar.module.css';
import { useChangeSlot } from './commands';
import { buildEntries, type Entry } from './entries';
import { MonthCalendar } from './MonthCalendar';
import { MoveDialog } from './MoveDialog';
import { calendarLessonsQuery, ownSlotsQuery } from './queries';
import { ScheduleBar, type View } from './ScheduleBar';
import { SlotDialog, type SlotDraft } from './SlotDialog';
import { WeekCalendar } from './WeekCalendar';

interface Props {
  account: Account;
  day: string | undefined;
  view: View | undefined;
}

type Opened = { kind: 'slot'; draft: SlotDraft } | { kind: 'move'; entry: Entry; startsAt: Date } | null;

/** The week, month or list of a student or teacher: lessons and free times, moved and opened in place. */
export function SchedulePage({ account, day, view }: Props) {
  const { t } = useTranslation('calendar');
  const { zone } = useZone();
  const formats = useFormats();
  const navigate = useNavigate();
  const narrow = useNarrow();
  const say = useProblemText();
  const change = useChangeSlot();
  const [opened, setOpened] = useState<Opened>(null);
  const teacher = account.roles.includes('teacher');
  const shown = view ?? (narrow ? 'agenda' : 'week');
  const at = day ?? dayOf(new Date(), zone);
  const week = shown === 'month' ? monthOf(at, zone) : weekOf(at, zone);
  const [from, to] = [week.from.toISOString(), week.to.toISOString()];
  const lessons = useQuery(calendarLessonsQuery(from, to));
  const slots = useQuery({ ...ownSlotsQuery(from, to), enabled: teacher });
  const entries = buildEntries(lessons.data ?? [], slots.data ?? [], Date.now());

  const go = (search: { day?: string; view?: View }) =>
    void navigate({ to: '/schedule', search: { day, view, ...search }, replace: true, resetScroll: false });
  const open = (startsAt: Date, minutes: number) =>
    setOpened({ kind: 'slot', draft: { slot: null, startsAt, minutes } });
  const edit = (entry: Entry) =>
    entry.slot &&
    setOpened({ kind: 'slot', draft: { slot: entry.slot, startsAt: new Date(entry.startsAt), minutes: 60 } });
  const move = (entry: Entry, startsAt: Date) => {
    if (startsAt.getTime() === entry.startsAt) return;
    if (entry.lesson || !entry.slot) return setOpened({ kind: 'move', entry, startsAt });
    change.mutate(
      { slot: entry.slot, change: { starts_at: startsAt.toISOString() } },
      {
        onSuccess: () =>
          toast({
            tone: 'ok',
            title: t('slot.moved'),
            text: `${formats.shortDay(startsAt)}, ${formats.time(startsAt)}`,
          }),
        onError: (error) => toast({ tone: 'error', title: say(error) }),
      },
    );
  };
  const failed = lessons.error ?? slots.error;
  const ready = lessons.data && (slots.data || !teacher);

  return (
    <div className={styles.page}>
      <ScheduleBar
        at={at}
        week={week}
        view={shown}
        teacher={teacher}
        go={go}
        open={() => open(nextHour(), 60)}
      />
      {failed && !ready && (
        <Failed
          title={t('failed')}
          error={failed}
          retry={() => void Promise.all([lessons.refetch(), slots.refetch()])}
        />
      )}
      {!ready && !failed && <Bone height={560} />}
      {ready && shown === 'week' && (
        <WeekCalendar
          days={week.days}
          entries={entries}
          teacher={teacher}
          move={move}
          open={open}
          edit={edit}
        />
      )}
      {ready && shown === 'month' && (
        <MonthCalendar days={week.days} month={at.slice(0, 7)} entries={entries} edit={edit} />
      )}
      {ready && shown === 'agenda' && (
        <Agenda days={week.days} entries={entries} teacher={teacher} edit={edit} />
      )}
      {opened?.kind === 'slot' && (
        <SlotDialog account={account} draft={opened.draft} entries={entries} close={() => setOpened(null)} />
      )}
      {opened?.kind === 'move' && opened.entry.lesson && (
        <MoveDialog
          lesson={opened.entry.lesson}
          startsAt={opened.startsAt}
          entries={entries}
          close={() => setOpened(null)}
        />
      )}
    </div>
  );
}

function nextHour(): Date {
  const hour = 3_600_000;
  return new Date(Math.ceil(Date.now() / hour) * hour + 24 * hour);
}
