import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { keys } from '~/api/cache';
import { api, read } from '~/api/client';
import type { components } from '~/api/schema';

export type Report = components['schemas']['AnalyticsReport'];
export type Series = components['schemas']['ReportSeries'];
export type ReportDescription = components['schemas']['ReportDescription'];
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
  return report === 'retention' ? ['week', 'month'] : INTERVALS;
}

/** Times that a report can be compared with. */
export const COMPARISONS = ['previous', 'calendar', 'year'] as const;

export type Comparison = (typeof COMPARISONS)[number];

/** Ways to group a report, of all reports. */
export const GROUPINGS = [
  'lesson_type',
  'booked_by',
  'format',
  'side',
  'notice',
  'priority',
  'status',
  'category',
  'channel',
  'teacher',
  'subject',
  'agent',
] as const;

export type Grouping = (typeof GROUPINGS)[number];

export interface Period {
  from: string;
  to: string;
  interval: Interval;
  compare?: Comparison;
  by?: Grouping;
  date_of?: 'lesson';
  as_of?: string;
}

/** Parameters of each report. They are the same until the next version of the API. */
export const reportsQuery = queryOptions({
  queryKey: [...keys.crm, 'reports'],
  queryFn: () => read(api.GET('/api/v1/crm/analytics')),
  staleTime: Number.POSITIVE_INFINITY,
});

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
