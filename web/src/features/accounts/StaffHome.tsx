import { useTranslation } from 'react-i18next';
import { ButtonLink } from '~/ui/Button';
import { Empty } from '~/ui/Empty';
import { CalendarPicture } from '~/ui/pictures';
import type { Account } from './queries';

/** The home of a person who neither teaches nor learns. */
export function StaffHome({ account }: { account: Account }) {
  const { t } = useTranslation('accounts');
  return (
    <Empty
      picture={<CalendarPicture />}
      title={t('staff.title', { name: account.name })}
      text={t('staff.text', { roles: account.roles.map((role) => t(`common:roles.${role}`)).join(', ') })}
      level={1}
    >
      <ButtonLink to="/teachers" variant="primary">
        {t('common:nowhere.teachers')}
      </ButtonLink>
    </Empty>
  );
}
