import { type ReactNode, useId } from 'react';
import styles from './Choices.module.css';

interface Choice<T> {
  value: T;
  label: ReactNode;
}

interface Props<T extends string | number> {
  legend: string;
  /** Shown above the choices; otherwise only read aloud. */
  shown?: boolean;
  choices: Choice<T | undefined>[];
  value: T | undefined;
  onChange: (value: T | undefined) => void;
  look?: 'rows' | 'chips';
}

/** One of several, chosen at once. Arrow keys move, as in every group of radio buttons. */
export function Choices<T extends string | number>({
  legend,
  shown,
  choices,
  value,
  onChange,
  look = 'rows',
}: Props<T>) {
  const name = useId();
  return (
    <fieldset className={styles.choices} data-look={look}>
      <legend className={shown ? styles.legend : 'visually-hidden'}>{legend}</legend>
      <div className={styles.list}>
        {choices.map((choice) => (
          <label key={String(choice.value)} className={styles.choice}>
            <input
              type="radio"
              name={name}
              checked={choice.value === value}
              onChange={() => onChange(choice.value)}
            />
            <span className={styles.label}>{choice.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
