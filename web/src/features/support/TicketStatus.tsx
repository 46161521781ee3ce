import {
  IconCircle,
  IconCircleCheck,
  IconCircleDashed,
  IconPlayerPause,
  IconSquareCheck,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Chip, type Tone } from '~/ui/Chip';

const LOOKS: Record<string, [Tone, typeof IconCircle]> = {
  open: ['info', IconCircle],
  in_progress: ['accent', IconCircleDashed],
  waiting: ['warn', IconPlayerPause],
  resolved: ['ok', IconCircleCheck],
  closed: ['neutral', IconSquareCheck],
};

/** Status as shape, colour and word. */
export function TicketStatus({ status }: { status: string }) {
  const { t } = useTranslation('support');
  const [tone, icon] = LOOKS[status] ?? ['neutral', IconCircle];
  return (
    <Chip tone={tone} icon={icon}>
      {t(`status.${status}`, status)}
    </Chip>
  );
}
