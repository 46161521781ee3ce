import { IconBookmarkPlus, IconSearch, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { Select, TextInput } from '~/ui/mantine/fields';
import { useDeleteView } from './commands';
import styles from './Desk.module.css';
import { type SavedView, type TicketFilter, viewsQuery } from './queries';

const SaveView = lazy(() => import('./SaveView').then(({ SaveView }) => ({ default: SaveView })));

type Search = TicketFilter & { as_of?: string };

const CHOICES = {
  status: ['open,in_progress,waiting', 'open', 'in_progress', 'waiting', 'resolved', 'closed'],
  priority: ['urgent', 'high', 'medium', 'low'],
  assignee: ['me', 'none'],
  sla: ['breached', 'at_risk', 'on_track', 'paused'],
  sort: ['-opened_at', '-updated_at', 'due_at', '-priority'],
};

/** Filters in the address, and views that keep them under a name. */
export function DeskFilters({ search }: { search: Search }) {
  const { t } = useTranslation('crm');
  const navigate = useNavigate();
  const views = useQuery(viewsQuery);
  const remove = useDeleteView();
  const [saving, setSaving] = useState(false);
  const show = (next: Search) => void navigate({ to: '/crm/tickets', search: next, replace: true });
  const show1 = (change: TicketFilter) => show({ ...search, ...change });
  const pick = (name: keyof typeof CHOICES, fallback: string | null) => ({
    'aria-label': t(`filters.${name}`),
    placeholder: t(`filters.${name}`),
    clearable: fallback === null,
    data: CHOICES[name].map((value) => ({
      value,
      label: t(`choices.${name}.${value.replaceAll(',', '_')}`),
    })),
    value: search[name] ?? fallback,
    onChange: (value: string | null) => show1({ [name]: value ?? undefined }),
  });
  return (
    <>
      <div className={styles.views}>
        {views.data?.map((view) => (
          <span key={view.id} className={styles.view}>
            <button type="button" onClick={() => show({ ...filterOf(view), as_of: search.as_of })}>
              {view.name}
            </button>
            {view.own && (
              <button
                type="button"
                aria-label={t('views.delete', { name: view.name })}
                onClick={() => remove.mutate(view.id)}
              >
                <IconX size={12} aria-hidden />
              </button>
            )}
          </span>
        ))}
        <Button
          size="small"
          variant="quiet"
          icon={<IconBookmarkPlus size={16} aria-hidden />}
          onClick={() => setSaving(true)}
        >
          {t('views.save')}
        </Button>
      </div>
      <div className={styles.filters}>
        <TextInput
          type="search"
          aria-label={t('tickets.search')}
          placeholder={t('tickets.search')}
          leftSection={<IconSearch size={16} stroke={1.8} aria-hidden />}
          defaultValue={search.q ?? ''}
          maxLength={100}
          onChange={(event) => show1({ q: event.currentTarget.value.trim() || undefined })}
        />
        <Select {...pick('status', 'open,in_progress,waiting')} />
        <Select {...pick('priority', null)} />
        <Select {...pick('assignee', null)} />
        <Select {...pick('sla', null)} />
        <Select {...pick('sort', '-opened_at')} />
      </div>
      {saving && (
        <Suspense>
          <SaveView search={search} close={() => setSaving(false)} />
        </Suspense>
      )}
    </>
  );
}

const NAMES = ['status', 'priority', 'assignee', 'sla', 'q', 'sort'] as const;

function filterOf({ query }: SavedView): TicketFilter {
  const stored = query as Record<string, unknown>;
  return Object.fromEntries(
    NAMES.flatMap((name) => (typeof stored[name] === 'string' ? [[name, stored[name]]] : [])),
  );
}
