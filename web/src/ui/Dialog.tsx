import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './Dialog.module.css';
import { Drawer, Modal } from './mantine/dialogs';
import { useNarrow } from './useNarrow';

interface Props {
  title: string;
  close: () => void;
  size?: string | number;
  children: ReactNode;
}

/** A dialog; on a phone a sheet from below. Esc closes it, and the focus returns. */
export function Dialog({ title, close, size, children }: Props) {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const shared = {
    opened: true,
    onClose: close,
    title,
    closeButtonProps: { 'aria-label': t('close') },
    children: <div className={styles.body}>{children}</div>,
  };
  return narrow ? (
    <Drawer {...shared} position="bottom" size="auto" />
  ) : (
    <Modal {...shared} centered size={size ?? 480} />
  );
}

export function DialogButtons({ children }: { children: ReactNode }) {
  return <div className={styles.buttons}>{children}</div>;
}
