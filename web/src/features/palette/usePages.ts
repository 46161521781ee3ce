import { IconLogout, IconMoon, IconSun, IconUserSearch, IconWorld } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useSignOut } from '~/features/accounts/commands';
import type { Account } from '~/features/accounts/queries';
import { changeLanguage, currentLanguage } from '~/i18n';
import { FOOT, groupsOf, PHONE_ONLY } from '~/ui/frame/places';
import { useScheme } from '~/ui/frame/scheme';
import { type Found, matches } from './found';

/** Sections and actions that fit the typed words; no request is needed for them. */
export function usePages(account: Account, typed: string): { pages: Found[]; actions: Found[] } {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { scheme, toggle } = useScheme();
  const signOut = useSignOut();
  const pages = [...groupsOf(account).flatMap(({ places }) => places), ...PHONE_ONLY, ...FOOT].map(
    ({ to, icon, name }): Found => ({ id: to, icon, title: t(name), run: () => navigate({ to }) }),
  );
  const next = currentLanguage() === 'ru' ? 'en' : 'ru';
  const actions: Found[] = [
    {
      id: 'scheme',
      icon: scheme === 'dark' ? IconSun : IconMoon,
      title: t(scheme === 'dark' ? 'scheme.toLight' : 'scheme.toDark'),
      run: toggle,
    },
    { id: 'language', icon: IconWorld, title: t('language.switch'), run: () => changeLanguage(next) },
    { id: 'leave', icon: IconLogout, title: t('menu.signOut'), run: () => signOut.mutate() },
  ];
  const fits = ({ title }: Found) => matches(title, typed);
  const search: Found = {
    id: 'search',
    icon: IconUserSearch,
    title: t('palette:searchTeachers', { q: typed.trim() }),
    run: () => navigate({ to: '/teachers', search: { q: typed.trim() } }),
  };
  const fitting = typed.trim() === '' ? actions : actions.filter(fits);
  return {
    pages: typed.trim() === '' ? pages : pages.filter(fits),
    actions: typed.trim() === '' ? fitting : [...fitting, search],
  };
}
