/** What a route is: how its parameters are read, how it is answered, and in which shapes. */
import * as z from 'zod';
import type { ExportStore } from '../export/store.ts';
import type { ListName } from '../model/list.ts';
import type * as schemas from '../query/all-schemas.ts';
import type { QueryContext } from '../query/context.ts';
import type { VersionsAnswer } from '../query/schemas.ts';
import { type Citable, formatBibtex } from './formats/bib.ts';
import { type CsvTable, formatCsvTable } from './formats/csv.ts';
import { requireKnownList } from './known-lists.ts';
import { type BadParameter, badParameters } from './problem.ts';

/** What routes are answered from. */
export type SiteContext = {
  readonly context: QueryContext;
  readonly versions: Omit<VersionsAnswer, 'sample'>;
  /** Searches that are watched, captured or not; absent where nobody knows: then those that were captured count. */
  readonly watched?: readonly ListName[];
  /** Where exports are, opened when it is asked for them, and whether their files are given away; absent where there are none. */
  readonly exports?: { readonly store: () => Promise<ExportStore>; readonly downloads: boolean };
};

/** The address of the next page of a list, from a cursor; null for the last page. */
export type NextUrl = (cursor: string | null) => string | null;

/** Where a route says which schema is that of its answer. */
export type Schemas = typeof schemas;

/** A rule for several parameters, asked where each of them is good by itself: what is wrong with the first of `of`, null when nothing is. */
export type CrossFieldRule<A> = {
  readonly of: readonly (keyof A & string)[];
  wrong(asked: A, site: SiteContext): string | null;
};

/** One address: how its parameters are read, how it is answered, and the shapes the answer is given in. */
type RouteOf<P extends z.ZodObject, A> = {
  /** Path with `:name` where a parameter stands; `.json` behind it gives the data. */
  readonly path: string;
  /** What it answers, a sentence for the OpenAPI document. */
  readonly says: string;
  readonly params: P;
  readonly together?: readonly CrossFieldRule<z.output<P>>[];
  answer(schemas: Schemas): z.ZodType<A>;
  /** Throws a Refusal when there is nothing to answer; `next` makes the address of the page that a cursor begins. */
  run(site: SiteContext, asked: z.output<P>, next: NextUrl): Promise<A>;
  page(answer: A, asked: z.output<P>, site: SiteContext): Promise<string> | string;
  table?(answer: A, schemas: Schemas): CsvTable;
  /** The papers to cite. */
  papers?(answer: A): readonly Citable[];
  /** Key of the snapshot that it is about. */
  snapshot?(answer: A): string;
  status?(answer: A): number;
  /** How long an answer may be kept by others, in seconds; 60 when absent. */
  maxAge?(answer: A, asked: z.output<P>, site: SiteContext): number;
};

/** Parameters as an address has them, by name; several values where one was given more than once. */
export type RawParameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A route whose types are its own affair. */
export type Route = {
  readonly path: string;
  readonly says: string;
  readonly params: z.ZodObject;
  answer(schemas: Schemas): z.ZodType;
  readonly formats: readonly ResponseFormat[];
  reply(site: SiteContext, given: RawParameters, format: ResponseFormat, next: NextUrl): Promise<Reply>;
};
/** The shapes of an answer. */
export type ResponseFormat = 'html' | 'json' | 'csv' | 'bib' | 'warc.gz';
/** An answered route; of a snapshot the body is its key. `next` is the address of the next page, null when there is none. */
type Reply = {
  readonly status: number;
  readonly maxAge: number;
  readonly body: string;
  readonly next: string | null;
};

/** Items of a page that is to hold all of them: more than any archive has, and a number that DynamoDB takes for a limit. */
const ALL = 1_000_000_000;

/** Binds a route's types together and hides them. */
export function defineRoute<P extends z.ZodObject, A extends object>(it: RouteOf<P, A>): Route {
  const { table, papers, snapshot } = it;
  const shapes: Partial<
    Record<ResponseFormat, (answer: A, asked: z.output<P>, site: SiteContext) => Promise<string> | string>
  > = {
    html: it.page,
    json: (answer) => JSON.stringify(answer),
    ...(table && {
      csv: async (answer) => formatCsvTable(table(answer, await import('../query/all-schemas.ts'))),
    }),
    ...(papers && { bib: (answer) => formatBibtex(papers(answer)) }),
    ...(snapshot && { 'warc.gz': snapshot }),
  };
  return {
    path: it.path,
    says: it.says,
    params: it.params,
    answer: it.answer,
    formats: Object.keys(shapes) as ResponseFormat[],
    async reply(site, given, format, next) {
      const whole = format === 'csv' || format === 'bib';
      const read = askedOf(it, site, whole ? { ...given, limit: undefined, cursor: undefined } : given);
      const asked = whole && 'limit' in it.params.shape ? { ...read, limit: ALL } : read;
      if ('list' in asked && asked.list !== undefined) await requireKnownList(site, asked.list as ListName);
      const answer = await it.run(site, asked, next);
      return {
        status: it.status?.(answer) ?? 200,
        maxAge: it.maxAge?.(answer, asked, site) ?? 60,
        body: (await shapes[format]?.(answer, asked, site)) ?? '',
        next: 'next' in answer && typeof answer.next === 'string' ? answer.next : null,
      };
    },
  };
}

const NOT_AS_OF = 'is understood by / and by lists; a history has from and to';

/** Reads parameters each by itself and then together, so that one answer names all that is wrong. */
function askedOf<P extends z.ZodObject, A>(
  { params, together = [] }: RouteOf<P, A>,
  site: SiteContext,
  given: RawParameters,
): z.output<P> {
  const asked: Record<string, unknown> = {};
  // left out silently it would give the answer of now for that of then
  const bad: BadParameter[] =
    given.at === undefined || 'at' in params.shape ? [] : [{ parameter: 'at', detail: NOT_AS_OF }];
  for (const [parameter, schema] of Object.entries(params.shape)) {
    const text = given[parameter];
    const read = z.safeParse(schema, text);
    if (read.success) asked[parameter] = read.data;
    else
      bad.push({
        parameter,
        detail: Array.isArray(text) ? 'is given more than once' : (read.error.issues[0]?.message ?? ''),
      });
  }
  const unread = new Set(bad.map(({ parameter }) => parameter));
  for (const { of, wrong } of together) {
    const detail = of.some((name) => unread.has(name)) ? null : wrong(asked as z.output<P>, site);
    if (detail !== null) bad.push({ parameter: of[0] as string, detail });
  }
  if (bad.length > 0) throw badParameters(bad);
  return asked as z.output<P>;
}
