import { IconClock, IconFlame, IconPlayerPause } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Chip } from '~/ui/Chip';
import { useNow } from '~/ui/useNow';
import { useDurationWord } from './durationWord';
import type { CrmTicket } from './queries';

const SOON_S = 3_600;

/** Time left until the next promise to the requester: neutral, near, missed, paused. */
export function SlaChip({ sla }: { sla: CrmTicket['sla'] }) {
  const { t } = useTranslation('crm');
  const duration = useDurationWord();
  const now = useNow(15_000);
  if (sla.state === 'none' || sla.state === 'met') return null;
  if (sla.state === 'paused') {
    return (
      <Chip tone="outline" icon={IconPlayerPause}>
        {t('sla.paused')}
      </Chip>
    );
  }
  const due = [sla.first_response.due_at, sla.resolution.due_at]
    .filter((at): at is string => at != null)
    .sort()[0];
  if (!due) return null;
  const left = (Date.parse(due) - now) / 1000;
  if (left < 0 || sla.state === 'breached') {
    return (
      <Chip tone="error" icon={IconFlame}>
        {t('sla.over', { time: duration(left) })}
      </Chip>
    );
  }
  return (
    <Chip tone={left <= SOON_S ? 'warn' : 'neutral'} icon={IconClock}>
      {duration(left)}
    </Chip>
  );
}
