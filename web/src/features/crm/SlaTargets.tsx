import { useTranslation } from 'react-i18next';
import { useNow } from '~/ui/useNow';
import styles from './Desk.module.css';
import { useDurationWord } from './durationWord';
import type { TicketDetail } from './queries';

/** Both promises to the requester: first response and resolution. */
export function SlaTargets({ sla }: { sla: TicketDetail['sla'] }) {
  const { t } = useTranslation('crm');
  const duration = useDurationWord();
  const now = useNow(15_000);
  if (sla.state === 'none') return null;
  const say = (target: TicketDetail['sla']['resolution']): [tone: string, text: string] => {
    if (target.missed_at) return ['error', t('sla.missed')];
    if (!target.due_at) return ['ok', t(sla.state === 'paused' ? 'sla.paused' : 'sla.met')];
    const left = (Date.parse(target.due_at) - now) / 1000;
    return left < 0
      ? ['error', t('sla.over', { time: duration(left) })]
      : [left < 3600 ? 'warn' : '', t('sla.left', { time: duration(left) })];
  };
  return (
    <dl className={styles.sla}>
      {(['first_response', 'resolution'] as const).map((name) => {
        const [tone, text] = say(sla[name]);
        return (
          <div key={name}>
            <dt>{t(`sla.${name}`)}</dt>
            <dd data-tone={tone}>{text}</dd>
          </div>
        );
      })}
    </dl>
  );
}
