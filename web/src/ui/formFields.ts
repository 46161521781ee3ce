import { useState } from 'react';
import type { useFormErrors } from './formErrors';

/** Values of a form of texts, and the properties of each of its inputs. Typing clears the error of its field. */
export function useFormFields<Name extends string>(
  empty: Record<Name, string>,
  errors: ReturnType<typeof useFormErrors>,
  label: (name: Name) => string,
) {
  const [values, setValues] = useState(empty);
  const field = (name: Name) => ({
    name,
    label: label(name),
    value: values[name],
    error: errors.of(name),
    'aria-invalid': errors.of(name) !== undefined,
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      errors.clear(name);
      setValues((before) => ({ ...before, [name]: value }));
    },
  });
  return { values, field };
}
