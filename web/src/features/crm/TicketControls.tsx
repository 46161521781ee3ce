import { Link } from '@tanstack/react-router';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { Menu } from '~/ui/mantine/menu';
import { TicketStatus } from '../support/TicketStatus';
import { ChangeRefused } from './ChangeRefused';
import { useChangeTicket } from './commands';
import styles from './Desk.module.css';
import { Priority } from './Priority';
import type { TicketDetail } from './queries';

const MergeDialog = lazy(() => import('./MergeDialog').then(({ MergeDialog }) => ({ default: MergeDialog })));

const STATUSES = ['open', 'in_progress', 'waiting', 'resolved', 'closed'];
const PRIORITIES = ['low', 'medium', 'high', 'urgent'];

/** State, priority, agent and tags; each is changed where it stands. */
export function TicketControls({ ticket, mayAct }: { ticket: TicketDetail; mayAct: boolean }) {
  const { t } = useTranslation('crm');
  const change = useChangeTicket(ticket.id, ticket.version);
  const [merging, setMerging] = useState(false);
  if (!mayAct) {
    return (
      <div className={styles.controls}>
        <TicketStatus status={ticket.status} />
        <Priority priority={ticket.priority} />
        <span>{ticket.assignee_name ?? t('tickets.unassigned')}</span>
        <span className={styles.tag}>{t(`support:categories.${ticket.category}`, ticket.category)}</span>
      </div>
    );
  }
  return (
    <>
      <div className={styles.controls}>
        <Menu withinPortal position="bottom-start">
          <Menu.Target>
            <button type="button" className={styles.control}>
              <span className="visually-hidden">{t('ticket.changeStatus')}: </span>
              <TicketStatus status={ticket.status} />
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            {STATUSES.map((status) => (
              <Menu.Item key={status} onClick={() => change.mutate({ step: 'status', status })}>
                {t(`support:status.${status}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        <Menu withinPortal position="bottom-start">
          <Menu.Target>
            <button type="button" className={styles.control}>
              <span className="visually-hidden">{t('ticket.changePriority')}: </span>
              <Priority priority={ticket.priority} />
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            {PRIORITIES.map((priority) => (
              <Menu.Item key={priority} onClick={() => change.mutate({ step: 'priority', priority })}>
                {t(`priority.${priority}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        <Menu withinPortal position="bottom-start">
          <Menu.Target>
            <button type="button" className={styles.control}>
              {ticket.assignee_name ?? t('tickets.unassigned')}
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => change.mutate({ step: 'assign', agent_id: 'me' })}>
              {t('ticket.take')}
            </Menu.Item>
            <Menu.Item onClick={() => change.mutate({ step: 'assign', agent_id: 'auto' })}>
              {t('ticket.auto')}
            </Menu.Item>
            <Menu.Item onClick={() => change.mutate({ step: 'assign', agent_id: null })}>
              {t('ticket.unassign')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
        <span className={styles.tag}>{t(`support:categories.${ticket.category}`, ticket.category)}</span>
        <Button
          size="small"
          variant="quiet"
          onClick={() => (ticket.merged_into ? change.mutate({ step: 'unmerge' }) : setMerging(true))}
        >
          {t(ticket.merged_into ? 'ticket.unmerge' : 'merge.open')}
        </Button>
      </div>
      {ticket.merged_into && (
        <p className={styles.merged}>
          <Link to="/crm/tickets/$id" params={{ id: ticket.merged_into }} search={(before) => before}>
            {t('merge.goesOn')}
          </Link>
        </p>
      )}
      <Suspense>{merging && <MergeDialog ticket={ticket} close={() => setMerging(false)} />}</Suspense>
      <Tags tags={ticket.tags} save={(tags) => change.mutate({ step: 'tags', tags })} />
      <ChangeRefused ticket={ticket} change={change} />
    </>
  );
}

function Tags({ tags, save }: { tags: string[]; save: (tags: string[]) => void }) {
  const { t } = useTranslation('crm');
  const [text, setText] = useState('');
  const add = (event: FormEvent) => {
    event.preventDefault();
    const tag = text.trim();
    if (tag && !tags.includes(tag)) save([...tags, tag]);
    setText('');
  };
  return (
    <form className={styles.tags} onSubmit={add}>
      {tags.map((tag) => (
        <button
          key={tag}
          type="button"
          className={styles.tag}
          aria-label={t('ticket.untag', { tag })}
          onClick={() => save(tags.filter((one) => one !== tag))}
        >
          {tag} ×
        </button>
      ))}
      <input
        aria-label={t('ticket.tag')}
        placeholder={t('ticket.tag')}
        value={text}
        maxLength={40}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </form>
  );
}
