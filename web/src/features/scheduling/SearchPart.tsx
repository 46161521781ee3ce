import { type FocusEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import styles from './SearchBar.module.css';

interface Props {
  name: string;
  value: string;
  wide?: boolean;
  /** The last part opens towards the left. */
  last?: boolean;
  children: (close: () => void) => ReactNode;
}

/** One part of the search bar: a button that opens its choices below. Esc closes and gives the focus back. */
export function SearchPart({ name, value, wide, last, children }: Props) {
  const [opened, setOpened] = useState(false);
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (opened) box.current?.querySelector<HTMLInputElement>('input:checked')?.focus({ preventScroll: true });
  }, [opened]);

  const close = () => {
    setOpened(false);
    button.current?.focus();
  };
  const closeIfLeft = (event: FocusEvent<HTMLDivElement>) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setOpened(false);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens to what its controls do
    <div
      className={styles.holder}
      data-wide={wide}
      onBlur={closeIfLeft}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && opened) close();
      }}
    >
      <button
        ref={button}
        type="button"
        className={styles.part}
        aria-expanded={opened}
        aria-controls={opened ? id : undefined}
        onClick={() => setOpened(!opened)}
      >
        <span className={styles.name}>{name}</span>
        <span className={styles.value}>{value}</span>
      </button>
      {opened && (
        // tabIndex: a press on its empty space keeps the focus inside.
        <div ref={box} id={id} tabIndex={-1} className={styles.choices} data-last={last} data-wide={wide}>
          {children(close)}
        </div>
      )}
    </div>
  );
}
