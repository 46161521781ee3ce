import { IconChevronLeft, IconChevronRight, IconHistory } from '@tabler/icons-react';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { useFormats } from '~/ui/zone';
import styles from './AsOf.module.css';
import { useGoTo } from './useGoTo';

const AsOfDialog = lazy(() => import('./AsOfDialog').then(({ AsOfDialog }) => ({ default: AsOfDialog })));

const DAY_MS = 86_400_000;

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
  const [open, setOpen] = useState(false);
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
        <Suspense>
          <AsOfDialog asOf={asOf} close={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
