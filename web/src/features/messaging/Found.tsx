import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormats } from '~/ui/zone';
import styles from './Messages.module.css';
import { searchQuery } from './queries';

/** Messages with these words, in all conversations. */
export function Found({ words }: { words: string }) {
  const { t } = useTranslation('messaging');
  const formats = useFormats();
  const { data } = useQuery(searchQuery(words));
  if (!data || data.data.length === 0) return null;
  return (
    <section aria-labelledby="found" className={styles.found}>
      <h2 id="found">{t('found', { count: data.data.length })}</h2>
      <ul>
        {data.data.map((message) => (
          <li key={message.id}>
            <Link
              to="/messages/$id"
              params={{ id: message.conversation_id }}
              search={{ q: words }}
              className={styles.hit}
            >
              <time>{formats.shortDay(message.sent_at)}</time>
              {message.body}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
