import { useTranslation } from 'react-i18next';

/** A length of time in its two largest units: `1 h 40 min`, `8 min`, `2 d 3 h`. */
export function useDurationWord() {
  const { t } = useTranslation('crm');
  return (seconds: number): string => {
    const minutes = Math.round(Math.abs(seconds) / 60);
    const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
    if (days > 0) return `${t('units.d', { n: days })} ${t('units.h', { n: hours })}`;
    if (hours > 0) return `${t('units.h', { n: hours })} ${t('units.min', { n: rest })}`;
    return Math.abs(seconds) < 60 && seconds !== 0
      ? t('units.s', { n: Math.round(Math.abs(seconds)) })
      : t('units.min', { n: rest });
  };
}
