import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { ProblemError } from '~/api/problem';
import { FormAlert } from '~/ui/FormAlert';
import { TwoVersions } from '~/ui/TwoVersions';
import type { TicketChange, useChangeTicket } from './commands';
import type { TicketDetail } from './queries';

interface Props {
  ticket: TicketDetail;
  change: ReturnType<typeof useChangeTicket>;
}

/** Why a change of a ticket was refused. If another agent was faster: their version beside that of the person. */
export function ChangeRefused({ ticket, change }: Props) {
  const { t } = useTranslation('crm');
  const { error, variables } = change;
  const isStale = error instanceof ProblemError && error.code === 'stale_version';
  const row = isStale && variables ? rowOf(ticket, variables, t) : null;
  if (!row || !variables) return <FormAlert error={error} />;
  return (
    <TwoVersions
      rows={[row]}
      busy={change.isPending ? t('saving') : null}
      keep={change.reset}
      overwrite={() => change.mutate(variables)}
    />
  );
}

function rowOf(ticket: TicketDetail, change: TicketChange, t: TFunction<'crm'>) {
  const nobody = t('tickets.unassigned');
  switch (change.step) {
    case 'status': {
      const say = (status: string) => t(`support:status.${status}`, status);
      return { name: t('columns.status'), mine: say(change.status), now: say(ticket.status) };
    }
    case 'priority': {
      const say = (priority: string) => t(`priority.${priority}`, priority);
      return { name: t('columns.priority'), mine: say(change.priority), now: say(ticket.priority) };
    }
    case 'assign': {
      const mine =
        change.agent_id === null ? nobody : t(change.agent_id === 'me' ? 'ticket.me' : 'ticket.auto');
      return { name: t('filters.assignee'), mine, now: ticket.assignee_name ?? nobody };
    }
    case 'tags':
      return { name: t('ticket.tags'), mine: change.tags.join(', '), now: ticket.tags.join(', ') };
    default:
      return null;
  }
}
