import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemError } from '~/api/problem';
import { fieldOf, useFieldText, useProblemText } from './problems';

type Errors = Record<string, string>;

/**
 * Errors of a form, beside their fields: those that the server gave, all at once, and those of empty fields.
 * `conflicts` names the field that a refusal belongs to.
 */
export function useFormErrors(error: unknown, conflicts: Record<string, string> = {}) {
  const { t } = useTranslation('problems');
  const sayField = useFieldText();
  const sayProblem = useProblemText();
  const [fields, setFields] = useState<Errors>({});
  const [cleared, setCleared] = useState<readonly string[]>([]);

  // A new answer shows all its errors again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the answer is the trigger
  useEffect(() => setCleared([]), [error]);

  const given: Errors = {};
  if (error instanceof ProblemError) {
    for (const invalid of error.fields) given[fieldOf(invalid)] = sayField(invalid);
    const conflict = conflicts[error.code];
    if (conflict) given[conflict] = sayProblem(error);
  }
  const shown = Object.keys(given).length > 0;
  return {
    of: (name: string) => fields[name] ?? (cleared.includes(name) ? undefined : given[name]),
    /** Messages that belong to no field. */
    general: error && !shown ? error : null,
    clear: (name: string) => {
      setCleared((before) => [...before, name]);
      setFields(({ [name]: _, ...others }) => others);
    },
    /** Marks all empty fields and puts the cursor into the first of them. Returns whether there is one. */
    require: (form: HTMLFormElement, values: Record<string, string>): boolean => {
      const empty = Object.keys(values).filter((name) => values[name]?.trim() === '');
      setFields(Object.fromEntries(empty.map((name) => [name, t('fields.required')])));
      if (empty[0]) (form.elements.namedItem(empty[0]) as HTMLElement | null)?.focus();
      return empty.length > 0;
    },
  };
}
