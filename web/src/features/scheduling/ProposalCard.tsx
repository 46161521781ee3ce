import { IconArrowsExchange } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { FormAlert } from '~/ui/FormAlert';
import { useFormats } from '~/ui/zone';
import { useAnswerProposal } from './commands';
import styles from './LessonPage.module.css';
import type { Lesson } from './queries';

interface Props {
  lesson: Lesson;
  proposal: NonNullable<Lesson['proposal']>;
}

/** Another time, proposed by one side: the other side answers. */
export function ProposalCard({ lesson, proposal }: Props) {
  const { t } = useTranslation('scheduling');
  const formats = useFormats();
  const answer = useAnswerProposal(lesson.id);
  const mine = proposal.by === lesson.my_role;
  const write = (instant: string) => `${formats.shortDay(instant)}, ${formats.time(instant)}`;
  return (
    <section className={styles.proposal} aria-labelledby={`proposal-${lesson.id}`}>
      <IconArrowsExchange size={24} stroke={1.6} aria-hidden />
      <div className={styles.proposed}>
        <h2 id={`proposal-${lesson.id}`}>
          {t('proposal.title', { from: write(lesson.starts_at), to: write(proposal.starts_at) })}
        </h2>
        <p>{t(mine ? 'proposal.mine' : 'proposal.theirs', { until: write(proposal.expires_at) })}</p>
        <FormAlert error={answer.error} />
      </div>
      {!mine && (
        <div className={styles.buttons}>
          <Button
            busy={answer.isPending && answer.variables === 'decline' ? t('proposal.busy') : null}
            onClick={() => answer.mutate('decline')}
          >
            {t('proposal.decline')}
          </Button>
          <Button
            variant="primary"
            busy={answer.isPending && answer.variables === 'accept' ? t('proposal.busy') : null}
            onClick={() => answer.mutate('accept')}
          >
            {t('proposal.accept')}
          </Button>
        </div>
      )}
    </section>
  );
}
