import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '~/ui/Avatar';
import { Button } from '~/ui/Button';
import { Chip } from '~/ui/Chip';
import { FormAlert } from '~/ui/FormAlert';
import { Card } from '~/ui/Page';
import { Bone } from '~/ui/Skeleton';
import { useFormats } from '~/ui/zone';
import { useCancelRequest } from './commands';
import { type LessonRequest, matchingQuery } from './queries';
import { RequestHead } from './RequestHead';
import styles from './Requests.module.css';

/** A student's request: its state, who was asked, and why others were not. */
export function RequestCard({ request }: { request: LessonRequest }) {
  const { t } = useTranslation('calendar');
  const formats = useFormats();
  const cancel = useCancelRequest();
  const [open, setOpen] = useState(false);
  const { search, accepted } = request;
  return (
    <Card>
      <RequestHead request={request} />
      {request.comment && <p className={styles.said}>{request.comment}</p>}
      {accepted && (
        <p>
          <Link to="/lessons/$id" params={{ id: accepted.lesson_id }}>
            {t('requests.acceptedBy', { name: accepted.teacher_name })}
          </Link>
        </p>
      )}
      {search && (
        <p className={styles.search}>
          {t('requests.asked', { count: search.asked })}
          {search.declined > 0 && ` · ${t('requests.declined', { count: search.declined })}`}
          {request.status === 'open' &&
            ` · ${t('requests.until', { time: `${formats.shortDay(request.expires_at)}, ${formats.time(request.expires_at)}` })}`}
        </p>
      )}
      {open && <Search id={request.id} />}
      <FormAlert error={cancel.error} />
      <div className={styles.buttons}>
        <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? 'requests.hide' : 'requests.show')}
        </Button>
        {request.status === 'open' && (
          <Button
            size="small"
            variant="danger"
            busy={cancel.isPending ? t('saving') : null}
            onClick={() => cancel.mutate(request.id)}
          >
            {t('requests.cancel')}
          </Button>
        )}
      </div>
    </Card>
  );
}

function Search({ id }: { id: string }) {
  const { t } = useTranslation('calendar');
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(matchingQuery(id));
  if (error) return <FormAlert error={error} />;
  const first = data?.pages[0];
  if (!first) return <Bone height={80} />;
  const excluded = data.pages.flatMap((page) => page.excluded);
  return (
    <div className={styles.matching}>
      <h3>{t('requests.included', { count: first.included.length })}</h3>
      <ul>
        {first.included.map((teacher) => (
          <li key={teacher.teacher_id}>
            <Avatar id={teacher.teacher_id} name={teacher.teacher_name} size={28} />
            <Link to="/teachers/$id" params={{ id: teacher.teacher_id }}>
              {teacher.teacher_name}
            </Link>
            {teacher.declined && <Chip>{t('requests.saidNo')}</Chip>}
          </li>
        ))}
      </ul>
      <h3>
        {t('requests.excluded', { count: Math.max((first.considered ?? 0) - first.included.length, 0) })}
      </h3>
      <ul>
        {excluded.map((teacher) => (
          <li key={teacher.teacher_id}>
            <Avatar id={teacher.teacher_id} name={teacher.teacher_name} size={28} />
            {teacher.teacher_name}
            <span className={styles.why}>
              {codesOf(teacher.reasons)
                .map((code) => t(`requests.reason.${code}`, code))
                .join(', ')}
            </span>
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button
          busy={isFetchingNextPage ? t('common:list.loading') : null}
          onClick={() => void fetchNextPage()}
        >
          {t('common:list.more')}
        </Button>
      )}
    </div>
  );
}

/** Codes of reasons, which the document calls only objects. */
export function codesOf(reasons: readonly unknown[] | null | undefined): string[] {
  return (reasons ?? []).flatMap((reason) => {
    const code = (reason as { code?: unknown } | null)?.code;
    return typeof code === 'string' ? [code] : [];
  });
}
