import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Avatar } from '~/ui/Avatar';
import { Chip } from '~/ui/Chip';
import { useDictionaries } from '~/ui/dictionaries';
import { type Column, Table } from '~/ui/Table';
import { useFormats } from '~/ui/zone';
import styles from './Crm.module.css';
import type { CrmUser } from './queries';

interface Props {
  users: readonly CrmUser[];
  asOf: string | undefined;
  /** Leaves out what does not fit beside something else. */
  short?: boolean;
}

const LONG = ['subjects', 'lessons', 'tickets'];

export function UserTable({ users, asOf, short }: Props) {
  const { t } = useTranslation('crm');
  const { label } = useDictionaries();
  const formats = useFormats();
  const columns: Column<CrmUser>[] = [
    {
      key: 'name',
      head: t('columns.name'),
      cell: (user) => (
        <span className={styles.person}>
          <Avatar id={user.id} name={user.name} size={24} />
          <Link
            to="/crm/users/$id"
            params={{ id: user.id }}
            search={{ as_of: asOf }}
            className={styles.strong}
          >
            {user.name}
          </Link>
          {user.status !== 'active' && (
            <Chip tone="error">{t(`userStatus.${user.status}`, user.status)}</Chip>
          )}
        </span>
      ),
    },
    { key: 'type', head: t('columns.role'), cell: (user) => t(`types.${user.type}`, user.type) },
    {
      key: 'email',
      head: t('columns.contact'),
      wide: true,
      cell: (user) => (
        <span className={styles.address} title={user.email ?? undefined}>
          {user.email}
        </span>
      ),
    },
    {
      key: 'subjects',
      head: t('columns.subjects'),
      wide: true,
      cell: (user) =>
        user.subjects
          .slice(0, 3)
          .map((code) => label('subjects', code))
          .join(', '),
    },
    {
      key: 'lessons',
      head: t('columns.lessons'),
      figure: true,
      wide: true,
      cell: (user) => formats.number(user.lessons_completed),
    },
    {
      key: 'tickets',
      head: t('columns.tickets'),
      figure: true,
      wide: true,
      cell: (user) => formats.number(user.tickets_open),
    },
    {
      key: 'joined',
      head: t('columns.joined'),
      figure: true,
      wide: true,
      cell: (user) => formats.shortDay(user.registered_at),
    },
  ];
  const shown = short ? columns.filter(({ key }) => !LONG.includes(key)) : columns;
  return <Table label={t('users.title')} columns={shown} rows={users} id={({ id }) => id} />;
}
