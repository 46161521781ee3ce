import { useEffect, useState } from 'react';

interface Options {
  order: string[];
  current: string | undefined;
  open: (id: string) => void;
  toggle: (id: string) => void;
  clear: () => void;
}

/** Keys of the queue: j and k walk, Enter and o open, x selects, Esc clears. Returns the row of the cursor. */
export function useDeskKeys({ order, current, open, toggle, clear }: Options): string | undefined {
  const [cursor, setCursor] = useState(current);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      const typing = target.isContentEditable || /^(INPUT|TEXTAREA|SELECT|BUTTON|A)$/.test(target.tagName);
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (typing && !(target.tagName === 'A' && /^Key[JKX]$/.test(event.code))) return;
      const at = cursor ? order.indexOf(cursor) : -1;
      if (event.code === 'KeyJ') setCursor(order[Math.min(at + 1, order.length - 1)]);
      else if (event.code === 'KeyK') setCursor(order[Math.max(at - 1, 0)]);
      else if ((event.key === 'Enter' || event.code === 'KeyO') && cursor) open(cursor);
      else if (event.code === 'KeyX' && cursor) toggle(cursor);
      else if (event.key === 'Escape') clear();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
  useEffect(() => {
    if (cursor) document.querySelector(`[data-ticket="${cursor}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [cursor]);
  return cursor;
}
