// Writes a brotli and a gzip copy beside each built file that compresses, for the server to send as it is.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const files = readdirSync('dist', { recursive: true, encoding: 'utf8' });
for (const name of files) {
  if (!/\.(js|css|html|svg|txt|json)$/.test(name)) continue;
  const path = join('dist', name);
  const whole = readFileSync(path);
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  writeFileSync(`${path}.br`, brotliCompressSync(whole, { params: quality }));
  writeFileSync(`${path}.gz`, gzipSync(whole, { level: 9 }));
}
