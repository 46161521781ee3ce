import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';

/** The mail with its parts decoded: Russian ones are base64, English ones quoted-printable. */
function decode(mail: string): string {
  const parts = mail.split('Content-Transfer-Encoding: base64\r\n\r\n').slice(1);
  const texts = parts.map((part) => {
    const lines = part.split('\r\n');
    const end = lines.findIndex((line) => line.startsWith('--'));
    return Buffer.from(lines.slice(0, end < 0 ? undefined : end).join(''), 'base64').toString('utf8');
  });
  return [mail.replaceAll('=\r\n', '').replaceAll('=3D', '='), ...texts].join('\n');
}

/** The path of the link `/<page>/<token>` in a mail to an address, once the installation has written the mail. */
export async function mailedPath(email: string, page: string): Promise<string> {
  const folder = process.env.MAIL_DIR ?? '';
  const link = new RegExp(`/${page}/[\\w-]+`);
  let found: string | undefined;
  await expect
    .poll(
      () => {
        const mails = readdirSync(folder)
          .filter((name) => name.endsWith('.eml'))
          .map((name) => readFileSync(join(folder, name), 'utf8'))
          .filter((mail) => mail.toLowerCase().includes(`<${email.toLowerCase()}>`));
        found = mails.map((mail) => link.exec(decode(mail))?.[0]).find(Boolean);
        return found;
      },
      { message: `a mail to ${email} with a link /${page}/…`, timeout: 30_000 },
    )
    .toBeTruthy();
  return found as string;
}
