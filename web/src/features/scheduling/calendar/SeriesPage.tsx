import { IconCalendarRepeat, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readMoney } from '~/api/shapes';
import type { Account } from '~/features/accounts/queries';
import { Button } from '~/ui/Button';
import { Chip } from '~/ui/Chip';
import { useDictionaries } from '~/ui/dictionaries';
import { Empty } from '~/ui/Empty';
import { Listed } from '~/ui/Listed';
import { Card, PageHead } from '~/ui/Page';
import { CalendarPicture } from '~/ui/pictures';
import { type Column, Table } from '~/ui/Table';
import { toast } from '~/ui/toasts';
import { useFormats, useZone } from '~/ui/zone';
import { dayOf } from '~/ui/zones';
import { useEndSeries } from './commands';
import { type Series, seriesQuery } from './queries';
import { daysOfRule } from './rule';
import { SeriesDialog } from './SeriesDialog';

/** Times that open every week. */
export function SeriesPage({ account }: { account: Account }) {
  const { t } = useTranslation('calendar');
  const { label } = useDictionaries();
  const { zone } = useZone();
  const formats = useFormats();
  const [defining, setDefining] = useState(false);
  const series = useQuery(seriesQuery);
  const end = useEndSeries();
  const stop = (one: Series) =>
    end.mutate(
      { id: one.id, from: dayOf(new Date(), zone) },
      {
        onSuccess: ({ lessons_kept }) =>
          toast({
            tone: 'ok',
            title: t('series.ended'),
            text: t('series.kept', { count: lessons_kept.length }),
          }),
      },
    );
  const columns: Column<Series>[] = [
    {
      key: 'days',
      head: t('series.days'),
      cell: (one) => (
        <b>
          {daysOfRule(one.rrule)
            .map((day) => t(`weekdays.${day}`))
            .join(', ') || one.rrule}
        </b>
      ),
    },
    {
      key: 'time',
      head: t('fields.time'),
      cell: (one) => `${one.local_start.slice(-8, -3) || one.local_start}`,
      figure: true,
    },
    { key: 'subject', head: t('fields.subject'), cell: (one) => label('subjects', one.subject) },
    {
      key: 'minutes',
      head: t('fields.minutes'),
      cell: (one) => one.duration_minutes,
      figure: true,
      wide: true,
    },
    {
      key: 'price',
      head: t('fields.price'),
      figure: true,
      wide: true,
      cell: (one) => {
        const price = readMoney(one.price);
        return price ? formats.money(price) : '';
      },
    },
    {
      key: 'status',
      head: t('series.status'),
      cell: (one) => (
        <Chip tone={one.status === 'active' ? 'ok' : 'neutral'}>
          {t(`series.state.${one.status}`, one.status)}
        </Chip>
      ),
    },
    {
      key: 'end',
      head: <span className="visually-hidden">{t('series.end')}</span>,
      figure: true,
      cell: (one) =>
        one.ended_from ? null : (
          <Button
            size="small"
            busy={end.isPending && end.variables.id === one.id ? t('saving') : null}
            onClick={() => stop(one)}
          >
            {t('series.end')}
          </Button>
        ),
    },
  ];
  const add = (
    <Button variant="primary" icon={<IconPlus size={18} aria-hidden />} onClick={() => setDefining(true)}>
      {t('series.new')}
    </Button>
  );
  return (
    <>
      <PageHead title={t('series.title')} note={t('series.text')}>
        {add}
      </PageHead>
      <Card flush>
        <Listed
          query={series}
          items={series.data}
          failed={t('series.failed')}
          empty={
            <Empty picture={<CalendarPicture />} title={t('series.none')} text={t('series.noneText')}>
              <Button icon={<IconCalendarRepeat size={18} aria-hidden />} onClick={() => setDefining(true)}>
                {t('series.new')}
              </Button>
            </Empty>
          }
        >
          {(items) => <Table label={t('series.title')} columns={columns} rows={items} id={({ id }) => id} />}
        </Listed>
      </Card>
      {defining && <SeriesDialog account={account} close={() => setDefining(false)} />}
    </>
  );
}
