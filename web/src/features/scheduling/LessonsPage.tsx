import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useAccount } from '~/features/accounts/queries';
import { Button, ButtonLink } from '~/ui/Button';
import { Empty } from '~/ui/Empty';
import { Failed } from '~/ui/Failed';
import { CalendarPicture } from '~/ui/pictures';
import { Bone } from '~/ui/Skeleton';
import { LessonRow } from './LessonRow';
import styles from './LessonsPage.module.css';
import { type LessonStatus, lessonsOfTab, lessonsQuery } from './queries';

export const TABS = ['scheduled', 'completed', 'cancelled'] as const;
export type Tab = (typeof TABS)[number];

/** One's lessons: those to come, those that were held, those that were cancelled. */
export function LessonsPage({ tab }: { tab: Tab }) {
  const { t } = useTranslation('scheduling');
  return (
    <div className={styles.page}>
      <h1>{t('lessons.title')}</h1>
      <nav className={styles.tabs} aria-label={t('lessons.tabs')}>
        {TABS.map((name) => (
          <Link
            key={name}
            to="/lessons"
            search={name === 'scheduled' ? {} : { tab: name }}
            className={styles.tab}
            aria-current={name === tab ? 'page' : undefined}
            activeOptions={{ exact: true, includeSearch: true }}
          >
            {t(`lessons.${name}`)}
          </Link>
        ))}
      </nav>
      <LessonList key={tab} status={tab} />
    </div>
  );
}

function LessonList({ status }: { status: LessonStatus }) {
  const { t } = useTranslation('scheduling');
  const account = useAccount();
  const lessons = useInfiniteQuery(lessonsOfTab(status));
  const running = useInfiniteQuery({
    ...lessonsQuery({ status: 'started' }),
    enabled: status === 'scheduled',
  });
  const listed = lessons.data?.pages.flatMap((page) => page.data);
  const now = running.data?.pages[0]?.data ?? [];
  const shown = listed && [...now, ...listed];
  if (lessons.error && !shown) {
    return <Failed title={t('lessons.failed')} error={lessons.error} retry={() => void lessons.refetch()} />;
  }
  if (!shown) {
    return (
      <div className={styles.list} aria-busy>
        {[0, 1, 2, 3].map((row) => (
          <div key={row} className={styles.bones}>
            <Bone width={40} height={40} />
            <Bone width="40%" />
          </div>
        ))}
      </div>
    );
  }
  if (shown.length === 0) {
    return (
      <Empty
        picture={<CalendarPicture />}
        title={t(`lessons.none.${status}`)}
        text={t(`lessons.noneText.${status}`)}
      >
        {account?.roles.includes('student') && (
          <ButtonLink to="/teachers" variant="primary">
            {t('lessons.find')}
          </ButtonLink>
        )}
      </Empty>
    );
  }
  return (
    <>
      <ul className={styles.list}>
        {shown.map((lesson) => (
          <li key={lesson.id}>
            <LessonRow lesson={lesson} />
          </li>
        ))}
      </ul>
      {lessons.hasNextPage && (
        <p className={styles.more}>
          <Button
            busy={lessons.isFetchingNextPage ? t('lessons.loading') : null}
            onClick={() => void lessons.fetchNextPage()}
          >
            {t('lessons.more')}
          </Button>
        </p>
      )}
    </>
  );
}
