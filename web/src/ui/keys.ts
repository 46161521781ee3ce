/** True while the person types into a field: single keys are then letters. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

export const isMac = /mac|iphone|ipad/i.test(navigator.platform);

/** The keys that open the palette, as they are written on the keyboard. */
export const PALETTE_KEYS = isMac ? '⌘K' : 'Ctrl K';
