import { IconMapPin } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '~/features/accounts/queries';
import { ButtonLink } from '~/ui/Button';
import { Empty } from '~/ui/Empty';
import { Failed } from '~/ui/Failed';
import { useLanguage, zoneName } from '~/ui/format';
import { CalendarPicture } from '~/ui/pictures';
import { Bone } from '~/ui/Skeleton';
import { useFormats, useZone } from '~/ui/zone';
import { FindCard } from './FindCard';
import styles from './HomePage.module.css';
import { NextLesson } from './NextLesson';
import { ProposalCard } from './ProposalCard';
import { lessonsQuery } from './queries';
import { WayCard } from './WayCard';
import { WeekCard } from './WeekCard';

const HOUR_MS = 3_600_000;
const LONGEST_LESSON_MS = 4 * HOUR_MS;

/** The home of a student or teacher: the next lesson, what waits for an answer, the week, the way so far. */
export function HomePage({ account }: { account: Account }) {
  const { t } = useTranslation('scheduling');
  const formats = useFormats();
  const { zone } = useZone();
  const language = useLanguage();
  const [now] = useState(() => Date.now());
  // From a full hour on, so that coming back finds the list in the cache.
  const from = new Date(Math.floor(now / HOUR_MS) * HOUR_MS - LONGEST_LESSON_MS).toISOString();
  const lessons = useInfiniteQuery(lessonsQuery({ from }));
  const scheduled = lessons.data?.pages[0]?.data;
  const coming = scheduled?.filter(
    ({ status, ends_at }) => (status === 'scheduled' || status === 'started') && Date.parse(ends_at) > now,
  );
  const next = coming?.[0];
  const proposals = coming?.filter(({ proposal, my_role }) => proposal && proposal.by !== my_role) ?? [];
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>{formats.longDay(new Date())}</h1>
        <p>
          <IconMapPin size={18} stroke={1.6} aria-hidden />
          {zoneName(zone, language)}, {formats.offset()}
        </p>
      </header>
      <div className={styles.columns}>
        <div className={styles.main}>
          {lessons.error && !scheduled && (
            <section className={styles.card}>
              <Failed
                title={t('lessons.failed')}
                error={lessons.error}
                retry={() => void lessons.refetch()}
              />
            </section>
          )}
          {!coming && !lessons.error && <Bone height={280} />}
          {next && <NextLesson lesson={next} />}
          {coming && !next && <NoLesson account={account} />}
          {proposals.length > 0 && (
            <section aria-labelledby="waits" className={styles.waits}>
              <h2 id="waits">{t('home.waits')}</h2>
              {proposals.map(
                (lesson) =>
                  lesson.proposal && (
                    <ProposalCard key={lesson.id} lesson={lesson} proposal={lesson.proposal} />
                  ),
              )}
            </section>
          )}
          {coming && coming.length > 0 && <WeekCard lessons={coming} />}
        </div>
        <div className={styles.side}>
          <WayCard account={account} />
          {account.roles.includes('student') && <FindCard account={account} />}
        </div>
      </div>
    </div>
  );
}

function NoLesson({ account }: { account: Account }) {
  const { t } = useTranslation('scheduling');
  const isStudent = account.roles.includes('student');
  return (
    <section className={styles.card}>
      <Empty
        picture={<CalendarPicture />}
        title={t('lessons.none.scheduled')}
        text={t(isStudent ? 'home.noneStudent' : 'home.noneTeacher')}
      >
        {isStudent && (
          <ButtonLink to="/teachers" variant="primary">
            {t('lessons.find')}
          </ButtonLink>
        )}
      </Empty>
    </section>
  );
}
