import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Labels for screen readers stand outside the flow. A box that scrolls and has no position lets them lengthen the page. */
it('every box that scrolls holds what stands outside the flow', () => {
  const loose = globSync('src/**/*.css').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/([^{}]+)\{([^{}]*)\}/g)]
      .filter(
        ([, , rules]) => /overflow(-y)?:\s*(auto|scroll)/.test(rules ?? '') && !/position:/.test(rules ?? ''),
      )
      .map(([, selector]) => `${file}: ${selector?.trim()}`),
  );
  expect(loose).toEqual([]);
});
