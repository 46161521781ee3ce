import { cache, keys } from '~/api/cache';
import { api, read } from '~/api/client';
import { useCommand } from '~/api/command';
import type { components } from '~/api/schema';
import type { Code } from '~/api/shapes';
import { ifMatch } from '~/api/versions';
import { type TicketDetail, ticketQuery } from './queries';

const CRM = [keys.crm] as const;
const at = (id: string) => ({ params: { path: { id } } });
const keep = (ticket: TicketDetail) =>
  void cache.setQueryData(ticketQuery(ticket.id, undefined).queryKey, ticket);

export type TicketChange =
  | { step: 'assign'; agent_id: string | null }
  | { step: 'status'; status: string }
  | { step: 'priority'; priority: string }
  | { step: 'category'; category: string }
  | { step: 'tags'; tags: string[] }
  | { step: 'merge'; into: string }
  | { step: 'unmerge' };

/** Changes one thing about a ticket. With the version that was shown, any other version is refused. */
export function useChangeTicket(id: string, version?: number) {
  return useCommand(
    (change: TicketChange, keyed): Promise<TicketDetail> => {
      const shared = {
        ...at(id),
        headers: { ...keyed, ...(version !== undefined && { 'If-Match': `"v${version}"` }) },
      };
      switch (change.step) {
        case 'assign':
          return read(
            api.POST('/api/v1/crm/tickets/{id}/assign', { ...shared, body: { agent_id: change.agent_id } }),
          );
        case 'status':
          return read(
            api.POST('/api/v1/crm/tickets/{id}/status', {
              ...shared,
              body: { status: change.status as Code<'TicketStatus'> },
            }),
          );
        case 'priority':
          return read(
            api.POST('/api/v1/crm/tickets/{id}/priority', {
              ...shared,
              body: { priority: change.priority as Code<'TicketPriority'> },
            }),
          );
        case 'category':
          return read(
            api.POST('/api/v1/crm/tickets/{id}/category', { ...shared, body: { category: change.category } }),
          );
        case 'tags':
          return read(api.POST('/api/v1/crm/tickets/{id}/tags', { ...shared, body: { tags: change.tags } }));
        case 'merge':
          return read(api.POST('/api/v1/crm/tickets/{id}/merge', { ...shared, body: { into: change.into } }));
        case 'unmerge':
          return read(api.POST('/api/v1/crm/tickets/{id}/unmerge', shared));
      }
    },
    CRM,
    keep,
  );
}

export function useAnswerTicket(id: string) {
  return useCommand(
    ({ kind, body }: { kind: 'replies' | 'notes'; body: string }, headers) =>
      read(api.POST(`/api/v1/crm/tickets/{id}/${kind}`, { ...at(id), body: { body }, headers })),
    CRM,
  );
}

export function useBulk() {
  return useCommand(
    (body: components['schemas']['BulkTicketsRequest'], headers) =>
      read(api.POST('/api/v1/crm/tickets/bulk', { body, headers })),
    CRM,
  );
}

export function useNewTicketFor() {
  return useCommand(
    (body: components['schemas']['NewTicketForUser'], headers) =>
      read(api.POST('/api/v1/crm/tickets', { body, headers })),
    CRM,
    keep,
  );
}

export function useSuspension(id: string, step: 'suspend' | 'reinstate') {
  return useCommand(
    (reason: string, headers) =>
      read(api.POST(`/api/v1/crm/users/{id}/${step}`, { ...at(id), body: { reason }, headers })),
    CRM,
  );
}

/** Reads masked contacts; the reason stays in the log. */
export function useReveal(id: string) {
  return useCommand(
    (reason: string, headers) =>
      read(api.POST('/api/v1/crm/users/{id}/reveal', { ...at(id), body: { reason }, headers })),
    CRM,
  );
}

/** Makes an account for a person; they set the password by a mailed link. */
export function useInvite() {
  return useCommand(
    (body: components['schemas']['InviteUserRequest'], headers) =>
      read(api.POST('/api/v1/crm/users', { body, headers })),
    CRM,
  );
}

/** Corrects the data of a person; fields that are left out stay. A version other than the shown one is refused. */
export function useCorrect(id: string) {
  return useCommand(
    (
      { body, tag }: { body: components['schemas']['CorrectUserRequest']; tag: string | undefined },
      headers,
    ) =>
      read(
        api.PATCH('/api/v1/crm/users/{id}', { ...at(id), body, headers: { ...headers, ...ifMatch(tag) } }),
      ),
    CRM,
  );
}

export function useSaveView() {
  return useCommand(
    (body: { name: string; query: Record<string, unknown>; shared: boolean }, headers) =>
      read(
        api.POST('/api/v1/crm/views', {
          body: { ...body, query: body.query as Record<string, never> },
          headers,
        }),
      ),
    [[...keys.crm, 'views']],
  );
}

export function useDeleteView() {
  return useCommand(
    (id: string) => read(api.DELETE('/api/v1/crm/views/{id}', at(id))),
    [[...keys.crm, 'views']],
  );
}

export function useSaveCanned() {
  return useCommand(
    ({ id, ...body }: { id: string | null; title: string; body: string }, headers) =>
      id
        ? read(api.PUT('/api/v1/crm/canned-replies/{id}', { ...at(id), body }))
        : read(api.POST('/api/v1/crm/canned-replies', { body, headers })),
    [[...keys.crm, 'canned']],
  );
}

export function useDeleteCanned() {
  return useCommand(
    (id: string) => read(api.DELETE('/api/v1/crm/canned-replies/{id}', at(id))),
    [[...keys.crm, 'canned']],
  );
}

/** The text of a canned reply, filled for a ticket. */
export const fillCanned = (id: string, ticket: string) =>
  read(api.GET('/api/v1/crm/canned-replies/{id}/text', { params: { path: { id }, query: { ticket } } }));
