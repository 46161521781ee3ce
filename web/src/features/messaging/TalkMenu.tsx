import { IconArchive, IconBan, IconDotsVertical, IconEraser, IconEyeOff } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Menu } from '~/ui/mantine/menu';
import { useProblemText } from '~/ui/problems';
import { toast } from '~/ui/toasts';
import { type ConversationStep, useConversationStep } from './commands';
import styles from './Messages.module.css';
import type { Conversation } from './queries';

/** Menu of the actions on a whole conversation. */
export function TalkMenu({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation('messaging');
  const say = useProblemText();
  const navigate = useNavigate();
  const step = useConversationStep(conversation.id);
  const run = (name: ConversationStep) =>
    step.mutate(name, {
      onSuccess: () => {
        toast({ tone: 'ok', title: t(`done.${name}`) });
        if (name === 'archive' || name === 'hide') void navigate({ to: '/messages' });
      },
      onError: (error) => toast({ tone: 'error', title: say(error) }),
    });
  const archive = conversation.archived ? 'unarchive' : 'archive';
  const block = conversation.blocked ? 'unblock' : 'block';
  return (
    <Menu width={240} position="bottom-end" withinPortal>
      <Menu.Target>
        <button type="button" className={styles.tool} aria-label={t('menu')}>
          <IconDotsVertical size={20} stroke={1.8} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconArchive size={18} stroke={1.6} aria-hidden />}
          onClick={() => run(archive)}
        >
          {t(archive)}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconEyeOff size={18} stroke={1.6} aria-hidden />}
          onClick={() => run('hide')}
        >
          {t('hide')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconEraser size={18} stroke={1.6} aria-hidden />}
          onClick={() => run('clear')}
        >
          {t('clear')}
        </Menu.Item>
        {conversation.kind === 'direct' && (
          <Menu.Item leftSection={<IconBan size={18} stroke={1.6} aria-hidden />} onClick={() => run(block)}>
            {t(block)}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
