import { IconChevronDown, IconLogout, IconMoon, IconSun, IconWorld } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useSignOut } from '~/features/accounts/commands';
import type { Account } from '~/features/accounts/queries';
import { changeLanguage, currentLanguage } from '~/i18n';
import { Menu } from '~/ui/mantine/menu';
import { Avatar } from '../Avatar';
import styles from './AccountMenu.module.css';
import { useScheme } from './scheme';

export function AccountMenu({ account }: { account: Account }) {
  const { t } = useTranslation();
  const { scheme, toggle } = useScheme();
  const signOut = useSignOut();
  const next = currentLanguage() === 'ru' ? 'en' : 'ru';
  const SchemeIcon = scheme === 'dark' ? IconSun : IconMoon;
  return (
    <Menu width={264} position="bottom-end" offset={8} shadow="md" withinPortal>
      <Menu.Target>
        <button type="button" className={styles.target} aria-label={t('menu.label', { name: account.name })}>
          <Avatar id={account.id} name={account.name} url={account.avatar_url} size={32} />
          <span className={styles.name} aria-hidden>
            {account.name.split(/\s+/)[0]}
          </span>
          <IconChevronDown size={16} stroke={2} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={styles.who}>
          <b>{account.name}</b>
          <span>{account.email}</span>
          <span>{account.roles.map((role) => t(`roles.${role}`)).join(', ')}</span>
        </div>
        <Menu.Divider />
        <Menu.Item
          lang={next}
          leftSection={<IconWorld size={18} stroke={1.6} aria-hidden />}
          onClick={() => void changeLanguage(next)}
        >
          {t('language.switch')}
        </Menu.Item>
        <Menu.Item
          closeMenuOnClick={false}
          leftSection={<SchemeIcon size={18} stroke={1.6} aria-hidden />}
          onClick={toggle}
        >
          {t(scheme === 'dark' ? 'scheme.toLight' : 'scheme.toDark')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={18} stroke={1.6} aria-hidden />}
          onClick={() => signOut.mutate()}
        >
          {t('menu.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
