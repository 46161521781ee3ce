import { IconClock, IconFile } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import styles from './Messages.module.css';
import { type Outgoing, outbox } from './outbox';

/** A message that the server does not have yet. */
export function OutgoingBubble({ message }: { message: Outgoing }) {
  const { t } = useTranslation('messaging');
  return (
    <div
      className={styles.bubble}
      data-own
      data-waiting={message.refused === null}
      data-refused={message.refused !== null}
    >
      {message.attachments.map((file) => (
        <span key={file.id} className={styles.file}>
          <IconFile size={24} stroke={1.6} aria-hidden />
          <b>{file.name}</b>
        </span>
      ))}
      <p className={styles.text}>{message.body}</p>
      {message.refused === null ? (
        <span className={styles.meta}>
          <IconClock size={16} stroke={1.8} aria-label={t('onItsWay')} role="img" />
        </span>
      ) : (
        <span className={styles.refused}>
          {t([`problems:codes.${message.refused}`, 'problems:codes.internal'])}{' '}
          <button type="button" onClick={() => outbox.again(message.client_id)}>
            {t('again')}
          </button>{' '}
          <button type="button" onClick={() => outbox.drop(message.client_id)}>
            {t('drop')}
          </button>
        </span>
      )}
    </div>
  );
}
