import { IconMapPin } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
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
import { addDays, dayOf, instantOf } from '~/ui/zones';
import { FindCard } from './FindCard';
import styles from './HomePage.module.css';
import { MessagesCard } from './MessagesCard';
import { NextLesson } from './NextLesson';
import { ProfileCard } from './ProfileCard';
import { homeQuery, recentLessonsQuery } from './queries';
import { EarningsCard, FreeCard, InboxCard, TodayCard } from './TeacherCards';
import { WaitingCard } from './WaitingCard';
import { WayCard } from './WayCard';
import { WeekCard } from './WeekCard';

/** Days of held lessons that a student's home looks back on. */
const LOOK_BACK_DAYS = 90;

/** The home of a student or teacher: the next lesson, what waits for an answer, the week. Three calls fill it. */
export function HomePage({ account }: { account: Account }) {
  const { t } = useTranslation('scheduling');
  const formats = useFormats();
  const { zone } = useZone();
  const language = useLanguage();
  const [today] = useState(() => dayOf(new Date(), zone));
  const isStudent = account.roles.includes('student');
  const from = instantOf(addDays(today, isStudent ? -LOOK_BACK_DAYS : 0), 0, zone).toISOString();
  const to = instantOf(addDays(today, 7), 0, zone).toISOString();
  const home = useQuery(homeQuery);
  const recent = useQuery(recentLessonsQuery(from, to));
  const next = home.data?.next_lessons[0];
  const teacher = home.data?.teacher;
  const lessons = recent.data?.data;
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
          {home.error && !home.data && (
            <section className={styles.card}>
              <Failed title={t('lessons.failed')} error={home.error} retry={() => void home.refetch()} />
            </section>
          )}
          {!home.data && !home.error && <Bone height={280} />}
          {next && <NextLesson lesson={next} />}
          {home.data && !next && <NoLesson isStudent={isStudent} />}
          {home.data && <WaitingCard home={home.data} />}
          {teacher && <TodayCard lessons={teacher.today} />}
          {teacher && <InboxCard requests={teacher.requests} />}
          {lessons && next && <WeekCard lessons={lessons.filter(({ status }) => status !== 'cancelled')} />}
        </div>
        <div className={styles.side}>
          {teacher && <EarningsCard earnings={teacher.earnings} />}
          {teacher && <FreeCard slots={teacher.free_slots} />}
          <MessagesCard account={account} />
          {isStudent && <WayCard query={recent} days={LOOK_BACK_DAYS} />}
          {isStudent && <FindCard account={account} />}
          {home.data && <ProfileCard gaps={home.data.profile} />}
        </div>
      </div>
    </div>
  );
}

function NoLesson({ isStudent }: { isStudent: boolean }) {
  const { t } = useTranslation('scheduling');
  return (
    <section className={styles.card}>
      <Empty
        picture={<CalendarPicture />}
        title={t('lessons.none.scheduled')}
        text={t(isStudent ? 'home.noneStudent' : 'home.noneTeacher')}
      >
        <ButtonLink to={isStudent ? '/teachers' : '/schedule'} variant="primary">
          {t(isStudent ? 'lessons.find' : 'home:openTime')}
        </ButtonLink>
      </Empty>
    </section>
  );
}
