import { expect, test } from '@playwright/test';
import { bookSome, join, newOffer, newPerson, signInAs, store } from './people';
import { expectAccessible, expectLoaded, expectWhole, watch } from './watch';

const LOOKS = (['ru', 'en'] as const).flatMap((language) =>
  (['light', 'dark'] as const).flatMap((scheme) => [390, 1280].map((width) => ({ language, scheme, width }))),
);

for (const { language, scheme, width } of LOOKS) {
  test(`every page in ${language}, ${scheme}, ${width}`, async ({ page }) => {
    test.setTimeout(1_200_000);
    const faults = watch(page);
    await page.setViewportSize({ width, height: width < 700 ? 844 : 900 });
    await store(page, 'kafedra.language', language);
    await store(page, 'kafedra.scheme', scheme);
    const offer = await newOffer();
    /** Ends the visit of a person. An open page would go on reading without the session. */
    const leave = async () => {
      await page.goto('about:blank');
      await page.context().clearCookies();
    };
    const look = async (name: string, path: string) => {
      await page.goto(path);
      await expectLoaded(page);
      const place = `${name} (${language}, ${scheme}, ${width})`;
      await expectWhole(page, place);
      await expectAccessible(page, place);
      expect.soft(faults.splice(0), place).toEqual([]);
      await page.screenshot({
        path: `e2e/results/walk/${name}-${language}-${scheme}-${width}.png`,
        fullPage: true,
      });
    };

    await look('start', '/');
    await look('start-found', '/?subject=mathematics&days=week&price=3000');
    await look('register', '/register');
    await page.locator('main').getByRole('button').last().click();
    await expect(page.locator('input[name="email"]')).toBeVisible();
    await expectWhole(page, `register-data (${language}, ${scheme}, ${width})`);
    await expectAccessible(page, `register-data (${language}, ${scheme}, ${width})`);
    await look('login', '/login');
    await look('recover', '/recover');
    await look('new-password', `/recover/${'A'.repeat(43)}`);
    await look('teachers', '/teachers');
    await look('teachers-none', '/teachers?q=nobodyisnamedlikethis');
    await look('teacher', `/teachers/${offer.teacherId}`);
    await look('teacher-chosen', `/teachers/${offer.teacherId}?slot=${offer.slotId}`);
    await look('nowhere', '/no-such-page');

    await join(page, newPerson());
    await look('home-empty', '/');
    await look('lessons-empty', '/lessons');
    const lesson = await bookSome(page);
    await look('home', '/');
    await look('lessons', '/lessons');
    await look('lesson', `/lessons/${lesson}`);
    await look('teacher-booking', `/teachers/${offer.teacherId}?slot=${offer.slotId}`);
    for (const name of ['schedule', 'requests', 'waitlist', 'classes', 'notifications', 'tickets', 'more']) {
      await look(name, `/${name}`);
    }
    const talk = await page.request.post('/api/v1/conversations', {
      data: { participant_id: offer.teacherId },
    });
    const conversation = (await talk.json()).id;
    await page.request.post(`/api/v1/conversations/${conversation}/messages`, {
      data: { client_id: crypto.randomUUID(), body: 'Здравствуйте! Возьмём задачу 18?' },
    });
    await look('messages', '/messages');
    await look('conversation', `/messages/${conversation}`);
    await look('settings', '/settings');
    await look('settings-security', '/settings/security');
    await look('settings-notifications', '/settings/notifications');
    await look('room-check', `/lessons/${lesson}/room`);
    await page.request.post(`/api/v1/lessons/${lesson}/cancel`, { data: { reason: 'болею' } });
    await look('lesson-cancelled', `/lessons/${lesson}`);

    await leave();
    await join(page, newPerson('Борис Тихий'), 'teacher');
    await look('home-teacher', '/');
    await look('schedule-teacher', '/schedule');
    await look('schedule-month', '/schedule?view=month');
    await look('series', '/series');
    await look('students', '/students');

    const people = [
      ['student', 'demo-home', '/'],
      ['student', 'demo-lessons', '/lessons?tab=completed'],
      ['teacher', 'demo-home-teacher', '/'],
      ['teacher', 'demo-schedule', '/schedule'],
      ['teacher', 'demo-students', '/students'],
      ['support', 'crm', '/crm'],
      ['support', 'crm-tickets', '/crm/tickets'],
      ['support', 'crm-canned', '/crm/canned'],
      ['analyst', 'crm-users', '/crm/users'],
      ['analyst', 'crm-past', `/crm?as_of=${new Date(Date.now() - 60_000).toISOString()}`],
      ['analyst', 'reports', '/crm/analytics'],
      ['analyst', 'report', '/crm/analytics/bookings?compare=previous'],
      ['analyst', 'retention', '/crm/analytics/retention'],
      ['admin', 'admin-crm', '/admin/crm'],
      ['admin', 'admin-system', '/admin/system'],
      ['admin', 'admin-accounts', '/admin/accounts'],
      ['auditor', 'audit', '/audit'],
    ] as const;
    let role = '';
    for (const [who, name, path] of people) {
      if (who !== role) {
        await leave();
        await signInAs(page, who);
        role = who;
      }
      await look(name, path);
      if (name === 'crm-tickets') {
        const first = page.locator('[data-ticket] a').first();
        await look('crm-ticket', (await first.getAttribute('href')) ?? '');
      }
      if (name === 'crm-users') {
        const first = page.locator('td a').first();
        await look('crm-user', (await first.getAttribute('href')) ?? '');
      }
    }
  });
}

for (const width of [320, 768, 1920, 2560]) {
  test(`no sideways scrolling at ${width}`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 });
    const offer = await newOffer();
    await join(page, newPerson());
    for (const path of ['/', '/teachers', `/teachers/${offer.teacherId}?slot=${offer.slotId}`, '/lessons']) {
      await page.goto(path);
      await expectLoaded(page);
      await expectWhole(page, `${path} at ${width}`);
    }
    await page.context().clearCookies();
    await page.addInitScript(() => localStorage.removeItem('kafedra.session'));
    for (const path of ['/', '/register', '/login']) {
      await page.goto(path);
      await expectLoaded(page);
      await expectWhole(page, `${path} at ${width}`);
    }
  });
}
