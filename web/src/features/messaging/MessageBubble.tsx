import { IconBan, IconCheck, IconChecks, IconFlag, IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from '~/ui/toasts';
import { useFormats } from '~/ui/zone';
import { AttachedFile } from './AttachedFile';
import { useDeleteMessage, useReportMessage } from './commands';
import { EditMessage } from './EditMessage';
import styles from './Messages.module.css';
import type { Message } from './queries';

interface Props {
  message: Message;
  own: boolean;
  /** Read by the other side. */
  seen: boolean;
  sender: string | null;
}

export function MessageBubble({ message, own, seen, sender }: Props) {
  const { t } = useTranslation('messaging');
  const formats = useFormats();
  const [editing, setEditing] = useState(false);
  if (message.deleted) {
    return (
      <p className={styles.bubble} data-own={own} data-gone>
        <IconBan size={16} stroke={1.8} aria-hidden /> {t('deleted')}
        <time>{formats.time(message.sent_at)}</time>
      </p>
    );
  }
  if (editing) return <EditMessage message={message} close={() => setEditing(false)} />;
  const State = seen ? IconChecks : IconCheck;
  return (
    <div className={styles.bubble} data-own={own}>
      {sender && !own && <b className={styles.sender}>{sender}</b>}
      {message.attachments.map((file) => (
        <AttachedFile key={file.id} file={file} />
      ))}
      {message.body && <p className={styles.text}>{message.body}</p>}
      <span className={styles.meta}>
        {message.edited_at && `${t('edited')} `}
        <time dateTime={message.sent_at}>{formats.time(message.sent_at)}</time>
        {own && <State size={16} stroke={1.8} aria-label={t(seen ? 'read' : 'sent')} role="img" />}
      </span>
      <Actions message={message} own={own} edit={() => setEditing(true)} />
    </div>
  );
}

function Actions({ message, own, edit }: { message: Message; own: boolean; edit: () => void }) {
  const { t } = useTranslation('messaging');
  const remove = useDeleteMessage(message.conversation_id);
  const report = useReportMessage();
  const complain = () =>
    report.mutate(
      { id: message.id, reason: t('reportReason') },
      { onSuccess: () => toast({ tone: 'ok', title: t('reported') }) },
    );
  return (
    <span className={styles.actions}>
      {own ? (
        <>
          {message.body && (
            <button type="button" aria-label={t('edit')} title={t('edit')} onClick={edit}>
              <IconPencil size={16} stroke={1.8} aria-hidden />
            </button>
          )}
          <button
            type="button"
            aria-label={t('delete')}
            title={t('delete')}
            onClick={() => remove.mutate(message.id)}
          >
            <IconTrash size={16} stroke={1.8} aria-hidden />
          </button>
        </>
      ) : (
        <button type="button" aria-label={t('report')} title={t('report')} onClick={complain}>
          <IconFlag size={16} stroke={1.8} aria-hidden />
        </button>
      )}
    </span>
  );
}
