import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { FormAlert } from '~/ui/FormAlert';
import { Textarea } from '~/ui/mantine/fields';
import { Menu } from '~/ui/mantine/menu';
import { Segments } from '~/ui/Segments';
import { fillCanned, useAnswerTicket, useChangeTicket } from './commands';
import styles from './Desk.module.css';
import { cannedQuery, type TicketDetail } from './queries';

/** A reply to the requester or a note for staff; Ctrl Enter sends and resolves. */
export function TicketComposer({ ticket }: { ticket: TicketDetail }) {
  const { t } = useTranslation('crm');
  const [kind, setKind] = useState<'replies' | 'notes'>('replies');
  const [body, setBody] = useState('');
  const answer = useAnswerTicket(ticket.id);
  const change = useChangeTicket(ticket.id);
  const canned = useQuery(cannedQuery);
  const send = (status?: string) => {
    if (body.trim() === '') return;
    answer.mutate(
      { kind, body: body.trim() },
      {
        onSuccess: () => {
          setBody('');
          if (status) change.mutate({ step: 'status', status });
        },
      },
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
      send(kind === 'replies' ? 'resolved' : undefined);
  };
  const insert = async (id: string) => {
    const { body: text } = await fillCanned(id, ticket.id);
    setBody((before) => (before ? `${before}\n${text}` : text));
  };
  return (
    <div className={styles.composer} data-note={kind === 'notes'}>
      <div className={styles.composerHead}>
        <Segments
          label={t('ticket.kind')}
          value={kind}
          options={[
            { value: 'replies', label: t('ticket.reply') },
            { value: 'notes', label: t('ticket.note') },
          ]}
          choose={setKind}
        />
        {(canned.data?.length ?? 0) > 0 && (
          <Menu withinPortal position="top-end">
            <Menu.Target>
              <Button size="small" variant="quiet">
                {t('canned.insert')}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {canned.data?.map((reply) => (
                <Menu.Item key={reply.id} onClick={() => void insert(reply.id)}>
                  {reply.title}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
      <Textarea
        aria-label={t(kind === 'replies' ? 'ticket.reply' : 'ticket.note')}
        placeholder={t(kind === 'replies' ? 'ticket.replyTo' : 'ticket.noteFor', {
          name: ticket.requester_name,
        })}
        autosize
        minRows={3}
        maxRows={10}
        maxLength={10_000}
        value={body}
        onChange={(event) => setBody(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <FormAlert error={answer.error ?? change.error} />
      <div className={styles.composerFoot}>
        {kind === 'replies' ? (
          <>
            <Button size="small" onClick={() => send()} busy={answer.isPending ? t('saving') : null}>
              {t('ticket.send')}
            </Button>
            <Button size="small" onClick={() => send('waiting')}>
              {t('ticket.sendWait')}
            </Button>
            <Button size="small" variant="primary" onClick={() => send('resolved')}>
              {t('ticket.sendResolve')}
            </Button>
          </>
        ) : (
          <Button
            size="small"
            variant="primary"
            onClick={() => send()}
            busy={answer.isPending ? t('saving') : null}
          >
            {t('ticket.saveNote')}
          </Button>
        )}
      </div>
    </div>
  );
}
