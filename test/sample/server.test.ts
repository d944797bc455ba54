import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addSeconds, type Instant, parseInstant, startOfDay } from '../../shared/lib/time.ts';
import { sampleDays, simulatedFailureAt } from '../../shared/sample/calendar.ts';
import { createSampleFeed } from '../../shared/sample/feed.ts';
import { type SampleServer, serveSample } from '../../shared/sample/server.ts';

const NOW = parseInstant('2026-11-20T15:20:00Z') ?? ('' as Instant);
const PATH = '/api/daily_papers?date=2026-11-20&limit=100&p=0';

const hourOf = (trouble: 'failing' | 'cut'): Instant => {
  const hours = sampleDays(NOW).flatMap((day) =>
    Array.from({ length: 24 }, (_, hour) => addSeconds(startOfDay(day), hour * 3600)),
  );
  const found = hours.find((hour) => simulatedFailureAt(hour) === trouble);
  if (!found) throw new Error(`no hour is ${trouble}`);
  return found;
};

describe('The sample server', () => {
  let server: SampleServer;
  beforeAll(async () => {
    server = await serveSample();
  });
  afterAll(() => server.stop());

  it('answers over loopback as the feed does, without the time of the machine', async () => {
    server.setNow(NOW);
    const response = await fetch(server.origin + PATH);
    const answer = createSampleFeed(NOW).answer(new URL(PATH, server.origin));
    expect(server.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect([response.status, await response.text()]).toEqual([200, answer.body]);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('ratelimit')).toBe('"api";r=499;t=300');
    expect(response.headers.has('date')).toBe(false);
  });

  it('has a clock that the caller sets', async () => {
    const lengthAt = async (at: Instant) => {
      server.setNow(at);
      const entries: unknown[] = JSON.parse(await (await fetch(server.origin + PATH)).text());
      return entries.length;
    };
    const morning = await lengthAt(addSeconds(NOW, -11 * 3600));
    expect(await lengthAt(NOW)).toBeGreaterThan(morning);
    expect(await lengthAt(addSeconds(NOW, -11 * 3600))).toBe(morning);
  });

  it('answers 503 in its failing hour and not in the next', async () => {
    const failing = hourOf('failing');
    server.setNow(addSeconds(failing, 1200));
    expect((await fetch(`${server.origin}/papers/trending`)).status).toBe(503);
    server.setNow(addSeconds(failing, 3600));
    expect((await fetch(`${server.origin}/papers/trending`)).status).toBe(200);
  });

  it('breaks off after half the body in its hour of cut bodies', async () => {
    const cut = hourOf('cut');
    server.setNow(cut);
    const response = await fetch(`${server.origin}/papers/trending`);
    expect(response.status).toBe(200);
    const promised = Number(response.headers.get('content-length'));
    let received = 0;
    const reading = (async () => {
      for await (const chunk of response.body ?? []) received += chunk.length;
    })();
    await expect(reading).rejects.toThrow();
    expect(received).toBeGreaterThan(0);
    expect(received).toBeLessThanOrEqual(promised / 2);
  });
});
