import { beforeEach, describe, expect, it } from 'vitest';
import { subscriberId } from '../../shared/digest/address.ts';
import { openSigner } from '../../shared/digest/links.ts';
import { listSubscriptions, putSubscription, readSubscription } from '../../shared/digest/store.ts';
import { Subscription } from '../../shared/digest/subscription.ts';
import { silentLog } from '../../shared/lib/log.ts';
import { openSqliteTable } from '../../shared/table/sqlite.ts';
import type { TableStore } from '../../shared/table/store.ts';
import { requireToken } from '../../shared/web/access.ts';
import { type AppDeps, createApp } from '../../shared/web/app.ts';
import { anArchive } from '../query/archive.ts';
import { someCaptures } from './site.ts';

const me = Subscription.parse({ address: 'me@example.org', follow: ['keyword:tables'], minUpvotes: 5 });
const id = subscriberId(me.address);

describe('The page of a subscription', () => {
  let subscriptions: TableStore;
  let path: string;
  let deps: AppDeps;
  let site: ReturnType<typeof createApp>;
  beforeEach(async () => {
    const context = await anArchive(someCaptures);
    subscriptions = openSqliteTable(':memory:');
    await putSubscription(subscriptions, me);
    path = `/subscriptions/${(await openSigner(subscriptions, context.clock))(id)}`;
    deps = {
      context,
      archive: async () => context.archive,
      subscriptions: async () => subscriptions,
      log: silentLog,
      versions: { paperkeep: '0', node: '0', schema: 1, parsers: {} },
      indexing: true,
    };
    site = createApp(deps);
  });
  const post = (form: string, to = path, headers: Record<string, string> = {}) =>
    site.request(to, {
      method: 'POST',
      body: form,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    });
  const stored = () => readSubscription(subscriptions, id);

  it('shows the choices without the address, changes nothing, and is neither cached nor listed', async () => {
    for (const method of ['GET', 'HEAD'])
      for (const query of ['', '?action=leave', '?List-Unsubscribe=One-Click']) {
        const answer = await site.request(path + query, { method });
        expect(answer.status).toBe(200);
        expect(answer.headers.get('cache-control')).toBe('no-store');
        expect(answer.headers.get('x-robots-tag')).toBe('noindex');
        const page = await answer.text();
        if (method === 'GET') expect(page).toContain('keyword:tables');
        expect(page).not.toContain('example.org');
      }
    expect(await stored()).toEqual(me);
  });

  it('returns the choices of a subscription as JSON', async () => {
    expect(await (await site.request(`${path}.json`)).json()).toEqual({
      subscribed: true,
      cadence: 'daily',
      follow: ['keyword:tables'],
      minUpvotes: 5,
      zone: 'UTC',
      hour: 8,
      off: null,
      sample: false,
    });
  });

  it('ends the subscription by one click, without a session or another token, as often as it is sent', async () => {
    for (let times = 0; times < 3; times += 1) {
      const answer = await post('List-Unsubscribe=One-Click');
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain('The subscription has ended.');
      expect(await listSubscriptions(subscriptions)).toEqual([]);
    }
    expect(await (await site.request(path)).text()).toContain('There is no subscription any more');
  });

  it('ends the subscription by one click that is sent as multipart', async () => {
    const body = new FormData();
    body.set('List-Unsubscribe', 'One-Click');
    expect((await site.request(path, { method: 'POST', body })).status).toBe(200);
    expect(await stored()).toBeNull();
  });

  it('ends the subscription by its form', async () => {
    expect((await post('action=leave')).status).toBe(200);
    expect(await stored()).toBeNull();
  });

  it('changes what the form names and keeps the rest', async () => {
    const form = new URLSearchParams({ action: 'change', follow: 'all\r\n phrase: long  reading \n\n', hour: '20' });
    const answer = await post(form.toString());
    expect(await answer.text()).toContain('Saved.');
    expect(await stored()).toEqual({ ...me, follow: ['all', 'phrase:long reading'], hour: 20 });
    await post('action=change&cadence=weekly&zone=Asia%2FTokyo&minUpvotes=0');
    expect(await stored()).toMatchObject({ cadence: 'weekly', zone: 'Asia/Tokyo', minUpvotes: 0, hour: 20 });
  });

  it('never lets a form change the address or switch mail on again', async () => {
    await putSubscription(subscriptions, { ...me, off: 'complained' });
    await post('action=change&address=you%40example.org&off=&hour=9');
    expect(await listSubscriptions(subscriptions)).toEqual([{ ...me, off: 'complained', hour: 9 }]);
  });

  it.each([
    ['', 'action'],
    ['action=delete', 'action'],
    ['List-Unsubscribe=Yes', 'action'],
    ['action=change&hour=24', 'hour'],
    ['action=change&zone=Nowhere', 'zone'],
    ['action=change&cadence=hourly', 'cadence'],
    ['action=change&minUpvotes=-1', 'minUpvotes'],
    ['action=change&follow=everything', 'follow'],
    [`action=change&follow=phrase:${'a'.repeat(10_000)}`, 'follow'],
  ])('refuses the form %.40s, names what is wrong and changes nothing', async (form, parameter) => {
    const answer = await post(form);
    expect(answer.status).toBe(400);
    const { errors } = (await answer.json()) as { errors: { parameter: string }[] };
    expect(errors.map((error) => error.parameter)).toEqual([parameter]);
    expect(await stored()).toEqual(me);
  });

  it('refuses a form with a megabyte of text', async () => {
    expect((await post(`action=change&follow=${'a'.repeat(1_000_000)}`)).status).toBe(400);
    expect(await stored()).toEqual(me);
  });

  it('is not found by a link that was not signed here, and such a link changes nothing', async () => {
    const [time, , signed] = path.slice('/subscriptions/'.length).split('.');
    for (const token of [
      'x',
      `${time}.${subscriberId('you@example.org')}.${signed}`,
      `${time}.${id}.${'A'.repeat(43)}`,
    ]) {
      expect((await site.request(`/subscriptions/${token}`)).status).toBe(404);
      for (const form of ['action=leave', 'List-Unsubscribe=One-Click', 'action=change&hour=1'])
        expect((await post(form, `/subscriptions/${token}`)).status).toBe(404);
    }
    expect(await stored()).toEqual(me);
  });

  it('is open without the token of a site that has one', async () => {
    const guarded = requireToken(site, 'a-secret-of-the-site');
    expect((await guarded.request('/daily')).status).toBe(401);
    expect((await guarded.request(path)).status).toBe(200);
    const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
    expect((await guarded.request(path, { method: 'POST', body })).status).toBe(200);
    expect(await stored()).toBeNull();
  });

  it('is not there while mail is off', async () => {
    const off = createApp({ ...deps, subscriptions: undefined });
    for (const address of [path, '/digests', '/digests/2025-01-08', '/digests.json', '/digests.atom'])
      expect((await off.request(address)).status).toBe(404);
    expect((await off.request(path, { method: 'POST', body: new URLSearchParams({ action: 'leave' }) })).status).toBe(
      404,
    );
    expect(await stored()).toEqual(me);
  });

  it('shows the issues of everything without any address, as pages, data and feeds', async () => {
    const issue = await (await site.request('/digests/2025-01-08.json')).json();
    expect(issue).toMatchObject({
      day: '2025-01-08',
      papers: [
        // upvotes as last read on any list
        { id: '2501.00001', upvotes: 30, why: 'new on the daily list, 8 Jan 2025' },
        // only trending showed it, with the day of its daily list
        { id: 'cs/0301012', upvotes: 10, why: 'new on the daily list, 8 Jan 2025' },
        { id: '2501.00002', upvotes: 9, why: 'new on the daily list, 8 Jan 2025' },
      ],
      total: 3,
      gaps: [],
    });
    expect(await (await site.request('/digests/2025-01-12.json')).json()).toMatchObject({
      papers: [],
      gaps: ['No usable capture of the daily list of 12 Jan 2025.'],
    });
    expect(await (await site.request('/digests/2025-02-11.json')).json()).toMatchObject({ papers: [], gaps: [] });
    const { issues } = (await (await site.request('/digests.json')).json()) as { issues: { day: string }[] };
    expect(issues.map(({ day }) => day)).toEqual(['2025-01-20', '2025-01-08']);
    const first = await (await site.request('/digests.json?limit=1')).json();
    expect(first).toMatchObject({
      issues: [{ day: '2025-01-20' }],
      total: 2,
      next: expect.stringMatching(/^\?limit=1&/),
    });
    const second = await (await site.request(`/digests.json${(first as { next: string }).next}`)).json();
    expect(second).toMatchObject({ issues: [{ day: '2025-01-08', papers: 3 }], total: 2, next: null });
    expect(await (await site.request('/digests?limit=1')).text()).toContain('rel="next"');
    for (const query of ['limit=0', 'limit=501', 'cursor=x'])
      expect((await site.request(`/digests.json?${query}`)).status).toBe(400);
    expect(await (await site.request('/digests.csv?limit=1')).text()).toMatch(
      /^day,papers,titles\r\n2025-01-20,\d+,.*\r\n2025-01-08,3,.*\r\n$/,
    );
    expect(await (await site.request('/digests/2025-01-08.csv')).text()).toMatch(/\r\n2501\.00001,.*\r\n2501\.00002,/s);
    expect(await (await site.request('/digests/2025-01-08.bib')).text()).toMatch(/eprint = \{2501\.00002\}/);
    // today's issue still grows, and is not yet in the feed
    const feed = (await (await site.request('/digests.feed.json')).json()) as { items: { id: string }[] };
    expect(feed.items.map((item) => item.id)).toEqual([expect.stringMatching(/digests\/2025-01-08$/)]);
    for (const address of ['/digests', '/digests/2025-01-08', '/digests/2025-01-11', '/digests.atom']) {
      const answer = await site.request(address);
      expect(answer.status).toBe(200);
      expect(await answer.text()).not.toContain('me@');
    }
  });
});
