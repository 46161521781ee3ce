import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { Dialog, SubmitButtons } from '~/ui/Dialog';
import { Empty } from '~/ui/Empty';
import { FormAlert } from '~/ui/FormAlert';
import { Listed } from '~/ui/Listed';
import { Textarea, TextInput } from '~/ui/mantine/fields';
import { Card, PageHead } from '~/ui/Page';
import { NobodyPicture } from '~/ui/pictures';
import styles from './Crm.module.css';
import { useDeleteCanned, useSaveCanned } from './commands';
import { type CannedReply, cannedQuery } from './queries';

/** Texts that agents use again. */
export function CannedPage() {
  const { t } = useTranslation('crm');
  const canned = useQuery(cannedQuery);
  const remove = useDeleteCanned();
  const [editing, setEditing] = useState<CannedReply | 'new' | null>(null);
  return (
    <>
      <PageHead title={t('canned.title')} note={t('canned.text')}>
        <Button variant="primary" icon={<IconPlus size={18} aria-hidden />} onClick={() => setEditing('new')}>
          {t('canned.new')}
        </Button>
      </PageHead>
      <FormAlert error={remove.error} />
      <Listed
        query={canned}
        items={canned.data}
        failed={t('canned.failed')}
        empty={<Empty picture={<NobodyPicture />} title={t('canned.none')} text={t('canned.noneText')} />}
      >
        {(items) => (
          <ul className={styles.cards}>
            {items.map((reply) => (
              <li key={reply.id}>
                <Card>
                  <h2>{reply.title}</h2>
                  <p className={styles.cannedText}>{reply.body}</p>
                  <p className={styles.cannedActions}>
                    <Button size="small" onClick={() => setEditing(reply)}>
                      {t('canned.edit')}
                    </Button>
                    <Button size="small" variant="danger" onClick={() => remove.mutate(reply.id)}>
                      {t('canned.delete')}
                    </Button>
                  </p>
                </Card>
              </li>
            ))}
          </ul>
        )}
      </Listed>
      {editing && <CannedDialog reply={editing === 'new' ? null : editing} close={() => setEditing(null)} />}
    </>
  );
}

function CannedDialog({ reply, close }: { reply: CannedReply | null; close: () => void }) {
  const { t } = useTranslation('crm');
  const save = useSaveCanned();
  const [title, setTitle] = useState(reply?.title ?? '');
  const [body, setBody] = useState(reply?.body ?? '');
  const send = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ id: reply?.id ?? null, title: title.trim(), body: body.trim() }, { onSuccess: close });
  };
  return (
    <Dialog title={t(reply ? 'canned.edit' : 'canned.new')} close={close}>
      <form onSubmit={send} style={{ display: 'grid', gap: 16 }}>
        <TextInput
          label={t('canned.name')}
          value={title}
          maxLength={100}
          data-autofocus
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Textarea
          label={t('canned.body')}
          description={t('canned.variables')}
          autosize
          minRows={4}
          maxRows={12}
          maxLength={4000}
          value={body}
          onChange={(event) => setBody(event.currentTarget.value)}
        />
        <FormAlert error={save.error} />
        <SubmitButtons
          submit={t('canned.save')}
          busy={save.isPending ? t('saving') : null}
          disabled={!title.trim() || !body.trim()}
        />
      </form>
    </Dialog>
  );
}
