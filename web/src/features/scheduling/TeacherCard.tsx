import { IconChevronRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { readMoney } from '~/api/shapes';
import { Avatar } from '~/ui/Avatar';
import { useDictionaries } from '~/ui/dictionaries';
import { Rating } from '~/ui/Rating';
import { SubjectChip } from '~/ui/Subject';
import { useFormats } from '~/ui/zone';
import { useDayWord } from './dayWord';
import type { FreeSlot, TeacherCard as Teacher } from './queries';
import styles from './TeacherCard.module.css';

/** A teacher with the next three free times: one press to the booking. */
export function TeacherCard({ teacher }: { teacher: Teacher }) {
  const { t } = useTranslation('scheduling');
  const { label } = useDictionaries();
  const name = teacher.name ?? t('person.unnamed');
  const [first, ...others] = teacher.subjects;
  const goals = teacher.goals.slice(0, 2).map((code) => label('goals', code));
  return (
    <article className={styles.card}>
      <div className={styles.who}>
        <Avatar id={teacher.id} name={teacher.name} url={teacher.avatar_url} size={56} />
        <div className={styles.facts}>
          <h3 className={styles.name}>
            <Link to="/teachers/$id" params={{ id: teacher.id }}>
              {name}
            </Link>
          </h3>
          <Rating value={teacher.rating} reviews={teacher.reviews_count} />
          <div className={styles.subjects}>
            {first && <SubjectChip code={first} />}
            <span className={styles.quiet}>
              {others.length > 0
                ? others.map((code) => label('subjects', code)).join(', ')
                : goals.join(', ')}
            </span>
          </div>
        </div>
      </div>
      <p className={styles.bio}>{teacher.bio ?? ''}</p>
      {teacher.next_free_slots.length > 0 ? (
        <ul className={styles.times}>
          {teacher.next_free_slots.map((slot) => (
            <li key={slot.id}>
              <TimeLink teacherId={teacher.id} slot={slot} />
            </li>
          ))}
        </ul>
      ) : (
        <p className={styles.none}>{t('card.noTime')}</p>
      )}
      <div className={styles.foot}>
        <Price teacher={teacher} />
        <Link to="/teachers/$id" params={{ id: teacher.id }} className={styles.all}>
          {t('card.allTimes')}
          <span className="visually-hidden">: {name}</span>
          <IconChevronRight size={16} stroke={2} aria-hidden />
        </Link>
      </div>
    </article>
  );
}

function TimeLink({ teacherId, slot }: { teacherId: string; slot: FreeSlot }) {
  const formats = useFormats();
  const dayWord = useDayWord();
  return (
    <Link to="/teachers/$id" params={{ id: teacherId }} search={{ slot: slot.id }} className={styles.time}>
      <span>{dayWord(slot.starts_at)}</span>
      <b className="num">{formats.time(slot.starts_at)}</b>
    </Link>
  );
}

function Price({ teacher }: { teacher: Teacher }) {
  const { t } = useTranslation('scheduling');
  const formats = useFormats();
  const cheapest = readMoney(teacher.min_price);
  const hourly = readMoney(teacher.hourly_rate);
  if (cheapest) {
    return (
      <span className={styles.price}>
        {t('card.from')} <b className="num">{formats.money(cheapest)}</b>
      </span>
    );
  }
  if (!hourly) return <span />;
  return (
    <span className={styles.price}>
      <b className="num">{formats.money(hourly)}</b> {t('card.perHour')}
    </span>
  );
}
