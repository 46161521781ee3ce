import { expect, test } from '@playwright/test';
import { join, newOffer, newPerson } from './people';

test('what is read after a live frame is not older than the frame', async ({ page, request }) => {
  await join(page, newPerson());
  const { slotId, token, teacherId } = await newOffer();
  expect((await page.request.post(`/api/v1/slots/${slotId}/bookings`, { data: {} })).status()).toBe(201);
  const { id: me } = await (await page.request.get('/api/v1/me')).json();
  let framed = 0;
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      const frame = JSON.parse(String(payload));
      if (frame.type === 'message_sent') framed = frame.position;
    }),
  );
  /** Positions that reads of conversations asked for, once the frame was there. */
  const asked: number[] = [];
  page.on('request', (read) => {
    if (framed === 0 || read.method() !== 'GET' || !read.url().includes('/api/v1/conversations')) return;
    asked.push(Number(read.headers()['min-log-position']));
  });
  await page.goto('/messages');
  await expect(page.getByText('На связи')).toBeVisible();

  const headers = { authorization: `Bearer ${token}` };
  const opened = await request.post('/api/v1/conversations', { headers, data: { participant_id: me } });
  const { id } = await opened.json();
  const data = { client_id: crypto.randomUUID(), body: 'До встречи на уроке' };
  const sent = await request.post(`/api/v1/conversations/${id}/messages`, { headers, data });
  expect(sent.status(), teacherId).toBe(201);
  await expect(page.getByText('До встречи на уроке')).toBeVisible();
  // A frame just before may have caused a read of its own.
  await expect.poll(() => asked.at(-1) ?? 0).toBeGreaterThanOrEqual(framed);
  expect(framed).toBeGreaterThan(0);
});
