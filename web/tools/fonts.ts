// Makes the font files of src/theme/fonts from the Inter package: only the signs that pages use, weights 400 to 600.
// Fails if a sign of the texts in src/i18n is in none of the files; with --check it does only that.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const source = 'node_modules/@fontsource-variable/inter/files';
const target = 'src/theme/fonts';

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => String.fromCodePoint(from + index)).join('');

const parts = [
  { name: 'latin', text: `${range(0x20, 0x7e)}\u00a0«»©·×²–—‘’“”„…‹›−•↑↓\u202f` },
  // Other signs of Latin-1: few pages have one.
  { name: 'latin-1', from: 'latin', text: range(0xa1, 0xff).replaceAll(/[«»©·×²]/g, '') },
  { name: 'cyrillic', text: `${range(0x410, 0x44f)}Ёё№ІіЇїЄєҐґ` },
  { name: 'latin-ext', text: '₽€₸₴₺' },
];

const onlyCheck = process.argv.includes('--check');
for (const { name, from = name, text } of onlyCheck ? [] : parts) {
  const whole = readFileSync(`${source}/inter-${from}-opsz-normal.woff2`);
  const { default: subsetFont } = await import('subset-font');
  const font = await subsetFont(whole, text, {
    targetFormat: 'woff2',
    variationAxes: { wght: { min: 400, max: 600 }, opsz: { min: 14, max: 32 } },
  });
  writeFileSync(`${target}/inter-${name}.woff2`, font);
  console.log(`${name}: ${(font.length / 1024).toFixed(1)} KiB`);
}

const known = new Set(parts.map((part) => part.text).join(''));
const missing = new Set<string>();
for (const language of ['ru', 'en']) {
  for (const file of readdirSync(`src/i18n/${language}`)) {
    if (!file.endsWith('.json')) continue;
    for (const sign of JSON.stringify(JSON.parse(readFileSync(`src/i18n/${language}/${file}`, 'utf8')))) {
      if (!known.has(sign)) missing.add(sign);
    }
  }
}
if (missing.size > 0) {
  console.error(`no font file has these signs: ${[...missing].join(' ')}`);
  process.exit(1);
}
