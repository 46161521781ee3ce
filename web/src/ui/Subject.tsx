import { useDictionaries } from './dictionaries';
import styles from './Subject.module.css';
import { subjectLook } from './subjects';

/** Subject as a chip: icon and word. */
export function SubjectChip({ code }: { code: string }) {
  const { label } = useDictionaries();
  const { hue, icon: Icon } = subjectLook(code);
  return (
    <span className={styles.chip} data-subject={hue}>
      <Icon size={14} stroke={2} aria-hidden />
      {label('subjects', code)}
    </span>
  );
}

/** Subject as a tile of its colour with its icon. The word stands beside it. */
export function SubjectTile({ code, size = 40 }: { code: string; size?: number }) {
  const { hue, icon: Icon } = subjectLook(code);
  return (
    <span className={styles.tile} data-subject={hue} style={{ width: size, height: size }} aria-hidden>
      <Icon size={size * 0.5} stroke={1.8} />
    </span>
  );
}
