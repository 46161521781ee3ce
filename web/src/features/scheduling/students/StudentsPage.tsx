import { IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Avatar } from '~/ui/Avatar';
import { ButtonLink } from '~/ui/Button';
import { Empty } from '~/ui/Empty';
import { itemsOf, Listed, totalOf } from '~/ui/Listed';
import { Select, TextInput } from '~/ui/mantine/fields';
import { Card, PageHead } from '~/ui/Page';
import { NobodyPicture } from '~/ui/pictures';
import { type Column, Table } from '~/ui/Table';
import { useFormats } from '~/ui/zone';
import { STUDENT_SORTS, type StudentSearch, type StudentSummary, studentsQuery } from './queries';
import styles from './Students.module.css';

/** The people whom a teacher teaches or has taught. */
export function StudentsPage({ search }: { search: StudentSearch }) {
  const { t } = useTranslation('students');
  const formats = useFormats();
  const navigate = useNavigate();
  const students = useInfiniteQuery(studentsQuery(search));
  const total = totalOf(students);
  const go = (change: StudentSearch) =>
    void navigate({ to: '/students', search: { ...search, ...change }, replace: true });
  const when = (instant: string | null | undefined) =>
    instant ? `${formats.shortDay(instant)}, ${formats.time(instant)}` : '—';
  const columns: Column<StudentSummary>[] = [
    {
      key: 'name',
      head: t('columns.name'),
      cell: ({ id, name, avatar_url }) => (
        <Link to="/students/$id" params={{ id }} className={styles.person}>
          <Avatar id={id} name={name} url={avatar_url} size={32} />
          {name}
        </Link>
      ),
    },
    { key: 'next', head: t('columns.next'), cell: ({ next_lesson_at }) => when(next_lesson_at) },
    { key: 'last', head: t('columns.last'), cell: ({ last_lesson_at }) => when(last_lesson_at), wide: true },
    {
      key: 'held',
      head: t('columns.held'),
      cell: ({ lessons_held }) => formats.number(lessons_held),
      figure: true,
      wide: true,
    },
  ];
  return (
    <div className={styles.page}>
      <PageHead
        title={t('title')}
        note={total === null ? null : t('count', { count: total, n: formats.number(total) })}
      />
      <div className={styles.filters}>
        <TextInput
          type="search"
          aria-label={t('search')}
          placeholder={t('search')}
          leftSection={<IconSearch size={18} stroke={1.8} aria-hidden />}
          defaultValue={search.q ?? ''}
          maxLength={100}
          onChange={(event) => go({ q: event.currentTarget.value.trim() || undefined })}
        />
        <Select
          aria-label={t('sort')}
          data={STUDENT_SORTS.map((value) => ({ value, label: t(`sorts.${value}`) }))}
          value={search.sort ?? 'name'}
          allowDeselect={false}
          onChange={(value) => go({ sort: STUDENT_SORTS.find((sort) => sort === value) })}
        />
      </div>
      <Card flush>
        <Listed
          query={students}
          items={itemsOf(students)}
          failed={t('failed')}
          empty={
            search.q ? (
              <Empty picture={<NobodyPicture />} title={t('nobody')} />
            ) : (
              <Empty picture={<NobodyPicture />} title={t('none')} text={t('noneText')}>
                <ButtonLink to="/schedule" variant="primary">
                  {t('openTime')}
                </ButtonLink>
              </Empty>
            )
          }
        >
          {(items) => <Table label={t('title')} columns={columns} rows={items} id={({ id }) => id} />}
        </Listed>
      </Card>
    </div>
  );
}
