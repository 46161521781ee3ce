import { useTranslation } from 'react-i18next';
import { Chip } from '~/ui/Chip';
import { Card } from '~/ui/Page';
import { useFormats } from '~/ui/zone';
import styles from './Admin.module.css';
import type { ConnectionTest, UnsupportedOperation } from './queries';

/** Operations that the CRM lacks. Deliveries that need them are not made. */
export function Unsupported({ operations }: { operations: readonly UnsupportedOperation[] }) {
  const { t } = useTranslation('admin');
  const formats = useFormats();
  if (operations.length === 0) return null;
  return (
    <Card id="unsupported" title={t('operations.unsupported')} note={t('operations.unsupportedText')}>
      <ul className={styles.operations}>
        {operations.map(({ operation, status, since }) => (
          <li key={operation}>
            <b>{t(`operations.names.${operation}`)}</b>
            <span>
              {t('operations.since', { time: `${formats.shortDay(since)}, ${formats.time(since)}`, status })}
            </span>
            <Chip tone="warn">{t('operations.no')}</Chip>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** The result of a test of the link: what the CRM answered, and which operations it serves. */
export function TestResult({ test }: { test: ConnectionTest }) {
  const { t } = useTranslation('admin');
  const facts = [
    t('operations.latency', { ms: test.latency_ms }),
    test.status === null ? null : t('operations.status', { status: test.status }),
    test.error,
    test.cleaned_up ? null : t('operations.left'),
  ];
  return (
    <Card
      id="test"
      title={t(test.ok ? 'operations.ok' : 'operations.bad')}
      note={facts.filter(Boolean).join(' · ')}
    >
      <ul className={styles.operations} aria-live="polite">
        {test.operations.map(({ operation, supported }) => (
          <li key={operation}>
            <b>{t(`operations.names.${operation}`)}</b>
            <Chip tone={supported ? 'ok' : supported === false ? 'warn' : 'neutral'}>
              {t(supported ? 'operations.yes' : supported === false ? 'operations.no' : 'operations.unknown')}
            </Chip>
          </li>
        ))}
      </ul>
    </Card>
  );
}
