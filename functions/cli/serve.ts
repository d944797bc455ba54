import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { collect } from '../../shared/collect.ts';
import { dayOf, secondsBetween, startOf, systemClock } from '../../shared/kit/clock.ts';
import { messageOf, PaperkeepError } from '../../shared/kit/errors.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { newestCapture } from '../../shared/query/coverage.ts';
import { listsOf } from '../../shared/record/calendar.ts';
import { makeSite } from '../../shared/serve/app.ts';
import { type Context, catchUp, type House, openHouse, runDeadline, usage, VERSION } from './context.ts';
import type { CliCommand } from './main.ts';
import { openSample, type Sample } from './sample.ts';

/** The schedule runs this long after each full hour, when the feed's caches (30 s) show the new hour. */
const MINUTE_PAST_MS = 2 * 60_000;
const HOUR_MS = 3_600_000;
/** While nothing was ever captured, the sample is shown when the feed has brought nothing within this time. */
const PATIENCE_MS = 5_000;
/** While the sample is shown the real feed is tried again this often. */
const TRY_AGAIN_MS = 10 * 60_000;

/** `serve`: the site and API; with `--collect` also the schedule, in process. */
export const serveCommand: CliCommand = {
  usage: 'serve',
  says: 'Serves the site and API; with --collect also looks at the feed every hour.',
  example: 'serve --port 9000 --collect',
  options: [
    ['--port <number>', 'port to listen on (8080; 0: any free one)'],
    ['--host <address>', 'address to listen on (127.0.0.1)'],
    ['--collect', 'also collect what is due, now and every hour'],
  ],
  async run(context, _args, options) {
    const port = Number(options.port ?? 8080);
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw usage(`--port ${String(options.port)} is no port`, 'give 0 to 65535');
    const house = await openHouse(context);
    const shown = { site: siteOf(house, context, false) };
    const { server, address } = await listen(() => shown.site, String(options.host ?? '127.0.0.1'), port);
    context.say({ url: address }, `paperkeep on ${address}`);
    const stopped = untilStopped(server);
    const schedule = options.collect ? startSchedule(context, house, (site) => (shown.site = site)) : null;
    await stopped;
    await schedule?.stop();
    await house.close();
    return 0;
  },
};

const siteOf = (house: House, { log }: Pick<Context, 'log'>, sample: boolean): Hono =>
  makeSite({
    archive: { records: house.records, clock: systemClock, sample },
    snapshots: house.snapshots,
    log,
    versions: {
      paperkeep: VERSION,
      node: process.versions.node,
      schema: 1,
      parsers: Object.fromEntries(Object.entries(parsers).map(([kind, { epoch }]) => [kind, epoch])),
    },
  });

async function listen(site: () => Hono, host: string, port: number): Promise<{ server: Server; address: string }> {
  const server = createServer(getRequestListener((request) => site().fetch(request)));
  await new Promise<void>((done, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      failed(
        new PaperkeepError(
          taken ? 'PORT_TAKEN' : 'CANNOT_LISTEN',
          taken ? `port ${port} on ${host} is taken` : `cannot listen on ${host}:${port}: ${error.message}`,
          taken
            ? 'end the other program, or give --port with another number'
            : 'give --host with an address of this machine',
        ),
      );
    });
    server.listen(port, host, done);
  });
  const bound = server.address();
  const real = typeof bound === 'object' && bound ? bound.port : port;
  return { server, address: `http://${host.includes(':') ? `[${host}]` : host}:${real}` };
}

const untilStopped = (server: Server): Promise<void> =>
  new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        server.close(() => done());
        server.closeAllConnections();
      });
    }
  });

/** Collects now and every hour; shows the sample while there is nothing real to show, and says so loudly. */
function startSchedule(context: Context, house: House, show: (site: Hono) => void): { stop(): Promise<void> } {
  const { log, settings } = context;
  let sample: Sample | null = null;
  let timer: NodeJS.Timeout | undefined;
  let stopping = false;

  const hasReal = async () => {
    for (const list of (await listsOf(house.records)).keys()) {
      if (await newestCapture(house.records, list, systemClock)) return true;
    }
    return false;
  };
  const collectDue = async () => {
    try {
      await catchUp(house, log);
      const { visits } = await collect(house.collecting(systemClock), null, runDeadline());
      log.info('collected', { visits: visits.length, failed: visits.filter(({ exit }) => exit !== 0).length });
    } catch (error) {
      log.warn('collecting failed', { why: messageOf(error) });
    }
  };
  const showWhatThereIs = async () => {
    if (await hasReal()) {
      if (!sample) return;
      show(siteOf(house, context, false));
      log.info('THE FEED ANSWERS: showing real papers now, the sample is gone');
      await sample.close();
      sample = null;
      return;
    }
    if (!sample) {
      log.warn(
        `THE FEED CANNOT BE REACHED (${settings.origin}) and nothing was ever captured: showing SAMPLE papers, made up`,
      );
      sample = await openSample(settings, systemClock, log);
      show(siteOf(sample.house, context, true));
      return;
    }
    await sample.advance();
  };
  const round = async (patience: Promise<unknown> | null) => {
    const collecting = collectDue();
    if (patience) await Promise.race([collecting, patience]);
    if (patience && !stopping) await showWhatThereIs();
    await collecting;
    if (stopping) return;
    await showWhatThereIs();
    const untilNext = sample
      ? TRY_AGAIN_MS
      : HOUR_MS - ((secondsBetween(startOf(dayOf(systemClock())), systemClock()) * 1000) % HOUR_MS) + MINUTE_PAST_MS;
    timer = setTimeout(() => (running = round(null)), untilNext);
  };
  const waited = new Promise((done) => setTimeout(done, PATIENCE_MS).unref());
  let running = round(waited);
  return {
    async stop() {
      stopping = true;
      clearTimeout(timer);
      await Promise.race([running, new Promise((done) => setTimeout(done, 2000).unref())]);
      await sample?.close();
    },
  };
}
