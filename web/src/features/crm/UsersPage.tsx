import { IconDownload, IconMailForward, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '~/features/accounts/queries';
import { Button } from '~/ui/Button';
import { Empty } from '~/ui/Empty';
import { itemsOf, Listed, totalOf } from '~/ui/Listed';
import { Select, TextInput } from '~/ui/mantine/fields';
import { Card, PageHead } from '~/ui/Page';
import { NobodyPicture } from '~/ui/pictures';
import { useFormats } from '~/ui/zone';
import { AsOfButton, AsOfFrame } from './AsOf';
import styles from './Crm.module.css';
import { InviteDialog } from './InviteDialog';
import { type UserFilter, usersQuery } from './queries';
import { UserTable } from './UserTable';

const TYPES = ['student', 'teacher', 'staff'];
const STATUSES = ['active', 'suspended', 'erased'];
const SORTS = ['-registered_at', 'registered_at', '-last_active_at', 'name', '-tickets_open'];

interface Props {
  account: Account;
  search: UserFilter & { as_of?: string };
}

/** All people of the school: filters in the address, sorted, as a file. */
export function UsersPage({ account, search }: Props) {
  const { t } = useTranslation('crm');
  const formats = useFormats();
  const navigate = useNavigate();
  const { as_of, ...filter } = search;
  const users = useInfiniteQuery(usersQuery(filter, as_of));
  const total = totalOf(users);
  const [inviting, setInviting] = useState(false);
  const mayInvite = !as_of && account.roles.some((role) => role === 'support' || role === 'admin');
  const go = (change: UserFilter) =>
    void navigate({ to: '/crm/users', search: { ...search, ...change }, replace: true });
  const pick = (name: 'type' | 'status' | 'sort', choices: string[]) => ({
    'aria-label': t(`filters.${name}`),
    placeholder: t(`filters.${name}`),
    clearable: name !== 'sort',
    data: choices.map((value) => ({
      value,
      label: t(`${name === 'type' ? 'types' : name === 'status' ? 'userStatus' : 'sorts'}.${value}`),
    })),
    value: search[name] ?? (name === 'sort' ? '-registered_at' : null),
    onChange: (value: string | null) => go({ [name]: value ?? undefined }),
  });
  const file = `/api/v1/crm/users?${new URLSearchParams(Object.entries({ ...filter, ...(as_of && { as_of }), format: 'csv' }) as [string, string][])}`;
  return (
    <AsOfFrame asOf={as_of}>
      <PageHead
        title={t('users.title')}
        note={total === null ? null : t('users.count', { count: total, n: formats.number(total) })}
      >
        {!as_of && <AsOfButton asOf={as_of} />}
        <CsvLink href={file} />
        {mayInvite && (
          <Button
            size="small"
            variant="primary"
            icon={<IconMailForward size={16} aria-hidden />}
            onClick={() => setInviting(true)}
          >
            {t('invite.open')}
          </Button>
        )}
      </PageHead>
      <div className={styles.filters}>
        <TextInput
          type="search"
          aria-label={t('users.search')}
          placeholder={t('users.search')}
          leftSection={<IconSearch size={18} stroke={1.8} aria-hidden />}
          defaultValue={search.q ?? ''}
          maxLength={100}
          onChange={(event) => go({ q: event.currentTarget.value.trim() || undefined })}
        />
        <Select {...pick('type', TYPES)} />
        <Select {...pick('status', STATUSES)} />
        <Select {...pick('sort', SORTS)} />
      </div>
      <Card flush>
        <Listed
          query={users}
          items={itemsOf(users)}
          failed={t('users.failed')}
          height={36}
          rows={12}
          empty={<Empty picture={<NobodyPicture />} title={t('users.none')} text={t('users.noneText')} />}
        >
          {(items) => <UserTable users={items} asOf={as_of} />}
        </Listed>
      </Card>
      {inviting && <InviteDialog account={account} close={() => setInviting(false)} />}
    </AsOfFrame>
  );
}

/** The same rows as a file. The request is fetched with the language and the session of the page. */
export function CsvLink({ href }: { href: string }) {
  const save = async () => {
    const answer = await fetch(href.replace(/&?format=csv/, ''), { headers: { Accept: 'text/csv' } });
    if (!answer.ok) return;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await answer.blob());
    link.download = `${href.split('?')[0]?.split('/').pop()}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <button type="button" className={styles.csv} onClick={() => void save()}>
      <IconDownload size={16} aria-hidden />
      CSV
    </button>
  );
}
