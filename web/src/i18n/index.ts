import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { store } from '~/ui/stored';

export const LANGUAGES = ['ru', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];
export const CONTEXTS = ['common', 'accounts', 'scheduling', 'problems'] as const;

const loaders = { ru: () => import('./ru'), en: () => import('./en') };

async function load(language: Language) {
  const { texts } = await loaders[language]();
  for (const context of CONTEXTS) i18next.addResourceBundle(language, context, texts[context], true, true);
}

/** Starts with the language that before-paint.js has chosen. Only the texts of one language are loaded. */
export async function startLanguage() {
  const language: Language = document.documentElement.lang === 'en' ? 'en' : 'ru';
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    ns: [...CONTEXTS],
    defaultNS: 'common',
    resources: {},
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  await load(language);
}

export async function changeLanguage(language: Language) {
  await load(language);
  await i18next.changeLanguage(language);
  store('language', language);
  document.documentElement.lang = language;
}

export function currentLanguage(): Language {
  return i18next.language === 'en' ? 'en' : 'ru';
}
