// Draws the portraits of demo people, api/demo/portraits: flat, two tones of ground, no outline. They stand for pictures
// that people upload.
import { mkdirSync, writeFileSync } from 'node:fs';
import { chromium } from '@playwright/test';

const FOLDER = new URL('../../api/demo/portraits/', import.meta.url).pathname;
const SIDE = 256;

const GROUNDS = [
  '#b5e3dc',
  '#c3d4fb',
  '#f6d3b3',
  '#ade0ef',
  '#c4e3c0',
  '#f9c8c9',
  '#dccdf7',
  '#f3dc9f',
  '#d5dde3',
];
const SKINS = ['#f7d3b5', '#eebd94', '#d99f73', '#b97c50', '#8d5a38', '#fadfca'];
const HAIRS = ['#2a1d19', '#4b2e22', '#7a4a2b', '#b5803f', '#d9b36a', '#8f8f8f', '#a1441f', '#15161c'];
const CLOTHES = ['#2c5b8f', '#3f4a5a', '#8a3346', '#1d6e5b', '#6a4594', '#6b4a34', '#b45f2a', '#34505e'];

type Hair =
  | 'long'
  | 'bob'
  | 'bun'
  | 'tail'
  | 'curls'
  | 'fringe'
  | 'short'
  | 'parted'
  | 'crop'
  | 'waves'
  | 'bald';

interface Portrait {
  hair: Hair;
  ground: number;
  skin: number;
  colour: number;
  cloth: number;
  glasses?: boolean;
  beard?: 'full' | 'stubble' | 'moustache';
  /** Older people have grey brows. */
  grey?: boolean;
}

const WOMEN: Portrait[] = [
  { hair: 'long', ground: 0, skin: 0, colour: 2, cloth: 0 },
  { hair: 'bun', ground: 4, skin: 1, colour: 7, cloth: 4, glasses: true },
  { hair: 'bob', ground: 2, skin: 5, colour: 4, cloth: 2 },
  { hair: 'curls', ground: 5, skin: 3, colour: 0, cloth: 3 },
  { hair: 'tail', ground: 1, skin: 0, colour: 3, cloth: 5 },
  { hair: 'fringe', ground: 6, skin: 1, colour: 1, cloth: 7 },
  { hair: 'bob', ground: 7, skin: 0, colour: 5, cloth: 1, glasses: true, grey: true },
  { hair: 'long', ground: 8, skin: 2, colour: 7, cloth: 6 },
  { hair: 'curls', ground: 3, skin: 5, colour: 6, cloth: 3 },
  { hair: 'bun', ground: 2, skin: 4, colour: 0, cloth: 0 },
  { hair: 'tail', ground: 4, skin: 5, colour: 6, cloth: 7, glasses: true },
  { hair: 'fringe', ground: 0, skin: 1, colour: 4, cloth: 2 },
];
const MEN: Portrait[] = [
  { hair: 'short', ground: 3, skin: 1, colour: 7, cloth: 3 },
  { hair: 'parted', ground: 1, skin: 0, colour: 0, cloth: 1, glasses: true, beard: 'full' },
  { hair: 'crop', ground: 5, skin: 0, colour: 5, cloth: 5, beard: 'full', grey: true },
  { hair: 'waves', ground: 7, skin: 1, colour: 2, cloth: 0 },
  { hair: 'bald', ground: 8, skin: 2, colour: 0, cloth: 4, beard: 'stubble' },
  { hair: 'short', ground: 2, skin: 5, colour: 3, cloth: 6, glasses: true },
  { hair: 'crop', ground: 0, skin: 4, colour: 7, cloth: 2 },
  { hair: 'parted', ground: 6, skin: 0, colour: 6, cloth: 3 },
  { hair: 'waves', ground: 4, skin: 3, colour: 0, cloth: 7, beard: 'stubble' },
  { hair: 'short', ground: 5, skin: 0, colour: 4, cloth: 1 },
  { hair: 'bald', ground: 1, skin: 0, colour: 5, cloth: 5, glasses: true, beard: 'moustache', grey: true },
  { hair: 'crop', ground: 7, skin: 1, colour: 1, cloth: 0, beard: 'stubble' },
];

/** Shapes behind the head. */
const BEHIND: Partial<Record<Hair, string>> = {
  long: 'M76 104c0-38 22-62 52-62s52 24 52 62c0 34 6 60 14 84-40 12-92 12-132 0 8-24 14-50 14-84z',
  bob: 'M74 106c0-40 22-64 54-64s54 24 54 64c0 22 2 34 6 48-36 16-84 16-120 0 4-14 6-26 6-48z',
  curls:
    'M128 30c16-6 34 0 42 14 16 4 24 20 20 34 10 12 10 30-2 40 2 16-10 30-26 30H94c-16 0-28-14-26-30-12-10-12-28-2-40-4-14 4-30 20-34 8-14 26-20 42-14z',
  tail: 'M176 74c22 4 32 30 26 62-2 16-10 30-20 40-4-30-8-64-6-102z',
  bun: 'M128 16a22 22 0 1 1 0 44 22 22 0 0 1 0-44z',
  fringe: 'M76 104c0-38 22-62 52-62s52 24 52 62c0 26 2 46 4 62-36 10-76 10-112 0 2-16 4-36 4-62z',
};

/** Shapes before the head. */
const BEFORE: Record<Hair, string> = {
  long: 'M80 112c0-40 18-64 50-64s48 26 46 64c-12-6-22-18-28-34-14 18-40 32-68 34z',
  bob: 'M80 112c-2-40 18-64 48-64s50 24 48 64c-10-4-18-14-22-26-22 2-48-2-60-12 0 16-6 30-14 38z',
  bun: 'M82 106c0-36 18-56 46-56s46 20 46 56c-8-14-16-24-24-30-16 6-32 6-46 0-8 6-16 16-22 30z',
  tail: 'M80 110c0-40 18-62 48-62s48 22 48 62c-6-14-14-26-24-34-20 10-50 14-72 34z',
  curls:
    'M80 104c0-38 20-62 48-62s46 24 48 62c-10-2-16-8-20-18-10 6-20 4-26-4-8 8-18 10-26 4-4 10-10 16-20 18z',
  fringe: 'M78 112c0-42 18-66 50-66s50 24 50 66c-4-8-8-14-10-20-26 6-54 6-80 0-2 6-6 12-10 20z',
  short: 'M80 104c-6-38 16-60 48-60 34 0 54 22 48 60-4-10-8-18-12-22-24 4-50 2-70-6-6 8-10 16-14 28z',
  parted: 'M80 106c-6-40 14-62 46-62 36 0 56 20 50 62-4-12-8-20-14-26-24-2-42-8-54-18-4 14-20 24-28 44z',
  crop: 'M82 98c-2-34 18-54 46-54s48 20 46 54c-4-8-8-14-12-18-22-6-46-6-68 0-4 4-8 10-12 18z',
  waves:
    'M80 106c-10-18-6-44 12-52 6-14 26-18 38-12 14-6 32 2 36 14 16 8 18 34 10 50-4-10-8-16-14-20-12 4-22 0-28-8-12 10-30 12-40 6-6 6-10 12-14 22z',
  bald: '',
};

const shade = 'opacity="0.14" fill="#000"';

function draw(portrait: Portrait): string {
  const { hair, glasses, beard, grey } = portrait;
  const ground = GROUNDS[portrait.ground];
  const skin = SKINS[portrait.skin];
  const colour = HAIRS[portrait.colour];
  const cloth = CLOTHES[portrait.cloth];
  const brows = grey ? '#77736f' : portrait.skin === 4 ? '#1d1512' : colour;
  const behind = BEHIND[hair];
  const beards = {
    full: `<path fill="${colour}" d="M82 112c0 50 20 76 46 76s46-26 46-76c-4 16-12 24-24 26-14-6-30-6-44 0-12-2-20-10-24-26z"/>
      <path fill="${skin}" d="M112 146q16 10 32 0-4 10-16 10t-16-10z"/>`,
    stubble: `<path fill="${colour}" opacity="0.32" d="M82 116c2 44 20 70 46 70s44-26 46-70c-4 16-12 26-24 26-14-6-30-6-44 0-12 0-20-10-24-26z"/>`,
    moustache: `<path fill="${colour}" d="M128 144c-8-7-22-5-30 7 9 3 22 3 30-2 8 5 21 5 30 2-8-12-22-14-30-7z"/>`,
  };
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}" viewBox="0 0 256 256">
    <rect width="256" height="256" fill="${ground}"/>
    <path d="M256 0v256H150C190 190 190 80 128 0z" fill="#fff" opacity="0.32"/>
    ${behind ? `<path d="${behind}" fill="${colour}"/>` : ''}
    <path d="M26 262c2-46 34-66 74-72h56c40 6 72 26 74 72z" fill="${cloth}"/>
    <path d="M100 186l28 44 28-44 4 6-32 62-32-62z" fill="#fff" opacity="0.85"/>
    <path d="M106 150h44v38c0 14-10 26-22 34-12-8-22-20-22-34z" fill="${skin}"/>
    <path d="M106 168c10 14 34 14 44 0v14c-12 16-32 16-44 0z" ${shade}/>
    <ellipse cx="81" cy="122" rx="9" ry="13" fill="${skin}"/><ellipse cx="175" cy="122" rx="9" ry="13" fill="${skin}"/>
    <path d="M82 104c0-34 18-52 46-52s46 18 46 52v18c0 36-20 62-46 62s-46-26-46-62z" fill="${skin}"/>
    <path d="M174 104v18c0 36-20 62-46 62 22-14 30-44 28-78-2-22-10-40-20-53 24 3 38 21 38 51z" ${shade.replace('0.14', '0.06')}/>
    ${beard ? beards[beard] : ''}
    <path d="${BEFORE[hair]}" fill="${colour}"/>
    <g fill="none" stroke="${brows}" stroke-width="5" stroke-linecap="round"><path d="M98 104q10-6 20-1M138 103q10-5 20 1"/></g>
    <circle cx="109" cy="119" r="5.5" fill="#241a17"/><circle cx="147" cy="119" r="5.5" fill="#241a17"/>
    <circle cx="111" cy="117" r="1.8" fill="#fff"/><circle cx="149" cy="117" r="1.8" fill="#fff"/>
    <path d="M128 122c-2 8-4 12-4 14 2 3 6 3 8 0" fill="none" stroke="#000" stroke-opacity="0.28" stroke-width="4" stroke-linecap="round"/>
    ${beard === 'full' || beard === 'moustache' ? '' : '<path d="M114 152q14 12 28 0" fill="none" stroke="#8a3b34" stroke-width="5" stroke-linecap="round"/>'}
    ${glasses ? '<g fill="#fff" fill-opacity="0.18" stroke="#2b2b33" stroke-width="4"><circle cx="108" cy="120" r="16"/><circle cx="148" cy="120" r="16"/><path d="M124 118q4-4 8 0" fill="none"/></g>' : ''}
  </svg>`;
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
const page = await browser.newPage();
mkdirSync(FOLDER, { recursive: true });
for (const [name, portraits] of Object.entries({ woman: WOMEN, man: MEN })) {
  for (const [index, portrait] of portraits.entries()) {
    const picture = await page.evaluate(
      async ({ svg, side }) => {
        const image = new Image();
        image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
        await image.decode();
        const canvas = Object.assign(document.createElement('canvas'), { width: side, height: side });
        canvas.getContext('2d')?.drawImage(image, 0, 0);
        return canvas.toDataURL('image/webp', 0.9);
      },
      { svg: draw(portrait), side: SIDE },
    );
    const file = `${name}-${String(index + 1).padStart(2, '0')}.webp`;
    writeFileSync(`${FOLDER}${file}`, Buffer.from(picture.split(',')[1] ?? '', 'base64'));
  }
}
await browser.close();
