import type { Icon } from '@tabler/icons-react';

/** One line of the palette: where it leads, or what it does. */
export interface Found {
  id: string;
  icon: Icon;
  title: string;
  note?: string | null | undefined;
  run: () => unknown;
}

export interface Group {
  name: string;
  found: Found[];
}

/** Returns whether each typed word begins a word of the text. */
export function matches(text: string, typed: string): boolean {
  const words = fold(text).split(/[^\p{L}\p{N}]+/u);
  return fold(typed)
    .split(/\s+/)
    .every((part) => words.some((word) => word.startsWith(part)));
}

const fold = (text: string) => text.trim().toLocaleLowerCase().replaceAll('ё', 'е');
