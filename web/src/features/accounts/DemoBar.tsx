import { IconX } from '@tabler/icons-react';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, read } from '~/api/client';
import { useProblemText } from '~/ui/problems';
import { store, stored } from '~/ui/stored';
import { useSignIn } from './commands';
import styles from './DemoBar.module.css';

const demoQuery = queryOptions({
  queryKey: ['dictionaries', 'demo'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: () => read(api.GET('/api/v1/demo')),
});

/** In a demo installation: looks around as a person of each role, with one press. */
export function DemoBar() {
  const { t } = useTranslation('demo');
  const router = useRouter();
  const say = useProblemText();
  const signIn = useSignIn();
  const { data } = useQuery(demoQuery);
  const [hidden, setHidden] = useState(() => stored('demo') === 'hidden');
  if (hidden || !data || data.people.length === 0) return null;
  return (
    <aside className={styles.bar} aria-label={t('label')}>
      <p>
        <b>{t('title')}</b> {signIn.error ? say(signIn.error) : t('text')}
      </p>
      <ul>
        {data.people.map(({ role, email, password }) => (
          <li key={role}>
            <button
              type="button"
              disabled={signIn.isPending}
              onClick={() =>
                signIn.mutate(
                  { email, password },
                  {
                    onSuccess: async () => {
                      await router.invalidate();
                      await router.navigate({ to: '/' });
                    },
                  },
                )
              }
            >
              {t(`roles.${role}`, role)}
            </button>
          </li>
        ))}
      </ul>
      <button
        type="button"
        className={styles.close}
        aria-label={t('common:close')}
        onClick={() => {
          store('demo', 'hidden');
          setHidden(true);
        }}
      >
        <IconX size={18} aria-hidden />
      </button>
    </aside>
  );
}
