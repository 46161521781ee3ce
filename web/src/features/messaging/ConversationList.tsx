import { IconArchive, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useDeferredValue } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '~/features/accounts/queries';
import { Empty } from '~/ui/Empty';
import { itemsOf, Listed } from '~/ui/Listed';
import { TextInput } from '~/ui/mantine/fields';
import { NobodyPicture } from '~/ui/pictures';
import { idOf, Rows } from '~/ui/Rows';
import { Segments } from '~/ui/Segments';
import { ConversationRow } from './ConversationRow';
import { Found } from './Found';
import styles from './Messages.module.css';
import { titleOf } from './people';
import { conversationsQuery } from './queries';

interface Props {
  account: Account;
  current: string | undefined;
  q: string;
  archived: boolean;
}

export function ConversationList({ account, current, q, archived }: Props) {
  const { t } = useTranslation('messaging');
  const navigate = useNavigate();
  const conversations = useInfiniteQuery(conversationsQuery(archived));
  const items = itemsOf(conversations);
  const words = useDeferredValue(q.trim().toLocaleLowerCase());
  const shown = items?.filter((one) => titleOf(one, account).toLocaleLowerCase().includes(words));
  const go = (search: { q?: string; archived?: true }) =>
    void navigate({
      to: current ? '/messages/$id' : '/messages',
      params: { id: current ?? '' },
      search: { q: q || undefined, archived: archived ? true : undefined, ...search },
      replace: true,
    });
  return (
    <section className={styles.side} aria-labelledby="messages">
      <h1 id="messages">{t('title')}</h1>
      <TextInput
        type="search"
        aria-label={t('search')}
        placeholder={t('search')}
        leftSection={<IconSearch size={18} stroke={1.8} aria-hidden />}
        value={q}
        maxLength={100}
        onChange={(event) => go({ q: event.currentTarget.value || undefined })}
      />
      <Segments
        label={t('which')}
        value={archived ? 'archived' : 'all'}
        options={[
          { value: 'all', label: t('all') },
          { value: 'archived', label: t('archived') },
        ]}
        choose={(value) => go({ archived: value === 'archived' ? true : undefined })}
      />
      <Listed
        query={conversations}
        items={shown}
        failed={t('failed')}
        height={64}
        empty={
          words ? (
            <p className={styles.quiet}>{t('noPeople')}</p>
          ) : (
            <Empty
              picture={archived ? <IconArchive size={64} stroke={1} /> : <NobodyPicture />}
              title={t(archived ? 'noneArchived' : 'none')}
              text={archived ? undefined : t('noneText')}
            />
          )
        }
      >
        {(list) => (
          <Rows items={list} id={idOf} height={64}>
            {(one) => <ConversationRow account={account} conversation={one} current={one.id === current} />}
          </Rows>
        )}
      </Listed>
      {words.length > 1 && <Found words={words} />}
    </section>
  );
}
