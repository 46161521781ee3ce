import { useTranslation } from 'react-i18next';
import { useFormats } from '~/ui/zone';
import { useDurationWord } from '../crm/durationWord';
import styles from './Admin.module.css';
import type { Integration } from './queries';

/** Backlog, deliveries and latency of the link. */
export function LinkFigures({ link }: { link: Integration }) {
  const { t } = useTranslation('admin');
  const formats = useFormats();
  const duration = useDurationWord();
  const { p50, p99 } = link.latency_ms;
  const latency = p50 === null ? '—' : `${p50} / ${p99 ?? '—'}\u00a0${t('ms')}`;
  const figures: [string, string, tone?: string][] = [
    ['backlog', formats.number(link.backlog), link.backlog > 0 ? 'warn' : undefined],
    ['oldest', link.backlog > 0 ? duration(link.oldest_age_seconds ?? 0) : '—'],
    ['delivered', formats.number(link.delivered)],
    ['failedCount', formats.number(link.failed), link.failed > 0 ? 'warn' : undefined],
    ['abandoned', formats.number(link.abandoned), link.abandoned > 0 ? 'error' : undefined],
    ['drifted', formats.number(link.drifted), link.drifted > 0 ? 'warn' : undefined],
    ['latency', latency],
  ];
  return (
    <ul className={styles.figures}>
      {figures.map(([name, value, tone]) => (
        <li key={name}>
          <span>{t(`figures.${name}`)}</span>
          <b data-tone={tone}>{value}</b>
        </li>
      ))}
    </ul>
  );
}
