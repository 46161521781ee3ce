import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemError } from '~/api/problem';
import { type Code, writeMoney } from '~/api/shapes';
import type { Account } from '~/features/accounts/queries';
import { Button } from '~/ui/Button';
import { Dialog, DialogButtons } from '~/ui/Dialog';
import { FormAlert } from '~/ui/FormAlert';
import { useFormErrors } from '~/ui/formErrors';
import { toast } from '~/ui/toasts';
import { useFormats, useZone } from '~/ui/zone';
import { instantOf } from '~/ui/zones';
import { useOthers } from '../others';
import type { Slot } from '../queries';
import styles from './Calendar.module.css';
import { useChangeSlot, useOpenSlot, useWithdrawSlot } from './commands';
import { conflictAt, type Entry } from './entries';
import { slotQuery } from './queries';
import { SlotFieldset } from './SlotFieldset';
import { SlotVersions } from './SlotVersions';
import { fieldsOf, minuteOf } from './slotForm';

export interface SlotDraft {
  slot: Slot | null;
  startsAt: Date;
  minutes: number;
}

interface Props {
  account: Account;
  draft: SlotDraft;
  entries: Entry[];
  close: () => void;
}

/** Opens a time for booking, or changes one that is free. What it collides with is said before. */
export function SlotDialog({ account, draft, entries, close }: Props) {
  const { t } = useTranslation('calendar');
  const { zone } = useZone();
  const formats = useFormats();
  const others = useOthers();
  const { slot } = draft;
  const open = useOpenSlot();
  const change = useChangeSlot();
  const withdraw = useWithdrawSlot();
  const [fields, setFields] = useState(() => fieldsOf(account, slot, draft.startsAt, draft.minutes, zone));
  const error = open.error ?? change.error ?? withdraw.error;
  const errors = useFormErrors(error, { time_conflict: 'starts_at', slot_in_past: 'starts_at' });
  const startsAt = instantOf(fields.day, minuteOf(fields.time), zone);
  const ends = startsAt.getTime() + Number(fields.minutes) * 60_000;
  const conflict = conflictAt(entries, slot?.id ?? null, startsAt.getTime(), ends);

  const isStale = change.error instanceof ProblemError && change.error.code === 'stale_version';
  const now = useQuery({ ...slotQuery(slot?.id ?? ''), enabled: isStale && slot !== null });

  const done = (title: string) => () => {
    toast({ tone: 'ok', title, text: `${formats.shortDay(startsAt)}, ${formats.time(startsAt)}` });
    close();
  };
  const save = (version: Slot | null) => {
    const body = {
      starts_at: startsAt.toISOString(),
      duration_minutes: Number(fields.minutes) as Code<'DurationMinutes'>,
      subject: fields.subject as Code<'Subject'>,
      lesson_type: fields.lessonType as Code<'LessonType'>,
      format: fields.format as Code<'LessonFormat'>,
      price: writeMoney(fields.price),
      capacity: Number(fields.capacity),
      place: fields.place.trim() || null,
    };
    if (version) change.mutate({ slot: version, change: body }, { onSuccess: done(t('slot.changed')) });
    else open.mutate(body, { onSuccess: done(t('slot.opened')) });
  };

  const send = (event: FormEvent) => {
    event.preventDefault();
    save(slot);
  };

  return (
    <Dialog title={t(slot ? 'slot.change' : 'slot.open')} close={close} size={520}>
      <form onSubmit={send} noValidate style={{ display: 'grid', gap: 16 }}>
        <SlotFieldset account={account} fields={fields} errors={errors} change={setFields} />
        {conflict && (
          <p className={styles.warning} role="status">
            <IconAlertTriangle size={20} aria-hidden />
            {t('conflict.text', {
              name: conflict.lesson ? others(conflict.lesson) : t('block.free'),
              time: formats.timeRange(new Date(conflict.startsAt), new Date(conflict.endsAt)),
            })}
          </p>
        )}
        {isStale && now.data ? (
          <SlotVersions
            mine={fields}
            now={fieldsOf(account, now.data, new Date(now.data.starts_at), now.data.duration_minutes, zone)}
            busy={change.isPending}
            keep={close}
            overwrite={() => save(now.data)}
          />
        ) : (
          <FormAlert error={errors.general} />
        )}
        <DialogButtons>
          {slot && (
            <Button
              variant="danger"
              size="large"
              busy={withdraw.isPending ? t('slot.withdrawing') : null}
              onClick={() => withdraw.mutate(slot.id, { onSuccess: done(t('slot.withdrawn')) })}
            >
              {t('slot.withdraw')}
            </Button>
          )}
          <Button
            type="submit"
            variant="primary"
            size="large"
            busy={open.isPending || change.isPending ? t('saving') : null}
          >
            {t(slot ? 'slot.save' : 'slot.submit')}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
