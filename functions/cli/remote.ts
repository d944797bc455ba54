import { isLoopback } from '../../shared/fetch/origin.ts';
import { type Ask, politeRequest } from '../../shared/fetch/request.ts';
import type { Brought } from '../../shared/import.ts';
import { deadlineIn, pause, systemClock } from '../../shared/kit/clock.ts';
import { PaperkeepError } from '../../shared/kit/errors.ts';
import { type Log, silentLog } from '../../shared/kit/log.ts';
import type { SnapshotStore } from '../../shared/snapshot/store.ts';
import { VERSION } from './version.ts';

/** A paperkeep in the cloud grants 5 requests a second; two programs may ask at once. */
const GAP_MS = 400;
/** How long one answer may take, retries included. */
const ANSWER_MS = 120_000;
/** Captures listed at a time; the most that a paperkeep gives. */
const PAGE = 500;

/** A capture as another paperkeep lists it. */
type Listed = { readonly key: string; readonly download: string };

/** The captures of another paperkeep that an archive lacks, each downloaded when it is read. Their table is not asked: the snapshots say it all. */
export async function capturesElsewhere(address: string, snapshots: SnapshotStore, log: Log): Promise<Brought[]> {
  const { origin } = new URL(address);
  const minGapMs = isLoopback(origin) ? 0 : GAP_MS;
  const userAgent = `paperkeep/${VERSION}`;
  const ask = politeRequest({ origin, minGapMs, userAgent, clock: systemClock, pause, log: silentLog });
  const here = new Set<string>();
  for await (const { key } of snapshots.list('raw/')) here.add(key);
  const there = await listCaptures(ask, origin);
  const missing = there.filter(({ key }) => !here.has(key)).reverse();
  log.info(`${missing.length} of ${there.length} captures of ${origin} are missing here`);
  return missing.map(({ download }) => ({
    name: origin + download,
    source: null,
    target: null,
    at: null,
    read: () => bodyOf(ask, origin, download),
  }));
}

/** All captures that the other one lists, newest first. */
async function listCaptures(ask: Ask, origin: string): Promise<Listed[]> {
  const listed: Listed[] = [];
  let path: string | null = `/captures.json?limit=${PAGE}`;
  while (path !== null) {
    const { captures, next, sample } = readPage(await bodyOf(ask, origin, path), origin);
    if (sample) {
      const mend = 'import from it once it shows real papers';
      throw new PaperkeepError('SAMPLE', `${origin} shows made-up papers: its feed could not be reached`, mend, 4);
    }
    listed.push(...captures);
    const following = next === null ? null : new URL(next, origin);
    path = following && following.pathname + following.search;
  }
  return listed;
}

type Page = { readonly captures: readonly Listed[]; readonly next: string | null; readonly sample: boolean };

function readPage(body: Uint8Array, origin: string): Page {
  try {
    const page = JSON.parse(new TextDecoder().decode(body)) as Page;
    if (page.captures.every(({ key, download }) => typeof key === 'string' && download.startsWith('/'))) return page;
  } catch {
    // said below
  }
  const mend = 'give the address that its front page has';
  throw new PaperkeepError('NO_PAPERKEEP', `${origin} is no paperkeep: it lists no captures`, mend, 4);
}

async function bodyOf(ask: Ask, origin: string, path: string): Promise<Uint8Array> {
  const { exchanges, trouble } = await ask(path, deadlineIn(ANSWER_MS));
  const last = exchanges.at(-1);
  if (last?.status === 200 && !last.cut && trouble === null) return last.body;
  const why = trouble ?? (last?.cut ? 'half an answer' : `status ${last?.status}`);
  const mend = 'run it again later: what is here already is not fetched twice';
  const gone = last?.status === 404;
  throw new PaperkeepError('NOT_FETCHED', `${origin}${path} could not be fetched: ${why}`, mend, gone ? 4 : 3);
}
