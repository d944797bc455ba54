import { createServer, type Server } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { collectLists } from '../../../shared/collect/run.ts';
import { runScheduler } from '../../../shared/collect/scheduler.ts';
import { errorMessage, PaperkeepError } from '../../../shared/lib/errors.ts';
import { systemClock } from '../../../shared/lib/time.ts';
import { parserEpochs } from '../../../shared/parse/epochs.ts';
import { hasUsableCapture } from '../../../shared/table/calendar.ts';
import { TABLE_SCHEMA_VERSION } from '../../../shared/table/open.ts';
import { createApp } from '../../../shared/web/app.ts';
import { type Context, usageError } from '../context.ts';
import type { Run } from '../program.ts';
import { openSample } from '../sample-site.ts';
import { VERSION } from '../version.ts';
import {
  openConfiguredFeed,
  openWorkspace,
  recordUnrecorded,
  refuseSample,
  runDeadline,
  type Workspace,
} from '../workspace.ts';

/** How long a run that is under way may take to come to an end; whatever it has stored by then is kept. */
const PARTING_MS = 2000;

/** `serve`: the site and API; with `--collect` also the schedule, in process. Ends with SIGINT or SIGTERM. */
export const runServe: Run = async (context, _args, options) => {
  const port = Number(options.port ?? 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw usageError(`--port ${String(options.port)} is no port`, 'give 0 to 65535');
  const workspace = await openWorkspace(context);
  try {
    if (options.collect) refuseSample(workspace);
    const real = siteOf(workspace, context, workspace.sample);
    const shown = { site: real };
    const { server, address } = await listen(() => shown.site, String(options.host ?? '127.0.0.1'), port);
    const stop = new AbortController();
    const closed = untilStopped(server, stop);
    context.say({ url: address }, `paperkeep on ${address}`);
    const running = options.collect
      ? runScheduler(
          {
            collectDue: (onUnanswered) => collectDue(workspace, context, stop.signal, onUnanswered),
            hasUsableCapture: () => hasUsableCapture(workspace.table),
            openSample: async () => {
              const sample = await openSample(context.settings, systemClock, context.log);
              const show = () => {
                shown.site = siteOf(sample.workspace, context, true);
              };
              return { ...sample, show };
            },
            showArchive: () => {
              shown.site = real;
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
    await workspace.close();
  }
};

/** The site over an archive. */
const siteOf = (workspace: Workspace, { log, lists }: Context, sample: boolean): Hono =>
  createApp({
    context: { table: workspace.table, catalog: workspace.catalog, clock: systemClock, sample },
    archive: async () => workspace.archive,
    // on one's own machine the files are one's own
    exports: { store: async () => workspace.exports, downloads: true },
    watched: lists.map(({ name }) => name),
    log,
    versions: {
      paperkeep: VERSION,
      node: process.versions.node,
      schema: TABLE_SCHEMA_VERSION,
      parsers: parserEpochs,
    },
  });

/** One run of the schedule; once it is stopped there is no time left for another visit. */
async function collectDue(
  workspace: Workspace,
  { settings, log }: Context,
  stopped: AbortSignal,
  onUnanswered: () => void,
): Promise<void> {
  const left = runDeadline();
  const feed = openConfiguredFeed(settings, systemClock, log, onUnanswered);
  try {
    await recordUnrecorded(workspace, log);
    const { visits } = await collectLists(workspace.collecting(systemClock, feed), null, () =>
      stopped.aborted ? 0 : left(),
    );
    log.info('collected', { visits: visits.length, failed: visits.filter(({ result }) => result !== 'done').length });
  } catch (error) {
    log.warn('collecting failed', { why: errorMessage(error) });
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
    const hint = 'end the other program, or give --port with another number';
    return new PaperkeepError({ code: 'PORT_TAKEN', message: `port ${port} on ${host} is taken`, hint });
  }
  const what = `cannot listen on ${host}:${port}: ${message}`;
  return new PaperkeepError({
    code: 'CANNOT_LISTEN',
    message: what,
    hint: 'give --host with an address of this machine, --port above 1023',
  });
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
