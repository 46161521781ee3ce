import { IconCalendarRepeat, IconChevronLeft, IconChevronRight, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Button, ButtonLink } from '~/ui/Button';
import { useLanguage, zoneName } from '~/ui/format';
import { Segments } from '~/ui/Segments';
import { useFormats, useZone } from '~/ui/zone';
import { addDays, instantOf } from '~/ui/zones';
import { addMonths, type Week } from '../week';
import styles from './Calendar.module.css';

export type View = 'week' | 'month' | 'agenda';

interface Props {
  /** A day of what is shown. */
  at: string;
  week: Week;
  view: View;
  teacher: boolean;
  go: (search: { day?: string; view?: View }) => void;
  open: () => void;
}

/** The shown week or month, the way to others, and what the colours mean. */
export function ScheduleBar({ at, week, view, teacher, go, open }: Props) {
  const { t } = useTranslation('calendar');
  const { zone } = useZone();
  const formats = useFormats();
  const language = useLanguage();
  const isMonth = view === 'month';
  const step = (by: 1 | -1) =>
    go({ day: isMonth ? addMonths(at, by) : addDays(week.days[0] as string, 7 * by) });
  return (
    <>
      <div className={styles.bar}>
        <h1>
          {isMonth
            ? formats.monthAndYear(instantOf(at, 720, zone))
            : `${formats.dayAndMonth(week.from)} – ${formats.dayAndMonth(new Date(week.to.getTime() - 1))}`}
        </h1>
        <Button onClick={() => go({ day: undefined })}>{t('bar.today')}</Button>
        <button
          type="button"
          className={styles.step}
          aria-label={t(isMonth ? 'bar.monthBefore' : 'bar.before')}
          onClick={() => step(-1)}
        >
          <IconChevronLeft size={18} stroke={2} aria-hidden />
        </button>
        <button
          type="button"
          className={styles.step}
          aria-label={t(isMonth ? 'bar.monthAfter' : 'bar.after')}
          onClick={() => step(1)}
        >
          <IconChevronRight size={18} stroke={2} aria-hidden />
        </button>
        <Segments
          label={t('bar.view')}
          value={view}
          options={[
            { value: 'week', label: t('bar.week') },
            { value: 'month', label: t('bar.month') },
            { value: 'agenda', label: t('bar.agenda') },
          ]}
          choose={(next) => go({ view: next })}
        />
        {teacher ? (
          <span style={{ display: 'flex', gap: 8 }}>
            <ButtonLink to="/series" icon={<IconCalendarRepeat size={18} aria-hidden />}>
              {t('series.title')}
            </ButtonLink>
            <Button variant="primary" icon={<IconPlus size={18} aria-hidden />} onClick={open}>
              {t('slot.open')}
            </Button>
          </span>
        ) : (
          <ButtonLink to="/teachers" variant="primary">
            {t('bar.find')}
          </ButtonLink>
        )}
      </div>
      <p className={styles.legend}>
        <span>
          <i aria-hidden />
          {t('legend.booked')}
        </span>
        {teacher && (
          <span>
            <i data-kind="free" aria-hidden />
            {t('legend.free')}
          </span>
        )}
        {view === 'week' && <span>{t(teacher ? 'legend.keysTeacher' : 'legend.keys')}</span>}
        <span>
          {zoneName(zone, language)}, {formats.offset()}
        </span>
      </p>
    </>
  );
}
