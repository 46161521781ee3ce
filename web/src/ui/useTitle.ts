import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

/** The title of the document: the thing, the page, the school. */
export function useTitle(key: string, name?: string | null) {
  const { t } = useTranslation();
  const title = [name, t(key), t('school.name')].filter(Boolean).join(' · ');
  useEffect(() => {
    document.title = title;
  }, [title]);
}
