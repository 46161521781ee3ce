import {
  type MantineColorScheme,
  type MantineColorSchemeManager,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { store, stored } from '../stored';

/** Key of the chosen theme in the storage; before-paint.js reads it. */
export const schemeStore: MantineColorSchemeManager = {
  get: (fallback) => {
    const scheme = stored('scheme');
    return scheme === 'dark' || scheme === 'light' ? scheme : fallback;
  },
  set: (scheme: MantineColorScheme) => store('scheme', scheme === 'auto' ? null : scheme),
  subscribe: () => {},
  unsubscribe: () => {},
  clear: () => store('scheme', null),
};

export function useScheme() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  return { scheme, toggle: () => setColorScheme(scheme === 'dark' ? 'light' : 'dark') };
}
