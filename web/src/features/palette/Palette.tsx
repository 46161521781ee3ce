import { IconCornerDownLeft, IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '~/features/accounts/queries';
import { Modal } from '~/ui/mantine/dialogs';
import type { Found } from './found';
import styles from './Palette.module.css';
import { useFound } from './useFound';

/** Finds pages, lessons, people, tickets and actions by words; arrows walk, Enter goes, Esc closes. */
export function Palette({ account, close }: { account: Account; close: () => void }) {
  const { t } = useTranslation('palette');
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const { groups, busy } = useFound(account, typed);
  const id = useId();
  const all = groups.flatMap(({ name, found }) => found.map((one) => ({ key: `${name}-${one.id}`, one })));
  const current = all[Math.min(at, all.length - 1)];

  useEffect(() => {
    if (current) document.getElementById(`${id}-${current.key}`)?.scrollIntoView({ block: 'nearest' });
  }, [current, id]);

  const run = (one: Found) => {
    close();
    void one.run();
  };
  const onKey = (event: KeyboardEvent) => {
    const last = Math.max(all.length - 1, 0);
    if (event.key === 'ArrowDown') setAt((before) => (before >= last ? 0 : before + 1));
    else if (event.key === 'ArrowUp') setAt((before) => (before <= 0 ? last : Math.min(before, last) - 1));
    else if (event.key === 'Enter' && current) run(current.one);
    else return;
    event.preventDefault();
  };

  return (
    <Modal
      opened
      onClose={close}
      withCloseButton={false}
      size={640}
      padding={0}
      yOffset="10dvh"
      aria-label={t('label')}
    >
      <div className={styles.field}>
        <IconSearch size={20} stroke={1.8} aria-hidden />
        <input
          data-autofocus
          role="combobox"
          aria-expanded
          aria-controls={id}
          aria-activedescendant={current && `${id}-${current.key}`}
          aria-autocomplete="list"
          aria-label={t('label')}
          placeholder={t('placeholder')}
          maxLength={100}
          value={typed}
          onKeyDown={onKey}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setAt(0);
          }}
        />
        <kbd aria-hidden>Esc</kbd>
      </div>
      <div id={id} role="listbox" aria-label={t('label')} aria-busy={busy} className={styles.list}>
        {groups.map(({ name, found }) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options is no fieldset
          <div key={name} role="group" aria-labelledby={`${id}-${name}`}>
            <p id={`${id}-${name}`} className={styles.group}>
              {t(`groups.${name}`)}
            </p>
            {found.map((one) => {
              const key = `${name}-${one.id}`;
              return (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
                <div
                  key={key}
                  id={`${id}-${key}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={key === current?.key}
                  className={styles.option}
                  onPointerMove={() => setAt(all.findIndex((entry) => entry.key === key))}
                  onClick={() => run(one)}
                >
                  <one.icon size={18} stroke={1.6} aria-hidden />
                  <span className={styles.title}>{one.title}</span>
                  {one.note && <span className={styles.note}>{one.note}</span>}
                  <IconCornerDownLeft size={16} stroke={1.8} aria-hidden className={styles.enter} />
                </div>
              );
            })}
          </div>
        ))}
      </div>
    </Modal>
  );
}
