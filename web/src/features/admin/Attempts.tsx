import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Chip } from '~/ui/Chip';
import { itemsOf, Listed } from '~/ui/Listed';
import { Card } from '~/ui/Page';
import { type Column, Table } from '~/ui/Table';
import { useFormats } from '~/ui/zone';
import styles from './Admin.module.css';
import { type Attempt, attemptsQuery } from './queries';

/** Every call to the external CRM with its answer. */
export function Attempts() {
  const { t } = useTranslation('admin');
  const formats = useFormats();
  const attempts = useInfiniteQuery(attemptsQuery);
  const columns: Column<Attempt>[] = [
    {
      key: 'time',
      head: t('columns.time'),
      cell: (one) => `${formats.shortDay(one.at)}, ${formats.time(one.at)}`,
    },
    { key: 'what', head: t('columns.what'), cell: (one) => t(`what.${one.what}`) },
    {
      key: 'call',
      head: t('columns.call'),
      wide: true,
      cell: (one) => <code>{`${one.method} ${one.path}`}</code>,
    },
    {
      key: 'account',
      head: t('columns.account'),
      wide: true,
      cell: (one) => one.account_id && <code className={styles.id}>{one.account_id.slice(0, 8)}…</code>,
    },
    {
      key: 'answer',
      head: t('columns.answer'),
      cell: (one) => (
        <Chip tone={one.status !== null && one.status < 300 ? 'ok' : 'error'}>
          {one.status ?? t(`outcome.${one.outcome}`)}
        </Chip>
      ),
    },
    { key: 'error', head: t('columns.error'), wide: true, cell: (one) => one.error },
    { key: 'ms', head: t('ms'), figure: true, cell: (one) => one.latency_ms },
  ];
  return (
    <Card id="attempts" title={t('attempts.title')} flush>
      <Listed
        query={attempts}
        items={itemsOf(attempts)}
        failed={t('attempts.failed')}
        height={36}
        rows={8}
        empty={<p className={styles.quiet}>{t('attempts.none')}</p>}
      >
        {(items) => <Table label={t('attempts.title')} columns={columns} rows={items} id={({ id }) => id} />}
      </Listed>
    </Card>
  );
}
