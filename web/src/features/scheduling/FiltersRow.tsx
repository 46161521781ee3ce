import { IconAdjustments } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { Drawer } from '~/ui/mantine/dialogs';
import { Filters, type FiltersProps } from './Filters';
import styles from './SearchBar.module.css';

/** The filters on a phone: a sheet. */
export function FiltersRow(props: FiltersProps) {
  const { t } = useTranslation('scheduling');
  const [opened, setOpened] = useState(false);
  const set = Object.keys(props.search).filter((name) => name !== 'sort').length;
  return (
    <div style={{ marginBottom: 16 }}>
      <Button
        wide
        icon={<IconAdjustments size={20} stroke={1.6} aria-hidden />}
        onClick={() => setOpened(true)}
      >
        {set === 0 ? t('search.filters') : t('search.filtersSet', { count: set })}
      </Button>
      <Drawer
        opened={opened}
        onClose={() => setOpened(false)}
        position="bottom"
        size="90dvh"
        title={t('search.filters')}
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        <Filters {...props} reset={undefined} />
        <div className={styles.foot} style={{ marginTop: 24 }}>
          <Button size="large" variant="quiet" onClick={() => props.reset?.()} disabled={!props.reset}>
            {t('search.reset')}
          </Button>
          <Button size="large" variant="primary" onClick={() => setOpened(false)}>
            {t('search.showCount', { count: props.total ?? 0 })}
          </Button>
        </div>
      </Drawer>
    </div>
  );
}
