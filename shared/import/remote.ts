import { VERSION } from '../../functions/cli/version.ts';
import type { SnapshotStore } from '../archive/store.ts';
import { createFeedClient, type FeedClient, redirectLocation } from '../collect/client.ts';
import { sendRequest } from '../collect/request.ts';
import { PaperkeepError } from '../lib/errors.ts';
import { type Log, silentLog } from '../lib/log.ts';
import { isLoopback } from '../lib/loopback.ts';
import { type Clock, deadlineAfter } from '../lib/time.ts';
import type { Exchange } from '../model/capture.ts';
import type { ImportFile } from './run.ts';

/** Least milliseconds between two requests: for pages of the list, and for files. */
type Gaps = { readonly pages: number; readonly files: number };

/** A paperkeep in the cloud grants 5 requests a second, and a page of its list in 5 seconds (infra/constructs/query.ts); two programs may ask at once for files. */
export const CLOUD_REQUEST_GAPS: Gaps = { pages: 5000, files: 400 };
const NO_GAPS: Gaps = { pages: 0, files: 0 };

/** How long one answer may take, retries included. */
const ANSWER_MS = 120_000;
/** How long is waited where it grants nothing more for now, and how often before it is given up: ten minutes, should others ask it too. */
const WAIT_MS = 10_000;
const WAITS = 60;
/** Attempts at a file that lies elsewhere, and the wait between them. */
const ATTEMPTS = 3;
const BETWEEN_MS = 1000;
/** Captures listed at a time; the most that a paperkeep gives. */
const PAGE = 500;
const USER_AGENT = `paperkeep/${VERSION}`;

/** A capture as another paperkeep lists it. */
type Listed = { readonly key: string; readonly download: string };

/** What asking another paperkeep takes. */
export type RemoteDeps = {
  /** The archive here; what it has is not fetched. */
  readonly archive: SnapshotStore;
  readonly clock: Clock;
  /** Waits that many milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
  /** Told after each page how many captures are listed, and of how many. */
  readonly tell: (listed: number, of: number) => void;
  readonly log: Log;
  /** Those that a paperkeep in the cloud allows, when absent; none on this machine. */
  readonly gaps?: Gaps;
};
type Other = RemoteDeps & { readonly origin: string; readonly client: FeedClient };

/** The captures of another paperkeep that an archive lacks, each downloaded when it is read. Their table is not asked: the snapshots say it all. */
export async function listMissingCaptures(address: string, asking: RemoteDeps): Promise<ImportFile[]> {
  const { origin } = new URL(address);
  const { archive, clock, pause, log, gaps = isLoopback(origin) ? NO_GAPS : CLOUD_REQUEST_GAPS } = asking;
  const every = (minGapMs: number): Other => {
    const client = createFeedClient({ origin, minGapMs, userAgent: USER_AGENT, clock, pause, log: silentLog });
    return { ...asking, origin, client };
  };
  const here = new Set<string>();
  for await (const { key } of archive.list('raw/')) here.add(key);
  const there = await listCaptures(every(gaps.pages));
  const missing = there.filter(({ key }) => !here.has(key)).reverse();
  log.info(`${missing.length} of ${there.length} captures of ${origin} are missing here`);
  const files = every(gaps.files);
  return missing.map(({ download }) => ({
    name: origin + download,
    list: null,
    day: null,
    at: null,
    read: () => bodyOf(files, download, downloadOf),
  }));
}

/** All captures that the other one lists, newest first. */
async function listCaptures(other: Other): Promise<Listed[]> {
  const { origin, tell } = other;
  const listed: Listed[] = [];
  let path: string | null = `/captures.json?limit=${PAGE}`;
  while (path !== null) {
    const { captures, total, next, sample } = readPage(await bodyOf(other, path, answerOf), origin);
    if (sample) {
      const hint = 'import from it once it shows real papers';
      throw new PaperkeepError({
        code: 'SAMPLE',
        message: `${origin} shows made-up papers: its feed could not be reached`,
        hint,
      });
    }
    listed.push(...captures);
    tell(listed.length, Math.max(total, listed.length));
    const following: URL | null = next === null ? null : new URL(next, origin + path);
    path = following && following.pathname + following.search;
  }
  return listed;
}

type Page = {
  readonly captures: readonly Listed[];
  readonly total: number;
  readonly next: string | null;
  readonly sample: boolean;
};

function readPage(body: Uint8Array, origin: string): Page {
  try {
    const page = JSON.parse(new TextDecoder().decode(body)) as Page;
    if (page.captures.every(({ key, download }) => typeof key === 'string' && download.startsWith('/'))) return page;
  } catch {
    // said below
  }
  const hint = 'give the address that its front page has';
  throw new PaperkeepError({ code: 'NO_PAPERKEEP', message: `${origin} is no paperkeep: it lists no captures`, hint });
}

/** What came of asking once: the last answer, null where there was none, and why it is not a whole one; null where it is. */
type Got = { readonly last: Exchange | null; readonly why: string | null };

/** A body, asked for again where the other one grants nothing more for now. */
async function bodyOf(other: Other, path: string, get: (other: Other, path: string) => Promise<Got>) {
  const { origin, pause, log } = other;
  for (let waits = 0; ; waits += 1) {
    const { last, why } = await get(other, path);
    if (last && why === null) return last.body;
    if (last?.status !== 429 || waits === WAITS) {
      const hint = 'run it again later: what is here already is not fetched twice';
      const gone = last?.status === 404;
      throw new PaperkeepError({
        code: gone ? 'GONE' : 'NOT_FETCHED',
        message: `${origin}${path} could not be fetched: ${why}`,
        hint,
      });
    }
    if (waits === 0)
      log.warn(`${origin} lets no more through for now: waiting, at most ${(WAIT_MS * WAITS) / 60_000} min`);
    await pause(WAIT_MS);
  }
}

async function answerOf({ client }: Other, path: string): Promise<Got> {
  const { exchanges, failure } = await client.get(path, deadlineAfter(ANSWER_MS));
  return judged(exchanges.at(-1) ?? null, failure);
}

/** A file; one that lies elsewhere is fetched from there. */
async function downloadOf(other: Other, path: string): Promise<Got> {
  const got = await answerOf(other, path);
  const link = got.last && linkIn(got.last, other.origin);
  return link ? linked(link, other) : got;
}

/** Where an answer says that a file lies: at another address, over https, or both on this machine. A paperkeep in the cloud gives its files by signed addresses of S3. */
function linkIn(answer: Exchange, origin: string): URL | null {
  const to = redirectLocation(answer);
  if (to === null || to.origin === origin) return null;
  const isHere = to.protocol === 'http:' && isLoopback(to.origin) && isLoopback(origin);
  return to.protocol === 'https:' || isHere ? to : null;
}

/** A file from where it lies; nothing of ours goes there but the user agent, and no redirect leads on. The address may be signed: it is not said. */
async function linked({ href, origin }: URL, { clock, pause }: Other): Promise<Got> {
  for (let tries = 1; ; tries += 1) {
    const outgoing = { url: href, userAgent: USER_AGENT, accept: '*/*', token: null, timeoutMs: ANSWER_MS };
    const exchange = await sendRequest(outgoing, clock);
    const got = judged(exchange, exchange.unanswered ?? null);
    const isPassing = exchange.unanswered !== undefined || exchange.cut || (exchange.status ?? 0) >= 500;
    if (!isPassing || tries === ATTEMPTS) return { ...got, why: got.why && `${got.why} from ${origin}` };
    await pause(BETWEEN_MS);
  }
}

function judged(last: Exchange | null, trouble: string | null): Got {
  if (trouble !== null || last === null) return { last, why: trouble ?? 'no answer' };
  if (last.cut) return { last, why: 'half an answer' };
  return { last, why: last.status === 200 ? null : `status ${last.status}` };
}
