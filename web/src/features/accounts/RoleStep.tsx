import { IconChalkboard, IconNotebook } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import styles from './SignUp.module.css';

export const ROLES = ['student', 'teacher'] as const;
export type Role = (typeof ROLES)[number];

const icons = { student: IconNotebook, teacher: IconChalkboard };

interface Props {
  role: Role;
  choose: (role: Role) => void;
  next: string | undefined;
  go: () => void;
}

export function RoleStep({ role, choose, next, go }: Props) {
  const { t } = useTranslation('accounts');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        go();
      }}
    >
      <h1>{t('register.whoTitle')}</h1>
      <fieldset className={styles.roles}>
        <legend className="visually-hidden">{t('register.whoTitle')}</legend>
        {ROLES.map((name) => {
          const Icon = icons[name];
          return (
            <label key={name} className={styles.role} data-chosen={name === role}>
              <input
                type="radio"
                name="role"
                value={name}
                checked={name === role}
                onChange={() => choose(name)}
              />
              <Icon size={28} stroke={1.6} aria-hidden />
              <span>
                <b>{t(`register.${name}`)}</b>
                <span>{t(`register.${name}Text`)}</span>
              </span>
            </label>
          );
        })}
      </fieldset>
      <Button type="submit" variant="primary" size="large" wide>
        {t('register.continue')}
      </Button>
      <p className={styles.other}>
        {t('register.have')}{' '}
        <Link to="/login" search={next ? { next } : {}}>
          {t('login.submit')}
        </Link>
      </p>
    </form>
  );
}
