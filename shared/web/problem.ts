import { PaperkeepError } from '../lib/errors.ts';
import { InvalidParametersError, NotFoundError } from '../query/errors.ts';
import type { Problem } from '../query/problem.schema.ts';
import { readListMonths } from '../table/calendar.ts';
import type { TableStore } from '../table/store.ts';

/** A request that cannot be answered, for a reason that is the site's and not a question's. */
export class HttpProblem extends Error {
  readonly problem: Problem;
  /** Headers that the status calls for. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: 400 | 404 | 405 | 416 | 429 | 503,
    title: string,
    detail: string,
    headers: Readonly<Record<string, string>> = {},
    errors: Problem['errors'] = undefined,
  ) {
    super(detail);
    this.problem = { type: 'about:blank', title, status, detail, ...(errors && { errors }) };
    this.headers = headers;
  }
}

/** How soon a client should ask again for what needs a catalog that is being built, in seconds. */
const RETRY_AFTER = '10';

/** The error to answer with: a catalog that is still being built is no failure of the site, and the pages that need it say how far it is. */
export const toHttpError = (error: unknown): unknown =>
  error instanceof PaperkeepError && (error.code === 'CATALOG_BUILDING' || error.code === 'CATALOG_DAMAGED')
    ? new HttpProblem(503, 'Building the search index', error.message, { 'retry-after': RETRY_AFTER })
    : error;

/** The RFC 9457 problem of an error; null for an error that is a bug. A 404 carries the coverage of the list asked for or of the whole archive. */
export async function toProblem(error: unknown, table: TableStore): Promise<Problem | null> {
  if (error instanceof HttpProblem) return error.problem;
  if (error instanceof InvalidParametersError)
    return { type: 'about:blank', title: 'Bad request', status: 400, detail: error.message, errors: [...error.errors] };
  if (!(error instanceof NotFoundError)) return null;
  const coverage = error.coverage ?? { lists: await readArchiveCoverage(table) };
  return { type: 'about:blank', title: 'Not found', status: 404, detail: error.message, coverage };
}

const readArchiveCoverage = async (table: TableStore) =>
  [...(await readListMonths(table))].map(([list, months]) => ({
    list,
    firstMonth: months[0] as string,
    lastMonth: months.at(-1) as string,
  }));

/** The problem of a file that is larger than can be sent at once. */
export const fileTooLargeError = (bytes: number): HttpProblem =>
  new HttpProblem(
    400,
    'Too large',
    `the file has ${bytes} bytes, more than can be sent at once: ask for parts of it with a Range header`,
  );

/** Parameters that make an answer smaller, where a question has them. */
const NARROWING = ['from', 'to', 'since'];

/**
 * The problem of an answer that is larger than can be sent, with the parameters that make it smaller. It is no 413, which is about the
 * request's body, and no 5xx, which raises an alarm: the request is at fault, and a narrower one is answered.
 */
export function responseTooLargeError(
  bytes: number,
  largest: number,
  { shape }: { readonly shape: object },
): HttpProblem {
  const megabytes = (size: number) => `${(size / 1e6).toFixed(1)} MB`;
  const parameters = NARROWING.filter((name) => name in shape);
  const hint = parameters.length > 0 ? `: ask for less with ${parameters.join(' and ')}` : '';
  const detail = `this answer has ${megabytes(bytes)}, and ${megabytes(largest)} can be sent at once${hint}`;
  return new HttpProblem(
    400,
    'Too large',
    detail,
    {},
    parameters.map((parameter) => ({ parameter, detail: 'leaves too much' })),
  );
}
