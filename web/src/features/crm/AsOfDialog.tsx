import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { Dialog, DialogButtons } from '~/ui/Dialog';
import { TextInput } from '~/ui/mantine/fields';
import { useZone } from '~/ui/zone';
import { instantOf } from '~/ui/zones';
import { dayAndMinute } from '../scheduling/calendar/entries';
import { clock, minuteOf } from '../scheduling/calendar/slotForm';
import styles from './AsOf.module.css';
import { useGoTo } from './useGoTo';

const DAY_MS = 86_400_000;

export function AsOfDialog({ asOf, close }: { asOf: string | undefined; close: () => void }) {
  const { t } = useTranslation('crm');
  const { zone } = useZone();
  const go = useGoTo();
  const start = dayAndMinute(asOf ? Date.parse(asOf) : Date.now() - DAY_MS, zone);
  const [day, setDay] = useState(start.day);
  const [time, setTime] = useState(clock(start.minute));
  const choose = () => {
    const instant = instantOf(day, minuteOf(time), zone);
    go(instant.getTime() < Date.now() ? instant : null);
    close();
  };
  return (
    <Dialog title={t('past.dialog')} close={close} size={400}>
      <p className={styles.text}>{t('past.text')}</p>
      <TextInput
        type="date"
        label={t('past.date')}
        value={day}
        onChange={(event) => setDay(event.currentTarget.value)}
      />
      <TextInput
        type="time"
        label={t('past.time')}
        value={time}
        onChange={(event) => setTime(event.currentTarget.value)}
      />
      <DialogButtons>
        <Button variant="primary" size="large" onClick={choose}>
          {t('past.show')}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
