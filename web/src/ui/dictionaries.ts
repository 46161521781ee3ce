import { useQuery } from '@tanstack/react-query';
import { keys } from '~/api/cache';
import { api, read } from '~/api/client';
import { type Dictionaries, type Entry, readDictionaries } from '~/api/shapes';
import { useLanguage } from './format';

export const dictionariesQuery = {
  queryKey: keys.dictionaries,
  queryFn: async () => readDictionaries(await read(api.GET('/api/v1/dictionaries'))),
  staleTime: 3_600_000,
};

const NONE: Dictionaries = {};

/** Closed lists of codes with their labels, in the language of the page. */
export function useDictionaries() {
  const language = useLanguage();
  const { data = NONE } = useQuery(dictionariesQuery);
  const say = (entry: Entry) => (language === 'en' ? entry.en : entry.ru);
  return {
    label: (list: string, code: string) => {
      const entry = data[list]?.find((known) => known.code === code);
      return entry ? say(entry) : code;
    },
    options: (list: string) => (data[list] ?? []).map((entry) => ({ value: entry.code, label: say(entry) })),
  };
}
