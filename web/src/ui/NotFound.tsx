import { useTranslation } from 'react-i18next';
import { ButtonLink } from './Button';
import { Empty } from './Empty';
import { NowherePicture } from './pictures';

/** There is nothing at this address, or nothing for this person. */
export function NotFound() {
  const { t } = useTranslation();
  return (
    <Empty picture={<NowherePicture />} title={t('nowhere.title')} text={t('nowhere.text')} level={1}>
      <ButtonLink to="/" variant="primary">
        {t('nowhere.home')}
      </ButtonLink>
      <ButtonLink to="/teachers">{t('nowhere.teachers')}</ButtonLink>
    </Empty>
  );
}
