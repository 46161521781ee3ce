import { cache } from './cache';
import { changedBy } from './changes';
import { notePosition } from './position';
import { refresher } from './refresher';
import { markSessionEnded } from './session';

export type LineState = 'connecting' | 'live' | 'reconnecting' | 'offline';

type Listener = () => void;

export interface Frame {
  position?: number;
  type?: string;
  data?: Record<string, unknown>;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 20_000;
const SESSION_ENDED = 4401;
/** A tab that slept longer asks the socket whether it still lives. */
const SLEPT_MS = 45_000;
const PONG_WITHIN_MS = 4_000;

/** One socket per tab. It resumes after the last position that it has seen. */
class Line {
  state: LineState = 'offline';
  private socket: WebSocket | null = null;
  private wanted = false;
  private after: number | null = null;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<Listener>();
  private readonly handlers = new Set<{ type: string; handler: (frame: Frame) => void }>();
  private heard = Date.now();

  constructor() {
    window.addEventListener('offline', () => this.drop());
    window.addEventListener('online', () => this.wanted && this.connect());
    document.addEventListener('visibilitychange', () => !document.hidden && this.wake());
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

  /** Connects again after the person has signed in again. */
  reopen() {
    this.failures = 0;
    if (this.wanted && this.socket === null) this.connect();
  }

  /** Sends a frame if the socket is open; such frames are hints and are never repeated. */
  send(frame: object) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  /** Calls the handler with each frame that has this type. */
  on(type: string, handler: (frame: Frame) => void) {
    const entry = { type, handler };
    this.handlers.add(entry);
    return () => this.handlers.delete(entry);
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
      if (event.code === SESSION_ENDED) {
        markSessionEnded(true);
        return this.change('offline');
      }
      if (this.wanted) this.retry();
    };
  }

  private retry() {
    this.failures += 1;
    this.change(navigator.onLine ? 'reconnecting' : 'offline');
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (this.failures - 1), LONGEST_PAUSE_MS);
    this.timer = setTimeout(() => this.connect(), pause * (0.75 + Math.random() / 2));
  }

  /** After a sleep a socket can look open and be dead: a ping without an answer replaces it. */
  private wake() {
    if (!this.wanted || !navigator.onLine) return;
    if (this.socket === null) return this.connect();
    if (Date.now() - this.heard < SLEPT_MS) return;
    const socket = this.socket;
    const asked = Date.now();
    this.send({ type: 'ping' });
    setTimeout(() => {
      if (this.socket !== socket || this.heard >= asked) return;
      this.socket = null;
      socket.close();
      this.change('reconnecting');
      this.connect();
    }, PONG_WITHIN_MS);
  }

  private drop() {
    clearTimeout(this.timer);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    this.change('offline');
  }

  private take(text: string) {
    this.heard = Date.now();
    const frame = JSON.parse(text) as Frame;
    if (typeof frame.position === 'number') this.after = frame.position;
    if (frame.type === 'ready' || frame.type === 'reload') {
      const resumed = this.failures > 0 || this.state === 'reconnecting';
      this.failures = 0;
      this.change('live');
      if (resumed || frame.type === 'reload') void cache.invalidateQueries();
      return;
    }
    for (const { type, handler } of this.handlers) if (type === frame.type) handler(frame);
    const changed = changedBy(frame.type ?? '');
    if (changed.length > 0 && frame.position !== undefined) notePosition(frame.position);
    for (const queryKey of changed) refresher.want(queryKey);
  }

  private change(state: LineState) {
    if (state === this.state) return;
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}

export const line = new Line();
