import { IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { Chip, type Tone } from '~/ui/Chip';
import { FormAlert } from '~/ui/FormAlert';
import { Listed } from '~/ui/Listed';
import { Card, PageHead } from '~/ui/Page';
import { type Column, Table } from '~/ui/Table';
import { useFormats } from '~/ui/zone';
import styles from './Admin.module.css';
import { useRebuild, useRetryListener } from './commands';
import { type Listener, projectionsQuery, systemQuery } from './queries';

const TONES: Record<Listener['state'], Tone> = {
  running: 'ok',
  idle: 'neutral',
  rebuilding: 'info',
  stopped: 'error',
};

/** Percentage of the log that a rebuild has applied. */
const shareOf = ({ rebuild }: Listener) =>
  rebuild && rebuild.head > 0 ? Math.round((rebuild.position / rebuild.head) * 100) : 0;

/** Read models and processes with their lag, and the servers below. */
export function SystemPage() {
  const { t } = useTranslation('admin');
  const formats = useFormats();
  const system = useQuery(systemQuery);
  const projections = useQuery(projectionsQuery);
  const rebuild = useRebuild();
  const retry = useRetryListener();
  const refetch = () => void Promise.all([system.refetch(), projections.refetch()]);
  const columns: Column<Listener>[] = [
    { key: 'name', head: t('columns.name'), cell: (one) => <b>{one.name}</b> },
    { key: 'kind', head: t('columns.kind'), wide: true, cell: (one) => t(`kinds.${one.kind}`) },
    {
      key: 'state',
      head: t('columns.status'),
      cell: (one) => (
        <Chip tone={one.error ? 'error' : TONES[one.state]}>
          {t(`listener.${one.state}`, { share: shareOf(one) })}
        </Chip>
      ),
    },
    {
      key: 'position',
      head: t('columns.position'),
      figure: true,
      wide: true,
      cell: (one) => formats.number(one.position),
    },
    { key: 'lag', head: t('columns.lag'), figure: true, cell: (one) => formats.number(one.lag_events) },
    {
      key: 'seconds',
      head: t('columns.lagSeconds'),
      figure: true,
      wide: true,
      cell: (one) => formats.number(one.lag_seconds, 1),
    },
    { key: 'error', head: t('columns.error'), wide: true, cell: (one) => one.error?.error },
    {
      key: 'actions',
      head: <span className="visually-hidden">{t('columns.actions')}</span>,
      figure: true,
      cell: (one) => (
        <>
          {one.error && (
            <Button size="small" onClick={() => retry.mutate(one.name)}>
              {t('retry')}
            </Button>
          )}
          {one.kind === 'read_model' && (
            <Button
              size="small"
              variant="quiet"
              busy={rebuild.isPending && rebuild.variables === one.name ? t('busy') : null}
              onClick={() => rebuild.mutate(one.name)}
            >
              {t('rebuild')}
            </Button>
          )}
        </>
      ),
    },
  ];
  return (
    <>
      <PageHead title={t('system.title')}>
        <Button size="small" icon={<IconRefresh size={16} aria-hidden />} onClick={refetch}>
          {t('refresh')}
        </Button>
      </PageHead>
      <div className={styles.stack}>
        {system.data && (
          <ul className={styles.figures}>
            {(
              [
                ['version', system.data.version],
                ['head', formats.number(system.data.log_position)],
                ['database', `${formats.number(system.data.database_bytes / 1_048_576)} ${t('mib')}`],
                ['postgres', system.data.postgres_version.split(' ')[0] ?? ''],
                ['nats', t(`nats.${system.data.nats}`)],
              ] as const
            ).map(([name, value]) => (
              <li key={name}>
                <span>{t(`figures.${name}`)}</span>
                <b>{value}</b>
              </li>
            ))}
          </ul>
        )}
        <FormAlert error={rebuild.error ?? retry.error} />
        <Card id="listeners" title={t('system.listeners')} flush>
          <Listed
            query={projections}
            items={projections.data?.listeners}
            failed={t('system.failed')}
            height={36}
            rows={12}
            empty={null}
          >
            {(items) => (
              <Table label={t('system.listeners')} columns={columns} rows={items} id={({ name }) => name} />
            )}
          </Listed>
        </Card>
      </div>
    </>
  );
}
