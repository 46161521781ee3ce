import { IconLock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '~/ui/Avatar';
import { Chip } from '~/ui/Chip';
import { useFormats } from '~/ui/zone';
import styles from './Tickets.module.css';

interface Props {
  id: string;
  name: string;
  at: string;
  body?: string | null;
  staff?: boolean;
  /** Seen by staff only. */
  note?: boolean;
}

/** One text of a ticket. A note looks unlike a reply. */
export function Reply({ id, name, at, body, staff, note }: Props) {
  const { t } = useTranslation('support');
  const formats = useFormats();
  return (
    <li className={styles.reply} data-note={note}>
      <Avatar id={id} name={name} size={32} />
      <div>
        <p className={styles.author}>
          <b>{name}</b>
          {staff && !note && <Chip tone="accent">{t('staff')}</Chip>}
          {note && (
            <Chip tone="warn" icon={IconLock}>
              {t('note')}
            </Chip>
          )}
          <time dateTime={at}>
            {formats.shortDay(at)}, {formats.time(at)}
          </time>
        </p>
        <p className={styles.body}>{body ?? t('erased')}</p>
      </div>
    </li>
  );
}
