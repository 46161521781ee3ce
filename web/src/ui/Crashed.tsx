import type { ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Button } from './Button';
import { Empty } from './Empty';
import { NowherePicture } from './pictures';

/** A page that broke: it says so itself, the frame stays. */
export function Crashed({ reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  return (
    <div role="alert">
      <Empty picture={<NowherePicture />} title={t('crashed.title')} text={t('crashed.text')} level={1}>
        <Button variant="primary" onClick={reset}>
          {t('failed.again')}
        </Button>
        <Button onClick={() => location.reload()}>{t('crashed.reload')}</Button>
      </Empty>
    </div>
  );
}
