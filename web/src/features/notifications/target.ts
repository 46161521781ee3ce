import type { LinkProps } from '@tanstack/react-router';
import type { Notification } from './queries';

/** The page that a notification is about, if there is one. */
export function targetOf({ kind, data }: Notification): LinkProps | null {
  const ids = (typeof data === 'object' && data !== null ? data : {}) as Record<string, unknown>;
  const id = (...names: string[]) =>
    names.map((name) => ids[name]).find((value): value is string => typeof value === 'string');
  const lesson = id('lesson_id', 'slot_id');
  if (/^lesson/.test(kind) && lesson) return { to: '/lessons/$id', params: { id: lesson } };
  if (/^request/.test(kind)) return { to: '/requests' };
  if (kind === 'waitlist_offer') return { to: '/waitlist' };
  const conversation = id('conversation_id');
  if (kind === 'message' && conversation) return { to: '/messages/$id', params: { id: conversation } };
  const ticket = id('ticket_id');
  if (/^ticket/.test(kind) && ticket) return { to: '/tickets/$id', params: { id: ticket } };
  if (kind === 'crm_sync') return { to: '/admin/crm' };
  return kind === 'security' ? { to: '/settings/security' } : null;
}
