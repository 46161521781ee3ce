import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const teal: MantineColorsTuple = [
  '#e0f1ee',
  '#c2e3dc',
  '#9acdc3',
  '#6cb4a8',
  '#3f9488',
  '#1f7f74',
  '#0b6a61',
  '#08564f',
  '#0a3f3a',
  '#072c28',
];

const font = '"Inter", "Inter fallback", system-ui, sans-serif';

export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: { light: 6, dark: 6 },
  colors: { teal },
  fontFamily: font,
  headings: { fontFamily: font, fontWeight: '600' },
  defaultRadius: 8,
  fontSizes: { xs: '12px', sm: '13px', md: '15px', lg: '18px', xl: '24px' },
  lineHeights: { xs: '16px', sm: '20px', md: '24px', lg: '24px', xl: '32px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  // The looks are in mantine.css.
  components: {
    Input: { classNames: { wrapper: 'k-field', input: 'k-input' } },
    InputWrapper: { classNames: { label: 'k-label', description: 'k-help', error: 'k-error' } },
    Combobox: { classNames: { dropdown: 'k-float', option: 'k-option' } },
    Menu: { classNames: { dropdown: 'k-float', item: 'k-option' } },
    Drawer: { classNames: { content: 'k-sheet', header: 'k-sheet-head', title: 'k-title' } },
    Modal: { classNames: { content: 'k-dialog', header: 'k-dialog', title: 'k-title' } },
  },
});

/** Points Mantine's own colour variables to our tokens, so that its parts follow both themes. */
export const resolver: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-text': 'var(--text-1)',
    '--mantine-color-dimmed': 'var(--text-3)',
    '--mantine-color-placeholder': 'var(--text-3)',
    '--mantine-color-error': 'var(--error)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-hover': 'var(--hover)',
    '--mantine-color-default-color': 'var(--text-1)',
    '--mantine-color-default-border': 'var(--field-line)',
    '--mantine-primary-color-filled': 'var(--accent)',
    '--mantine-primary-color-filled-hover': 'var(--accent-hover)',
    '--mantine-shadow-md': 'var(--shadow)',
  };
  return { variables: {}, light: shared, dark: shared };
};
