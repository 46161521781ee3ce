import { IconX } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { itemsOf, Listed, totalOf } from '~/ui/Listed';
import { useFormats } from '~/ui/zone';
import styles from './Analytics.module.css';
import { type Fact, factsQuery, type Period, type ReportName } from './queries';
import type { Chosen } from './ReportPage';

interface Props {
  report: ReportName;
  period: Period;
  chosen: Chosen;
  close: () => void;
}

/** Things that a figure counts, with their places in the log. */
export function FactsPanel({ report, period, chosen, close }: Props) {
  const { t } = useTranslation('analytics');
  const formats = useFormats();
  const { compare: _, ...rest } = period;
  const facts = useInfiniteQuery(
    factsQuery(report, { ...rest, key: chosen.key, from: chosen.from, to: chosen.to }),
  );
  const total = totalOf(facts);
  return (
    <aside className={styles.panel} aria-labelledby="behind">
      <header>
        <p>{t('behind')}</p>
        <button type="button" aria-label={t('common:close')} onClick={close}>
          <IconX size={18} aria-hidden />
        </button>
        <h2 id="behind">{chosen.label}</h2>
        {total !== null && <b className={styles.big}>{formats.number(total)}</b>}
      </header>
      <Listed
        query={facts}
        items={itemsOf(facts)}
        failed={t('failedFacts')}
        rows={6}
        empty={<p>{t('noFacts')}</p>}
      >
        {(items) => (
          <ol>
            {items.map((fact) => (
              <li key={`${fact.position}-${fact.entity_id}`}>
                <Entity fact={fact} />
                <time>
                  {formats.shortDay(fact.at)}, {formats.time(fact.at)}
                </time>
                <span className={styles.position}>{formats.number(fact.position)}</span>
              </li>
            ))}
          </ol>
        )}
      </Listed>
    </aside>
  );
}

function Entity({ fact }: { fact: Fact }) {
  const { t } = useTranslation('analytics');
  const name = t(`entities.${fact.entity_type}`);
  if (fact.entity_type === 'account') {
    return (
      <Link to="/crm/users/$id" params={{ id: fact.entity_id }}>
        {name}
      </Link>
    );
  }
  if (fact.entity_type === 'ticket') {
    return (
      <Link to="/crm/tickets/$id" params={{ id: fact.entity_id }}>
        {name}
      </Link>
    );
  }
  return <span>{name}</span>;
}
