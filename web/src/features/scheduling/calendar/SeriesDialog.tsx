import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Code, writeMoney } from '~/api/shapes';
import type { Account } from '~/features/accounts/queries';
import { Button } from '~/ui/Button';
import { Chip } from '~/ui/Chip';
import { Dialog, DialogButtons } from '~/ui/Dialog';
import { FormAlert } from '~/ui/FormAlert';
import { useFormErrors } from '~/ui/formErrors';
import { TextInput } from '~/ui/mantine/fields';
import { useProblemText } from '~/ui/problems';
import { toast } from '~/ui/toasts';
import { useFormats, useZone } from '~/ui/zone';
import { addDays, dayOf } from '~/ui/zones';
import styles from './Calendar.module.css';
import { useDefineSeries, usePreviewSeries } from './commands';
import { WEEKDAYS, type Weekday, weeklyRule } from './rule';
import { SlotFieldset } from './SlotFieldset';
import { fieldsOf } from './slotForm';

/** Weekly times: chosen, previewed with all conflicts, then opened. */
export function SeriesDialog({ account, close }: { account: Account; close: () => void }) {
  const { t, i18n } = useTranslation('calendar');
  const { zone } = useZone();
  const formats = useFormats();
  const preview = usePreviewSeries();
  const define = useDefineSeries();
  const [fields, setFields] = useState(() => ({
    ...fieldsOf(account, null, new Date(), 60, zone),
    time: '17:00',
  }));
  const [days, setDays] = useState<Weekday[]>(['TU', 'TH']);
  const [from, setFrom] = useState(addDays(dayOf(new Date(), zone), 1));
  const [until, setUntil] = useState('');
  const errors = useFormErrors(define.error ?? preview.error);
  const toggle = (day: Weekday) =>
    setDays((before) => (before.includes(day) ? before.filter((one) => one !== day) : [...before, day]));

  const body = () => ({
    rrule: weeklyRule(days, until),
    local_start: `${from}T${fields.time}:00`,
    time_zone: zone,
    duration_minutes: Number(fields.minutes) as Code<'DurationMinutes'>,
    subject: fields.subject as Code<'Subject'>,
    lesson_type: fields.lessonType as Code<'LessonType'>,
    format: fields.format as Code<'LessonFormat'>,
    price: writeMoney(fields.price),
    capacity: Number(fields.capacity),
    place: fields.place.trim() || null,
    goals: [],
    grades: [],
  });
  const save = () =>
    define.mutate(body(), {
      onSuccess: () => {
        toast({ tone: 'ok', title: t('series.defined') });
        close();
      },
    });

  return (
    <Dialog title={t('series.new')} close={close} size={560}>
      <fieldset className={styles.days} style={{ border: 0, margin: 0, padding: 0 }}>
        <legend style={{ marginBottom: 4, fontSize: 13, fontWeight: 500 }}>{t('series.days')}</legend>
        {WEEKDAYS.map((day) => (
          <label key={day}>
            <input type="checkbox" checked={days.includes(day)} onChange={() => toggle(day)} />
            {t(`weekdays.${day}`)}
          </label>
        ))}
      </fieldset>
      <div className={styles.pair}>
        <TextInput
          type="date"
          label={t('series.from')}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          type="date"
          label={t('series.until')}
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
      </div>
      <SlotFieldset account={account} fields={fields} errors={errors} change={setFields} withoutDay />
      {preview.data && (
        <section aria-labelledby="preview">
          <h3 id="preview">{t('series.preview', { count: preview.data.length })}</h3>
          <ul className={styles.preview}>
            {preview.data.map(({ starts_at, ends_at, conflict }) => (
              <li key={starts_at}>
                {formats.shortDay(starts_at)}, {formats.timeRange(starts_at, ends_at)}
                {conflict && <Conflict code={conflict.code} />}
              </li>
            ))}
          </ul>
        </section>
      )}
      <FormAlert error={errors.general} />
      <p className={styles.hint} lang={i18n.language}>
        {t('series.conflictHint')}
      </p>
      <DialogButtons>
        <Button
          size="large"
          disabled={days.length === 0}
          busy={preview.isPending ? t('series.checking') : null}
          onClick={() => preview.mutate(body())}
        >
          {t('series.check')}
        </Button>
        <Button
          variant="primary"
          size="large"
          disabled={days.length === 0}
          busy={define.isPending ? t('saving') : null}
          onClick={save}
        >
          {t('series.submit')}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

function Conflict({ code }: { code: string }) {
  const { t } = useTranslation('problems');
  const say = useProblemText();
  const known = t(`codes.${code}`, '');
  return <Chip tone="error">{known || say(null)}</Chip>;
}
