import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { Empty } from '~/ui/Empty';
import { itemsOf, Listed } from '~/ui/Listed';
import { TextInput } from '~/ui/mantine/fields';
import { Card, PageHead } from '~/ui/Page';
import { NobodyPicture } from '~/ui/pictures';
import { Rows } from '~/ui/Rows';
import { useFormats } from '~/ui/zone';
import styles from './Audit.module.css';
import { type EventEnvelope, type EventFilter, eventsQuery } from './queries';

type Search = EventFilter & { after?: number };
const positionOf = ({ position }: { position: number }) => position;
const NAMES = ['stream_type', 'stream_id', 'type', 'actor'] as const;

/** Events of the log, with what each carries. */
export function AuditPage({ search }: { search: Search }) {
  const { t } = useTranslation('admin');
  const navigate = useNavigate();
  const { after, ...filter } = search;
  const events = useInfiniteQuery(eventsQuery(filter, after));
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const text = (name: string) => String(data.get(name) ?? '').trim() || undefined;
    const position = Number(text('after'));
    void navigate({
      to: '/audit',
      search: {
        ...Object.fromEntries(NAMES.map((name) => [name, text(name)])),
        after: position > 0 ? position : undefined,
      },
    });
  };
  return (
    <>
      <PageHead title={t('audit.title')} note={t('audit.text')} />
      <form className={styles.filters} onSubmit={send} key={JSON.stringify(search)}>
        {NAMES.map((name) => (
          <TextInput
            key={name}
            name={name}
            label={t(`audit.fields.${name}`)}
            defaultValue={search[name] ?? ''}
          />
        ))}
        <TextInput
          name="after"
          inputMode="numeric"
          label={t('audit.fields.after')}
          defaultValue={after ?? ''}
        />
        <Button type="submit" variant="primary">
          {t('audit.find')}
        </Button>
      </form>
      <Card flush>
        <Listed
          query={events}
          items={itemsOf(events)}
          failed={t('audit.failed')}
          height={40}
          rows={12}
          empty={<Empty picture={<NobodyPicture />} title={t('audit.none')} />}
        >
          {(items) => (
            <Rows items={items} id={positionOf} height={41}>
              {(event) => <Event event={event} />}
            </Rows>
          )}
        </Listed>
      </Card>
    </>
  );
}

function Event({ event }: { event: EventEnvelope }) {
  const { t } = useTranslation('admin');
  const formats = useFormats();
  const [open, setOpen] = useState(false);
  return (
    <article className={styles.event}>
      <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className={styles.position}>{formats.number(event.position)}</span>
        <b>{event.type}</b>
        <span className={styles.stream}>
          {event.stream_type} · {event.stream_id.slice(0, 8)}… · {event.sequence}
        </span>
        <time dateTime={event.recorded_at}>
          {formats.shortDay(event.recorded_at)}, {formats.time(event.recorded_at)}
        </time>
      </button>
      {open && (
        <div className={styles.body}>
          <p>
            <Link to="/audit" search={{ stream_type: event.stream_type, stream_id: event.stream_id }}>
              {t('audit.stream')}
            </Link>
          </p>
          <pre>{JSON.stringify({ payload: event.payload, metadata: event.metadata }, null, 2)}</pre>
          <p className={styles.hash}>
            {t('audit.hash')} <code>{event.leaf_hash}</code>
          </p>
        </div>
      )}
    </article>
  );
}
