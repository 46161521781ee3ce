import { useTranslation } from 'react-i18next';
import { Choices } from './Choices';
import styles from './WeekGrid.module.css';
import type { Kind } from './week';

/** Which kind of lesson to show, where there is more than one. */
export function KindSwitch({
  kinds,
  value,
  change,
}: {
  kinds: Kind[];
  value: string | undefined;
  change: (key: string | undefined) => void;
}) {
  const { t } = useTranslation('scheduling');
  if (kinds.length < 2) return null;
  return (
    <div className={styles.kinds}>
      <Choices
        legend={t('week.kind')}
        look="chips"
        choices={[
          { value: undefined, label: t('week.allKinds') },
          ...kinds.map(({ key, lessonType, minutes }) => ({
            value: key,
            label:
              lessonType === 'trial'
                ? t('week.trial', { count: minutes })
                : t('week.minutes', { count: minutes }),
          })),
        ]}
        value={value}
        onChange={change}
      />
    </div>
  );
}
