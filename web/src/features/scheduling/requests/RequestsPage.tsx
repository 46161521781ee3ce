import { IconHandClick } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '~/features/accounts/queries';
import { Button } from '~/ui/Button';
import { Empty } from '~/ui/Empty';
import { itemsOf, Listed } from '~/ui/Listed';
import { PageHead } from '~/ui/Page';
import { NobodyPicture } from '~/ui/pictures';
import { OfferCard } from './OfferCard';
import { requestsQuery } from './queries';
import { RequestCard } from './RequestCard';
import { RequestDialog } from './RequestDialog';
import styles from './Requests.module.css';

/** A student's requests with their search; a teacher's inbox of requests. */
export function RequestsPage({ account }: { account: Account }) {
  const { t } = useTranslation('calendar');
  const student = account.roles.includes('student');
  const [asking, setAsking] = useState(false);
  const requests = useInfiniteQuery(requestsQuery(!student));
  const ask = (
    <Button variant="primary" icon={<IconHandClick size={18} aria-hidden />} onClick={() => setAsking(true)}>
      {t('requests.ask')}
    </Button>
  );
  return (
    <div className={styles.page}>
      <PageHead
        title={t('requests.title')}
        note={t(student ? 'requests.textStudent' : 'requests.textTeacher')}
      >
        {student && ask}
      </PageHead>
      <Listed
        query={requests}
        items={itemsOf(requests)}
        failed={t('requests.failed')}
        height={120}
        rows={3}
        empty={
          <Empty
            picture={<NobodyPicture />}
            title={t('requests.none')}
            text={t(student ? 'requests.noneStudent' : 'requests.noneTeacher')}
          />
        }
      >
        {(items) => (
          <ul className={styles.list}>
            {items.map((request) => (
              <li key={request.id}>
                {student ? <RequestCard request={request} /> : <OfferCard request={request} />}
              </li>
            ))}
          </ul>
        )}
      </Listed>
      {asking && <RequestDialog account={account} close={() => setAsking(false)} />}
    </div>
  );
}
