import type { Formats } from '~/ui/format';
import type { Series } from './queries';

/** A figure in the unit of its series. */
export function writeValue(
  value: number,
  series: Pick<Series, 'unit' | 'currency'>,
  formats: Formats,
): string {
  switch (series.unit) {
    case 'money':
      return formats.money({ amount: Math.round(value), currency: series.currency ?? 'RUB' });
    case 'ratio':
      return `${formats.number(value * 100, value > 0 && value < 0.1 ? 1 : 0)}\u00a0%`;
    case 'seconds':
      return value >= 3600
        ? `${formats.number(value / 3600, 1)}\u00a0h`
        : `${formats.number(value / 60, 1)}\u00a0min`;
    case 'points':
      return formats.number(value, 2);
    default:
      return formats.number(Math.round(value));
  }
}
