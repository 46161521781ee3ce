import { cache, keys } from '~/api/cache';
import { api, read } from '~/api/client';
import { optionalText, useCommand } from '~/api/command';
import type { components } from '~/api/schema';
import { type OwnTicket, ownTicketQuery } from './queries';

const TICKETS = [keys.tickets] as const;
const at = (id: string) => ({ params: { path: { id } } });
const keep = (ticket: OwnTicket) => void cache.setQueryData(ownTicketQuery(ticket.id).queryKey, ticket);

export function useOpenTicket() {
  return useCommand(
    (body: components['schemas']['OpenTicketRequest'], headers) =>
      read(api.POST('/api/v1/tickets', { body, headers })),
    TICKETS,
    keep,
  );
}

export function useReply(id: string) {
  return useCommand(
    (body: string, headers) =>
      read(api.POST('/api/v1/tickets/{id}/replies', { ...at(id), body: { body }, headers })),
    TICKETS,
  );
}

export function useRate(id: string) {
  return useCommand(
    ({ rating, comment }: { rating: number; comment: string }, headers) =>
      read(
        api.POST('/api/v1/tickets/{id}/satisfaction', {
          ...at(id),
          body: { rating, comment: optionalText(comment) },
          headers,
        }),
      ),
    TICKETS,
    keep,
  );
}

/** Rates by the link of a mail; no session is needed. */
export function useRateByLink(token: string) {
  return useCommand(
    ({ rating, comment }: { rating: number; comment: string }) =>
      read(
        api.POST('/api/v1/ticket-ratings/{token}', {
          params: { path: { token } },
          body: { rating, comment: optionalText(comment) },
        }),
      ),
    [],
  );
}
