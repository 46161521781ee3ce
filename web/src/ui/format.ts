import { useTranslation } from 'react-i18next';
import type { Money } from '~/api/shapes';
import { dayOf, offsetLabel } from './zones';

const formats = new Map<string, Intl.DateTimeFormat>();

function dates(language: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language}|${zone}|${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'ru-RU', { timeZone: zone, ...options });
    formats.set(key, format);
  }
  return format;
}

const numbers = new Map<string, Intl.NumberFormat>();

/** Making a format costs more than using it. */
function numberFormat(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language}|${JSON.stringify(options)}`;
  let format = numbers.get(key);
  if (!format) {
    format = new Intl.NumberFormat(language === 'en' ? 'en-GB' : 'ru-RU', options);
    numbers.set(key, format);
  }
  return format;
}

export function formatMoney({ amount, currency }: Money, language: string): string {
  const style = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const;
  const digits = numberFormat('en', style).resolvedOptions().maximumFractionDigits ?? 2;
  const value = amount / 10 ** digits;
  const minimumFractionDigits = Number.isInteger(value) ? 0 : digits;
  // The rouble stands behind the amount, in English too; and a price never breaks.
  const text =
    currency === 'RUB'
      ? `${numberFormat(language, { minimumFractionDigits }).format(value)} ₽`
      : numberFormat(language, { ...style, minimumFractionDigits }).format(value);
  return text.replaceAll(/\s/g, '\u00a0');
}

/** Formats for people: everything in one language and one zone. */
export function formatsFor(language: string, zone: string) {
  const at = (instant: string | Date) => new Date(instant);
  const write = (options: Intl.DateTimeFormatOptions) => (instant: string | Date) =>
    dates(language, zone, options).format(at(instant));
  const time = write({ hour: '2-digit', minute: '2-digit' });
  return {
    time,
    timeRange: (from: string | Date, to: string | Date) => `${time(from)}\u2060–\u2060${time(to)}`,
    /** Thursday, 3 December */
    longDay: write({ weekday: 'long', day: 'numeric', month: 'long' }),
    /** Thu, 3 Dec */
    shortDay: (instant: string | Date) =>
      dates(language, zone, { weekday: 'short', day: 'numeric', month: 'short' })
        .format(at(instant))
        .replaceAll('.', ''),
    date: write({ day: 'numeric', month: 'long', year: 'numeric' }),
    month: write({ month: 'long' }),
    monthAndYear: (instant: string | Date) =>
      dates(language, zone, { month: 'long', year: 'numeric' })
        .format(at(instant))
        .replace(/\s*г\.$/, ''),
    dayAndMonth: write({ day: 'numeric', month: 'long' }),
    weekday: write({ weekday: 'short' }),
    dayNumber: write({ day: 'numeric' }),
    dayKey: (instant: string | Date) => dayOf(at(instant), zone),
    offset: (instant: string | Date = new Date()) => offsetLabel(at(instant), zone),
    money: (money: Money) => formatMoney(money, language),
    number: (value: number, digits = 0) =>
      numberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value),
  };
}

export type Formats = ReturnType<typeof formatsFor>;

/** Name of the place of a zone, in the language of the page where Intl knows it: "Самара", "Moscow". */
export function zoneName(zone: string, language: string): string {
  const key = `${zone}|${language}`;
  const name = zoneNames.get(key) ?? findZoneName(zone, language);
  zoneNames.set(key, name);
  return name;
}

const zoneNames = new Map<string, string>();

function findZoneName(zone: string, language: string): string {
  const city = zone.split('/').pop()?.replaceAll('_', ' ') ?? zone;
  const named = (timeZoneName: 'shortGeneric' | 'longGeneric') =>
    new Intl.DateTimeFormat(language, { timeZone: zone, timeZoneName })
      .formatToParts(new Date())
      .find((part) => part.type === 'timeZoneName')?.value ?? '';
  try {
    // Not every browser knows the short name in Russian. In English the city is as good as the long one.
    const names = language === 'en' ? [named('shortGeneric')] : [named('shortGeneric'), named('longGeneric')];
    const found = names.find((name) => isPlace(name) && (language === 'en' || /[а-яё]/i.test(name)));
    return found?.replace(NOT_THE_PLACE, '').replace('стандартное ', '') ?? city;
  } catch {
    return city;
  }
}

const NOT_THE_PLACE = /, стандартное время$|( Standard)? Time$/;
const isPlace = (name: string) => name.length > 3 && !/GMT|UTC/.test(name);

export function useLanguage(): string {
  return useTranslation().i18n.language;
}
