import { useTranslation } from 'react-i18next';
import { type FieldError, problemFromFailure } from '~/api/problem';

/** The sentence for a refusal or failure. */
export function useProblemText() {
  const { t, i18n } = useTranslation('problems');
  return (error: unknown): string => {
    const { code } = problemFromFailure(error);
    return i18n.exists(`codes.${code}`, { ns: 'problems' }) ? t(`codes.${code}`) : t('codes.internal');
  };
}

/** The sentence for an invalid field, said after the name of the field is known. */
export function useFieldText() {
  const { t, i18n } = useTranslation('problems');
  return (error: FieldError): string =>
    i18n.exists(`fields.${error.code}`, { ns: 'problems' }) ? t(`fields.${error.code}`) : error.message;
}

/** Name of the form field that a JSON pointer names: `/email` → `email`. */
export function fieldOf(error: FieldError): string {
  return error.pointer.replace(/^\//, '').split('/')[0] ?? '';
}
