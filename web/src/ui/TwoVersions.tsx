import { IconArrowsDiff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Button } from './Button';
import styles from './TwoVersions.module.css';

export interface VersionRow {
  name: string;
  /** Value that the person chose or typed. */
  mine: string;
  /** Value that others have made of it meanwhile. */
  now: string;
}

interface Props {
  rows: VersionRow[];
  busy: string | null;
  keep: () => void;
  overwrite: () => void;
}

/** Something was changed by others while the person edited it: both versions, and the person chooses. */
export function TwoVersions({ rows, busy, keep, overwrite }: Props) {
  const { t } = useTranslation();
  const side = (which: 'mine' | 'now') => (
    <section className={styles.side} data-side={which}>
      <h4>{t(`versions.${which}`)}</h4>
      <dl>
        {rows.map((row) => (
          <div key={row.name} data-differs={row.mine !== row.now}>
            <dt>{row.name}</dt>
            <dd>{row[which] || '—'}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
  return (
    <section className={styles.versions} role="alert">
      <h3>
        <IconArrowsDiff size={20} stroke={1.8} aria-hidden />
        {t('versions.title')}
      </h3>
      <div className={styles.sides}>
        {side('mine')}
        {side('now')}
      </div>
      <div className={styles.buttons}>
        <Button size="small" variant="primary" onClick={keep}>
          {t('versions.keep')}
        </Button>
        <Button size="small" busy={busy} onClick={overwrite}>
          {t('versions.overwrite')}
        </Button>
      </div>
    </section>
  );
}
