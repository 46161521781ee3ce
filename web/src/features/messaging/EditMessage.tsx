import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { FormAlert } from '~/ui/FormAlert';
import { Textarea } from '~/ui/mantine/fields';
import { useEditMessage } from './commands';
import styles from './Messages.module.css';
import type { Message } from './queries';

export function EditMessage({ message, close }: { message: Message; close: () => void }) {
  const { t } = useTranslation('messaging');
  const edit = useEditMessage(message.conversation_id);
  const [body, setBody] = useState(message.body ?? '');
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (body.trim()) edit.mutate({ id: message.id, body: body.trim() }, { onSuccess: close });
  };
  return (
    <form className={styles.edit} onSubmit={send}>
      <Textarea
        aria-label={t('edit')}
        autosize
        maxRows={8}
        maxLength={4000}
        value={body}
        data-autofocus
        onChange={(event) => setBody(event.currentTarget.value)}
      />
      <FormAlert error={edit.error} />
      <div>
        <Button size="small" onClick={close}>
          {t('cancel')}
        </Button>
        <Button size="small" type="submit" variant="primary" busy={edit.isPending ? t('saving') : null}>
          {t('save')}
        </Button>
      </div>
    </form>
  );
}
