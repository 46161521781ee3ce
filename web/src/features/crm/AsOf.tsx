import { IconChevronLeft, IconChevronRight, IconHistory } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { Dialog, DialogButtons } from '~/ui/Dialog';
import { TextInput } from '~/ui/mantine/fields';
import { useFormats, useZone } from '~/ui/zone';
import { instantOf } from '~/ui/zones';
import { dayAndMinute } from '../scheduling/calendar/entries';
import { clock, minuteOf } from '../scheduling/calendar/slotForm';
import styles from './AsOf.module.css';

const DAY_MS = 86_400_000;

/** Goes to another instant of the same page; the address keeps it. */
export function useGoTo() {
  const navigate = useNavigate();
  return (instant: Date | null) =>
    void navigate({
      to: '.',
      search: (before: object) => ({ ...before, as_of: instant ? instant.toISOString() : undefined }),
      replace: true,
      resetScroll: false,
    });
}

interface Props {
  asOf: string | undefined;
  position?: number | undefined;
  children: ReactNode;
}

/** A page of the desk. In the past it is framed, says which instant it shows, and changes nothing. */
export function AsOfFrame({ asOf, position, children }: Props) {
  const { t } = useTranslation('crm');
  const formats = useFormats();
  const go = useGoTo();
  useEffect(() => {
    if (!asOf) return;
    const onKey = (event: KeyboardEvent) => {
      const typing = /^(INPUT|TEXTAREA|SELECT)$/.test((event.target as HTMLElement).tagName);
      if (!typing && event.code === 'KeyN' && !event.ctrlKey && !event.metaKey) go(null);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
  if (!asOf) return <div className={styles.page}>{children}</div>;
  const at = Date.parse(asOf);
  return (
    <div className={styles.past}>
      <div className={styles.bar} role="status">
        <IconHistory size={20} stroke={1.8} aria-hidden />
        <b>{t('past.title', { time: `${formats.longDay(asOf)}, ${formats.time(asOf)}` })}</b>
        {position !== undefined && <span>{t('past.position', { position: formats.number(position) })}</span>}
        <span className={styles.steps}>
          <button type="button" aria-label={t('past.before')} onClick={() => go(new Date(at - DAY_MS))}>
            <IconChevronLeft size={18} aria-hidden />
          </button>
          {t('past.day')}
          <button
            type="button"
            aria-label={t('past.after')}
            onClick={() => go(at + DAY_MS < Date.now() ? new Date(at + DAY_MS) : null)}
          >
            <IconChevronRight size={18} aria-hidden />
          </button>
        </span>
        <AsOfButton asOf={asOf} white />
        <Button variant="white" size="small" aria-keyshortcuts="N" onClick={() => go(null)}>
          {t('past.now')}
        </Button>
      </div>
      <div className={styles.page}>{children}</div>
    </div>
  );
}

/** Chooses an instant of the past. */
export function AsOfButton({ asOf, white }: { asOf: string | undefined; white?: boolean }) {
  const { t } = useTranslation('crm');
  const { zone } = useZone();
  const go = useGoTo();
  const [open, setOpen] = useState(false);
  const start = dayAndMinute(asOf ? Date.parse(asOf) : Date.now() - DAY_MS, zone);
  const [day, setDay] = useState(start.day);
  const [time, setTime] = useState(clock(start.minute));
  const choose = () => {
    const instant = instantOf(day, minuteOf(time), zone);
    go(instant.getTime() < Date.now() ? instant : null);
    setOpen(false);
  };
  return (
    <>
      <Button
        variant={white ? 'white' : 'secondary'}
        size="small"
        icon={<IconHistory size={16} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        {t(asOf ? 'past.change' : 'past.choose')}
      </Button>
      {open && (
        <Dialog title={t('past.dialog')} close={() => setOpen(false)} size={400}>
          <p className={styles.text}>{t('past.text')}</p>
          <TextInput
            type="date"
            label={t('past.date')}
            value={day}
            onChange={(event) => setDay(event.currentTarget.value)}
          />
          <TextInput
            type="time"
            label={t('past.time')}
            value={time}
            onChange={(event) => setTime(event.currentTarget.value)}
          />
          <DialogButtons>
            <Button variant="primary" size="large" onClick={choose}>
              {t('past.show')}
            </Button>
          </DialogButtons>
        </Dialog>
      )}
    </>
  );
}
