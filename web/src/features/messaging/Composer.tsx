import { IconPaperclip, IconSend2, IconX } from '@tabler/icons-react';
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { line } from '~/api/live';
import type { Account } from '~/features/accounts/queries';
import { FormAlert } from '~/ui/FormAlert';
import { Textarea } from '~/ui/mantine/fields';
import { store, stored } from '~/ui/stored';
import { useOnline } from '~/ui/useLine';
import { useUpload } from './commands';
import styles from './Messages.module.css';
import { outbox } from './outbox';
import type { Attachment } from './queries';

const LONGEST = 4000;
const TYPING_EVERY_MS = 3_000;
const FILES =
  'image/png,image/jpeg,image/webp,application/pdf,text/plain,audio/mpeg,audio/ogg,.docx,.xlsx,.pptx,.odt,.ods,.odp';

/** Writes a message. Enter sends; what is typed stays in this browser until then. */
export function Composer({ account, id }: { account: Account; id: string }) {
  const { t } = useTranslation('messaging');
  const draft = `draft.${account.id}.${id}`;
  const [body, setBody] = useState(() => stored(draft) ?? '');
  const [files, setFiles] = useState<Attachment[]>([]);
  const upload = useUpload();
  const online = useOnline();
  const picker = useRef<HTMLInputElement>(null);
  const typed = useRef(0);
  useEffect(() => store(draft, body || null), [draft, body]);

  const type = (text: string) => {
    setBody(text);
    if (Date.now() - typed.current < TYPING_EVERY_MS) return;
    typed.current = Date.now();
    line.send({ type: 'typing', conversation_id: id });
  };
  const send = (event?: FormEvent) => {
    event?.preventDefault();
    if (body.trim() === '' && files.length === 0) return;
    outbox.add({
      client_id: crypto.randomUUID(),
      conversation: id,
      sender: account.id,
      body: body.trim(),
      attachments: files,
      at: new Date().toISOString(),
      refused: null,
    });
    setBody('');
    setFiles([]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  const attach = (list: FileList | null) => {
    const file = list?.[0];
    if (file)
      upload.mutate(file, { onSuccess: (attachment) => setFiles((before) => [...before, attachment]) });
    if (picker.current) picker.current.value = '';
  };
  return (
    <form className={styles.composer} onSubmit={send}>
      <FormAlert error={upload.error} />
      {files.length > 0 && (
        <ul className={styles.files}>
          {files.map((file) => (
            <li key={file.id}>
              {file.name}
              <button
                type="button"
                aria-label={t('detach', { name: file.name })}
                onClick={() => setFiles(files.filter((one) => one !== file))}
              >
                <IconX size={14} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className={styles.line}>
        <input
          ref={picker}
          type="file"
          hidden
          accept={FILES}
          onChange={(event) => attach(event.currentTarget.files)}
        />
        <button
          type="button"
          className={styles.tool}
          aria-label={t(upload.isPending ? 'uploading' : 'attach')}
          aria-busy={upload.isPending}
          disabled={!online}
          onClick={() => picker.current?.click()}
        >
          <IconPaperclip size={20} stroke={1.6} aria-hidden />
        </button>
        <Textarea
          className={styles.field}
          aria-label={t('write')}
          placeholder={t('write')}
          autosize
          maxRows={8}
          maxLength={LONGEST}
          value={body}
          onChange={(event) => type(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <button type="submit" className={styles.send} aria-label={t('send')}>
          <IconSend2 size={20} stroke={1.8} aria-hidden />
        </button>
      </div>
    </form>
  );
}
