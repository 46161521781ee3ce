import { IconArrowsExchange, IconCheck, IconPlus, IconUsers, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { FocusEventHandler, KeyboardEventHandler, PointerEventHandler } from 'react';
import { useTranslation } from 'react-i18next';
import { useDictionaries } from '~/ui/dictionaries';
import { subjectLook } from '~/ui/subjects';
import { useFormats } from '~/ui/zone';
import { useOthers } from '../others';
import styles from './Calendar.module.css';
import type { Entry, Placed } from './entries';

const icons = {
  free: IconPlus,
  done: IconCheck,
  over: IconCheck,
  cancelled: IconX,
  moving: IconArrowsExchange,
};

interface Props {
  placed: Placed;
  top: number;
  height: number;
  /** The entry is on its way to another place. */
  left: boolean;
  edit: (entry: Entry) => void;
  handlers: {
    onPointerDown?: PointerEventHandler;
    onKeyDown?: KeyboardEventHandler;
    onBlur?: FocusEventHandler;
  };
}

/** A lesson or a free slot in the week. A lesson leads to its page, a free slot to its form. */
export function CalendarBlock({ placed, top, height, left, edit, handlers }: Props) {
  const { t } = useTranslation('calendar');
  const { label } = useDictionaries();
  const formats = useFormats();
  const others = useOthers();
  const { entry, lane, lanes } = placed;
  const width = 100 / lanes;
  const style = { top, height: height - 3, left: `${lane * width}%`, width: `calc(${width}% - 6px)` };
  const Icon =
    entry.state in icons ? icons[entry.state as keyof typeof icons] : entry.group ? IconUsers : null;
  const time = formats.timeRange(new Date(entry.startsAt), new Date(entry.endsAt));
  const name = entry.lesson ? others(entry.lesson) : t('block.free');
  const subject = label('subjects', entry.subject);
  const inner = (
    <>
      <b>
        {Icon && <Icon size={14} stroke={2} aria-hidden />}
        <span>{name}</span>
      </b>
      <span className="num">{time}</span>
      {height > 56 && <span>{subject}</span>}
      <span className="visually-hidden">{t(`block.${entry.state}`)}</span>
    </>
  );
  const shared = {
    className: styles.block,
    style,
    'data-state': entry.state,
    'data-left': left,
    'data-subject': subjectLook(entry.subject).hue,
    draggable: false,
    ...handlers,
  };
  return entry.lesson ? (
    <Link to="/lessons/$id" params={{ id: entry.id }} {...shared}>
      {inner}
    </Link>
  ) : (
    <button type="button" {...shared} onClick={() => edit(entry)}>
      {inner}
    </button>
  );
}
