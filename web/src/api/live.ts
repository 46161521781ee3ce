import { cache, keys } from './cache';

export type LineState = 'connecting' | 'live' | 'reconnecting' | 'offline';

type Listener = () => void;

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 20_000;
const SESSION_ENDED = 4401;

/** One socket per tab. It resumes after the last position that it has seen. */
class Line {
  state: LineState = 'offline';
  private socket: WebSocket | null = null;
  private wanted = false;
  private after: number | null = null;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<Listener>();

  constructor() {
    window.addEventListener('offline', () => this.drop());
    window.addEventListener('online', () => this.wanted && this.connect());
  }

  subscribe = (listener: Listener) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  open() {
    if (this.wanted) return;
    this.wanted = true;
    this.connect();
  }

  close() {
    this.wanted = false;
    this.after = null;
    clearTimeout(this.timer);
    this.socket?.close();
    this.socket = null;
    this.change('offline');
  }

  private connect() {
    clearTimeout(this.timer);
    if (this.socket !== null) return;
    if (!navigator.onLine) return this.change('offline');
    this.change(this.failures === 0 && this.after === null ? 'connecting' : 'reconnecting');
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const since = this.after === null ? '' : `?after=${this.after}`;
    const socket = new WebSocket(`${scheme}://${location.host}/api/v1/live${since}`);
    this.socket = socket;
    socket.onmessage = (message) => this.take(String(message.data));
    socket.onclose = (event) => {
      if (this.socket !== socket) return;
      this.socket = null;
      if (event.code === SESSION_ENDED) void cache.invalidateQueries({ queryKey: keys.account });
      if (this.wanted) this.retry();
    };
  }

  private retry() {
    this.failures += 1;
    this.change(navigator.onLine ? 'reconnecting' : 'offline');
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (this.failures - 1), LONGEST_PAUSE_MS);
    this.timer = setTimeout(() => this.connect(), pause * (0.75 + Math.random() / 2));
  }

  private drop() {
    clearTimeout(this.timer);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    this.change('offline');
  }

  private take(text: string) {
    const frame = JSON.parse(text) as { position?: number; type?: string };
    if (typeof frame.position === 'number') this.after = frame.position;
    if (frame.type === 'ready' || frame.type === 'reload') {
      const resumed = this.failures > 0 || this.state === 'reconnecting';
      this.failures = 0;
      this.change('live');
      if (resumed || frame.type === 'reload') void cache.invalidateQueries();
      return;
    }
    for (const queryKey of changedBy(frame.type ?? '')) void cache.invalidateQueries({ queryKey });
  }

  private change(state: LineState) {
    if (state === this.state) return;
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}

/** Which lists an event touches. Only what is on screen is fetched again. */
export function changedBy(type: string): (readonly string[])[] {
  if (/^(seat|booking|lesson|reschedule|no_show)/.test(type)) return [keys.lessons, keys.teachers];
  if (/^(slot|hold)/.test(type)) return [keys.teachers, keys.lessons];
  if (/^(account|profile|avatar|role|email|phone)/.test(type)) return [keys.account];
  return [];
}

export const line = new Line();
