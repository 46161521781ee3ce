import { useTranslation } from 'react-i18next';
import { ButtonLink } from '~/ui/Button';
import styles from './HomePage.module.css';
import type { Home } from './queries';

const NAMED = 2;
const ROUND = 2 * Math.PI * 18;

/** How complete the profile is, and the most useful of what is missing. */
export function ProfileCard({ gaps: { completeness, missing } }: { gaps: Home['profile'] }) {
  const { t, i18n } = useTranslation('home');
  if (completeness >= 100) return null;
  const named = missing
    .filter((name) => i18n.exists(`gaps.${name}`, { ns: 'home' }))
    .slice(0, NAMED)
    .map((name) => t(`gaps.${name}`));
  return (
    <section className={styles.profile} aria-labelledby="gaps">
      <svg viewBox="0 0 44 44" width={44} height={44} aria-hidden>
        <circle cx={22} cy={22} r={18} />
        <circle cx={22} cy={22} r={18} strokeDasharray={`${(ROUND * completeness) / 100} ${ROUND}`} />
      </svg>
      <div>
        <h2 id="gaps">{t('profile.title', { share: completeness })}</h2>
        {named.length > 0 && <p>{t('profile.missing', { names: named.join(', ') })}</p>}
      </div>
      <ButtonLink to="/settings">{t('profile.fill')}</ButtonLink>
    </section>
  );
}
