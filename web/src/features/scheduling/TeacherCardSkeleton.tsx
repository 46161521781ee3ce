import { Bone } from '~/ui/Skeleton';
import styles from './TeacherCard.module.css';

/** The layout of a card while it is loaded. */
export function TeacherCardSkeleton() {
  return (
    <div className={styles.card} aria-hidden>
      <div className={styles.who}>
        <Bone width={56} height={56} round />
        <div className={styles.facts} style={{ display: 'grid', gap: 8 }}>
          <Bone width="60%" />
          <Bone width="40%" height={14} />
          <Bone width="70%" height={20} />
        </div>
      </div>
      <div className={styles.bio} style={{ display: 'grid', gap: 8 }}>
        <Bone />
        <Bone width="70%" />
      </div>
      <div className={styles.times}>
        <Bone height={48} />
        <Bone height={48} />
        <Bone height={48} />
      </div>
      <div className={styles.foot}>
        <Bone width="30%" />
        <Bone width="25%" />
      </div>
    </div>
  );
}
