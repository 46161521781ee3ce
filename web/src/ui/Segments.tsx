import styles from './Segments.module.css';

interface Props<T extends string> {
  label: string;
  value: T;
  options: { value: T; label: string }[];
  choose: (value: T) => void;
}

/** One of a few, side by side. */
export function Segments<T extends string>({ label, value, options, choose }: Props<T>) {
  return (
    <fieldset className={styles.track}>
      <legend className="visually-hidden">{label}</legend>
      {options.map((option) => (
        <label key={option.value} className={styles.part} data-chosen={option.value === value}>
          <input
            type="radio"
            name={label}
            checked={option.value === value}
            onChange={() => choose(option.value)}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
