import { Link, type LinkProps } from '@tanstack/react-router';
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import styles from './Button.module.css';

interface Look {
  variant?: 'primary' | 'secondary' | 'quiet' | 'danger' | 'white' | 'onDeep';
  size?: 'large' | 'medium' | 'small';
  icon?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}

function classes({ variant = 'secondary', size = 'medium', wide }: Look, extra?: string): string {
  return [styles.button, styles[variant], styles[size], wide && styles.wide, extra].filter(Boolean).join(' ');
}

interface Props extends Look, Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'> {
  /** The verb of what is being done now. The button keeps its width and cannot be pressed twice. */
  busy?: string | null;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({
  variant,
  size,
  icon,
  wide,
  busy,
  children,
  className,
  ref,
  onClick,
  ...rest
}: Props) {
  return (
    <button
      type="button"
      ref={ref}
      {...rest}
      className={classes({ variant, size, wide, children }, className)}
      aria-disabled={busy ? true : rest['aria-disabled']}
      aria-live={busy === undefined ? undefined : 'polite'}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      <span className={busy ? styles.hidden : styles.content}>
        {icon}
        {children}
      </span>
      {busy && (
        <span className={styles.busy}>
          <span className={styles.ring} aria-hidden />
          {busy}
        </span>
      )}
    </button>
  );
}

export function ButtonLink({ variant, size, icon, wide, children, ...link }: Look & LinkProps) {
  return (
    <Link {...link} className={classes({ variant, size, wide, children })}>
      <span className={styles.content}>
        {icon}
        {children}
      </span>
    </Link>
  );
}
