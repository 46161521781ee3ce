import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SettingsFrame } from '~/features/accounts/settings/SettingsFrame';
import { Button } from '~/ui/Button';
import { FormAlert } from '~/ui/FormAlert';
import { Listed } from '~/ui/Listed';
import { Switch, TextInput } from '~/ui/mantine/fields';
import { Card } from '~/ui/Page';
import { toast } from '~/ui/toasts';
import { useSetPreference, useSetQuietHours } from './commands';
import styles from './Notifications.module.css';
import { type Preference, preferencesQuery, type QuietHours, quietHoursQuery } from './queries';

/** A grid of kinds and channels, and the hours without a sound. */
export function PreferencesPage() {
  const { t } = useTranslation('notifications');
  const preferences = useQuery(preferencesQuery);
  const quiet = useQuery(quietHoursQuery);
  return (
    <SettingsFrame tab="notifications">
      <Card id="grid" title={t('grid.title')} note={t('grid.text')} flush>
        <Listed query={preferences} items={preferences.data} failed={t('failedPreferences')} empty={null}>
          {(all) => <Grid all={all} />}
        </Listed>
      </Card>
      {quiet.data !== undefined && <Quiet hours={quiet.data} />}
    </SettingsFrame>
  );
}

function Grid({ all }: { all: readonly Preference[] }) {
  const { t } = useTranslation('notifications');
  const set = useSetPreference();
  const channels = [...new Set(all.map(({ channel }) => channel))];
  const kinds = [...new Set(all.map(({ kind }) => kind))];
  const find = (kind: string, channel: string) =>
    all.find((one) => one.kind === kind && one.channel === channel);
  return (
    <div className={styles.scroll}>
      <FormAlert error={set.error} />
      <table className={styles.grid}>
        <thead>
          <tr>
            <td />
            {channels.map((channel) => (
              <th key={channel} scope="col">
                {t(`channels.${channel}`, channel)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {kinds.map((kind) => (
            <tr key={kind}>
              <th scope="row">{t(`kinds.${kind}`, kind)}</th>
              {channels.map((channel) => {
                const cell = find(kind, channel);
                return (
                  <td key={channel}>
                    {cell && (
                      <Switch
                        aria-label={`${t(`kinds.${kind}`, kind)}: ${t(`channels.${channel}`, channel)}`}
                        checked={cell.on}
                        onChange={(event) => set.mutate({ ...cell, on: event.currentTarget.checked })}
                      />
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Quiet({ hours }: { hours: QuietHours | null }) {
  const { t } = useTranslation('notifications');
  const set = useSetQuietHours();
  const [from, setFrom] = useState(hours?.from ?? '22:00');
  const [to, setTo] = useState(hours?.to ?? '08:00');
  useEffect(() => {
    if (!hours) return;
    setFrom(hours.from.slice(0, 5));
    setTo(hours.to.slice(0, 5));
  }, [hours]);
  const send = (event: FormEvent) => {
    event.preventDefault();
    set.mutate({ from, to }, { onSuccess: () => toast({ tone: 'ok', title: t('quiet.saved') }) });
  };
  return (
    <Card id="quiet" title={t('quiet.title')} note={t('quiet.text')}>
      <form className={styles.quiet} onSubmit={send}>
        <TextInput
          type="time"
          label={t('quiet.from')}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          type="time"
          label={t('quiet.to')}
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <Button type="submit" variant="primary" busy={set.isPending ? t('quiet.busy') : null}>
          {t('quiet.save')}
        </Button>
        {hours && <Button onClick={() => set.mutate(null)}>{t('quiet.off')}</Button>}
      </form>
      <FormAlert error={set.error} />
    </Card>
  );
}
