import { IconLinkOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty } from '~/ui/Empty';

/** Says that a mailed link is unknown, used or too old; the children lead to a new one. */
export function InvalidLink({ children }: { children: ReactNode }) {
  const { t } = useTranslation('links');
  return (
    <Empty
      level={1}
      picture={<IconLinkOff size={64} stroke={1.2} />}
      title={t('invalid.title')}
      text={t('invalid.text')}
    >
      {children}
    </Empty>
  );
}
