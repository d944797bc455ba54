import { createServer, type Server } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import * as z from 'zod';
import { collectLists, countFailedVisits } from '../../../shared/collect/run.ts';
import { runScheduler } from '../../../shared/collect/scheduler.ts';
import { retryWhileLocked, type TurnDeps } from '../../../shared/collect/turn.ts';
import { errorMessage, PaperkeepError } from '../../../shared/lib/errors.ts';
import { lazyAsync } from '../../../shared/lib/lazy.ts';
import type { Log } from '../../../shared/lib/log.ts';
import { type Deadline, deadlineAfter, systemClock } from '../../../shared/lib/time.ts';
import { parserEpochs } from '../../../shared/parse/epochs.ts';
import type { Settings } from '../../../shared/settings.ts';
import { hasUsableCapture } from '../../../shared/table/calendar.ts';
import { TABLE_SCHEMA_VERSION } from '../../../shared/table/open.ts';
import { createApp } from '../../../shared/web/app.ts';
import { defineCommand } from '../command.ts';
import { type Context, isMissing } from '../context.ts';
import { sinceFlag, switchFlag, valueFlag, withSince } from '../flags.ts';
import { sendDueMail } from '../mail.ts';
import { openSample, SAMPLE_LISTS } from '../sample-site.ts';
import { VERSION } from '../version.ts';
import {
  openConfiguredFeed,
  openWorkspace,
  reconcileWorkspace,
  refuseSample,
  runDeadline,
  type Workspace,
} from '../workspace.ts';

/** How long a run that is under way may take to end; everything it has stored by then is kept. */
const STOP_MS = 2000;

const portNumber = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port, 0 to 65535')
  .transform(Number)
  .refine((port) => port <= 65_535, 'must be a port, 0 to 65535');

/** `serve`: the site and API; with `--collect` also the schedule, in process. Ends with SIGINT or SIGTERM. */
export const serve = defineCommand({
  name: 'serve',
  summary: 'Serves the site and API; with --collect it also captures the lists that are due, now and every hour.',
  examples: ['serve --collect', 'serve --collect --since 2024-01-01', 'serve --port 9000'],
  flags: z.object({
    port: valueFlag(portNumber.default(8080), '<number>', 'port to listen on, 0 for any free one (default: 8080)'),
    host: valueFlag(z.string().default('127.0.0.1'), '<address>', 'address to listen on (default: 127.0.0.1)'),
    collect: switchFlag('also capture the lists that are due, now and every hour'),
    since: sinceFlag,
  }),
  run: async (command, { port, host, collect, since }) => {
    const context = withSince(command, since);
    const { settings, log } = context;
    if (!collect && isMissing(settings.table, settings)) log.warn('nothing is captured yet', { data: settings.data });
    await using workspace = await openWorkspace(context);
    if (collect) refuseSample(workspace);
    const real = createSite(workspace, context, { sample: workspace.sample, collects: collect });
    const shown = { site: real };
    const { server, address } = await listen(() => shown.site, host, port);
    const stop = new AbortController();
    const wait = (ms: number) => setTimeout(ms, undefined, { signal: stop.signal }).catch(() => {});
    const closed = untilStopped(server, stop);
    context.print({ url: address }, `paperkeep on ${address}`);
    // built while no one waits for it; what is wrong with it, a request for it says
    workspace.recentCatalog(null).catch(() => {});
    const scheduler = collect
      ? runScheduler(
          {
            collectDue: (onUnanswered) => collectDue(workspace, context, { stopped: stop.signal, wait }, onUnanswered),
            hasUsableCapture: () => hasUsableCapture(workspace.table),
            openSample: async () => {
              const sample = await openSample(context.settings, systemClock, context.log);
              const show = () => {
                shown.site = createSite(sample.workspace, context, { sample: true, collects: false });
              };
              return { ...sample, show };
            },
            showArchive: () => {
              shown.site = real;
            },
            wait,
            clock: systemClock,
            log: context.log,
            origin: context.settings.origin,
          },
          stop.signal,
        )
      : null;
    await closed;
    await Promise.race([scheduler, setTimeout(STOP_MS)]);
    return 0;
  },
});

/** The site over an archive. */
const createSite = (
  workspace: Workspace,
  { log, lists, settings }: Context,
  { sample, collects }: { readonly sample: boolean; readonly collects: boolean },
): Hono => {
  const context = {
    table: workspace.table,
    catalog: workspace.catalog,
    recentCatalog: workspace.recentCatalog,
    clock: systemClock,
    sample,
    since: sample ? null : settings.since,
    watched: (sample ? SAMPLE_LISTS : lists).map(({ name }) => name),
  };
  return createApp({
    ...(settings.mail && { subscriptions: workspace.subscriptions }),
    context,
    archive: async () => workspace.archive,
    // the owner of the files is the one who reads them here
    exports: { store: async () => workspace.exports, downloads: true },
    publicUrl: settings.publicUrl,
    mcp: lazyAsync(async () =>
      (await import('../../../shared/mcp/http.ts')).createMcpEndpoint(context, VERSION, settings.publicUrl),
    ),
    indexing: settings.indexing,
    collects,
    log,
    versions: {
      paperkeep: VERSION,
      node: process.versions.node,
      schema: TABLE_SCHEMA_VERSION,
      parsers: parserEpochs,
    },
  });
};

/** How long an attempt waits for the lease; its request to give way lasts until the next attempt. */
const PATIENCE_MS = 2_000;

/** One run of the schedule; once it is stopped it makes no further visit. */
async function collectDue(
  workspace: Workspace,
  { settings, log }: Context,
  { stopped, wait }: { readonly stopped: AbortSignal; readonly wait: TurnDeps['wait'] },
  onUnanswered: () => void,
): Promise<void> {
  const feed = openConfiguredFeed(settings, systemClock, log, onUnanswered);
  const collect = async () => {
    await reconcileWorkspace(workspace, log);
    const unlessStopped = (deadline: Deadline) => () => (stopped.aborted ? 0 : deadline());
    const deadline = unlessStopped(runDeadline());
    return collectLists(
      workspace.collecting(systemClock, feed),
      null,
      deadline,
      unlessStopped(deadlineAfter(PATIENCE_MS)),
    );
  };
  try {
    const visits = (await retryWhileLocked(collect, { wait, log, stopped }))?.visits ?? [];
    log.info('collected', { visits: visits.length, failed: countFailedVisits(visits) });
  } catch (error) {
    log.warn('collecting failed', { why: errorMessage(error) });
  }
  await mailDigests(workspace, settings, log, stopped);
}

/** Sends the mail that is due, if mail is set up; the next hour tries again what failed. */
async function mailDigests(workspace: Workspace, { mail }: Settings, log: Log, stopped: AbortSignal): Promise<void> {
  if (!mail) return;
  const deadline = runDeadline();
  try {
    const { table, catalog, recentCatalog, sample } = workspace;
    const context = { table, catalog, recentCatalog, clock: systemClock, sample };
    const deps = { context, subscriptions: await workspace.subscriptions(), isPast: false };
    await sendDueMail(mail, deps, log, () => (stopped.aborted ? 0 : deadline()));
  } catch (error) {
    log.warn('mailing failed', { why: errorMessage(error) });
  }
}

async function listen(site: () => Hono, host: string, port: number): Promise<{ server: Server; address: string }> {
  const server = createServer(getRequestListener((request) => site().fetch(request), { hostname: 'localhost' }));
  await new Promise<void>((done, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => failed(cannotListenError(error, host, port)));
    server.listen(port, host, done);
  });
  const bound = server.address();
  const real = typeof bound === 'object' && bound ? bound.port : port;
  return { server, address: `http://${host.includes(':') ? `[${host}]` : host}:${real}` };
}

function cannotListenError({ code, message }: NodeJS.ErrnoException, host: string, port: number): PaperkeepError {
  if (code === 'EADDRINUSE') {
    const hint = 'stop the other program, or choose another --port';
    return new PaperkeepError({ code: 'PORT_TAKEN', message: `port ${port} on ${host} is in use`, hint });
  }
  const why = `cannot listen on ${host}:${port}: ${message}`;
  return new PaperkeepError({
    code: 'CANNOT_LISTEN',
    message: why,
    hint: 'use an address of this machine as --host, and a --port above 1023',
  });
}

/** Resolves once the process was asked to stop and the server is closed; stops the schedule too. */
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
