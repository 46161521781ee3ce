import { IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '~/features/accounts/queries';
import { loadTexts } from '~/i18n';
import { isTyping, PALETTE_KEYS } from '../keys';
import styles from './TopBar.module.css';

const Palette = lazy(async () => {
  const [{ Palette }] = await Promise.all([import('~/features/palette/Palette'), loadTexts('palette')]);
  return { default: Palette };
});
const KeysDialog = lazy(async () => {
  const [{ KeysDialog }] = await Promise.all([import('~/features/palette/KeysDialog'), loadTexts('palette')]);
  return { default: KeysDialog };
});

/** Opens the palette, by Ctrl-K or ⌘K and by `/` too; `?` shows the keys of the page. */
export function FindField({ account }: { account: Account }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState<'palette' | 'keys' | null>(null);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isPalette = event.code === 'KeyK' && (event.ctrlKey || event.metaKey) && !event.altKey;
      const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event);
      if (isPalette || (isPlain && event.key === '/')) setOpened('palette');
      else if (isPlain && event.key === '?') setOpened('keys');
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  const close = () => setOpened(null);
  return (
    <>
      <button
        type="button"
        className={styles.find}
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K Meta+K /"
        onClick={() => setOpened('palette')}
      >
        <IconSearch size={18} stroke={1.8} aria-hidden />
        <span>{t('find.label')}</span>
        <kbd aria-hidden>{PALETTE_KEYS}</kbd>
      </button>
      <Suspense>
        {opened === 'palette' && <Palette account={account} close={close} />}
        {opened === 'keys' && <KeysDialog close={close} />}
      </Suspense>
    </>
  );
}
