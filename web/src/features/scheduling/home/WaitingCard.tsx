import { IconArrowsExchange, IconHandClick, IconHourglass } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Button, ButtonLink } from '~/ui/Button';
import { useDictionaries } from '~/ui/dictionaries';
import { useNow } from '~/ui/useNow';
import { useFormats } from '~/ui/zone';
import { useAnswerProposal } from '../commands';
import { countdownTo } from '../countdown';
import { useOthers } from '../others';
import type { Lesson } from '../queries';
import { useAcceptSeat, useDeclineSeat } from '../requests/commands';
import type { LessonRequest, WaitlistEntry } from '../requests/queries';
import styles from './HomePage.module.css';
import type { Home } from './queries';
import { WaitingRow } from './WaitingRow';

/** Everything that waits for the person: offered seats first, since they expire soonest, then proposals, then own requests. */
export function WaitingCard({ home: { offers, proposals, requests } }: { home: Home }) {
  const { t } = useTranslation('home');
  const count = offers.length + proposals.length + requests.length;
  if (count === 0) return null;
  return (
    <section className={styles.rows} aria-labelledby="waits">
      <header className={styles.cardHead}>
        <h2 id="waits">{t('waits.title')}</h2>
        <p>{count}</p>
      </header>
      <ul>
        {offers.map((offer) => (
          <Offer key={offer.id} offer={offer} />
        ))}
        {proposals.map((lesson) => (
          <Proposal key={lesson.id} lesson={lesson} />
        ))}
        {requests.map((request) => (
          <Request key={request.id} request={request} />
        ))}
      </ul>
    </section>
  );
}

function Offer({ offer }: { offer: WaitlistEntry }) {
  const { t } = useTranslation('home');
  const { label } = useDictionaries();
  const formats = useFormats();
  const navigate = useNavigate();
  const accept = useAcceptSeat();
  const decline = useDeclineSeat();
  const now = useNow(1_000);
  const when = offer.starts_at && `${formats.shortDay(offer.starts_at)}, ${formats.time(offer.starts_at)}`;
  const what = [offer.subject && label('subjects', offer.subject), when].filter(Boolean).join(', ');
  const clock = offer.offer_expires_at && countdownTo(Date.parse(offer.offer_expires_at), now).clock;
  return (
    <WaitingRow
      icon={<IconHourglass size={22} stroke={1.6} />}
      title={t('waits.offer', { what })}
      text={[offer.teacher_name, clock && t('waits.held', { clock })].filter(Boolean).join(' · ')}
      error={accept.error ?? decline.error}
    >
      <Button
        variant="quiet"
        busy={decline.isPending ? t('waits.busy') : null}
        onClick={() => decline.mutate(offer.id)}
      >
        {t('waits.refuse')}
      </Button>
      <Button
        variant="primary"
        busy={accept.isPending ? t('waits.busy') : null}
        onClick={() =>
          accept.mutate(offer.id, {
            onSuccess: ({ id }) => void navigate({ to: '/lessons/$id', params: { id } }),
          })
        }
      >
        {t('waits.take')}
      </Button>
    </WaitingRow>
  );
}

function Proposal({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation('home');
  const { label } = useDictionaries();
  const formats = useFormats();
  const others = useOthers();
  const answer = useAnswerProposal(lesson.id);
  const { proposal } = lesson;
  if (!proposal) return null;
  const write = (instant: string) => `${formats.shortDay(instant)}, ${formats.time(instant)}`;
  const busy = (step: string) => (answer.isPending && answer.variables === step ? t('waits.busy') : null);
  return (
    <WaitingRow
      icon={<IconArrowsExchange size={22} stroke={1.6} />}
      title={t('waits.proposal', {
        what: label('subjects', lesson.subject),
        from: write(lesson.starts_at),
        to: write(proposal.starts_at),
      })}
      text={t('waits.until', { who: others(lesson), until: write(proposal.expires_at) })}
      error={answer.error}
    >
      <Button busy={busy('decline')} onClick={() => answer.mutate('decline')}>
        {t('waits.decline')}
      </Button>
      <Button busy={busy('accept')} onClick={() => answer.mutate('accept')}>
        {t('waits.agree')}
      </Button>
    </WaitingRow>
  );
}

function Request({ request }: { request: LessonRequest }) {
  const { t } = useTranslation('home');
  const { label } = useDictionaries();
  const formats = useFormats();
  const write = (instant: string) => `${formats.shortDay(instant)}, ${formats.time(instant)}`;
  return (
    <WaitingRow
      icon={<IconHandClick size={22} stroke={1.6} />}
      title={t('waits.request', { what: label('subjects', request.subject), when: write(request.starts_at) })}
      text={t('waits.closes', { until: write(request.expires_at) })}
    >
      <ButtonLink to="/requests">{t('waits.look')}</ButtonLink>
    </WaitingRow>
  );
}
