import { useSyncExternalStore } from 'react';
import { cache, keys } from '~/api/cache';
import { type ProblemError, problemFromFailure } from '~/api/problem';
import { store, stored } from '~/ui/stored';
import { sendMessage } from './commands';
import { type Attachment, conversationQuery } from './queries';

/** A message on its way: waiting for the network or the answer, or refused. */
export interface Outgoing {
  client_id: string;
  conversation: string;
  sender: string;
  body: string;
  attachments: Attachment[];
  at: string;
  /** Code of the refusal; such a message is sent again only by hand. */
  refused: string | null;
}

const RETRY_MS = 4_000;

/**
 * Messages that are not sent yet. They live in this browser until the server has them; each has one client id, so
 * that a repeated one arrives once.
 */
class Outbox {
  private items: readonly Outgoing[] = read();
  private readonly listeners = new Set<() => void>();
  private sending = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    window.addEventListener('online', () => void this.flush());
  }

  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  snapshot = () => this.items;

  add(message: Outgoing) {
    this.change([...this.items, message]);
    void this.flush();
  }

  again(clientId: string) {
    this.change(this.items.map((one) => (one.client_id === clientId ? { ...one, refused: null } : one)));
    void this.flush();
  }

  drop(clientId: string) {
    this.change(this.items.filter((one) => one.client_id !== clientId));
  }

  /** Sends what waits, one after the other, in the order of writing. */
  async flush() {
    if (this.sending) return;
    this.sending = true;
    clearTimeout(this.timer);
    try {
      for (let next = this.next(); next; next = this.next()) {
        const { client_id, conversation, body, attachments } = next;
        await sendMessage(conversation, { client_id, body, attachments: attachments.map(({ id }) => id) });
        await Promise.all([
          cache.invalidateQueries({ queryKey: [...keys.conversations, 'messages', conversation] }),
          cache.invalidateQueries({ queryKey: conversationQuery(conversation).queryKey }),
          cache.invalidateQueries({ queryKey: [...keys.conversations, 'list'] }),
        ]);
        this.drop(client_id);
      }
    } catch (error) {
      this.fail(problemFromFailure(error));
    } finally {
      this.sending = false;
    }
  }

  private next() {
    const account = cache.getQueryData<{ id: string } | null>(keys.account);
    return this.items.find((one) => one.refused === null && one.sender === account?.id);
  }

  private fail(problem: ProblemError) {
    const waits = problem.isPassing || problem.status === 401;
    if (waits) {
      if (navigator.onLine) this.timer = setTimeout(() => void this.flush(), RETRY_MS);
      return;
    }
    const first = this.next();
    this.change(this.items.map((one) => (one === first ? { ...one, refused: problem.code } : one)));
    setTimeout(() => void this.flush());
  }

  private change(items: readonly Outgoing[]) {
    this.items = items;
    store('outbox', items.length === 0 ? null : JSON.stringify(items));
    for (const listener of this.listeners) listener();
  }
}

function read(): Outgoing[] {
  try {
    const items: unknown = JSON.parse(stored('outbox') ?? '[]');
    return Array.isArray(items) ? items : [];
  } catch {
    return [];
  }
}

export const outbox = new Outbox();

export function useOutbox(conversation: string, sender: string): Outgoing[] {
  const items = useSyncExternalStore(outbox.subscribe, outbox.snapshot);
  return items.filter((one) => one.conversation === conversation && one.sender === sender);
}
