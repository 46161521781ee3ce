import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { keys } from '~/api/cache';
import { api, read } from '~/api/client';
import type { components } from '~/api/schema';

export type Report = components['schemas']['AnalyticsReport'];
export type Series = components['schemas']['ReportSeries'];
export type Fact = components['schemas']['ReportFact'];

export const REPORTS = [
  'registrations',
  'active_users',
  'retention',
  'funnel',
  'bookings',
  'lessons_held',
  'cancellations',
  'no_shows',
  'utilisation',
  'revenue',
  'unresolved',
  'requests',
  'messages',
  'tickets',
  'ticket_categories',
  'response_times',
  'resolution_times',
  'sla',
  'csat',
] as const;
export type ReportName = (typeof REPORTS)[number];

export const INTERVALS = ['day', 'week', 'month'] as const;

export type Interval = (typeof INTERVALS)[number];

/** Steps that a report can be built with; the first is its own. */
export function intervalsOf(report: ReportName): readonly Interval[] {
  return report === 'retention' ? ['week'] : INTERVALS;
}

export interface Period {
  from: string;
  to: string;
  interval: (typeof INTERVALS)[number];
  compare?: 'previous';
  as_of?: string;
}

export const reportQuery = (report: ReportName, query: Period) =>
  queryOptions({
    queryKey: [...keys.crm, 'report', report, query],
    queryFn: () => read(api.GET('/api/v1/crm/analytics/{report}', { params: { path: { report }, query } })),
    placeholderData: keepPreviousData,
  });

/** Reads the things that one figure of a report counts. */
export const factsQuery = (report: ReportName, query: Period & { key: string }) =>
  infiniteQueryOptions({
    queryKey: [...keys.crm, 'facts', report, query],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      read(
        api.GET('/api/v1/crm/analytics/{report}/drilldown', {
          params: { path: { report }, query: { ...query, limit: 50, cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.page.next_cursor ?? undefined,
  });
