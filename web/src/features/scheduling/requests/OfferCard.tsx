import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readMoney, writeMoney } from '~/api/shapes';
import { Button } from '~/ui/Button';
import { Chip } from '~/ui/Chip';
import { FormAlert } from '~/ui/FormAlert';
import { TextInput } from '~/ui/mantine/fields';
import { Card } from '~/ui/Page';
import { toast } from '~/ui/toasts';
import { useNow } from '~/ui/useNow';
import { useFormats } from '~/ui/zone';
import { countdownTo } from '../countdown';
import { useAcceptRequest, useDeclineRequest } from './commands';
import type { LessonRequest } from './queries';
import { codesOf } from './RequestCard';
import { RequestHead } from './RequestHead';
import styles from './Requests.module.css';

/** A request in a teacher's inbox: why it came, how long it lasts, accept with a price. */
export function OfferCard({ request }: { request: LessonRequest }) {
  const { t } = useTranslation('calendar');
  const formats = useFormats();
  const accept = useAcceptRequest();
  const decline = useDeclineRequest();
  const most = readMoney(request.max_price);
  const [price, setPrice] = useState(most ? String(most.amount / 100) : '');
  const now = useNow(1_000);
  const { days, clock } = countdownTo(Date.parse(request.expires_at), now);
  const send = () =>
    accept.mutate(
      {
        id: request.id,
        price: price.trim() === '' ? null : writeMoney(price),
      },
      { onSuccess: () => toast({ tone: 'ok', title: t('requests.accepted') }) },
    );
  const open = request.status === 'open' && !request.declined;
  return (
    <Card>
      <RequestHead request={request} who={request.student_name} />
      {request.comment && <p className={styles.said}>{request.comment}</p>}
      <p className={styles.chips}>
        {codesOf(request.reasons).map((code) => (
          <Chip key={code} tone="accent">
            {t(`requests.fits.${code}`, code)}
          </Chip>
        ))}
      </p>
      {open && (
        <p className={styles.clock}>
          {days > 0
            ? t('requests.until', {
                time: `${formats.shortDay(request.expires_at)}, ${formats.time(request.expires_at)}`,
              })
            : t('requests.left', { clock })}
        </p>
      )}
      <FormAlert error={accept.error ?? decline.error} />
      {open && (
        <div className={styles.answer}>
          <TextInput
            label={t('fields.price')}
            inputMode="decimal"
            value={price}
            onChange={(event) => setPrice(event.currentTarget.value)}
          />
          <Button variant="primary" busy={accept.isPending ? t('saving') : null} onClick={send}>
            {t('requests.accept')}
          </Button>
          <Button busy={decline.isPending ? t('saving') : null} onClick={() => decline.mutate(request.id)}>
            {t('requests.decline')}
          </Button>
        </div>
      )}
    </Card>
  );
}
