import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isStale } from '~/api/versions';
import { FormAlert } from './FormAlert';
import { TwoVersions, type VersionRow } from './TwoVersions';

interface Props<Now> {
  /** Why the change was refused, unless a field says it. */
  error: unknown;
  /** Reads the present state. */
  load: () => Promise<Now>;
  /** Fields of the change that others have changed meanwhile. */
  rows: (now: Now) => VersionRow[];
  /** Sends the change once more, about the present version. */
  resend: (now: Now) => void;
  /** Gives the change up. */
  keep: () => void;
}

/**
 * Why a change was refused. If others were faster with the same fields: their version beside that of the person, who
 * chooses. If they changed other fields, the change is sent once more by itself: nothing is lost.
 */
export function Comparison<Now>({ error, load, rows, resend, keep }: Props<Now>) {
  const { t } = useTranslation();
  const [found, setFound] = useState<{ error: unknown; now: Now; rows: VersionRow[] } | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a refusal is the trigger
  useEffect(() => {
    setFailure(null);
    if (!isStale(error)) return;
    let wanted = true;
    load().then(
      (now) => {
        if (!wanted) return;
        const differing = rows(now);
        if (differing.length === 0) resend(now);
        else setFound({ error, now, rows: differing });
      },
      (reason) => wanted && setFailure(reason),
    );
    return () => {
      wanted = false;
    };
  }, [error]);
  if (!isStale(error)) return <FormAlert error={error} />;
  if (!found || found.error !== error)
    return failure ? <FormAlert error={failure} /> : <p aria-busy>{t('list.loading')}</p>;
  return <TwoVersions rows={found.rows} busy={null} keep={keep} overwrite={() => resend(found.now)} />;
}
