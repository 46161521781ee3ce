import { IconCheck, IconCopy, IconPlugConnectedX, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemError } from '~/api/problem';
import { Button } from './Button';
import { Empty } from './Empty';
import styles from './Empty.module.css';
import { useProblemText } from './problems';

/** A list or page that could not be loaded: why, again, and the code for support. */
export function Failed({ title, error, retry }: { title: string; error: unknown; retry: () => void }) {
  const { t } = useTranslation();
  const say = useProblemText();
  const traceId = error instanceof ProblemError ? error.traceId : null;
  return (
    <div role="alert">
      <Empty
        picture={
          <span className={styles.tile}>
            <IconPlugConnectedX size={30} stroke={1.6} />
          </span>
        }
        title={title}
        text={say(error)}
      >
        <Button variant="primary" icon={<IconRefresh size={18} aria-hidden />} onClick={retry}>
          {t('failed.again')}
        </Button>
      </Empty>
      {traceId && <TraceId id={traceId} />}
    </div>
  );
}

function TraceId({ id }: { id: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(id);
    setCopied(true);
  };
  return (
    <p style={{ textAlign: 'center', marginTop: -28, paddingBottom: 32 }}>
      <button type="button" className={styles.code} onClick={() => void copy()}>
        {t(copied ? 'failed.copied' : 'failed.code')} <b>{id.slice(0, 8)}…</b>
        {copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
      </button>
    </p>
  );
}
