import type { components } from '~/api/schema';

export type ConnectionTest = components['schemas']['ConnectionTest'];
export type UnsupportedOperation = components['schemas']['UnsupportedCrmOperation'];

/** Shapes of the admin pages, which the API document calls only objects. */
type Raw = Record<string, unknown>;

export const object = (value: unknown): Raw =>
  typeof value === 'object' && value !== null ? (value as Raw) : {};
export const list = (value: unknown): Raw[] => (Array.isArray(value) ? value.map(object) : []);
export const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
export const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);

export interface Integration {
  status: string;
  circuit: string;
  lastSuccessAt: string | null;
  backlog: number;
  oldestAgeSeconds: number;
  delivered: number;
  failed: number;
  abandoned: number;
  drifted: number;
  p50: number | null;
  p99: number | null;
  unsupported: readonly UnsupportedOperation[];
}

export function readIntegration(value: components['schemas']['CrmIntegration']): Integration {
  const raw = object(value);
  const latency = object(raw.latency_ms);
  return {
    status: text(raw.status) ?? '',
    circuit: text(raw.circuit) ?? '',
    lastSuccessAt: text(raw.last_success_at),
    backlog: number(raw.backlog) ?? 0,
    oldestAgeSeconds: number(raw.oldest_age_seconds) ?? 0,
    delivered: number(raw.delivered) ?? 0,
    failed: number(raw.failed) ?? 0,
    abandoned: number(raw.abandoned) ?? 0,
    drifted: number(raw.drifted) ?? 0,
    p50: number(latency.p50),
    p99: number(latency.p99),
    unsupported: value.unsupported,
  };
}

export interface Attempt {
  id: string;
  accountId: string | null;
  what: string;
  at: string;
  method: string;
  path: string;
  status: number | null;
  latencyMs: number | null;
  outcome: string;
  error: string | null;
}

export interface Delivery {
  id: string;
  accountId: string | null;
  what: string;
  status: string;
  attempts: number;
  lastCause: string | null;
  lastStatus: number | null;
  requestedAt: string | null;
  retryAt: string | null;
}

interface Page<T> {
  data: T[];
  page: { total?: number | null };
  next: string | null;
}

function readPage<T>(value: unknown, item: (raw: Raw) => T): Page<T> {
  const raw = object(value);
  const page = object(raw.page);
  return {
    data: list(raw.data).map(item),
    page: { total: number(page.total) },
    next: text(page.next_cursor),
  };
}

export const readAttempts = (value: unknown): Page<Attempt> =>
  readPage(value, (raw) => ({
    id: String(raw.id ?? ''),
    accountId: text(raw.account_id),
    what: text(raw.what) ?? '',
    at: text(raw.at) ?? '',
    method: text(raw.method) ?? '',
    path: text(raw.path) ?? '',
    status: number(raw.status),
    latencyMs: number(raw.latency_ms),
    outcome: text(raw.outcome) ?? '',
    error: text(raw.error),
  }));

export const readDeliveries = (value: unknown): Page<Delivery> =>
  readPage(value, (raw) => ({
    id: String(raw.id ?? ''),
    accountId: text(raw.account_id),
    what: text(raw.what) ?? '',
    status: text(raw.status) ?? '',
    attempts: number(raw.attempts) ?? 0,
    lastCause: text(raw.last_cause),
    lastStatus: number(raw.last_status),
    requestedAt: text(raw.requested_at),
    retryAt: text(raw.retry_at),
  }));

export interface Reconciliation {
  [name: string]: number;
}

/** The figures among the fields of an answer. */
export function readCounts(value: unknown): Reconciliation {
  return Object.fromEntries(
    Object.entries(object(value)).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}
