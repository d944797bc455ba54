/** How a question is served: its page, its other formats and its headers. */
import type * as z from 'zod';
import type { SiteContext } from '../query/context.ts';
import { ALL_ITEMS } from '../query/paging.ts';
import { parseParameters, type Question, type RawParameters } from '../query/question.ts';
import { formatAtom } from './formats/atom.ts';
import { type Citable, formatBibtex } from './formats/bib.ts';
import { BYTE_ORDER_MARK, type CsvTable, formatCsvTable, wantsByteOrderMark } from './formats/csv.ts';
import type { Feed } from './formats/feed.ts';
import { formatJsonFeed } from './formats/json-feed.ts';

/** The formats of an answer beside JSON, and its headers. */
type Views<P extends z.ZodObject, S extends z.ZodType> = {
  /** Absent for an answer to programs alone. */
  page?(answer: z.output<S>, parameters: z.output<P>, context: SiteContext): Promise<string> | string;
  /** The path of another page that shows the answer better. */
  redirect?(answer: z.output<S>): string | null;
  /** The path of the page on which a reader chooses what the parameters lack; null if they lack nothing. */
  choose?(given: RawParameters): string | null;
  csv?(answer: z.output<S>, schema: S): CsvTable;
  /** The papers to cite. */
  bib?(answer: z.output<S>): readonly Citable[];
  /** The answer as Markdown; `origin` begins links to this site. */
  markdown?(answer: z.output<S>, origin: string): string;
  /** The feed of the page. It looks back further than the page, so it is no form of the answer. */
  feed?(context: SiteContext, parameters: z.output<P>): Promise<Feed>;
  /** The key of the snapshot that the answer is about. */
  snapshot?(answer: z.output<S>): string;
  status?(answer: z.output<S>): number;
  /** How many seconds a cache may keep the answer, 0 for not at all; 60 when absent. */
  maxAge?(answer: z.output<S>, parameters: z.output<P>, context: SiteContext): number;
};

/** The format of a response. */
export type ResponseFormat = 'html' | 'json' | 'csv' | 'bib' | 'md' | 'atom' | 'feed.json' | 'warc.gz';

/** The content type of each format. */
export const CONTENT_TYPES: Readonly<Record<ResponseFormat, string>> = {
  html: 'text/html; charset=utf-8',
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  bib: 'application/x-bibtex; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  atom: 'application/atom+xml; charset=utf-8',
  'feed.json': 'application/feed+json; charset=utf-8',
  'warc.gz': 'application/warc',
};

/** An answer in one format; of a snapshot the body is its key. `next` is the address of the next page, null on the last page. */
export type Reply = {
  readonly status: number;
  readonly maxAge: number;
  readonly body: string;
  readonly next: string | null;
  /** Where a page redirects to; null for an answer. */
  readonly location: string | null;
};

/** The addresses that a reply holds. */
export type Addresses = {
  /** What absolute addresses on this site begin with. */
  readonly origin: string;
  /** The address of the next page, from its cursor. */
  next(cursor: string): string;
};

/** How many seconds a cache may keep a feed: readers ask once an hour, and captures are as far apart. */
const FEED_MAX_AGE = 600;

/** A question with its formats. */
export type Route = {
  readonly question: Pick<
    Question<z.ZodObject, z.ZodType>,
    'path' | 'costClass' | 'summary' | 'notFound' | 'parameters' | 'answer'
  >;
  readonly formats: readonly ResponseFormat[];
  /** Whether a response in that format costs many times as much as a page. */
  isSlow(format: ResponseFormat): boolean;
  /**
   * Answers a request.
   *
   * @throws {InvalidParametersError} naming everything that is wrong
   * @throws {NotFoundError} when the archive does not have the subject
   */
  reply(context: SiteContext, given: RawParameters, format: ResponseFormat, addresses: Addresses): Promise<Reply>;
};

const feedFormats: Partial<Record<ResponseFormat, (feed: Feed, origin: string) => string>> = {
  atom: formatAtom,
  'feed.json': formatJsonFeed,
};

/** True for the formats that give a list whole, without pages. */
const isWholeFormat = (format: ResponseFormat): boolean =>
  format === 'csv' || format === 'bib' || feedFormats[format] !== undefined;

/** Declares how a question is served. */
export function defineRoute<P extends z.ZodObject, S extends z.ZodType<object>>(
  question: Question<P, S, SiteContext>,
  {
    page,
    redirect = () => null,
    choose = () => null,
    csv,
    bib,
    markdown,
    feed,
    snapshot,
    status = () => 200,
    maxAge = () => 60,
  }: Views<P, S>,
): Route {
  type Render = (
    answer: z.output<S>,
    parameters: z.output<P>,
    context: SiteContext,
    origin: string,
  ) => Promise<string> | string;
  const renderers: Partial<Record<ResponseFormat, Render>> = {
    ...(page && { html: page }),
    json: (answer) => JSON.stringify(answer),
    ...(csv && { csv: async (answer) => formatCsvTable(csv(answer, await question.answer())) }),
    ...(bib && { bib: (answer) => formatBibtex(bib(answer)) }),
    ...(markdown && { md: (answer, _, __, origin) => markdown(answer, origin) }),
    ...(snapshot && { 'warc.gz': snapshot }),
  };
  return {
    question,
    formats: [...Object.keys(renderers), ...(feed ? Object.keys(feedFormats) : [])] as ResponseFormat[],
    isSlow: (format) =>
      question.costClass === 'slow' ||
      feedFormats[format] !== undefined ||
      (question.costClass === 'slow-whole' && isWholeFormat(format)),
    async reply(context, given, format, { origin, next: nextUrl }) {
      const choice = format === 'html' ? choose(given) : null;
      if (choice !== null) return { status: 302, maxAge: 60, body: '', next: null, location: choice };
      const formatFeed = feedFormats[format];
      const isWhole = isWholeFormat(format);
      const read = await parseParameters(
        question,
        isWhole ? { ...given, limit: undefined, cursor: undefined } : given,
        context,
      );
      if (feed && formatFeed) {
        const body = formatFeed(await feed(context, read), origin);
        return { status: 200, maxAge: FEED_MAX_AGE, body, next: null, location: null };
      }
      const parameters = isWhole && 'limit' in read ? { ...read, limit: ALL_ITEMS } : read;
      const answered = await question.run(context, parameters);
      const next = 'next' in answered && typeof answered.next === 'string' ? nextUrl(answered.next) : null;
      const answer = next === null ? answered : { ...answered, next };
      const location = format === 'html' ? redirect(answer) : null;
      const mark = format === 'csv' && wantsByteOrderMark(given.bom) ? BYTE_ORDER_MARK : '';
      return {
        location,
        status: status(answer),
        maxAge: maxAge(answer, parameters, context),
        body: location === null ? mark + ((await renderers[format]?.(answer, parameters, context, origin)) ?? '') : '',
        next,
      };
    },
  };
}
