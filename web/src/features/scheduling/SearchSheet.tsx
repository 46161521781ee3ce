import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { Drawer } from '~/ui/mantine/dialogs';
import styles from './SearchBar.module.css';
import type { TeacherSearch } from './search';
import { GoalChoices, PriceChoices, SubjectChoices, WhenChoices } from './searchChoices';

interface Props {
  search: TeacherSearch;
  change: (part: Partial<TeacherSearch>) => void;
  total: number | null;
  opened: boolean;
  close: () => void;
}

const NOTHING: Partial<TeacherSearch> = {
  subject: undefined,
  goal: undefined,
  days: undefined,
  time: undefined,
  price: undefined,
};

export default function SearchSheet({ search, change, total, opened, close }: Props) {
  const { t } = useTranslation('scheduling');
  const part = { search, change, look: 'chips', shown: true } as const;
  return (
    <Drawer
      opened={opened}
      onClose={close}
      position="bottom"
      size="85dvh"
      title={t('search.title')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      <div className={styles.sheet}>
        <WhenChoices {...part} />
        <PriceChoices {...part} />
        <GoalChoices {...part} />
        <SubjectChoices {...part} />
        <div className={styles.foot}>
          <Button size="large" variant="quiet" onClick={() => change(NOTHING)}>
            {t('search.reset')}
          </Button>
          <Button size="large" variant="primary" onClick={close}>
            {t('search.showCount', { count: total ?? 0 })}
          </Button>
        </div>
      </div>
    </Drawer>
  );
}
