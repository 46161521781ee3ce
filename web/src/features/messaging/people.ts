import type { Account } from '~/features/accounts/queries';
import type { Conversation } from './queries';

/** The other side of a conversation: one person, or the group. */
export function othersOf(conversation: Conversation, account: Account) {
  return conversation.participants.filter(({ id }) => id !== account.id);
}

export function titleOf(conversation: Conversation, account: Account): string {
  const people = [...othersOf(conversation, account), ...conversation.former_participants];
  return people.map(({ name }) => name).join(', ') || account.name;
}
