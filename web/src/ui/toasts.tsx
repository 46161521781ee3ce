import { IconAlertTriangle, IconCircleCheck, IconX } from '@tabler/icons-react';
import { useEffect, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './toasts.module.css';

interface Toast {
  id: number;
  tone: 'ok' | 'error';
  title: string;
  text?: string;
}

const SHOWN_MS = 6_000;

let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function change(next: readonly Toast[]) {
  toasts = next;
  for (const listener of listeners) listener();
}

export function toast(message: Omit<Toast, 'id'>) {
  lastId += 1;
  change([...toasts, { ...message, id: lastId }].slice(-3));
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Message about a finished action: shown for six seconds, read aloud. */
export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div className={styles.stack} role="status" aria-live="polite">
      {shown.map((message) => (
        <Message key={message.id} message={message} />
      ))}
    </div>
  );
}

function Message({ message }: { message: Toast }) {
  const { t } = useTranslation();
  useEffect(() => {
    const timer = setTimeout(() => change(toasts.filter(({ id }) => id !== message.id)), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [message.id]);
  const Icon = message.tone === 'ok' ? IconCircleCheck : IconAlertTriangle;
  return (
    <div className={styles.toast} data-tone={message.tone}>
      <Icon size={20} aria-hidden />
      <div>
        <p>{message.title}</p>
        {message.text && <p className={styles.text}>{message.text}</p>}
      </div>
      <button
        type="button"
        aria-label={t('close')}
        onClick={() => change(toasts.filter(({ id }) => id !== message.id))}
      >
        <IconX size={16} aria-hidden />
      </button>
    </div>
  );
}
