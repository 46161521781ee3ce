import { useTranslation } from 'react-i18next';
import type { Code } from '~/api/shapes';
import { Button } from '~/ui/Button';
import { Menu } from '~/ui/mantine/menu';
import { useProblemText } from '~/ui/problems';
import { toast } from '~/ui/toasts';
import { useBulk } from './commands';
import styles from './Desk.module.css';

const ACTIONS: Record<string, string[]> = {
  status: ['open', 'in_progress', 'waiting', 'resolved', 'closed'],
  priority: ['low', 'medium', 'high', 'urgent'],
};

/** One action for many tickets, with the number of those that refused it. */
export function BulkBar({ ids, clear }: { ids: readonly string[]; clear: () => void }) {
  const { t } = useTranslation('crm');
  const say = useProblemText();
  const bulk = useBulk();
  const run = (body: { action: string; agent_id?: string; status?: string; priority?: string }) =>
    bulk.mutate({ ids: [...ids], ...body } as Code<'BulkTicketsRequest'>, {
      onSuccess: ({ results }) => {
        const refused = results.filter(({ ok }) => !ok);
        toast({
          tone: refused.length === 0 ? 'ok' : 'error',
          title: t('bulk.done', { count: results.length - refused.length }),
          text: refused.length === 0 ? undefined : t('bulk.refused', { count: refused.length }),
        });
        clear();
      },
      onError: (error) => toast({ tone: 'error', title: say(error) }),
    });
  return (
    <div className={styles.bulk} role="toolbar" aria-label={t('bulk.label')}>
      <b>{t('bulk.selected', { count: ids.length })}</b>
      <Button size="small" variant="quiet" onClick={() => run({ action: 'assign', agent_id: 'me' })}>
        {t('ticket.take')}
      </Button>
      {Object.entries(ACTIONS).map(([action, values]) => (
        <Menu key={action} position="top" withinPortal>
          <Menu.Target>
            <Button size="small" variant="quiet">
              {t(`columns.${action}`)}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {values.map((value) => (
              <Menu.Item key={value} onClick={() => run({ action, [action]: value })}>
                {t(action === 'status' ? `support:status.${value}` : `priority.${value}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      ))}
      <Button size="small" variant="quiet" onClick={clear}>
        {t('bulk.clear')}
      </Button>
    </div>
  );
}
