import { IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '~/features/accounts/queries';
import { Button } from '~/ui/Button';
import { Empty } from '~/ui/Empty';
import { itemsOf, Listed } from '~/ui/Listed';
import { PageHead } from '~/ui/Page';
import { NobodyPicture } from '~/ui/pictures';
import styles from '../requests/Requests.module.css';
import { ClassCard } from './ClassCard';
import { ClassDialog } from './ClassDialog';
import { classesQuery } from './queries';

/** Groups with their roster. */
export function ClassesPage({ account }: { account: Account }) {
  const { t } = useTranslation('calendar');
  const teacher = account.roles.includes('teacher');
  const [creating, setCreating] = useState(false);
  const classes = useInfiniteQuery(classesQuery);
  return (
    <div className={styles.page}>
      <PageHead title={t('classes.title')} note={t(teacher ? 'classes.textTeacher' : 'classes.textStudent')}>
        {teacher && (
          <Button
            variant="primary"
            icon={<IconPlus size={18} aria-hidden />}
            onClick={() => setCreating(true)}
          >
            {t('classes.new')}
          </Button>
        )}
      </PageHead>
      <Listed
        query={classes}
        items={itemsOf(classes)}
        failed={t('classes.failed')}
        height={120}
        rows={3}
        empty={
          <Empty
            picture={<NobodyPicture />}
            title={t('classes.none')}
            text={t(teacher ? 'classes.noneTeacher' : 'classes.noneStudent')}
          />
        }
      >
        {(items) => (
          <ul className={styles.list}>
            {items.map((one) => (
              <li key={one.id}>
                <ClassCard one={one} teacher={teacher} />
              </li>
            ))}
          </ul>
        )}
      </Listed>
      {creating && <ClassDialog account={account} close={() => setCreating(false)} />}
    </div>
  );
}
