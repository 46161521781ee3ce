import type { CSSProperties } from 'react';
import styles from './Skeleton.module.css';

/** A piece of a layout that is being loaded. It appears after 150 ms. */
export function Bone({
  width = '100%',
  height = 16,
  round,
}: {
  width?: string | number;
  height?: number;
  round?: boolean;
}) {
  const style: CSSProperties = { width, height, borderRadius: round ? '50%' : undefined };
  return <span className={styles.bone} style={style} aria-hidden />;
}
