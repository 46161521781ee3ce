import { IconHourglass } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Button, ButtonLink } from '~/ui/Button';
import { Chip, type Tone } from '~/ui/Chip';
import { useDictionaries } from '~/ui/dictionaries';
import { Empty } from '~/ui/Empty';
import { FormAlert } from '~/ui/FormAlert';
import { itemsOf, Listed } from '~/ui/Listed';
import { Card, PageHead } from '~/ui/Page';
import { CalendarPicture } from '~/ui/pictures';
import { SubjectTile } from '~/ui/Subject';
import { useNow } from '~/ui/useNow';
import { useFormats } from '~/ui/zone';
import { countdownTo } from '../countdown';
import { useAcceptSeat, useDeclineSeat, useLeaveWaitlist } from './commands';
import { type WaitlistEntry, waitlistQuery } from './queries';
import styles from './Requests.module.css';

const TONES: Record<string, Tone> = { offered: 'warn', waiting: 'info', accepted: 'ok' };

/** Places in line, and offers with their deadline. */
export function WaitlistPage() {
  const { t } = useTranslation('calendar');
  const waitlist = useInfiniteQuery(waitlistQuery);
  return (
    <div className={styles.page}>
      <PageHead title={t('waitlist.title')} note={t('waitlist.text')} />
      <Listed
        query={waitlist}
        items={itemsOf(waitlist)}
        failed={t('waitlist.failed')}
        empty={
          <Empty picture={<CalendarPicture />} title={t('waitlist.none')} text={t('waitlist.noneText')}>
            <ButtonLink to="/teachers" variant="primary">
              {t('bar.find')}
            </ButtonLink>
          </Empty>
        }
      >
        {(items) => (
          <ul className={styles.list}>
            {items.map((entry) => (
              <li key={entry.id}>
                <Entry entry={entry} />
              </li>
            ))}
          </ul>
        )}
      </Listed>
    </div>
  );
}

function Entry({ entry }: { entry: WaitlistEntry }) {
  const { t } = useTranslation('calendar');
  const { label } = useDictionaries();
  const formats = useFormats();
  const navigate = useNavigate();
  const accept = useAcceptSeat();
  const decline = useDeclineSeat();
  const leave = useLeaveWaitlist();
  const now = useNow(1_000);
  const offered = entry.status === 'offered' && entry.offer_expires_at;
  const when =
    entry.starts_at && entry.ends_at
      ? `${formats.shortDay(entry.starts_at)}, ${formats.timeRange(entry.starts_at, entry.ends_at)}`
      : '';
  return (
    <Card>
      <header className={styles.head}>
        {entry.subject ? (
          <SubjectTile code={entry.subject} />
        ) : (
          <IconHourglass size={40} stroke={1.4} aria-hidden />
        )}
        <div>
          <h2>{[entry.subject && label('subjects', entry.subject), when].filter(Boolean).join(', ')}</h2>
          <p>
            {[
              entry.teacher_name,
              entry.people_ahead != null && t('waitlist.ahead', { count: entry.people_ahead }),
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
        </div>
        <Chip tone={TONES[entry.status]}>{t(`waitlist.state.${entry.status}`, entry.status)}</Chip>
      </header>
      {offered && (
        <p className={styles.clock}>
          {t('waitlist.left', { clock: countdownTo(Date.parse(offered), now).clock })}
        </p>
      )}
      <FormAlert error={accept.error ?? decline.error ?? leave.error} />
      <div className={styles.buttons}>
        {offered && (
          <>
            <Button
              variant="primary"
              busy={accept.isPending ? t('saving') : null}
              onClick={() =>
                accept.mutate(entry.id, {
                  onSuccess: ({ id }) => void navigate({ to: '/lessons/$id', params: { id } }),
                })
              }
            >
              {t('waitlist.take')}
            </Button>
            <Button busy={decline.isPending ? t('saving') : null} onClick={() => decline.mutate(entry.id)}>
              {t('waitlist.decline')}
            </Button>
          </>
        )}
        {entry.status === 'waiting' && (
          <Button
            size="small"
            busy={leave.isPending ? t('saving') : null}
            onClick={() => leave.mutate(entry.slot_id)}
          >
            {t('waitlist.leave')}
          </Button>
        )}
      </div>
    </Card>
  );
}
