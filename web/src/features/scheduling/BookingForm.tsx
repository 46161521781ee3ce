import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readMoney } from '~/api/shapes';
import { useAccount } from '~/features/accounts/queries';
import { Button, ButtonLink } from '~/ui/Button';
import { useDictionaries } from '~/ui/dictionaries';
import { FormAlert } from '~/ui/FormAlert';
import { Textarea } from '~/ui/mantine/fields';
import { SubjectTile } from '~/ui/Subject';
import { toast } from '~/ui/toasts';
import { useFormats } from '~/ui/zone';
import styles from './BookingPanel.module.css';
import { CancellationBar } from './CancellationBar';
import { useBook } from './commands';
import { HoldLine } from './HoldLine';
import type { Slot, TeacherCard } from './queries';
import { useHold } from './useHold';
import { WhenBox } from './WhenBox';

const LONGEST_NOTE = 1000;

interface Props {
  teacher: TeacherCard;
  slot: Slot;
  /** Keeps the slot on the page while its seat is held: it is then no longer among the free ones. */
  keep: (slot: Slot | null) => void;
}

/** Everything about the booking before the one button: what, when, terms, price. */
export function BookingForm({ teacher, slot, keep }: Props) {
  const { t } = useTranslation('scheduling');
  const { label } = useDictionaries();
  const formats = useFormats();
  const navigate = useNavigate();
  const account = useAccount();
  const book = useBook();
  const [note, setNote] = useState('');
  const {
    hold,
    error: holdError,
    use,
    keep: keepHold,
  } = useHold(slot.id, account?.roles.includes('student') ?? false);
  const heldId = hold?.id;
  useEffect(() => keep(heldId ? slot : null), [heldId, keep, slot]);
  const price = readMoney(slot.price);
  const what = [
    label('subjects', slot.subject),
    t('booking.minutes', { count: slot.duration_minutes }),
    label('formats', slot.format),
  ];

  const [sending, setSending] = useState(false);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (sending) return;
    setSending(true);
    const holdId = await use();
    book.mutate(
      { slotId: slot.id, note, holdId },
      {
        onSettled: () => setSending(false),
        onError: keepHold,
        onSuccess: (lesson) => {
          toast({
            tone: 'ok',
            title: t('booking.done'),
            text: `${formats.longDay(lesson.starts_at)}, ${formats.time(lesson.starts_at)}`,
          });
          void navigate({ to: '/lessons/$id', params: { id: lesson.id } });
        },
      },
    );
  };

  return (
    <form onSubmit={send} className={styles.form}>
      <header className={styles.head}>
        <SubjectTile code={slot.subject} />
        <div>
          <h2 id="booking">{label('lesson_types', slot.lesson_type)}</h2>
          <p>{what.join(' · ')}</p>
        </div>
      </header>
      <WhenBox
        startsAt={slot.starts_at}
        endsAt={slot.ends_at}
        otherZone={teacher.time_zone}
        other={teacher.name}
      />
      {slot.capacity > 1 && (
        <p className={styles.seats}>{t('booking.seats', { count: slot.capacity - slot.seats_taken })}</p>
      )}
      {account?.roles.includes('student') && (
        <Textarea
          label={t('booking.note')}
          description={t('booking.noteHelp')}
          autosize
          minRows={2}
          maxRows={6}
          maxLength={LONGEST_NOTE}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
      )}
      <CancellationBar terms={slot.cancellation} startsAt={slot.starts_at} />
      <div className={styles.total}>
        <span>{t('booking.price')}</span>
        <b className="num">{price ? formats.money(price) : ''}</b>
      </div>
      <FormAlert error={book.error ?? holdError} />
      <BookingActions teacher={teacher} slot={slot} busy={sending} />
      {hold && <HoldLine expiresAt={hold.expiresAt} />}
    </form>
  );
}

/** Button of a student, or the ways to become one. */
function BookingActions({ teacher, slot, busy }: { teacher: TeacherCard; slot: Slot; busy: boolean }) {
  const { t } = useTranslation('scheduling');
  const account = useAccount();
  if (account?.roles.includes('student')) {
    return (
      <Button type="submit" variant="primary" size="large" wide busy={busy ? t('booking.busy') : null}>
        {t('booking.book')}
      </Button>
    );
  }
  if (account) return <p className={styles.why}>{t('booking.onlyStudents')}</p>;
  const next = `/teachers/${teacher.id}?slot=${encodeURIComponent(slot.id)}`;
  return (
    <>
      <ButtonLink to="/register" search={{ next }} variant="primary" size="large" wide>
        {t('booking.register')}
      </ButtonLink>
      <ButtonLink to="/login" search={{ next }} size="large" wide>
        {t('booking.login')}
      </ButtonLink>
    </>
  );
}
