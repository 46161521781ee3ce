import { IconSearch, IconUserShield } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '~/ui/Avatar';
import { Button } from '~/ui/Button';
import { Chip } from '~/ui/Chip';
import { Empty } from '~/ui/Empty';
import { itemsOf, Listed, totalOf } from '~/ui/Listed';
import { Select, TextInput } from '~/ui/mantine/fields';
import { Card, PageHead } from '~/ui/Page';
import { NobodyPicture } from '~/ui/pictures';
import { type Column, Table } from '~/ui/Table';
import { useFormats } from '~/ui/zone';
import styles from './Admin.module.css';
import { type AccountFilter, accountsQuery, type ListedAccount } from './queries';
import { ROLES, RolesDialog } from './RolesDialog';

/** Accounts and their roles. */
export function AccountsPage({ search }: { search: AccountFilter }) {
  const { t } = useTranslation('admin');
  const formats = useFormats();
  const navigate = useNavigate();
  const [changing, setChanging] = useState<ListedAccount | null>(null);
  const accounts = useInfiniteQuery(accountsQuery(search));
  const total = totalOf(accounts);
  const go = (change: AccountFilter) =>
    void navigate({ to: '/admin/accounts', search: { ...search, ...change }, replace: true });
  const columns: Column<ListedAccount>[] = [
    {
      key: 'name',
      head: t('columns.name'),
      cell: (one) => (
        <span className={styles.person}>
          <Avatar id={one.id} name={one.name} url={one.avatar_url} size={24} />
          <b>{one.name ?? t('accounts.erased')}</b>
        </span>
      ),
    },
    { key: 'email', head: t('columns.email'), wide: true, cell: (one) => one.email },
    {
      key: 'roles',
      head: t('columns.roles'),
      cell: (one) => (
        <span className={styles.roles}>
          {one.roles.map((role) => (
            <Chip key={role} tone={role === 'student' || role === 'teacher' ? 'neutral' : 'accent'}>
              {t(`common:roles.${role}`, role)}
            </Chip>
          ))}
        </span>
      ),
    },
    {
      key: 'active',
      head: t('columns.active'),
      figure: true,
      wide: true,
      cell: (one) => formats.shortDay(one.last_active_at),
    },
    {
      key: 'change',
      head: <span className="visually-hidden">{t('accounts.change')}</span>,
      figure: true,
      cell: (one) => (
        <Button size="small" icon={<IconUserShield size={16} aria-hidden />} onClick={() => setChanging(one)}>
          {t('accounts.change')}
        </Button>
      ),
    },
  ];
  return (
    <>
      <PageHead title={t('accounts.title')} note={total === null ? null : formats.number(total)} />
      <div className={styles.filters}>
        <TextInput
          type="search"
          aria-label={t('accounts.search')}
          placeholder={t('accounts.search')}
          leftSection={<IconSearch size={18} stroke={1.8} aria-hidden />}
          defaultValue={search.q ?? ''}
          maxLength={100}
          onChange={(event) => go({ q: event.currentTarget.value.trim() || undefined })}
        />
        <Select
          aria-label={t('columns.roles')}
          placeholder={t('columns.roles')}
          clearable
          data={ROLES.map((value) => ({ value, label: t(`common:roles.${value}`) }))}
          value={search.role ?? null}
          onChange={(value) => go({ role: value ?? undefined })}
        />
      </div>
      <Card flush>
        <Listed
          query={accounts}
          items={itemsOf(accounts)}
          failed={t('accounts.failed')}
          height={36}
          rows={12}
          empty={<Empty picture={<NobodyPicture />} title={t('accounts.none')} />}
        >
          {(items) => (
            <Table label={t('accounts.title')} columns={columns} rows={items} id={({ id }) => id} />
          )}
        </Listed>
      </Card>
      {changing && <RolesDialog account={changing} close={() => setChanging(null)} />}
    </>
  );
}
