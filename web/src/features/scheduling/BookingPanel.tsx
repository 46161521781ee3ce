import { IconCalendarPlus } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useAccount } from '~/features/accounts/queries';
import { Button } from '~/ui/Button';
import { FormAlert } from '~/ui/FormAlert';
import { useFormats } from '~/ui/zone';
import { BookingForm } from './BookingForm';
import styles from './BookingPanel.module.css';
import { useDayWord } from './dayWord';
import type { Slot, TeacherCard } from './queries';
import { useJoinWaitlist } from './requests/commands';

interface Props {
  teacher: TeacherCard;
  slot: Slot | null;
  slotId: string | undefined;
  others: Slot[];
  /** A time was asked for, and the answer with the free times is there. */
  asked: boolean;
  choose: (slot: string | undefined) => void;
  keep: (slot: Slot | null) => void;
}

/** The booking beside the week; on a phone, below it and in view once a time is chosen. */
export function BookingPanel({ teacher, slot, slotId, others, asked, choose, keep }: Props) {
  const { t } = useTranslation('scheduling');
  const panel = useRef<HTMLElement>(null);
  const id = slot?.id;
  useEffect(() => {
    if (id && panel.current && panel.current.getBoundingClientRect().top > window.innerHeight * 0.7) {
      panel.current.scrollIntoView({ block: 'start', behavior: 'smooth' });
    }
  }, [id]);
  return (
    <aside ref={panel} className={styles.panel} aria-labelledby="booking" data-open={slot !== null}>
      {slot ? (
        <BookingForm key={slot.id} teacher={teacher} slot={slot} keep={keep} />
      ) : (
        <div className={styles.hint}>
          <IconCalendarPlus size={28} stroke={1.6} aria-hidden />
          <h2 id="booking">{t(asked ? 'booking.gone' : 'booking.choose')}</h2>
          <p>{t(asked ? 'booking.goneText' : 'booking.chooseText')}</p>
          {asked && <Nearest slots={others} choose={choose} />}
          {asked && slotId && <JoinWaitlist slotId={slotId} />}
        </div>
      )}
    </aside>
  );
}

function Nearest({ slots, choose }: { slots: Slot[]; choose: (slot: string) => void }) {
  const { t } = useTranslation('scheduling');
  const formats = useFormats();
  const dayWord = useDayWord();
  const next = slots[0];
  if (!next) return null;
  return (
    <button type="button" className={styles.nearest} onClick={() => choose(next.id)}>
      {t('booking.nearest', { day: dayWord(next.starts_at), time: formats.time(next.starts_at) })}
    </button>
  );
}

/** A full slot has a line to stand in. */
function JoinWaitlist({ slotId }: { slotId: string }) {
  const { t } = useTranslation('scheduling');
  const account = useAccount();
  const join = useJoinWaitlist();
  if (!account?.roles.includes('student')) return null;
  return (
    <>
      <FormAlert error={join.error} />
      {join.data ? (
        <p role="status">{t('booking.inLine', { count: join.data.people_ahead })}</p>
      ) : (
        <Button busy={join.isPending ? t('booking.joining') : null} onClick={() => join.mutate(slotId)}>
          {t('booking.joinLine')}
        </Button>
      )}
    </>
  );
}
