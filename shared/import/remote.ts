import type { SnapshotStore } from '../archive/store.ts';
import { PaperkeepError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { isLoopback } from '../lib/loopback.ts';
import { type Deadline, deadlineAfter } from '../lib/time.ts';
import { type Exchange, redirectLocation } from '../model/capture.ts';
import type { ImportFile } from './read.ts';

/** Least milliseconds between two requests for pages of the list, and between two for files. */
type RequestGaps = { readonly pages: number; readonly files: number };

/** A paperkeep in the cloud grants 5 requests a second, and a page of its list in 10 seconds; two programs may ask for files at once. */
export const CLOUD_REQUEST_INTERVALS_MS: RequestGaps = { pages: 10_000, files: 400 };
const NO_GAPS: RequestGaps = { pages: 0, files: 0 };

/** How long one response may take, retries included. */
const RESPONSE_MS = 120_000;
/** How long to wait where the site grants nothing more for now, and how often: 65 minutes, since a site in the cloud has an allowance by the hour. */
const WAIT_MS = 10_000;
const MAX_WAITS = 390;
/** Attempts at a file that lies at another address, and the wait between them. */
const DOWNLOAD_ATTEMPTS = 3;
const DOWNLOAD_WAIT_MS = 1000;
/** Captures listed at a time: the most that a paperkeep gives. */
const PAGE_SIZE = 500;

/** Makes requests to one site, with retries and a gap between them. */
type SiteClient = {
  get(path: string, deadline: Deadline): Promise<{ exchanges: readonly Exchange[]; failure: string | null }>;
};

/** What importing from another paperkeep needs. */
export type RemoteDeps = {
  /** The archive here: what it has is not fetched. */
  readonly archive: SnapshotStore;
  /** Opens a client of the other site that leaves that many milliseconds between two requests. */
  readonly openClient: (origin: string, minGapMs: number) => SiteClient;
  /** Makes one request to any address, and sends nothing but who asks. */
  readonly download: (url: string, timeoutMs: number) => Promise<Exchange>;
  /** Waits that many milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
  /** Called after each page with how many captures are listed, and of how many. */
  readonly onListed: (listed: number, of: number) => void;
  readonly log: Log;
  /** By default those that a paperkeep in the cloud allows, and none on this machine. */
  readonly gaps?: RequestGaps;
};

/** The captures of another paperkeep that the archive here lacks, oldest first; each is downloaded when it is read. */
export async function listMissingCaptures(address: string, deps: RemoteDeps): Promise<ImportFile[]> {
  const { origin } = new URL(address);
  const { archive, openClient, log, gaps = isLoopback(origin) ? NO_GAPS : CLOUD_REQUEST_INTERVALS_MS } = deps;
  const here = new Set<string>();
  for await (const { key } of archive.list('raw/')) here.add(key);
  const there = await listCaptures({ ...deps, origin, client: openClient(origin, gaps.pages) });
  const missing = there.filter(({ key }) => !here.has(key)).reverse();
  log.info(`${missing.length} of ${there.length} captures of ${origin} are missing here`);
  const site: Site = { ...deps, origin, client: openClient(origin, gaps.files) };
  return missing.map(({ download }) => ({
    name: origin + download,
    list: null,
    day: null,
    at: null,
    read: () => fetchBody(site, download, requestFile),
  }));
}

type Site = RemoteDeps & { readonly origin: string; readonly client: SiteClient };

type ListedCapture = { readonly key: string; readonly download: string };

/** All captures that the site lists, newest first. */
async function listCaptures(site: Site): Promise<ListedCapture[]> {
  const { origin, onListed } = site;
  const listed: ListedCapture[] = [];
  const read = new Set<string>();
  let path: string | null = `/captures.json?limit=${PAGE_SIZE}`;
  while (path !== null) {
    if (read.has(path)) throw noPaperkeepError(origin, 'its list of captures does not end');
    read.add(path);
    const page = parsePage(await fetchBody(site, path, requestPath), origin);
    if (page.sample) {
      const message = `${origin} shows a sample of invented papers: it could not reach its feed`;
      throw new PaperkeepError({ code: 'SAMPLE', message, hint: 'import from it once it shows real papers' });
    }
    listed.push(...page.captures);
    onListed(listed.length, Math.max(page.total, listed.length));
    // Relative to the page, as the site gives it.
    const next: URL | null = page.next === null ? null : new URL(page.next, new URL(path, origin));
    path = next && next.pathname + next.search;
  }
  return listed;
}

type CapturesPage = {
  readonly captures: readonly ListedCapture[];
  readonly total: number;
  readonly next: string | null;
  readonly sample: boolean;
};

function parsePage(body: Uint8Array, origin: string): CapturesPage {
  try {
    const page = JSON.parse(new TextDecoder().decode(body)) as CapturesPage;
    if (page.captures.every(({ key, download }) => typeof key === 'string' && download.startsWith('/'))) return page;
  } catch {
    // Another site: the error below says so.
  }
  throw noPaperkeepError(origin, 'it lists no captures');
}

const noPaperkeepError = (origin: string, why: string): PaperkeepError =>
  new PaperkeepError({
    code: 'NO_PAPERKEEP',
    message: `${origin} is no paperkeep: ${why}`,
    hint: 'give the address that its front page has',
  });

/** The last response to a request, null where there was none, and why it is not a whole one, null where it is. */
type Received = { readonly last: Exchange | null; readonly failure: string | null };

/** Fetches a body; where the site grants nothing more for now, it waits and asks again. */
async function fetchBody(
  site: Site,
  path: string,
  request: (site: Site, path: string) => Promise<Received>,
): Promise<Uint8Array> {
  const { origin, pause, log } = site;
  for (let waits = 0; ; waits += 1) {
    const { last, failure } = await request(site, path);
    if (last && failure === null) return last.body;
    if (last?.status !== 429 || waits === MAX_WAITS) {
      throw new PaperkeepError({
        code: last?.status === 404 ? 'GONE' : 'NOT_FETCHED',
        message: `${origin}${path} could not be fetched: ${failure}`,
        hint: 'run it again later: what is here already is not fetched twice',
      });
    }
    const minutes = (WAIT_MS * MAX_WAITS) / 60_000;
    if (waits === 0) log.warn(`${origin} allows no more requests for now: waiting up to ${minutes} min`);
    await pause(WAIT_MS);
  }
}

async function requestPath({ client }: Site, path: string): Promise<Received> {
  const { exchanges, failure } = await client.get(path, deadlineAfter(RESPONSE_MS));
  return judge(exchanges.at(-1) ?? null, failure);
}

/** A file: from the site, or from where it redirects to, such as a signed address of S3. */
async function requestFile(site: Site, path: string): Promise<Received> {
  const received = await requestPath(site, path);
  const link = received.last && linkElsewhere(received.last, site.origin);
  return link ? downloadLink(link, site) : received;
}

/** The address of another site that a response redirects to: over https, or on this machine where the site is. */
function linkElsewhere(response: Exchange, origin: string): URL | null {
  const to = redirectLocation(response);
  if (to === null || to.origin === origin) return null;
  const isHere = to.protocol === 'http:' && isLoopback(to.origin) && isLoopback(origin);
  return to.protocol === 'https:' || isHere ? to : null;
}

/** Downloads a file; no further redirect is followed. The address may be signed, so no message holds it. */
async function downloadLink({ href, origin }: URL, { download, pause }: Site): Promise<Received> {
  for (let attempt = 1; ; attempt += 1) {
    const exchange = await download(href, RESPONSE_MS);
    const received = judge(exchange, exchange.unanswered ?? null);
    const isPassing = exchange.unanswered !== undefined || exchange.cut || (exchange.status ?? 0) >= 500;
    if (!isPassing || attempt === DOWNLOAD_ATTEMPTS)
      return { ...received, failure: received.failure && `${received.failure} from ${origin}` };
    await pause(DOWNLOAD_WAIT_MS);
  }
}

function judge(last: Exchange | null, failure: string | null): Received {
  if (failure !== null || last === null) return { last, failure: failure ?? 'no response' };
  if (last.cut) return { last, failure: 'the response was cut off' };
  return { last, failure: last.status === 200 ? null : `status ${last.status}` };
}
