import { IconDeviceDesktop } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { Chip } from '~/ui/Chip';
import { FormAlert } from '~/ui/FormAlert';
import { Listed } from '~/ui/Listed';
import { Card } from '~/ui/Page';
import { useFormats } from '~/ui/zone';
import { useEndSession } from './commands';
import { sessionsQuery } from './queries';
import styles from './Settings.module.css';

/** Where the person is signed in. */
export function SessionsCard() {
  const { t } = useTranslation('settings');
  const formats = useFormats();
  const sessions = useQuery(sessionsQuery);
  const end = useEndSession();
  return (
    <Card id="sessions" title={t('sessions')} flush>
      <FormAlert error={end.error} />
      <Listed query={sessions} items={sessions.data} failed={t('failedSessions')} rows={2} empty={null}>
        {(items) => (
          <ul className={styles.sessions}>
            {items.map((session) => (
              <li key={session.id}>
                <IconDeviceDesktop size={22} stroke={1.6} aria-hidden />
                <span>
                  <b>{deviceOf(session.user_agent) || t('unknownDevice')}</b>
                  <span>
                    {t('seen', {
                      time: `${formats.shortDay(session.last_seen_at)}, ${formats.time(session.last_seen_at)}`,
                    })}
                  </span>
                </span>
                {session.current ? (
                  <Chip tone="ok">{t('thisOne')}</Chip>
                ) : (
                  <Button
                    size="small"
                    busy={end.isPending && end.variables === session.id ? t('ending') : null}
                    onClick={() => end.mutate(session.id)}
                  >
                    {t('end')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Listed>
    </Card>
  );
}

/** Browser and system, as far as the browser names them. */
export function deviceOf(agent: string): string {
  const browser = /(Edg|OPR|YaBrowser|Firefox|Chrome|Safari)\/[\d.]+/.exec(agent)?.[1];
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(agent)?.[1];
  const name = { Edg: 'Edge', OPR: 'Opera', YaBrowser: 'Yandex' }[browser ?? ''] ?? browser;
  return [name, system === 'Mac OS X' ? 'macOS' : system].filter(Boolean).join(', ') || agent.slice(0, 40);
}
