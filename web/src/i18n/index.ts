import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { store } from '~/ui/stored';

export const LANGUAGES = ['ru', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];
export const CONTEXTS = ['common', 'accounts', 'scheduling', 'problems'] as const;

/** Texts that come with the pages that need them. */
export const LATER = [
  'calendar',
  'messaging',
  'notifications',
  'support',
  'crm',
  'analytics',
  'admin',
  'settings',
  'room',
  'links',
  'home',
  'palette',
  'demo',
  'students',
] as const;
type Later = (typeof LATER)[number];

const later = import.meta.glob<{ default: object }>(
  './*/{calendar,messaging,notifications,support,crm,analytics,admin,settings,room,links,home,palette,demo,students}.json',
);
const wanted = new Set<Later>();

async function loadLater(language: Language, context: Later) {
  const texts = await later[`./${language}/${context}.json`]?.();
  i18next.addResourceBundle(language, context, texts?.default, true, true);
}

/** Loads texts before the page that needs them is drawn. */
export async function loadTexts(...contexts: Later[]) {
  for (const context of contexts) wanted.add(context);
  await started;
  await Promise.all(
    contexts
      .filter((context) => !i18next.hasResourceBundle(currentLanguage(), context))
      .map((context) => loadLater(currentLanguage(), context)),
  );
}

const loaders = { ru: () => import('./ru'), en: () => import('./en') };

async function load(language: Language) {
  const { texts } = await loaders[language]();
  for (const context of CONTEXTS) i18next.addResourceBundle(language, context, texts[context], true, true);
  await Promise.all([...wanted].map((context) => loadLater(language, context)));
}

let ready = () => {};
const started = new Promise<void>((resolve) => {
  ready = resolve;
});

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
  ready();
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
