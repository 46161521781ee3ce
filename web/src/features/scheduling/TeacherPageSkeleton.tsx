import { Bone } from '~/ui/Skeleton';
import styles from './TeacherPage.module.css';

export function TeacherPageSkeleton() {
  return (
    <div className={styles.page} aria-busy>
      <div className={styles.main}>
        <div className={styles.head} style={{ marginTop: 36 }}>
          <Bone width={96} height={96} round />
          <div style={{ display: 'grid', gap: 12, flex: 1, alignContent: 'start' }}>
            <Bone width="40%" height={32} />
            <Bone width="80%" />
            <Bone width="60%" />
          </div>
        </div>
        <Bone height={360} />
      </div>
      <Bone height={360} />
    </div>
  );
}
