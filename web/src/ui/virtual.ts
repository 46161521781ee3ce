import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  observeWindowOffset,
  observeWindowRect,
  useVirtualizer,
  windowScroll,
} from '@tanstack/react-virtual';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useState } from 'react';
import { MOST_WHOLE } from './rowLimit';

type Scroller = HTMLElement | Window;

const OVERSCAN = 12;

const ofWindow = {
  observeElementRect: observeWindowRect,
  observeElementOffset: observeWindowOffset,
  scrollToFn: windowScroll,
};
const ofElement = { observeElementRect, observeElementOffset, scrollToFn: elementScroll };

/** Returns the nearest box that scrolls the rows, else the page. */
function scrollerOf(box: Element): Scroller {
  for (let one = box.parentElement; one && one !== document.body; one = one.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(one).overflowY) && one.scrollHeight > one.clientHeight)
      return one;
  }
  return window;
}

/** Distance of the rows from the begin of what scrolls. */
function marginOf(box: Element, scroller: Scroller): number {
  const { top } = box.getBoundingClientRect();
  if (scroller instanceof Window) return top + scroller.scrollY;
  return top - scroller.getBoundingClientRect().top + scroller.scrollTop;
}

interface Options<T> {
  items: readonly T[];
  id: (item: T) => string | number;
  /** Element whose children are the rows. */
  box: RefObject<HTMLElement | null>;
  /** Expected height of a row in px. The real one is measured. */
  height: number;
  /** Id of a row that must be seen. */
  reveal?: string | number | undefined;
}

/** The rows of a long list that are near what is seen, and the height of those before and after. */
export function useVirtualRows<T>({ items, id, box, height, reveal }: Options<T>) {
  const [scroller, setScroller] = useState<Scroller | null>(null);
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const found = scrollerOf(element);
    const place = () => setMargin(Math.round(marginOf(element, found)));
    setScroller(found);
    place();
    // What stands above may grow or shrink.
    const observer = new ResizeObserver(place);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [box]);

  const getItemKey = useCallback((index: number) => id(items[index] as T), [items, id]);
  const rows = useVirtualizer<HTMLElement, Element>({
    count: items.length,
    getScrollElement: () => scroller as HTMLElement | null,
    estimateSize: () => height,
    getItemKey,
    overscan: OVERSCAN,
    scrollMargin: margin,
    // The functions for a window differ only in the type of what scrolls.
    ...((scroller instanceof Window ? ofWindow : ofElement) as typeof ofElement),
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: only another row is revealed
  useEffect(() => {
    if (reveal === undefined) return;
    const index = items.findIndex((item) => id(item) === reveal);
    const isThere = box.current?.querySelector(`:scope > [data-index="${index}"]`);
    if (index >= 0 && !isThere) rows.scrollToIndex(index, { align: 'auto' });
  }, [reveal]);

  const found = rows.getVirtualItems();
  const shown = scroller
    ? found.map(({ index }) => ({ item: items[index] as T, index }))
    : // It is not known yet what scrolls them.
      items.slice(0, MOST_WHOLE).map((item, index) => ({ item, index }));
  return {
    shown,
    before: found[0] ? Math.max(0, found[0].start - margin) : 0,
    after: found.length > 0 ? Math.max(0, rows.getTotalSize() - ((found.at(-1)?.end ?? 0) - margin)) : 0,
    measure: rows.measureElement,
  };
}
