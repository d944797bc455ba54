import { expect, it, onTestFinished, vi } from 'vitest';
import { inEnvironment } from '../cli/aws/environment.ts';
import { startLoopback } from '../support/loopback.ts';

it('The function that the budget starts disables every schedule of the deployment', async () => {
  const headers = { 'content-type': 'application/json' };
  const scheduler = await startLoopback(() => ({ headers, body: JSON.stringify({ State: 'ENABLED' }) }));
  onTestFinished(scheduler.stop);
  inEnvironment({
    AWS_ENDPOINT_URL_SCHEDULER: scheduler.origin,
    PAPERKEEP_STAGE: 'main',
    PAPERKEEP_VERSION: '0.0.0',
    PAPERKEEP_SCHEDULES: 'hourly,nightly',
  });
  const lines = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const { handler } = await import('../../functions/pause/handler.ts');
  expect(await handler()).toEqual({ paused: 2 });
  lines.mockRestore();
  const updates = scheduler.asked.filter(({ method }) => method === 'PUT');
  expect(updates.map(({ path, body }) => [path, JSON.parse(body).State])).toEqual([
    ['/schedules/hourly', 'DISABLED'],
    ['/schedules/nightly', 'DISABLED'],
  ]);
});
