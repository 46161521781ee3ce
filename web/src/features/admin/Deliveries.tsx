import { IconRefresh } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { Chip, type Tone } from '~/ui/Chip';
import { FormAlert } from '~/ui/FormAlert';
import { itemsOf, Listed } from '~/ui/Listed';
import { Card } from '~/ui/Page';
import { Segments } from '~/ui/Segments';
import { type Column, Table } from '~/ui/Table';
import { toast } from '~/ui/toasts';
import { useFormats } from '~/ui/zone';
import styles from './Admin.module.css';
import { useRetryAll, useRetryDelivery } from './commands';
import { DELIVERY_STATUSES, type Delivery, type DeliveryStatus, deliveriesQuery } from './queries';

const TONES: Record<DeliveryStatus, Tone> = {
  delivered: 'ok',
  pending: 'info',
  retrying: 'warn',
  abandoned: 'error',
};

/** Deliveries, by state; one or all are tried again. */
export function Deliveries({ status }: { status: DeliveryStatus | undefined }) {
  const { t } = useTranslation('admin');
  const formats = useFormats();
  const navigate = useNavigate();
  const deliveries = useInfiniteQuery(deliveriesQuery(status));
  const retry = useRetryDelivery();
  const all = useRetryAll();
  const columns: Column<Delivery>[] = [
    {
      key: 'time',
      head: t('columns.time'),
      cell: (one) => `${formats.shortDay(one.requested_at)}, ${formats.time(one.requested_at)}`,
    },
    { key: 'what', head: t('columns.what'), cell: (one) => t(`what.${one.what}`) },
    {
      key: 'status',
      head: t('columns.status'),
      cell: (one) => <Chip tone={TONES[one.status]}>{t(`delivery.${one.status}`)}</Chip>,
    },
    { key: 'attempts', head: t('columns.attempts'), figure: true, wide: true, cell: (one) => one.attempts },
    {
      key: 'cause',
      head: t('columns.error'),
      wide: true,
      cell: (one) =>
        [one.last_status, one.last_cause && t(`cause.${one.last_cause}`)].filter(Boolean).join(' · '),
    },
    {
      key: 'next',
      head: t('columns.next'),
      wide: true,
      cell: (one) => one.retry_at && formats.time(one.retry_at),
    },
    {
      key: 'retry',
      head: <span className="visually-hidden">{t('retry')}</span>,
      figure: true,
      cell: (one) =>
        one.status === 'delivered' ? null : (
          <Button
            size="small"
            busy={retry.isPending && retry.variables === one.id ? t('busy') : null}
            onClick={() => retry.mutate(one.id)}
          >
            {t('retry')}
          </Button>
        ),
    },
  ];
  return (
    <Card
      id="deliveries"
      title={t('deliveries.title')}
      action={
        <>
          <Segments
            label={t('columns.status')}
            value={status ?? 'all'}
            options={['all', ...DELIVERY_STATUSES].map((value) => ({ value, label: t(`delivery.${value}`) }))}
            choose={(value) =>
              void navigate({
                to: '/admin/crm',
                search: value === 'all' ? {} : { status: value as DeliveryStatus },
                replace: true,
                resetScroll: false,
              })
            }
          />
          <Button
            size="small"
            icon={<IconRefresh size={16} aria-hidden />}
            busy={all.isPending ? t('busy') : null}
            onClick={() =>
              all.mutate(status, { onSuccess: () => toast({ tone: 'ok', title: t('deliveries.retried') }) })
            }
          >
            {t('deliveries.retryAll')}
          </Button>
        </>
      }
      flush
    >
      <FormAlert error={retry.error ?? all.error} />
      <Listed
        query={deliveries}
        items={itemsOf(deliveries)}
        failed={t('deliveries.failed')}
        height={36}
        rows={6}
        empty={<p className={styles.quiet}>{t('deliveries.none')}</p>}
      >
        {(items) => (
          <Table label={t('deliveries.title')} columns={columns} rows={items} id={({ id }) => id} />
        )}
      </Listed>
    </Card>
  );
}
