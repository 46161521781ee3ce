import { IconDownload, IconFile } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '~/ui/zone';
import styles from './Messages.module.css';
import type { Attachment } from './queries';

export function AttachedFile({ file }: { file: Attachment }) {
  const { t } = useTranslation('messaging');
  const formats = useFormats();
  if (file.media_type.startsWith('image/')) {
    return (
      <a href={file.url} target="_blank" rel="noreferrer">
        <img className={styles.picture} src={file.url} alt={file.name} loading="lazy" />
      </a>
    );
  }
  return (
    <a className={styles.file} href={file.url} download={file.name}>
      <IconFile size={24} stroke={1.6} aria-hidden />
      <span>
        <b>{file.name}</b>
        {t('kib', { size: formats.number(Math.max(1, Math.round(file.bytes / 1024))) })}
      </span>
      <IconDownload size={18} stroke={1.8} aria-hidden />
    </a>
  );
}
