import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readMoney } from '~/api/shapes';
import { Button } from '~/ui/Button';
import { FormAlert } from '~/ui/FormAlert';
import { Modal } from '~/ui/mantine/dialogs';
import { Textarea } from '~/ui/mantine/fields';
import { toast } from '~/ui/toasts';
import { useFormats } from '~/ui/zone';
import { useCancelLesson } from './commands';
import styles from './LessonPage.module.css';
import type { Lesson } from './queries';

const LONGEST_REASON = 500;

/** Says what a cancellation costs, and why, before it is made. */
export function CancelDialog({ lesson, close }: { lesson: Lesson; close: () => void }) {
  const { t } = useTranslation('scheduling');
  const formats = useFormats();
  const cancel = useCancelLesson(lesson.id);
  const [reason, setReason] = useState('');
  const terms = lesson.cancellation;
  const late = terms ? Date.parse(terms.free_until) <= Date.now() : false;
  const fee = late ? readMoney(terms?.late_fee) : null;
  const send = () =>
    cancel.mutate(reason, {
      onSuccess: (answer) => {
        const charged = readMoney(answer.fee);
        toast({
          tone: 'ok',
          title: t('cancel.done'),
          text:
            charged && charged.amount > 0
              ? t('lesson.fee', { fee: formats.money(charged) })
              : t('lesson.noFee'),
        });
        close();
      },
    });
  const cost = () => {
    if (lesson.my_role === 'teacher') return t('cancel.asTeacher');
    if (!fee || !terms) return t('cancel.free');
    const until = `${formats.shortDay(terms.free_until)}, ${formats.time(terms.free_until)}`;
    return t('cancel.costs', { fee: formats.money(fee), until });
  };
  return (
    <Modal
      opened
      onClose={close}
      title={t('cancel.title')}
      centered
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      <div className={styles.dialog}>
        <p className={fee ? styles.costs : styles.costless}>{cost()}</p>
        <Textarea
          label={t('cancel.reason')}
          description={t('cancel.reasonHelp')}
          autosize
          minRows={2}
          maxRows={6}
          maxLength={LONGEST_REASON}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <FormAlert error={cancel.error} />
        <div className={styles.buttons}>
          <Button size="large" data-autofocus onClick={close}>
            {t('cancel.keep')}
          </Button>
          <Button
            size="large"
            variant="danger"
            busy={cancel.isPending ? t('cancel.busy') : null}
            onClick={send}
          >
            {t('cancel.submit')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
