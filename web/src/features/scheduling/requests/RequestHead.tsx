import { useTranslation } from 'react-i18next';
import { readMoney } from '~/api/shapes';
import { Chip, type Tone } from '~/ui/Chip';
import { useDictionaries } from '~/ui/dictionaries';
import { SubjectTile } from '~/ui/Subject';
import { useFormats } from '~/ui/zone';
import type { LessonRequest } from './queries';
import styles from './Requests.module.css';

const TONES: Record<string, Tone> = {
  open: 'info',
  accepted: 'ok',
  expired: 'neutral',
  cancelled: 'neutral',
};

/** Head of a request: subject, time, grade and price. */
export function RequestHead({ request, who }: { request: LessonRequest; who?: string }) {
  const { t } = useTranslation('calendar');
  const { label } = useDictionaries();
  const formats = useFormats();
  const most = readMoney(request.max_price);
  const facts = [
    who,
    t('requests.grade', { grade: label('grades', request.grade) }),
    ...request.goals.map((goal) => label('goals', goal)),
    label('formats', request.format),
    most && t('requests.upTo', { price: formats.money(most) }),
  ].filter(Boolean);
  return (
    <header className={styles.head}>
      <SubjectTile code={request.subject} />
      <div>
        <h2>
          {label('subjects', request.subject)}, {formats.shortDay(request.starts_at)},{' '}
          {formats.timeRange(request.starts_at, request.ends_at)}
        </h2>
        <p>{facts.join(' · ')}</p>
      </div>
      <Chip tone={TONES[request.status]}>{t(`requests.state.${request.status}`, request.status)}</Chip>
    </header>
  );
}
