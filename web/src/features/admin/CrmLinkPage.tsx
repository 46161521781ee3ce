import {
  IconPlugConnected,
  IconPlugConnectedX,
  IconRefresh,
  IconScale,
  IconUpload,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { Failed } from '~/ui/Failed';
import { FormAlert } from '~/ui/FormAlert';
import { Card, PageHead } from '~/ui/Page';
import { Bone } from '~/ui/Skeleton';
import { toast } from '~/ui/toasts';
import { useFormats } from '~/ui/zone';
import styles from './Admin.module.css';
import { Attempts } from './Attempts';
import { useReconcile, useSyncAll, useTestLink } from './commands';
import { Deliveries } from './Deliveries';
import { LinkFigures } from './LinkFigures';
import { TestResult, Unsupported } from './Operations';
import { type DeliveryStatus, type Integration, integrationQuery } from './queries';

/** The link to the external CRM: its state, its backlog, every attempt. */
export function CrmLinkPage({ status }: { status: DeliveryStatus | undefined }) {
  const { t } = useTranslation('admin');
  const { data, error, refetch } = useQuery(integrationQuery);
  const test = useTestLink();
  const sync = useSyncAll();
  const reconcile = useReconcile();
  const [found, setFound] = useState<{ counts: [string, number][]; dryRun: boolean } | null>(null);
  const compare = (dryRun: boolean) =>
    reconcile.mutate({ dryRun }, { onSuccess: (counts) => setFound({ counts, dryRun }) });
  return (
    <>
      <PageHead title={t('link.title')}>
        <Button
          size="small"
          icon={<IconPlugConnected size={16} aria-hidden />}
          busy={test.isPending ? t('busy') : null}
          onClick={() => test.mutate(undefined)}
        >
          {t('link.test')}
        </Button>
        <Button
          size="small"
          icon={<IconScale size={16} aria-hidden />}
          busy={reconcile.isPending ? t('busy') : null}
          onClick={() => compare(true)}
        >
          {t('link.reconcile')}
        </Button>
        <Button
          size="small"
          icon={<IconUpload size={16} aria-hidden />}
          busy={sync.isPending ? t('busy') : null}
          onClick={() =>
            sync.mutate(false, { onSuccess: () => toast({ tone: 'ok', title: t('link.synced') }) })
          }
        >
          {t('link.sync')}
        </Button>
        <Button size="small" icon={<IconRefresh size={16} aria-hidden />} onClick={() => void refetch()}>
          {t('refresh')}
        </Button>
      </PageHead>
      <FormAlert error={test.error ?? sync.error ?? reconcile.error} />
      {error && !data && <Failed title={t('link.failed')} error={error} retry={() => void refetch()} />}
      {!data && !error && <Bone height={160} />}
      <div className={styles.stack}>
        {data && <State link={data} />}
        {data && <LinkFigures link={data} />}
        {data && <Unsupported operations={data.unsupported} />}
        {test.data && <TestResult test={test.data} />}
        {found && (
          <Card id="found" title={t('link.found')} note={t(found.dryRun ? 'link.dryRun' : 'link.healed')}>
            <dl className={styles.counts}>
              {found.counts.map(([name, count]) => (
                <div key={name}>
                  <dt>{t(`counts.${name}`)}</dt>
                  <dd>{count}</dd>
                </div>
              ))}
            </dl>
            {found.dryRun && (
              <p style={{ marginTop: 12 }}>
                <Button onClick={() => compare(false)}>{t('link.heal')}</Button>
              </p>
            )}
          </Card>
        )}
        <Deliveries status={status} />
        <Attempts />
      </div>
    </>
  );
}

function State({ link }: { link: Integration }) {
  const { t } = useTranslation('admin');
  const formats = useFormats();
  const up = link.status === 'up' && link.circuit === 'closed';
  const Icon = up ? IconPlugConnected : IconPlugConnectedX;
  return (
    <div className={styles.state} data-tone={up ? (link.backlog > 0 ? 'warn' : 'ok') : 'error'}>
      <span aria-hidden>
        <Icon size={26} stroke={1.6} />
      </span>
      <div>
        <h2>{t(up ? (link.backlog > 0 ? 'state.working' : 'state.up') : `state.${link.status}`)}</h2>
        <p>
          {link.last_success_at
            ? t('state.last', {
                time: `${formats.shortDay(link.last_success_at)}, ${formats.time(link.last_success_at)}`,
              })
            : t('state.never')}
        </p>
      </div>
      <p className={styles.circuit}>
        {t('state.circuit')} <b>{t(`circuit.${link.circuit}`)}</b>
      </p>
    </div>
  );
}
