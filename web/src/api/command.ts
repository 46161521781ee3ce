import { useMutation } from '@tanstack/react-query';
import { cache } from './cache';
import { useIntention } from './intention';

export type KeyHeaders = ReturnType<ReturnType<typeof useIntention>['headers']>;

/** Sends a change under one key per intention. Afterwards these queries are stale, after a failure too. */
export function useCommand<Input, Answer>(
  send: (input: Input, headers: KeyHeaders) => Promise<Answer>,
  stale: readonly (readonly unknown[])[],
  keep?: (answer: Answer, input: Input) => void,
) {
  const intention = useIntention();
  const refetch = () => {
    for (const queryKey of stale) void cache.invalidateQueries({ queryKey });
  };
  return useMutation({
    mutationFn: (input: Input) => send(input, intention.headers(input)),
    onSuccess: (answer, input) => {
      intention.answered();
      keep?.(answer, input);
      refetch();
    },
    onError: (error) => {
      intention.failed(error);
      refetch();
    },
  });
}

/** The text of a field that may be left out. */
export function optionalText(text: string): string | undefined {
  return text.trim() === '' ? undefined : text.trim();
}
