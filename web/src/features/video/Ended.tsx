import { useTranslation } from 'react-i18next';
import type { Lesson } from '~/features/scheduling/queries';
import { Button, ButtonLink } from '~/ui/Button';
import { Empty } from '~/ui/Empty';
import { CalendarPicture } from '~/ui/pictures';
import type { Ending } from './useRoom';

/** How the visit ended, and the next step. */
export function Ended({ lesson, ending }: { lesson: Lesson; ending: Ending }) {
  const { t } = useTranslation('room');
  return (
    <Empty
      picture={<CalendarPicture />}
      title={t(`ended.${ending}`)}
      text={t(`ended.${ending}Text`)}
      level={1}
    >
      <ButtonLink to="/lessons/$id" params={{ id: lesson.id }} variant="primary">
        {t('ended.lesson')}
      </ButtonLink>
      {ending !== 'over' && <Button onClick={() => location.reload()}>{t('ended.again')}</Button>}
    </Empty>
  );
}
