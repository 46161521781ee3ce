import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './Button';
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

interface SubmitProps {
  submit: string;
  /** Text while the form is sent; null otherwise. */
  busy: string | null;
  disabled?: boolean;
  danger?: boolean;
  /** Gives up; without it, only the corner of the dialog does. */
  close?: () => void;
  cancel?: string;
}

/** Buttons of a form in a dialog: one that gives up, and one that sends. */
export function SubmitButtons({ submit, busy, disabled, danger, close, cancel }: SubmitProps) {
  const { t } = useTranslation();
  return (
    <DialogButtons>
      {close && (
        <Button size="large" onClick={close}>
          {cancel ?? t('cancel')}
        </Button>
      )}
      <Button
        type="submit"
        size="large"
        variant={danger ? 'danger' : 'primary'}
        disabled={disabled ?? false}
        busy={busy}
      >
        {submit}
      </Button>
    </DialogButtons>
  );
}
