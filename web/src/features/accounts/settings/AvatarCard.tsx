import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '~/ui/Avatar';
import { Button } from '~/ui/Button';
import { FormAlert } from '~/ui/FormAlert';
import { Card } from '~/ui/Page';
import type { Account } from '../queries';
import { useSetAvatar } from './commands';
import styles from './Settings.module.css';

/** The picture, and how much of the profile is filled. */
export function AvatarCard({ account }: { account: Account }) {
  const { t } = useTranslation('settings');
  const set = useSetAvatar();
  const picker = useRef<HTMLInputElement>(null);
  return (
    <Card>
      <div className={styles.who}>
        <Avatar id={account.id} name={account.name} url={account.avatar_url} size={72} />
        <div>
          <h2>{account.name}</h2>
          <p>@{account.nickname}</p>
        </div>
        <input
          ref={picker}
          type="file"
          hidden
          accept="image/png,image/jpeg,image/webp"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file) set.mutate(file);
            event.currentTarget.value = '';
          }}
        />
        <Button busy={set.isPending ? t('uploading') : null} onClick={() => picker.current?.click()}>
          {t('avatar')}
        </Button>
      </div>
      <FormAlert error={set.error} />
      <p className={styles.complete}>
        <span>{t('complete', { share: account.profile_completeness })}</span>
        <progress
          max={100}
          value={account.profile_completeness}
          aria-label={t('complete', { share: account.profile_completeness })}
        />
      </p>
    </Card>
  );
}
