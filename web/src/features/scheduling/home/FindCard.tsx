import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Account } from '~/features/accounts/queries';
import { ButtonLink } from '~/ui/Button';
import { SubjectChip } from '~/ui/Subject';
import styles from './HomePage.module.css';

const MOST = 6;

/** The subjects of a student's profile, each leading to its teachers. */
export function FindCard({ account }: { account: Account }) {
  const { t } = useTranslation('scheduling');
  const { subjects } = account.profile as { subjects?: unknown };
  const codes = Array.isArray(subjects) ? subjects.filter((code) => typeof code === 'string') : [];
  return (
    <section className={styles.card} aria-labelledby="find">
      <h2 id="find">{t('home.find')}</h2>
      {codes.length > 0 && (
        <>
          <p className={styles.quiet}>{t('home.findText')}</p>
          <ul className={styles.chips}>
            {codes.slice(0, MOST).map((code) => (
              <li key={code}>
                <Link to="/teachers" search={{ subject: code }}>
                  <SubjectChip code={code} />
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
      <ButtonLink to="/teachers" wide>
        {t('common:nowhere.teachers')}
      </ButtonLink>
    </section>
  );
}
