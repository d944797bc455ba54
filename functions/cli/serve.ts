import { createServer, type Server } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { collect } from '../../shared/collect.ts';
import { systemClock } from '../../shared/kit/clock.ts';
import { messageOf, PaperkeepError } from '../../shared/kit/errors.ts';
import { epochs } from '../../shared/parse/epochs.ts';
import { hasCapture } from '../../shared/record/calendar.ts';
import { SCHEMA_VERSION } from '../../shared/record/open.ts';
import { makeSite } from '../../shared/serve/app.ts';
import type { Run } from './commands.ts';
import { type Context, usage } from './context.ts';
import { catchUp, feedOf, type House, openHouse, refuseSample, runDeadline } from './house.ts';
import { openSample } from './sample.ts';
import { runSchedule } from './schedule.ts';
import { VERSION } from './version.ts';

/** How long a run that is under way may take to come to an end; whatever it has stored by then is kept. */
const PARTING_MS = 2000;

/** `serve`: the site and API; with `--collect` also the schedule, in process. Ends with SIGINT or SIGTERM. */
export const runServe: Run = async (context, _args, options) => {
  const port = Number(options.port ?? 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw usage(`--port ${String(options.port)} is no port`, 'give 0 to 65535');
  const house = await openHouse(context);
  try {
    if (options.collect) refuseSample(house);
    const real = siteOf(house, context, house.sample);
    const shown = { site: real };
    const { server, address } = await listen(() => shown.site, String(options.host ?? '127.0.0.1'), port);
    const stop = new AbortController();
    const closed = untilStopped(server, stop);
    context.say({ url: address }, `paperkeep on ${address}`);
    const running = options.collect
      ? runSchedule(
          {
            collectDue: (onUnanswered) => collectDue(house, context, stop.signal, onUnanswered),
            hasReal: () => hasCapture(house.records),
            openSample: () => openSample(context.settings, systemClock, context.log),
            show: (sample) => {
              shown.site = sample ? siteOf(sample.house, context, true) : real;
            },
            wait: (ms) => setTimeout(ms, undefined, { signal: stop.signal }).catch(() => {}),
            clock: systemClock,
            log: context.log,
            origin: context.settings.origin,
          },
          stop.signal,
        )
      : null;
    await closed;
    await Promise.race([running, setTimeout(PARTING_MS)]);
    return 0;
  } finally {
    await house.close();
  }
};

/** The site over an archive. */
const siteOf = (house: House, { log, sources }: Context, sample: boolean): Hono =>
  makeSite({
    archive: { records: house.records, catalog: house.catalog, clock: systemClock, sample },
    snapshots: async () => house.snapshots,
    // on one's own machine the files are one's own
    exports: { store: async () => house.exports, downloads: true },
    watched: sources.map(({ name }) => name),
    log,
    versions: {
      paperkeep: VERSION,
      node: process.versions.node,
      schema: SCHEMA_VERSION,
      parsers: epochs,
    },
  });

/** One run of the schedule; once it is stopped there is no time left for another visit. */
async function collectDue(
  house: House,
  { settings, log }: Context,
  stopped: AbortSignal,
  onUnanswered: () => void,
): Promise<void> {
  const left = runDeadline();
  const ask = feedOf(settings, systemClock, log, onUnanswered);
  try {
    await catchUp(house, log);
    const { visits } = await collect(house.collecting(systemClock, ask), null, () => (stopped.aborted ? 0 : left()));
    log.info('collected', { visits: visits.length, failed: visits.filter(({ exit }) => exit !== 0).length });
  } catch (error) {
    log.warn('collecting failed', { why: messageOf(error) });
  }
}

async function listen(site: () => Hono, host: string, port: number): Promise<{ server: Server; address: string }> {
  const server = createServer(getRequestListener((request) => site().fetch(request)));
  await new Promise<void>((done, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => failed(cannotListen(error, host, port)));
    server.listen(port, host, done);
  });
  const bound = server.address();
  const real = typeof bound === 'object' && bound ? bound.port : port;
  return { server, address: `http://${host.includes(':') ? `[${host}]` : host}:${real}` };
}

function cannotListen({ code, message }: NodeJS.ErrnoException, host: string, port: number): PaperkeepError {
  if (code === 'EADDRINUSE') {
    const mend = 'end the other program, or give --port with another number';
    return new PaperkeepError('PORT_TAKEN', `port ${port} on ${host} is taken`, mend);
  }
  const what = `cannot listen on ${host}:${port}: ${message}`;
  return new PaperkeepError('CANNOT_LISTEN', what, 'give --host with an address of this machine, --port above 1023');
}

/** Until the process is told to end and the server is closed; then the schedule is told too. */
const untilStopped = (server: Server, stop: AbortController): Promise<void> =>
  new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        stop.abort();
        server.close(() => done());
        server.closeAllConnections();
      });
    }
  });
