import { cache, keys } from '~/api/cache';
import { api, read } from '~/api/client';
import { useCommand } from '~/api/command';
import { type Attachment, type Conversation, conversationQuery, messagesQuery } from './queries';

const at = (id: string) => ({ params: { path: { id } } });
const LISTS = [[...keys.conversations, 'list']] as const;

const keep = (conversation: Conversation) =>
  void cache.setQueryData(conversationQuery(conversation.id).queryKey, conversation);

/** The one conversation with a person; it begins with the first call. */
export function useOpenConversation() {
  return useCommand(
    (participant: string, headers) =>
      read(api.POST('/api/v1/conversations', { body: { participant_id: participant }, headers })),
    LISTS,
    keep,
  );
}

export type ConversationStep = 'archive' | 'unarchive' | 'clear' | 'hide' | 'block' | 'unblock';

export function useConversationStep(id: string) {
  return useCommand(
    (step: ConversationStep, headers) =>
      read(api.POST(`/api/v1/conversations/{id}/${step}`, { ...at(id), headers })),
    [...LISTS, messagesQuery(id).queryKey],
    keep,
  );
}

export function useMarkRead(id: string) {
  return useCommand(
    (upTo: number, headers) =>
      read(api.POST('/api/v1/conversations/{id}/read', { ...at(id), body: { up_to: upTo }, headers })),
    LISTS,
    keep,
  );
}

export const sendMessage = (
  conversation: string,
  message: { client_id: string; body: string; attachments: string[] },
) =>
  read(
    api.POST('/api/v1/conversations/{id}/messages', {
      ...at(conversation),
      body: message,
      headers: { 'Idempotency-Key': message.client_id },
    }),
  );

export function useEditMessage(conversation: string) {
  return useCommand(
    ({ id, body }: { id: string; body: string }) =>
      read(api.PATCH('/api/v1/messages/{id}', { ...at(id), body: { body } })),
    [messagesQuery(conversation).queryKey, ...LISTS],
  );
}

export function useDeleteMessage(conversation: string) {
  return useCommand(
    (id: string) => read(api.DELETE('/api/v1/messages/{id}', at(id))),
    [messagesQuery(conversation).queryKey, ...LISTS],
  );
}

export function useReportMessage() {
  return useCommand(
    ({ id, reason }: { id: string; reason: string }, headers) =>
      read(api.POST('/api/v1/messages/{id}/report', { ...at(id), body: { reason }, headers })),
    [],
  );
}

export function useUpload() {
  return useCommand(
    (file: File): Promise<Attachment> =>
      read(
        api.POST('/api/v1/attachments', {
          params: { query: { name: file.name } },
          body: file as unknown as string,
          bodySerializer: (body: unknown) => body as BodyInit,
          headers: { 'Content-Type': file.type || 'application/octet-stream' },
        }),
      ),
    [],
  );
}
