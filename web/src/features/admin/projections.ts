import { list, number, object, text } from './shapes';

export interface Listener {
  name: string;
  kind: string;
  state: string;
  position: number;
  lagEvents: number;
  lagSeconds: number;
  version: number | null;
  error: string | null;
  rebuilding: number | null;
}

export function readProjections(value: unknown): { head: number; listeners: Listener[] } {
  const raw = object(value);
  const head = number(raw.head) ?? 0;
  return {
    head,
    listeners: list(raw.listeners).map((one) => {
      const rebuild = object(one.rebuild);
      const at = number(rebuild.position);
      return {
        name: text(one.name) ?? '',
        kind: text(one.kind) ?? '',
        state: text(one.state) ?? '',
        position: number(one.position) ?? 0,
        lagEvents: number(one.lag_events) ?? 0,
        lagSeconds: number(one.lag_seconds) ?? 0,
        version: number(one.version),
        error: text(one.error) ?? text(object(one.error).message),
        rebuilding: one.rebuild && at !== null && head > 0 ? at / head : one.rebuild ? 0 : null,
      };
    }),
  };
}
