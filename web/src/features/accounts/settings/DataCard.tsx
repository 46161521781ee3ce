import { IconDownload } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { Dialog, SubmitButtons } from '~/ui/Dialog';
import { FormAlert } from '~/ui/FormAlert';
import { PasswordInput } from '~/ui/mantine/fields';
import { Card } from '~/ui/Page';
import { leave } from '../commands';
import type { Account } from '../queries';
import { useErase } from './commands';
import { fetchExport } from './queries';
import styles from './Settings.module.css';

/** A file with all data, and the end of the account with its consequences. */
export function DataCard({ account }: { account: Account }) {
  const { t } = useTranslation('settings');
  const [error, setError] = useState<unknown>(null);
  const [loading, setLoading] = useState(false);
  const [erasing, setErasing] = useState(false);
  const save = async () => {
    setLoading(true);
    setError(null);
    try {
      const data = await fetchExport();
      const link = document.createElement('a');
      link.href = URL.createObjectURL(
        new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }),
      );
      link.download = `kafedra-${account.nickname}.json`;
      link.click();
      URL.revokeObjectURL(link.href);
    } catch (failure) {
      setError(failure);
    } finally {
      setLoading(false);
    }
  };
  return (
    <Card id="data" title={t('data')}>
      <p className={styles.text}>{t('dataText')}</p>
      <FormAlert error={error} />
      <p className={styles.buttons}>
        <Button
          icon={<IconDownload size={18} aria-hidden />}
          busy={loading ? t('collecting') : null}
          onClick={() => void save()}
        >
          {t('export')}
        </Button>
        <Button variant="danger" onClick={() => setErasing(true)}>
          {t('erase')}
        </Button>
      </p>
      {erasing && <EraseDialog close={() => setErasing(false)} />}
    </Card>
  );
}

function EraseDialog({ close }: { close: () => void }) {
  const { t } = useTranslation('settings');
  const navigate = useNavigate();
  const erase = useErase();
  const [password, setPassword] = useState('');
  const send = (event: FormEvent) => {
    event.preventDefault();
    erase.mutate(password, {
      onSuccess: () => {
        leave();
        void navigate({ to: '/' });
      },
    });
  };
  return (
    <Dialog title={t('eraseTitle')} close={close}>
      <form onSubmit={send} style={{ display: 'grid', gap: 16 }}>
        <ul className={styles.consequences}>
          {[1, 2, 3].map((number) => (
            <li key={number}>{t(`consequence${number}`)}</li>
          ))}
        </ul>
        <PasswordInput
          label={t('fields.current_password')}
          value={password}
          autoComplete="current-password"
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': t('accounts:fields.showPassword'), tabIndex: 0 }}
        />
        <FormAlert error={erase.error} />
        <SubmitButtons
          submit={t('eraseNow')}
          busy={erase.isPending ? t('erasing') : null}
          disabled={password === ''}
          danger
          close={close}
          cancel={t('keep')}
        />
      </form>
    </Dialog>
  );
}
