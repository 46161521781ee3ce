import { useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Dialog } from '~/ui/Dialog';
import { PALETTE_KEYS } from '~/ui/keys';
import styles from './Palette.module.css';

interface Keys {
  name: string;
  keys: string[];
}

const EVERYWHERE: Keys[] = [
  { name: 'palette', keys: [PALETTE_KEYS, '/'] },
  { name: 'help', keys: ['?'] },
  { name: 'close', keys: ['Esc'] },
];
const PAGES: { path: RegExp; keys: Keys[]; name: string }[] = [
  {
    name: 'tickets',
    path: /^\/crm\/tickets/,
    keys: [
      { name: 'walk', keys: ['j', 'k'] },
      { name: 'open', keys: ['Enter', 'o'] },
      { name: 'select', keys: ['x'] },
      { name: 'send', keys: ['Ctrl Enter'] },
    ],
  },
  {
    name: 'calendar',
    path: /^\/schedule/,
    keys: [
      { name: 'move', keys: ['←', '↑', '↓', '→'] },
      { name: 'confirm', keys: ['Enter'] },
    ],
  },
  { name: 'messages', path: /^\/messages/, keys: [{ name: 'sendMessage', keys: ['Enter'] }] },
];

/** The keys of the page that is open, and those of every page. */
export function KeysDialog({ close }: { close: () => void }) {
  const { t } = useTranslation('palette');
  const path = useRouterState({ select: (state) => state.location.pathname });
  const here = PAGES.filter((page) => page.path.test(path));
  const past: Keys[] = path.startsWith('/crm') ? [{ name: 'now', keys: ['n'] }] : [];
  return (
    <Dialog title={t('keys.title')} close={close}>
      {[...here, { name: 'everywhere', keys: [...EVERYWHERE, ...past] }].map(({ name, keys }) => (
        <section key={name} aria-labelledby={`keys-${name}`}>
          <h3 id={`keys-${name}`} className={styles.group}>
            {t(`keys.on.${name}`)}
          </h3>
          <dl className={styles.keys}>
            {keys.map((one) => (
              <div key={one.name}>
                <dt>{t(`keys.${one.name}`)}</dt>
                <dd>
                  {one.keys.map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}
