import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './TopBar.module.css';

/** Finds teachers by words from every page. `/` puts the cursor into it. */
export function FindField() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      const typing = target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
      if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      field.current?.focus();
    };
    window.addEventListener('keydown', focus);
    return () => window.removeEventListener('keydown', focus);
  }, []);

  const find = (event: FormEvent) => {
    event.preventDefault();
    const q = field.current?.value.trim();
    void navigate({ to: '/teachers', search: q ? { q } : {} });
  };

  return (
    <search className={styles.find}>
      <form onSubmit={find}>
        <IconSearch size={18} stroke={1.8} aria-hidden />
        <input
          ref={field}
          type="search"
          name="q"
          placeholder={t('find.placeholder')}
          aria-label={t('find.label')}
          aria-keyshortcuts="/"
          maxLength={100}
        />
        <kbd aria-hidden>/</kbd>
      </form>
    </search>
  );
}
