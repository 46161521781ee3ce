import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { Empty } from '~/ui/Empty';
import { Failed } from '~/ui/Failed';
import { NobodyPicture } from '~/ui/pictures';
import type { TeacherCard as Teacher } from './queries';
import { TeacherCard } from './TeacherCard';
import styles from './TeacherCard.module.css';
import { TeacherCardSkeleton } from './TeacherCardSkeleton';

interface Props {
  teachers: Teacher[] | undefined;
  error: unknown;
  retry: () => void;
  /** Forgets the filters; absent where none is set. */
  reset: (() => void) | undefined;
  bones: number;
}

/** Teachers as cards, in the four states of a list. */
export function TeacherGrid({ teachers, error, retry, reset, bones }: Props) {
  const { t } = useTranslation('scheduling');
  if (error && !teachers) return <Failed title={t('teachers.failed')} error={error} retry={retry} />;
  if (!teachers) {
    return (
      <div className={styles.grid} aria-busy>
        {Array.from({ length: bones }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: bones have no identity
          <TeacherCardSkeleton key={index} />
        ))}
      </div>
    );
  }
  if (teachers.length === 0) {
    return (
      <Empty
        picture={<NobodyPicture />}
        title={t('teachers.empty')}
        text={t(reset ? 'teachers.emptyText' : 'teachers.noneText')}
      >
        {reset && (
          <Button variant="primary" onClick={reset}>
            {t('search.resetAll')}
          </Button>
        )}
      </Empty>
    );
  }
  return (
    <div className={styles.grid}>
      {teachers.map((teacher) => (
        <TeacherCard key={teacher.id} teacher={teacher} />
      ))}
    </div>
  );
}
